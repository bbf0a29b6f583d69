//! Who works in a shop: the owner invites and removes, others leave; whoever is out is out at once, and knows why.

use std::time::{Duration, Instant};

use prilavok_client::Connection;
use prilavok_protocol::ids::{MessageId, Role};
use prilavok_protocol::rest::Register;
use prilavok_tests::person::{Device, PASSWORD};
use prilavok_tests::world::{Guest, World};
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

async fn quiet() -> World {
    World::with(|config| {
        config.sockets.access_check = Duration::from_secs(3600);
        config.sockets.revocation_check = Duration::from_secs(3600);
    })
    .await
}

async fn invitation(by: &Guest) -> String {
    let (status, answer) = by.post("/auth/invitations", json!({})).await;
    assert_eq!(status, 201, "{answer}");
    answer["data"]["invitation"].as_str().expect("an invitation").to_owned()
}

/// Registers by an invitation; the status and the answer.
async fn register(by: &Guest, (email, name): (&str, &str), invitation: &str) -> (u16, Value) {
    let body = json!({
        "email": email, "password": PASSWORD, "name": name, "role": "seller", "invitation": invitation,
    });
    by.post("/auth/register", body).await
}

/// A colleague with a new address, and the address.
async fn colleague(world: &World, by: &Guest, name: &str) -> (Guest, String) {
    let email = format!("{}@example.ru", Uuid::now_v7().simple());
    let (status, mut answer) = register(by, (&email, name), &invitation(by).await).await;
    assert_eq!(status, 201, "{answer}");
    let tokens = serde_json::from_value(answer["data"].take()).expect("tokens");
    (world.guest(tokens), email)
}

async fn remove(by: &Guest, agent: &Guest) -> (u16, Value) {
    let path = format!("/auth/agents/{}", agent.tokens.account.id);
    by.call(Method::DELETE, &path, None).await
}

async fn names(by: &Guest) -> Vec<String> {
    let (status, answer) = by.get("/auth/agents").await;
    assert_eq!(status, 200, "{answer}");
    let agents = answer["data"].as_array().expect("a list");
    let name = |agent: &Value| {
        let you = if agent["is_you"] == true { " (you)" } else { "" };
        let owner = if agent["is_owner"] == true { ", owner" } else { "" };
        format!("{}{owner}{you}", agent["name"].as_str().expect("a name"))
    };
    agents.iter().map(name).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_whom_the_owner_removes_is_out_at_once_with_4003_and_the_others_go_on() {
    let world = quiet().await;
    let (anna, owner, thread) = world.pair().await;
    let ((masha, email), (petya, _)) = (
        colleague(&world, &owner, "Маша").await,
        colleague(&world, &owner, "Петя").await,
    );
    assert_eq!(names(&petya).await, ["Чайная гора, owner", "Маша", "Петя (you)"]);
    let (mut app, mut page) = (masha.live().await, masha.room(thread).await);
    let (mut petyas, ticket, way_back) = (petya.live().await, masha.ticket().await, invitation(&masha).await);
    masha.says(thread, "пока я здесь").await;

    let before = Instant::now();
    let (status, answer) = remove(&owner, &masha).await;
    assert_eq!(status, 200, "{answer}");
    assert_eq!((app.closed().await, page.closed().await), (4003, 4003));
    let took = before.elapsed();
    assert!(took < Duration::from_secs(1), "it took {took:?}");

    assert_eq!(masha.post_message(thread, MessageId::mint(), "поздно").await.0, 401);
    let refresh = json!({"refresh_token": masha.tokens.refresh_token});
    assert_eq!(masha.post("/auth/refresh", refresh).await.0, 401);
    let mut by_ticket = masha
        .dial_with_ticket("/ws/session", &ticket)
        .await
        .expect("it is accepted first");
    assert_eq!(by_ticket.closed().await, 4001);
    let (status, answer) = register(&anna, ("anew@example.ru", "Маша"), &way_back).await;
    assert_eq!(status, 422, "her own invitation is no way back: {answer}");
    let (status, answer) = masha
        .post("/auth/login", json!({"email": email, "password": PASSWORD}))
        .await;
    assert_eq!((status, &answer["code"]), (403, &json!("removed")), "{answer}");

    assert_eq!(names(&owner).await, ["Чайная гора, owner (you)", "Петя"]);
    anna.says(thread, "есть кто?").await;
    petyas
        .hear_where("the question", |frame| {
            frame["event"]["message"]["message"] == "есть кто?"
        })
        .await;
    petya.says(thread, "я здесь").await;
    assert_eq!(owner.history(thread).await.len(), 3, "what she wrote stays");

    let (status, mut answer) = register(&owner, (&email, "Маша"), &invitation(&owner).await).await;
    assert_eq!(status, 201, "the owner may ask her back: {answer}");
    let again = world.guest(serde_json::from_value(answer["data"].take()).expect("tokens"));
    again.says(thread, "я снова здесь").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_may_leave_and_nobody_but_the_owner_removes_others() {
    let world = quiet().await;
    let (anna, owner, thread) = world.pair().await;
    let stranger = world.seller("Чужая лавка").await;
    let ((masha, _), (petya, _)) = (
        colleague(&world, &owner, "Маша").await,
        colleague(&world, &owner, "Петя").await,
    );
    for (by, whom, status) in [
        (&masha, &petya, 403),
        (&masha, &owner, 403),
        (&owner, &owner, 403),
        (&anna, &masha, 403),
        (&stranger, &masha, 404),
        (&owner, &stranger, 404),
        (&owner, &anna, 404),
    ] {
        let (told, answer) = remove(by, whom).await;
        assert_eq!(told, status, "{answer}");
    }
    assert_eq!(anna.get("/auth/agents").await.0, 403);
    let mut app = masha.live().await;
    assert_eq!(remove(&masha, &masha).await.0, 200, "she leaves");
    assert_eq!(app.closed().await, 4003);
    assert_eq!(masha.post_message(thread, MessageId::mint(), "поздно").await.0, 401);
    assert_eq!(names(&petya).await, ["Чайная гора, owner", "Петя (you)"]);
    assert_eq!(remove(&owner, &masha).await.0, 404, "she has left");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_app_of_a_removed_agent_says_so_and_stays_out() {
    let world = quiet().await;
    let (_, owner, thread) = world.pair().await;
    let device = Device::new(world.address, Role::Seller).await;
    let email = device.email().to_owned();
    let mut masha = device.starts().await;
    let server = format!("http://{}", world.address);
    masha.client.set_server(&server).await.expect("the server answers");
    let register = Register {
        email: email.clone(),
        password: PASSWORD.into(),
        name: "Маша".into(),
        role: Role::Seller,
        invitation: Some(invitation(&owner).await),
        device_name: None,
    };
    let account = masha.client.register(register).await.expect("registered");
    masha.is_online().await;
    let path = format!("/auth/agents/{}", account.id);
    assert_eq!(owner.call(Method::DELETE, &path, None).await.0, 200);
    masha
        .waits("why she is out", |screen| is_stopped(&screen.connection))
        .await;
    owner.says(thread, "без неё").await;
    let refused = masha.client.sign_in(&email, PASSWORD).await;
    assert!(refused.is_err(), "{refused:?}");
    assert!(
        !masha
            .looks()
            .messages
            .values()
            .any(|message| message.message == "без неё")
    );
}

/// The word for which the locales have the sentence.
fn is_stopped(connection: &Connection) -> Option<()> {
    matches!(connection, Connection::Stopped { reason } if reason == "removed").then_some(())
}
