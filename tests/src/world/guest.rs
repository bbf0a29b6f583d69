//! Somebody who speaks the marketplace API, and opens bare sockets.

use std::net::SocketAddr;

use prilavok_protocol::SUBPROTOCOL;
use prilavok_protocol::ids::{DeviceId, MessageId, Party, Role};
use prilavok_protocol::rest::Tokens;
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::wire::{DEADLINE, Wire};

/// Somebody who is signed in.
#[derive(Debug, Clone)]
pub struct Guest {
    address: SocketAddr,
    http: reqwest::Client,
    /// What signing in gave.
    pub tokens: Tokens,
}

impl Guest {
    /// Registers under a new address.
    pub async fn register(address: SocketAddr, name: &str, role: Role) -> Self {
        let email = format!("{}@example.ru", Uuid::now_v7().simple());
        let body = json!({"email": email, "password": "очень-секретно", "name": name, "role": role});
        let http = reqwest::Client::new();
        let url = format!("http://{address}/api/v1/auth/register");
        let answer = http
            .post(url)
            .json(&body)
            .timeout(DEADLINE)
            .send()
            .await
            .expect("an answer");
        let status = answer.status();
        let mut answer: Value = answer.json().await.expect("JSON");
        assert!(status.is_success(), "registering was refused: {answer}");
        let tokens = serde_json::from_value(answer["data"].take()).expect("tokens");
        Self { address, http, tokens }
    }

    /// With tokens from elsewhere.
    #[must_use]
    pub fn with(address: SocketAddr, tokens: Tokens) -> Self {
        Self {
            address,
            http: reqwest::Client::new(),
            tokens,
        }
    }

    /// The same person with the tokens of another session.
    #[must_use]
    pub fn on_another_device(&self, tokens: Tokens) -> Self {
        Self { tokens, ..self.clone() }
    }

    /// The same session by way of another address, such as a proxy's.
    #[must_use]
    pub fn by_way_of(&self, address: SocketAddr) -> Self {
        Self::with(address, self.tokens.clone())
    }

    /// As which party.
    #[must_use]
    pub fn party(&self) -> Party {
        let account = &self.tokens.account;
        match (account.buyer_id, account.seller_id) {
            (Some(id), _) => Party::buyer(id),
            (_, Some(id)) => Party::seller(id),
            _ => panic!("an account without a party"),
        }
    }

    /// One request: the status and the JSON answer (null when there is none).
    pub async fn call(&self, method: Method, path: &str, body: Option<&Value>) -> (u16, Value) {
        let url = format!("http://{}/api/v1{path}", self.address);
        let mut request = self
            .http
            .request(method, url)
            .bearer_auth(&self.tokens.access_token)
            .timeout(DEADLINE);
        if let Some(body) = body {
            request = request.json(body);
        }
        let answer = request.send().await.expect("an answer in time");
        (answer.status().as_u16(), answer.json().await.unwrap_or(Value::Null))
    }

    /// `GET`.
    pub async fn get(&self, path: &str) -> (u16, Value) {
        self.call(Method::GET, path, None).await
    }

    /// `POST`.
    pub async fn post(&self, path: &str, body: Value) -> (u16, Value) {
        self.call(Method::POST, path, Some(&body)).await
    }

    /// `PATCH` without a body.
    pub async fn patch(&self, path: &str) -> (u16, Value) {
        self.call(Method::PATCH, path, None).await
    }

    /// Starts the thread with a shop, or finds it.
    pub async fn start(&self, seller: &Guest) -> Uuid {
        let body = json!({"buyer_id": self.party().id, "seller_id": seller.party().id});
        let (status, answer) = self.post("/chat-threads/start-with-seller", body).await;
        assert!(matches!(status, 200 | 201), "{status} {answer}");
        answer["data"]["id"].as_str().expect("an id").parse().expect("a UUID")
    }

    /// POSTs a message as new clients do.
    pub async fn post_message(&self, thread: Uuid, id: MessageId, text: &str) -> (u16, Value) {
        let own = format!("{}_id", self.party().role.as_str());
        let body = json!({"id": id, "message": text, "thread_id": thread, own: self.party().id});
        self.post("/chat-messages", body).await
    }

    /// POSTs a message that must be taken; returns it as stored.
    pub async fn says(&self, thread: Uuid, text: &str) -> Value {
        let (status, mut answer) = self.post_message(thread, MessageId::mint(), text).await;
        assert_eq!(status, 201, "{answer}");
        answer["data"].take()
    }

    /// The newest messages of a thread, newest first.
    pub async fn history(&self, thread: Uuid) -> Vec<Value> {
        let (status, answer) = self.get(&format!("/chat-messages/by-thread/{thread}?limit=100")).await;
        assert_eq!(status, 200, "{answer}");
        answer["data"].as_array().expect("a list").clone()
    }

    /// The path of the per-thread socket, as this party.
    #[must_use]
    pub fn room_path(&self, thread: Uuid) -> String {
        let Party { role, id } = self.party();
        format!("/ws/chat/{thread}?user_id={id}&user_type={}", role.as_str())
    }

    /// Opens the per-thread socket.
    pub async fn room(&self, thread: Uuid) -> Wire {
        self.dial(&self.room_path(thread)).await.expect("the room opens")
    }

    /// Opens any socket with the access token.
    ///
    /// # Errors
    /// The status of a refused upgrade.
    pub async fn dial(&self, path: &str) -> Result<Wire, u16> {
        let bearer = format!("Bearer {}", self.tokens.access_token);
        Wire::dial(&format!("ws://{}{path}", self.address), &[("authorization", &bearer)]).await
    }

    /// Opens any socket with a ticket, as a browser does.
    ///
    /// # Errors
    /// The status of a refused upgrade.
    pub async fn dial_with_ticket(&self, path: &str, ticket: &str) -> Result<Wire, u16> {
        let offer = format!("{SUBPROTOCOL}, ticket.{ticket}");
        Wire::dial(
            &format!("ws://{}{path}", self.address),
            &[("sec-websocket-protocol", &offer)],
        )
        .await
    }

    /// A fresh ticket.
    pub async fn ticket(&self) -> String {
        let (status, answer) = self.post("/auth/ws-ticket", json!({})).await;
        assert!(matches!(status, 200 | 201), "{answer}");
        answer["data"]["ticket"].as_str().expect("a ticket").to_owned()
    }

    /// Opens the session socket and says hello; returns it with its `welcome`.
    pub async fn session(&self, device: DeviceId, cursor: Option<Value>) -> (Wire, Value) {
        let mut wire = self.dial("/ws/session").await.expect("the session socket opens");
        wire.say(json!({"type": "hello", "version": 1, "device": device, "cursor": cursor}))
            .await;
        let welcome = wire.hear().await;
        assert_eq!(welcome["type"], "welcome", "{welcome}");
        (wire, welcome)
    }

    /// Opens the session socket from the very beginning and waits until it is live.
    pub async fn live(&self) -> Wire {
        let (mut wire, _) = self.session(DeviceId::mint(), None).await;
        wire.hear_type("live").await;
        wire
    }
}

/// The JSON of a message to send over the per-thread socket.
#[must_use]
pub fn room_message(id: MessageId, text: &str) -> Value {
    json!({"type": "message", "message": text, "message_id": id})
}
