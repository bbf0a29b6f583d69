//! The other door: somebody who uses the marketplace's public API, as its web pages do.

use anyhow::{Context, Result};
use prilavok_protocol::ids::{BuyerId, MessageId, SellerId, ThreadId};
use prilavok_protocol::model::{Message, Product, Seller, Thread};
use prilavok_protocol::rest::{Data, Login, Paged, SendMessage, StartThread, Tokens};
use reqwest::{RequestBuilder, Response};
use serde::de::DeserializeOwned;

/// A signed-in person without a desktop app.
#[derive(Debug)]
pub struct Visitor {
    http: reqwest::Client,
    base: String,
    tokens: Tokens,
}

impl Visitor {
    pub(super) async fn sign_in(address: &str, email: &str, password: &str) -> Result<Self> {
        let http = reqwest::Client::new();
        let base = format!("{address}/api/v1");
        let login = Login {
            email: email.to_owned(),
            password: password.to_owned(),
            device_name: None,
        };
        let answer = http.post(format!("{base}/auth/login")).json(&login).send().await?;
        let Data { data: tokens } = read(answer).await?;
        Ok(Self { http, base, tokens })
    }

    /// The buyer, for those who are one.
    ///
    /// # Errors
    /// For the agents of a shop.
    pub fn buyer_id(&self) -> Result<BuyerId> {
        self.tokens.account.buyer_id.context("only buyers start threads")
    }

    async fn ask<T: DeserializeOwned>(&self, request: RequestBuilder) -> Result<T> {
        read(request.bearer_auth(&self.tokens.access_token).send().await?).await
    }

    /// The shop with this name.
    ///
    /// # Errors
    /// When there is none, or the server refuses.
    pub async fn shop(&self, name: &str) -> Result<Seller> {
        let request = self.http.get(format!("{}/sellers?limit=100", self.base));
        let shops: Paged<Seller> = self.ask(request).await?;
        shops
            .data
            .into_iter()
            .find(|shop| shop.name == name)
            .with_context(|| format!("there is no shop «{name}»"))
    }

    /// Something that this shop has in stock.
    ///
    /// # Errors
    /// When there is nothing, or the server refuses.
    pub async fn product_of(&self, shop: SellerId) -> Result<Product> {
        let url = format!("{}/products/search?limit=100&seller_ids={}", self.base, shop.0);
        let products: Paged<Product> = self.ask(self.http.get(url)).await?;
        products
            .data
            .into_iter()
            .find(|product| product.in_stock)
            .context("the shop has nothing in stock")
    }

    /// The thread with a shop.
    ///
    /// # Errors
    /// When the server refuses; for people who are not buyers.
    pub async fn start(&self, shop: SellerId) -> Result<ThreadId> {
        let buyer_id = self.buyer_id()?;
        let start = StartThread {
            buyer_id,
            seller_id: shop,
            product_id: None,
        };
        let request = self
            .http
            .post(format!("{}/chat-threads/start-with-seller", self.base))
            .json(&start);
        let Data::<Thread> { data } = self.ask(request).await?;
        Ok(data.id)
    }

    /// Sends a message.
    ///
    /// # Errors
    /// When the server refuses.
    pub async fn send(&self, thread: ThreadId, text: &str) -> Result<Message> {
        let send = SendMessage {
            id: MessageId::mint(),
            message: text.to_owned(),
            thread_id: thread,
            buyer_id: self.tokens.account.buyer_id,
            seller_id: self.tokens.account.seller_id,
            is_read_by_buyer: None,
            is_read_by_seller: None,
            product_id: None,
        };
        let Data { data } = self
            .ask(self.http.post(format!("{}/chat-messages", self.base)).json(&send))
            .await?;
        Ok(data)
    }

    /// All that a device without anything asks for first, as the server says it.
    ///
    /// # Errors
    /// When the server refuses.
    pub async fn snapshot(&self) -> Result<serde_json::Value> {
        let request = self.http.get(format!("{}/sync/snapshot", self.base));
        let Data { data } = self.ask(request).await?;
        Ok(data)
    }

    /// The newest messages of a thread, oldest first.
    ///
    /// # Errors
    /// When the server refuses.
    pub async fn history(&self, thread: ThreadId) -> Result<Vec<Message>> {
        let url = format!("{}/chat-messages/by-thread/{}?limit=100", self.base, thread.0);
        let Data::<Vec<Message>> { mut data } = self.ask(self.http.get(url)).await?;
        data.reverse();
        Ok(data)
    }
}

async fn read<T: DeserializeOwned>(answer: Response) -> Result<T> {
    let (status, url) = (answer.status(), answer.url().clone());
    let body = answer.text().await?;
    anyhow::ensure!(status.is_success(), "{url} answered {status}: {body}");
    serde_json::from_str(&body).with_context(|| format!("{url} answered what cannot be read: {body}"))
}
