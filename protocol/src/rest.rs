//! Requests, responses and envelopes of the marketplace API. `ENDPOINTS` in `schema` lists the paths.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::ids::{AccountId, BuyerId, Cursor, MessageId, ProductId, Role, SellerId, Seq, SessionId, ThreadId};
use crate::model::ThreadSummary;
use crate::time::Time;

/// What every answer is wrapped in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Data<T> {
    /// One object, a list, a number, or null.
    pub data: T,
}

/// What a paged list is wrapped in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Paged<T> {
    /// One page.
    pub data: Vec<T>,
    /// Of how many.
    pub pagination: Pagination,
}

/// How long a paged list is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
pub struct Pagination {
    /// All rows, on all pages.
    #[cfg_attr(feature = "schema", ts(type = "number"))]
    pub total: u64,
}

/// `POST /auth/register`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
pub struct Register {
    /// Signs in with it.
    pub email: String,
    /// At least eight characters.
    pub password: String,
    /// The person's name, or the shop's.
    pub name: String,
    /// A seller gets a shop.
    pub role: Role,
    /// An invitation to an existing shop (then `name` is the agent's own).
    #[serde(default)]
    pub invitation: Option<String>,
    /// The device's name in the list of sessions.
    #[serde(default)]
    pub device_name: Option<String>,
}

/// `POST /auth/login`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
pub struct Login {
    /// Who.
    pub email: String,
    /// The secret.
    pub password: String,
    /// The device's name in the list of sessions.
    #[serde(default)]
    pub device_name: Option<String>,
}

/// Who is signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
pub struct Account {
    /// The account.
    pub id: AccountId,
    /// Which side it is on.
    pub role: Role,
    /// The person's name.
    pub name: String,
    /// The party, for buyers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub buyer_id: Option<BuyerId>,
    /// The party, for agents of a shop.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seller_id: Option<SellerId>,
}

/// The answer to register, login and refresh.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
pub struct Tokens {
    /// Goes into `Authorization: Bearer …`.
    pub access_token: String,
    /// Good for one refresh.
    pub refresh_token: String,
    /// Seconds until the access token expires.
    pub expires_in: u32,
    /// Who is signed in.
    pub account: Account,
}

/// `POST /auth/refresh`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
pub struct Refresh {
    /// The newest one.
    pub refresh_token: String,
}

/// `POST /auth/logout`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
pub struct Logout {
    /// All devices, not just this one.
    #[serde(default)]
    pub everywhere: bool,
}

/// A signed-in device, in `GET /auth/sessions`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
pub struct Session {
    /// The session.
    pub id: SessionId,
    /// What the device called itself.
    pub device_name: Option<String>,
    /// Signed in at.
    pub created_at: Time,
    /// Refreshed last at.
    pub last_seen_at: Time,
    /// The one that asks.
    pub is_current: bool,
}

/// `POST /auth/ws-ticket`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
pub struct Ticket {
    /// Good for one upgrade.
    pub ticket: String,
    /// Seconds.
    pub expires_in: u32,
}

/// `POST /auth/invitations`: an agent invites a colleague to the shop.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
pub struct Invitation {
    /// Goes into `register`; good once.
    pub invitation: String,
    /// Seconds.
    pub expires_in: u32,
}

/// `GET /auth/agents`: somebody who works in the caller's shop. `DELETE /auth/agents/{id}` takes them out of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
pub struct Agent {
    /// Their account.
    pub id: AccountId,
    /// Their name; the owner's is the shop's.
    pub name: String,
    /// Theirs is the oldest account of the shop: they may take the others out of it.
    pub is_owner: bool,
    /// The caller.
    pub is_you: bool,
}

/// `POST /chat-threads/start-with-seller`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
pub struct StartThread {
    /// Must be the caller.
    pub buyer_id: BuyerId,
    /// The shop.
    pub seller_id: SellerId,
    /// What it is about.
    #[serde(default)]
    pub product_id: Option<ProductId>,
}

/// `POST /chat-messages`. Old clients send both party ids and hint the sender by the read flags;
/// new ones send exactly one id. Neither outranks the token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
pub struct SendMessage {
    /// Minted by the client.
    pub id: MessageId,
    /// The text.
    pub message: String,
    /// Where to.
    pub thread_id: ThreadId,
    /// See above.
    #[serde(default)]
    pub buyer_id: Option<BuyerId>,
    /// See above.
    #[serde(default)]
    pub seller_id: Option<SellerId>,
    /// See above.
    #[serde(default)]
    pub is_read_by_buyer: Option<bool>,
    /// See above.
    #[serde(default)]
    pub is_read_by_seller: Option<bool>,
    /// What it is about.
    #[serde(default)]
    pub product_id: Option<ProductId>,
}

/// `GET /sync/snapshot`: all threads of the caller and the cursor that goes with them, from one read
/// transaction. What a device starts from, and returns to after `resync`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
pub struct Snapshot {
    /// Events after this are not in the snapshot, those before are.
    pub cursor: Cursor,
    /// Every thread of the party.
    pub threads: Vec<ThreadSummary>,
}

/// `GET /server`: what an app shows when a person types an address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
pub struct ServerInfo {
    /// Always `prilavok`.
    pub product: String,
    /// The marketplace's name.
    pub name: String,
    /// The server's version.
    pub version: String,
    /// The session socket's version.
    pub protocol: u32,
    /// The server's clock.
    pub time: Time,
}

/// `PUT /catalogue/sellers/{id}`; `name` is enough.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
pub struct PutSeller {
    /// The shop's name.
    pub name: String,
    /// A path on this server or an https address of the marketplace.
    #[serde(default)]
    pub avatar_url: Option<String>,
    /// What the shop says about itself.
    #[serde(default)]
    pub description: Option<String>,
    /// 0 to 5.
    #[serde(default)]
    pub rating: Option<f64>,
    /// Seconds.
    #[serde(default)]
    pub replies_in: Option<u32>,
}

/// `PUT /catalogue/buyers/{id}`; `name` is enough.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
pub struct PutBuyer {
    /// The person's name.
    pub name: String,
    /// A path on this server or an https address of the marketplace.
    #[serde(default)]
    pub avatar_url: Option<String>,
}

/// `PUT /catalogue/products/{id}`; `title`, `price` and `seller_id` are enough.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
pub struct PutProduct {
    /// What it is called.
    pub title: String,
    /// What it is.
    #[serde(default, alias = "descrioption")]
    pub description: String,
    /// In whole units of `currency`, two decimals at most.
    pub price: f64,
    /// Whatever the marketplace counts in.
    #[serde(default)]
    pub volume: Option<f64>,
    /// The shop delivers.
    #[serde(default)]
    pub delivery_possible: bool,
    /// Where to fetch it.
    #[serde(default)]
    pub pickup_location: Option<String>,
    /// Who sells it.
    pub seller_id: SellerId,
    /// The marketplace's own classification.
    #[serde(default)]
    pub wood_type_id: Option<Uuid>,
    /// A path on this server or an https address of the marketplace.
    #[serde(default)]
    pub image_url: Option<String>,
    /// ISO 4217; roubles when absent.
    #[serde(default = "roubles")]
    pub currency: String,
    /// It can be bought now; true when absent.
    #[serde(default = "yes")]
    pub in_stock: bool,
}

fn roubles() -> String {
    "RUB".into()
}

fn yes() -> bool {
    true
}

/// How search results are ordered.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum ProductSort {
    /// Newest in the catalogue.
    #[default]
    CreatedAt,
    /// By price.
    Price,
    /// By title.
    Title,
}

/// Which end comes first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum SortOrder {
    /// Smallest, oldest, А first.
    Asc,
    /// Largest, newest, Я first.
    #[default]
    Desc,
}

/// `GET /products/search`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
#[serde(default)]
pub struct ProductQuery {
    /// Words of the title or description, in any order, case and with ё or е.
    pub search_query: Option<String>,
    /// Not cheaper than.
    pub price_min: Option<f64>,
    /// Not dearer than.
    pub price_max: Option<f64>,
    /// Of these shops only.
    pub seller_ids: Vec<SellerId>,
    /// By what.
    pub sort_by: ProductSort,
    /// Which end first.
    pub sort_order: SortOrder,
    /// Rows to skip.
    pub offset: u32,
    /// Rows on the page; 0 means the default.
    pub limit: u32,
}

/// The part of a thread's history that is wanted. Newest first, always.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
pub struct HistoryQuery {
    /// The newest messages older than this.
    #[serde(default)]
    pub before_seq: Option<Seq>,
    /// The oldest messages newer than this.
    #[serde(default)]
    pub after_seq: Option<Seq>,
    /// Messages on both sides of this.
    #[serde(default)]
    pub around_seq: Option<Seq>,
    /// 1 to 100.
    #[serde(default)]
    pub limit: Option<u32>,
}

/// `GET /chat-messages/by-thread/{id}/search`: the messages of a thread that say this. Newest first, always.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SearchQuery {
    /// Words in any form and order, perhaps unfinished; between quotation marks exactly so.
    pub text: String,
    /// Only messages older than this.
    #[serde(default)]
    pub before_seq: Option<Seq>,
    /// 1 to 100.
    #[serde(default)]
    pub limit: Option<u32>,
}
