//! Unchanged old clients against `trusted-ids` mode: no tokens, both ids in every body, POST first and then the socket.

use prilavok_protocol::ids::MessageId;
use prilavok_server::config::AuthMode;
use prilavok_tests::wire::{DEADLINE, Wire};
use prilavok_tests::world::guest::room_message;
use prilavok_tests::world::{SERVICE_TOKEN, World};
use reqwest::{Client, Method};
use serde_json::{Value, json};
use uuid::Uuid;

/// The buyer that old clients carry in their code.
const BUYER: &str = "81f81c96-c56e-4b36-aec3-656f3576d09f";

struct Old {
    world: World,
    http: Client,
    seller: Uuid,
}

impl Old {
    async fn new() -> Self {
        let world = World::with(|config| config.auth.mode = AuthMode::TrustedIds).await;
        let old = Self {
            world,
            http: Client::new(),
            seller: Uuid::now_v7(),
        };
        for path in [
            format!("/catalogue/buyers/{BUYER}"),
            format!("/catalogue/sellers/{}", old.seller),
        ] {
            let request = old.http.put(old.world.api(&path)).bearer_auth(SERVICE_TOKEN);
            let answer = request.json(&json!({"name": "Имя"})).send().await.expect("an answer");
            assert!(answer.status().is_success(), "{path}: {}", answer.status());
        }
        old
    }

    async fn call(&self, method: Method, path: &str, body: Option<Value>) -> (u16, Value) {
        let mut request = self.http.request(method, self.world.api(path)).timeout(DEADLINE);
        if let Some(body) = body {
            request = request.json(&body);
        }
        let answer = request.send().await.expect("an answer");
        (answer.status().as_u16(), answer.json().await.unwrap_or(Value::Null))
    }

    async fn thread(&self) -> String {
        let body = json!({"buyer_id": BUYER, "seller_id": self.seller});
        let (status, answer) = self
            .call(Method::POST, "/chat-threads/start-with-seller", Some(body))
            .await;
        assert_eq!(status, 201, "{answer}");
        answer["data"]["id"].as_str().expect("an id").to_owned()
    }

    async fn room(&self, thread: &str, id: &str, role: &str, origin: &str) -> Result<Wire, u16> {
        let path = format!("/ws/chat/{thread}?user_id={id}&user_type={role}");
        Wire::dial(&self.world.ws(&path), &[("origin", origin)]).await
    }
}

const PAGE: &str = "http://localhost:3000";

#[tokio::test(flavor = "multi_thread")]
async fn an_old_conversation_goes_as_it_always_did() {
    let old = Old::new().await;
    let thread = old.thread().await;
    let seller = old.seller.to_string();
    let mut annas = old.room(&thread, BUYER, "buyer", PAGE).await.expect("it opens");
    let mut shops = old.room(&thread, &seller, "seller", PAGE).await.expect("it opens");
    for (role, text, is_buyer) in [("buyer", "Есть?", true), ("seller", "Есть!", false)] {
        let id = MessageId::mint();
        let body = json!({"id": id, "message": text, "thread_id": thread, "buyer_id": BUYER, "seller_id": seller,
            "is_read_by_buyer": is_buyer, "is_read_by_seller": !is_buyer});
        let (status, answer) = old.call(Method::POST, "/chat-messages", Some(body)).await;
        assert_eq!(
            (status, &answer["data"]["sender_type"]),
            (201, &json!(role)),
            "{answer}"
        );
        let own = if is_buyer { &mut annas } else { &mut shops };
        own.say(room_message(id, text)).await;
        for wire in [&mut annas, &mut shops] {
            assert_eq!(wire.hear_type("message").await["message_id"], json!(id));
        }
    }
    for wire in [&mut annas, &mut shops] {
        let rest = wire.rest_of_room().await;
        assert!(
            rest.iter().all(|frame| frame["type"] != "message"),
            "a repeat was fanned out: {rest:#?}"
        );
    }
    let (_, list) = old
        .call(Method::GET, &format!("/chat-threads/by-buyer/{BUYER}"), None)
        .await;
    assert_eq!(
        (&list["data"][0]["last_message"], &list["data"][0]["unread_count"]),
        (&json!("Есть!"), &json!(1))
    );
    let read = format!("/chat-messages/{thread}/mark-read?user_id={BUYER}&user_type=buyer");
    assert_eq!(old.call(Method::PATCH, &read, None).await, (200, json!({"data": null})));
    assert_eq!(shops.hear_type("read").await["up_to_seq"], 2);
    let (_, history) = old
        .call(
            Method::GET,
            &format!("/chat-messages/by-thread/{thread}?limit=50&offset=0"),
            None,
        )
        .await;
    assert_eq!(history["data"].as_array().map(Vec::len), Some(2), "{history}");
}

#[tokio::test(flavor = "multi_thread")]
async fn even_here_strangers_and_strange_pages_stay_outside() {
    let old = Old::new().await;
    let thread = old.thread().await;
    for (id, role) in [
        (BUYER, "seller"),
        (&*Uuid::now_v7().to_string(), "buyer"),
        (BUYER, "admin"),
        ("1", "buyer"),
    ] {
        let mut wire = old.room(&thread, id, role, PAGE).await.expect("it is accepted first");
        assert_eq!(wire.closed().await, 4003, "{id} {role}");
    }
    assert_eq!(
        old.room(&thread, BUYER, "buyer", "https://evil.example").await.err(),
        Some(403)
    );
}
