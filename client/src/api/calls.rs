//! Every call that the apps make, one method each.

use prilavok_protocol::ids::{BuyerId, ProductId, SellerId, SessionId, ThreadId};
use prilavok_protocol::model::{Buyer, Message, Product, Seller, Thread};
use prilavok_protocol::rest::{
    Data, HistoryQuery, Invitation, Login, Logout, Paged, ProductQuery, ProductSort, Register, SearchQuery, ServerInfo,
    Session, Snapshot, SortOrder, StartThread, Tokens,
};
use reqwest::Method;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::Api;
use crate::error::{Error, Unreachable};

impl Api {
    /// Who is there? Needs no account.
    pub(crate) async fn server(&self) -> Result<ServerInfo, Error> {
        let request = self.request(Method::GET, "/api/v1/server");
        let answer = self.http.data::<ServerInfo>(request).await;
        // Any answer that is not ours means that something else lives there.
        let strange = || Error::Unreachable(Unreachable::NotPrilavok);
        match answer {
            Ok(info) if info.product == "prilavok" => Ok(info),
            Ok(_) | Err(Error::BadAnswer(_)) => Err(strange()),
            Err(Error::Refused { code, .. }) if code.status() == 404 => Err(strange()),
            Err(error) => Err(error),
        }
    }

    pub(crate) async fn login(&self, login: &Login) -> Result<Tokens, Error> {
        self.http
            .data(self.request(Method::POST, "/api/v1/auth/login").json(login))
            .await
    }

    pub(crate) async fn register(&self, register: &Register) -> Result<Tokens, Error> {
        self.http
            .data(self.request(Method::POST, "/api/v1/auth/register").json(register))
            .await
    }

    pub(crate) async fn logout(&self, everywhere: bool) -> Result<(), Error> {
        self.post::<serde_json::Value>("/api/v1/auth/logout", &Logout { everywhere })
            .await
            .map(drop)
    }

    pub(crate) async fn sessions(&self) -> Result<Vec<Session>, Error> {
        self.get("/api/v1/auth/sessions").await
    }

    pub(crate) async fn end_session(&self, id: SessionId) -> Result<(), Error> {
        let request = self.request(Method::DELETE, &format!("/api/v1/auth/sessions/{id}"));
        self.ask::<Data<serde_json::Value>>(request).await.map(drop)
    }

    pub(crate) async fn invite(&self) -> Result<Invitation, Error> {
        self.post("/api/v1/auth/invitations", &serde_json::json!({})).await
    }

    pub(crate) async fn snapshot(&self) -> Result<Snapshot, Error> {
        self.get("/api/v1/sync/snapshot").await
    }

    pub(crate) async fn start(&self, start: &StartThread) -> Result<Thread, Error> {
        self.post("/api/v1/chat-threads/start-with-seller", start).await
    }

    /// Newest first.
    pub(crate) async fn history(&self, thread: ThreadId, query: &HistoryQuery) -> Result<Vec<Message>, Error> {
        let path = format!("/api/v1/chat-messages/by-thread/{thread}");
        let request = self.request(Method::GET, &path).query(query);
        Ok(self.ask::<Data<Vec<Message>>>(request).await?.data)
    }

    /// Newest first.
    pub(crate) async fn search(&self, thread: ThreadId, query: &SearchQuery) -> Result<Paged<Message>, Error> {
        let path = format!("/api/v1/chat-messages/by-thread/{thread}/search");
        self.ask(self.request(Method::GET, &path).query(query)).await
    }

    pub(crate) async fn products(&self, query: &ProductQuery) -> Result<Paged<Product>, Error> {
        let request = self
            .request(Method::GET, "/api/v1/products/search")
            .query(&search_pairs(query));
        self.ask(request).await
    }

    pub(crate) async fn sellers(&self, offset: u32, limit: u32) -> Result<Paged<Seller>, Error> {
        let request = self
            .request(Method::GET, "/api/v1/sellers")
            .query(&[("offset", offset), ("limit", limit)]);
        self.ask(request).await
    }

    pub(crate) async fn product(&self, id: ProductId) -> Result<Product, Error> {
        self.get(&format!("/api/v1/products/{id}")).await
    }

    pub(crate) async fn seller(&self, id: SellerId) -> Result<Seller, Error> {
        self.get(&format!("/api/v1/sellers/{id}")).await
    }

    pub(crate) async fn buyer(&self, id: BuyerId) -> Result<Buyer, Error> {
        self.get(&format!("/api/v1/buyers/{id}")).await
    }

    /// A file under `/media/`, with its content type. Pictures are public, so no token goes with it.
    pub(crate) async fn media(&self, path: &str, largest: usize) -> Result<(String, Vec<u8>), Error> {
        self.http.bytes(self.request(Method::GET, path), largest).await
    }

    async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, Error> {
        Ok(self.ask::<Data<T>>(self.request(Method::GET, path)).await?.data)
    }

    async fn post<T: DeserializeOwned>(&self, path: &str, body: &impl Serialize) -> Result<T, Error> {
        Ok(self
            .ask::<Data<T>>(self.request(Method::POST, path).json(body))
            .await?
            .data)
    }
}

/// Pairs, because a list is repeated in the address and absent values are left out.
fn search_pairs(query: &ProductQuery) -> Vec<(&'static str, String)> {
    let sort = match query.sort_by {
        ProductSort::CreatedAt => "created_at",
        ProductSort::Price => "price",
        ProductSort::Title => "title",
    };
    let order = match query.sort_order {
        SortOrder::Asc => "asc",
        SortOrder::Desc => "desc",
    };
    let mut pairs = vec![("sort_by", sort.to_owned()), ("sort_order", order.to_owned())];
    pairs.extend(query.search_query.clone().map(|text| ("search_query", text)));
    pairs.extend(query.price_min.map(|price| ("price_min", price.to_string())));
    pairs.extend(query.price_max.map(|price| ("price_max", price.to_string())));
    pairs.extend(query.seller_ids.iter().map(|id| ("seller_ids", id.to_string())));
    pairs.push(("offset", query.offset.to_string()));
    if query.limit > 0 {
        pairs.push(("limit", query.limit.to_string()));
    }
    pairs
}
