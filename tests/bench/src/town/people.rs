//! Who lives in a town: registered over the marketplace API, as everybody is; a relay only counts.

use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use futures::{StreamExt, TryStreamExt, stream};
use reqwest::Client;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Pair, Shape};
use crate::socket::{Door, Seat};

/// Registrations under way at once: two hash at a time, the others wait in the server's queue.
const AT_ONCE: usize = 32;

/// The pairs of a relay.
pub fn relayed(server: SocketAddr, shape: Shape) -> Vec<Pair> {
    let seat = |path: String| Seat {
        server,
        door: Door::Session,
        path,
        token: None,
        device: Uuid::new_v4(),
        thread: Uuid::nil(),
        party: Uuid::nil(),
        kept: Arc::default(),
    };
    let path = |number: usize| format!("/ws/session?n={number}");
    match shape {
        Shape::Pairs(pairs) => (0..pairs)
            .map(|pair| Pair {
                buyer: seat(path(2 * pair)),
                seller: seat(path(2 * pair + 1)),
            })
            .collect(),
        Shape::Shop(buyers) => (0..buyers)
            .map(|pair| Pair {
                buyer: seat(format!("{}&to=1", path(2 * pair))),
                seller: seat(path(1)),
            })
            .collect(),
    }
}

/// The people of the server, signed in, with their threads.
///
/// # Errors
/// When the server refuses.
pub async fn register(server: SocketAddr, shape: Shape) -> Result<Vec<Pair>> {
    let http = Client::builder().pool_max_idle_per_host(AT_ONCE).build()?;
    let (pairs, shop) = match shape {
        Shape::Pairs(pairs) => (pairs, None),
        Shape::Shop(buyers) => (buyers, Some(person(&http, server, "Лавка", "seller").await?)),
    };
    stream::iter(0..pairs)
        .map(|number| pair(&http, server, number, shop.clone()))
        .buffered(AT_ONCE)
        .try_collect()
        .await
}

async fn pair(http: &Client, server: SocketAddr, number: usize, shop: Option<Seat>) -> Result<Pair> {
    let mut buyer = person(http, server, &format!("Покупатель {number}"), "buyer").await?;
    let mut seller = match shop {
        Some(seller) => seller,
        None => person(http, server, &format!("Лавка {number}"), "seller").await?,
    };
    let body = json!({"buyer_id": buyer.party, "seller_id": seller.party});
    let path = "chat-threads/start-with-seller";
    let answer = post(http, server, path, buyer.token.as_deref(), &body).await?;
    let thread = answer["data"]["id"].as_str().context("a thread")?.parse()?;
    buyer.thread = thread;
    seller.thread = thread;
    Ok(Pair { buyer, seller })
}

async fn person(http: &Client, server: SocketAddr, name: &str, role: &str) -> Result<Seat> {
    let email = format!("{}@example.ru", Uuid::now_v7().simple());
    let body = json!({"email": email, "password": "очень-секретно", "name": name, "role": role});
    let answer = post(http, server, "auth/register", None, &body).await?;
    let data = &answer["data"];
    let party = data["account"][format!("{role}_id")].as_str().context("a party")?;
    Ok(Seat {
        server,
        door: Door::Session,
        path: "/ws/session".into(),
        token: Some(data["access_token"].as_str().context("a token")?.to_owned()),
        device: Uuid::new_v4(),
        thread: Uuid::nil(),
        party: party.parse()?,
        kept: Arc::default(),
    })
}

async fn post(http: &Client, server: SocketAddr, path: &str, token: Option<&str>, body: &Value) -> Result<Value> {
    let mut request = http.post(format!("http://{server}/api/v1/{path}")).json(body);
    if let Some(token) = token {
        request = request.bearer_auth(token);
    }
    let answer = request.send().await?;
    let status = answer.status();
    let answer: Value = answer.json().await?;
    ensure!(status.is_success(), "{path}: {status} {answer}");
    Ok(answer)
}
