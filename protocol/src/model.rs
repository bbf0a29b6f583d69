//! Thread, message, party, product: what both doors show.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::ids::{BuyerId, MessageId, ProductId, Role, SellerId, Seq, ThreadId};
use crate::time::Time;

/// One message. The party that did **not** send it is `null`: existing clients align bubbles by that.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
pub struct Message {
    /// Made by the sending device.
    pub id: MessageId,
    /// The place in the thread; this alone orders messages.
    pub seq: Seq,
    /// The text, as it was written. It is text, never markup.
    pub message: String,
    /// The thread.
    pub thread_id: ThreadId,
    /// The server's clock at the commit; for display.
    pub created_at: Time,
    /// The sender, if a buyer sent it.
    pub buyer_id: Option<BuyerId>,
    /// The sender, if a shop sent it.
    pub seller_id: Option<SellerId>,
    /// Which side sent it.
    pub sender_type: Role,
    /// The buyer has read it (always true for the buyer's own).
    pub is_read_by_buyer: bool,
    /// The shop has read it (always true for the shop's own).
    pub is_read_by_seller: bool,
    /// The product that the message is about.
    #[serde(default)]
    pub product_id: Option<ProductId>,
}

impl Message {
    /// The id of the party that sent it.
    #[must_use]
    pub fn sender_id(&self) -> Option<Uuid> {
        match self.sender_type {
            Role::Buyer => self.buyer_id.map(|id| id.0),
            Role::Seller => self.seller_id.map(|id| id.0),
        }
    }
}

/// The one thread of a buyer and a seller, with the marks of both.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
pub struct Thread {
    /// The thread.
    pub id: ThreadId,
    /// When the buyer started it.
    pub created_at: Time,
    /// The person who started it.
    pub buyer_id: BuyerId,
    /// The shop.
    pub seller_id: SellerId,
    /// The product asked about last, if any.
    #[serde(default)]
    pub product_id: Option<ProductId>,
    /// `seq` of the newest message, 0 when there is none.
    #[serde(default)]
    pub head_seq: Seq,
    /// The buyer has read up to here.
    #[serde(default)]
    pub buyer_read_seq: Seq,
    /// The shop has read up to here.
    #[serde(default)]
    pub seller_read_seq: Seq,
    /// A device of the buyer has stored everything up to here.
    #[serde(default)]
    pub buyer_delivered_seq: Seq,
    /// A device of the shop has stored everything up to here.
    #[serde(default)]
    pub seller_delivered_seq: Seq,
}

/// The other side of a thread, as a list shows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
pub struct Counterpart {
    /// Which side.
    pub role: Role,
    /// The buyer's or the seller's id.
    pub id: Uuid,
    /// The name; written by a stranger, so it is shown as text.
    pub name: String,
    /// A path on this server, or `null`.
    pub avatar_url: Option<String>,
    /// A device of that party is connected.
    pub is_online: bool,
}

/// A thread as one party's list shows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
pub struct ThreadSummary {
    /// The thread.
    #[serde(flatten)]
    pub thread: Thread,
    /// The text of the newest message.
    pub last_message: Option<String>,
    /// When it was sent.
    pub last_message_time: Option<Time>,
    /// Who sent it.
    #[serde(default)]
    pub last_sender_type: Option<Role>,
    /// Messages of the other side that this party has not read.
    pub unread_count: u32,
    /// The other side.
    pub counterpart: Counterpart,
}

/// A shop of the catalogue.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
pub struct Seller {
    /// The shop.
    pub id: SellerId,
    /// An agent of it is connected.
    pub is_online: bool,
    /// First seen.
    pub created_at: Time,
    /// Last changed in the catalogue.
    pub updated_at: Time,
    /// The shop's name.
    pub name: String,
    /// A path on this server.
    pub avatar_url: Option<String>,
    /// What the shop says about itself.
    #[serde(default)]
    pub description: Option<String>,
    /// Mean rating, 0 to 5.
    pub rating: Option<f64>,
    /// Usual time to an answer, in seconds.
    pub replies_in: Option<u32>,
}

/// A buyer of the marketplace.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
pub struct Buyer {
    /// The person.
    pub id: BuyerId,
    /// A device of theirs is connected.
    pub is_online: bool,
    /// First seen.
    pub created_at: Time,
    /// Last changed.
    pub updated_at: Time,
    /// The person's name.
    pub name: String,
    /// A path on this server.
    pub avatar_url: Option<String>,
    /// Mean rating, 0 to 5; buyers have none today.
    #[serde(default)]
    pub rating: Option<f64>,
    /// Usual time to an answer, in seconds; buyers have none today.
    #[serde(default)]
    pub replies_in: Option<u32>,
}

/// A product of the catalogue.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
pub struct Product {
    /// The product.
    pub id: ProductId,
    /// What it is called.
    pub title: String,
    /// Deprecated: existing clients spell it so. The same text as `description`.
    #[serde(rename = "descrioption", default)]
    pub misspelt_description: String,
    /// What it is.
    #[serde(default)]
    pub description: String,
    /// Price in whole units of `currency`, with two decimals at most.
    pub price: f64,
    /// Cubic metres, litres: whatever the marketplace counts in.
    pub volume: Option<f64>,
    /// The shop delivers.
    pub delivery_possible: bool,
    /// Where to fetch it.
    pub pickup_location: Option<String>,
    /// The shop that sells it.
    pub seller_id: SellerId,
    /// The marketplace's own classification.
    pub wood_type_id: Option<Uuid>,
    /// First seen.
    pub created_at: Time,
    /// Last changed.
    pub updated_at: Time,
    /// A path on this server.
    pub image_url: Option<String>,
    /// ISO 4217.
    pub currency: String,
    /// It can be bought now.
    pub in_stock: bool,
}
