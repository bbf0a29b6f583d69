//! A reader that stops reading: what waits for it is bounded, it is cut off with 4010, and the others notice nothing.
//! It comes back with its cursor and gets every entry once.

use std::time::Duration;

use prilavok_protocol::ids::MessageId;
use prilavok_server::config::Config;
use prilavok_tests::faults::proxy::{Flow, Proxy};
use prilavok_tests::wire::follower::Follower;
use prilavok_tests::world::World;
use prilavok_tests::world::settings::generous;
use reqwest::Method;

/// More than the kernels' buffers and a queue hold together.
const MOST: usize = 4000;

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_that_stops_is_cut_off_by_count() {
    stops_reading(|config| {
        config.limits.queue_events = 64;
        config.limits.queue_bytes = 64 * 1024 * 1024;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_that_stops_is_cut_off_by_bytes() {
    stops_reading(|config| config.limits.queue_events = 100_000).await;
}

async fn stops_reading(limit: impl FnOnce(&mut Config)) {
    // As many characters as may be, each of four bytes.
    let text = &"𝄞".repeat(4096);
    let world = World::with(|config| {
        generous(config);
        // The queue is what ends it, also on a busy machine: neither a slow write nor a pong that does not come.
        config.sockets.write = Duration::from_secs(600);
        config.sockets.silence = Duration::from_secs(600);
        limit(config);
    })
    .await;
    let limits = world.app().config.limits.clone();
    let (anna, shop, thread) = world.pair().await;
    let proxy = Proxy::narrow(world.address).await;
    let mut stuck = Follower::of(anna.by_way_of(proxy.address())).await;
    // Another device of hers, and the other side.
    let mut others = [Follower::of(anna.clone()).await, Follower::of(shop.clone()).await];
    let sockets = world.app().hub.sockets();
    proxy.socket().down.set(Flow::Hold);

    let (mut said, mut peak) = (0, prilavok_server::hub::Waiting::default());
    while world.app().hub.sockets() == sockets {
        assert!(said < MOST, "it is never cut off: {peak:?}");
        let id = MessageId::mint();
        assert_eq!(shop.post_message(thread, id, text).await.0, 201);
        said += 1;
        for other in &mut others {
            while !other.has(id) {
                other.hear().await;
            }
        }
        let now = world.app().hub.waiting();
        assert!(
            now.events <= limits.queue_events as usize && now.bytes <= limits.queue_bytes as usize,
            "{now:?}"
        );
        peak.events = peak.events.max(now.events);
        peak.bytes = peak.bytes.max(now.bytes);
    }
    // One entry is as much as the others may have had waiting at that moment.
    let is_full =
        peak.events + 2 >= limits.queue_events as usize || peak.bytes + 3 * text.len() >= limits.queue_bytes as usize;
    assert!(is_full, "it was the queue that was full: {peak:?}");
    assert_eq!(world.app().hub.waiting().events, 0, "nothing is kept for it any more");

    proxy.socket().down.set(Flow::Carry);
    assert_eq!(stuck.falls().await, 4010);
    stuck.comes_back().await;
    shop.says(thread, "конец").await;
    stuck.hears("конец").await;
    assert_eq!(stuck.texts().len(), said + 1, "every entry, once and in order");
    for other in &mut others {
        other.hears("конец").await;
        assert_eq!(other.texts(), stuck.texts());
    }
}

/// A page that does not read holds up nobody either, nor does it hold the thread.
#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_stops_reading_is_cut_off_too() {
    let world = World::with(|config| {
        generous(config);
        config.sockets.write = Duration::from_secs(600);
        config.sockets.silence = Duration::from_secs(600);
        config.limits.queue_events = 32;
    })
    .await;
    let (anna, shop, thread) = world.pair().await;
    let proxy = Proxy::narrow(world.address).await;
    let mut page = anna.by_way_of(proxy.address()).room(thread).await;
    page.rest_of_room().await;
    proxy.socket().down.set(Flow::Hold);
    let text = "𝄞".repeat(4096);
    let mut said = 0;
    while world.app().hub.sockets() > 0 {
        assert!(said < MOST, "it is never cut off");
        assert_eq!(shop.post_message(thread, MessageId::mint(), &text).await.0, 201);
        said += 1;
    }
    proxy.socket().down.set(Flow::Carry);
    assert_eq!(page.closed().await, 4010);
    let (status, unread) = anna
        .call(
            Method::GET,
            &format!("/chat-messages/unread-count/{}?user_type=buyer", anna.party().id),
            None,
        )
        .await;
    assert_eq!((status, &unread["data"]), (200, &serde_json::json!(said)));
}
