//! A server that has run out of descriptors: who is in is served, who waits comes in when somebody leaves, nothing is lost,
//! and it does not spin.

use std::net::{SocketAddr, TcpListener};
use std::time::Instant;

use prilavok_protocol::ids::{MessageId, Role};
use prilavok_tests::wire::follower::Follower;
use prilavok_tests::world::logged::Logged;
use tokio::task::JoinSet;

/// So many the server may have; its database, its log and its runtime take some twenty of them.
const DESCRIPTORS: u32 = 96;
/// So many want in: more than find room, and fewer than twice as many.
const PAGES: usize = 96;
/// Between two tries to accept a connection: 200 ms, and some for a busy machine's clock.
const TRIES_A_SECOND: f64 = 6.0;

#[tokio::test(flavor = "multi_thread")]
async fn a_server_without_descriptors_serves_who_is_in_and_lets_others_in_when_some_leave() {
    let metrics = free_port();
    let settings = format!(
        "[limits]\nsends_per_minute = 600000\nsend_burst = 100000\nunauthenticated_per_address = 1000\n\
         [metrics]\nlisten = \"{metrics}\"\n"
    );
    let server = Logged::start(DESCRIPTORS, &settings).await;
    let (anna, shop) = (
        server.register("Анна", Role::Buyer).await,
        server.register("Чайная гора", Role::Seller).await,
    );
    let thread = anna.start(&shop).await;
    let (mut device, mut other) = (Follower::of(anna).await, Follower::of(shop.clone()).await);

    let begin = Instant::now();
    let mut dials = JoinSet::new();
    for _ in 0..PAGES {
        let shop = shop.clone();
        dials.spawn(async move { shop.room(thread).await });
    }
    server.says("New connections cannot be accepted").await;
    let mut said = Vec::new();
    for number in 0..20 {
        said.push(number.to_string());
        device.sends(thread, MessageId::mint(), &number.to_string()).await;
    }
    other.hears("19").await;

    let mut inside = Vec::new();
    while let Some(page) = dials.try_join_next() {
        inside.push(page.expect("it is let in"));
    }
    assert!(
        !inside.is_empty() && !dials.is_empty(),
        "some are in, some are not: {} of {PAGES}",
        inside.len()
    );
    // They leave, and each that waited comes in.
    drop(inside);
    let mut late = Vec::new();
    while let Some(page) = dials.join_next().await {
        late.push(page.expect("it is let in"));
    }
    said.push("ещё одно".into());
    device.sends(thread, MessageId::mint(), "ещё одно").await;
    for page in &mut late {
        page.hear_where("the message", |frame| frame["message"] == "ещё одно")
            .await;
    }
    other.hears("ещё одно").await;
    assert_eq!(
        (device.texts(), other.texts()),
        (said.clone(), said),
        "nothing was lost"
    );

    let failures = failed_accepts(metrics).await;
    let most = begin.elapsed().as_secs_f64() * TRIES_A_SECOND + 2.0;
    assert!(
        failures >= 1.0 && failures <= most,
        "{failures} tries, at most {most} are no spin"
    );
}

fn free_port() -> SocketAddr {
    let free = TcpListener::bind("127.0.0.1:0").expect("a free port");
    free.local_addr().expect("an address")
}

/// How often the server has failed to accept a connection.
async fn failed_accepts(metrics: SocketAddr) -> f64 {
    let page = reqwest::get(format!("http://{metrics}/metrics"))
        .await
        .expect("metrics");
    let page = page.text().await.expect("text");
    let line = page.lines().find_map(|line| line.strip_prefix("accepts_failed_total "));
    line.expect("it is counted").parse().expect("a number")
}
