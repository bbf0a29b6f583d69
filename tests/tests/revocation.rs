//! Ending sessions and closing accounts: their sockets close at once, and nothing more is told on them.

use std::time::{Duration, Instant};

use prilavok_tests::world::World;
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread")]
async fn signing_out_closes_the_sockets_of_that_device_within_a_second() {
    let world = World::with(|config| config.sockets.access_check = Duration::from_secs(3600)).await;
    let (anna, shop, thread) = world.pair().await;
    let (mut device, mut page, mut shops) = (anna.live().await, anna.room(thread).await, shop.live().await);
    let before = Instant::now();
    let (status, answer) = anna.post("/auth/logout", json!({})).await;
    assert_eq!(status, 200, "{answer}");
    assert_eq!((device.closed().await, page.closed().await), (4009, 4009));
    assert!(
        before.elapsed() < Duration::from_secs(1),
        "it took {:?}",
        before.elapsed()
    );
    shop.says(thread, "ещё здесь?").await;
    shops
        .hear_where("the own message", |frame| frame["event"]["kind"] == "message")
        .await;
    assert_eq!(
        anna.dial("/ws/session")
            .await
            .expect("it is accepted first")
            .closed()
            .await,
        4001
    );
    assert_eq!(anna.get("/auth/me").await.0, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_ended_behind_the_hubs_back_is_found_by_the_next_check() {
    let world = World::with(|config| config.sockets.revocation_check = Duration::from_secs(3600)).await;
    let (anna, _, thread) = world.pair().await;
    let (mut device, mut page) = (anna.live().await, anna.room(thread).await);
    // As the command line does it, in a process of its own: no hub hears of it.
    world
        .app()
        .store
        .end_sessions(anna.tokens.account.id.into())
        .await
        .expect("they are ended");
    assert_eq!((device.closed().await, page.closed().await), (4009, 4009));
}

/// What ends them, and with which code.
type End = (&'static str, u16);

/// One task looks for all sockets: they do not look by themselves here.
#[tokio::test(flavor = "multi_thread")]
async fn whatever_another_process_ends_is_closed_within_a_second() {
    let world = World::with(|config| config.sockets.access_check = Duration::from_secs(3600)).await;
    let (anna, shop, thread) = world.pair().await;
    let store = &world.app().store;
    let mut late = Vec::new();
    let ends: [End; 4] = [("one", 4009), ("all", 4009), ("closed", 4004), ("removed", 4003)];
    for (how, code) in ends {
        let whose = if how == "removed" { &shop } else { &anna };
        let (device, signed) = world.another_device(whose).await;
        let (mut app, mut page) = (device.live().await, device.room(thread).await);
        let account = signed.account;
        let done = match how {
            "one" => store.end_session(account.into(), signed.session).await,
            "all" => store.end_sessions(account.into()).await.map(drop),
            "closed" => store.set_disabled(account, true).await.map(drop),
            _ => store.remove_agent(account.into(), account).await.map(drop),
        };
        let before = Instant::now();
        done.expect("it is done");
        assert_eq!((app.closed().await, page.closed().await), (code, code), "{how}");
        let took = before.elapsed();
        if took >= Duration::from_secs(1) {
            late.push((how, took));
        }
        assert_eq!(device.get("/auth/me").await.0, 401, "{how}");
        let refresh = json!({"refresh_token": device.tokens.refresh_token});
        assert_eq!(device.post("/auth/refresh", refresh).await.0, 401, "{how}");
    }
    // On a machine that is busy with other tests one may take longer.
    assert!(late.len() <= 1, "{late:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn closing_an_account_closes_its_sockets_with_4004() {
    let world = World::new().await;
    let (anna, _, thread) = world.pair().await;
    let (mut device, mut page) = (anna.live().await, anna.room(thread).await);
    world
        .app()
        .store
        .set_disabled(anna.tokens.account.id, true)
        .await
        .expect("it is closed");
    assert_eq!((device.closed().await, page.closed().await), (4004, 4004));
}

#[tokio::test(flavor = "multi_thread")]
async fn one_device_is_ended_and_the_others_stay() {
    let world = World::new().await;
    let anna = world.buyer("Анна").await;
    let (_, answer) = anna.get("/auth/sessions").await;
    let first: Value = answer["data"][0]["id"].clone();
    let mut device = anna.live().await;
    let (status, mut refreshed) = anna
        .post("/auth/refresh", json!({"refresh_token": anna.tokens.refresh_token}))
        .await;
    assert_eq!(status, 200, "{refreshed}");
    let same = world.guest(serde_json::from_value(refreshed["data"].take()).expect("tokens"));
    assert!(device.rest_of_session().await.is_empty(), "a refresh ends nothing");
    let path = format!("/auth/sessions/{}", first.as_str().expect("an id"));
    let (status, _) = same.call(reqwest::Method::DELETE, &path, None).await;
    assert!(matches!(status, 200 | 204), "{status}");
    assert_eq!(device.closed().await, 4009);
}
