//! A session that ends while its socket is being opened: nothing is told on it, and nothing is taken from it.

use std::time::Duration;

use prilavok_protocol::ids::{DeviceId, MessageId};
use prilavok_server::config::Config;
use prilavok_tests::wire::Wire;
use prilavok_tests::world::World;
use serde_json::json;

/// No check of a timer: what holds here must hold at once.
fn no_checks(config: &mut Config) {
    config.sockets.access_check = Duration::from_secs(3600);
}

async fn greets(wire: &mut Wire) {
    wire.say(json!({"type": "hello", "version": 1, "device": DeviceId::mint()}))
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_socket_that_says_hello_after_its_session_ended_hears_nothing() {
    let world = World::with(no_checks).await;
    let (anna, shop, thread) = world.pair().await;
    let mut early = anna.dial("/ws/session").await.expect("it opens");
    assert_eq!(anna.post("/auth/logout", json!({})).await.0, 200);
    shop.says(thread, "не для неё").await;
    greets(&mut early).await;
    let (code, _, heard) = early.closed_with().await;
    assert_eq!((code, heard), (4009, vec![]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_socket_that_says_hello_after_its_account_was_closed_hears_nothing() {
    let world = World::with(no_checks).await;
    let (anna, shop, thread) = world.pair().await;
    let mut early = anna.dial("/ws/session").await.expect("it opens");
    let account = anna.tokens.account.id;
    world
        .app()
        .store
        .set_disabled(account, true)
        .await
        .expect("it is closed");
    shop.says(thread, "не для неё").await;
    greets(&mut early).await;
    let (code, _, heard) = early.closed_with().await;
    assert_eq!((code, heard), (4004, vec![]));
}

/// As the command line does it, in a process of its own: no hub hears of it, and no timer is due.
#[tokio::test(flavor = "multi_thread")]
async fn a_session_ended_behind_the_hubs_back_stores_nothing_more() {
    let world = World::with(no_checks).await;
    let (anna, shop, thread) = world.pair().await;
    let (mut device, mut page) = (anna.live().await, anna.room(thread).await);
    page.rest_of_room().await;
    let account = anna.tokens.account.id;
    world
        .app()
        .store
        .end_sessions(account.into())
        .await
        .expect("they are ended");
    let send = json!({"kind": "send", "thread_id": thread, "message_id": MessageId::mint(), "message": "поздно"});
    device.say(json!({"type": "command", "id": 1, "command": send})).await;
    page.say(json!({"type": "message", "message": "поздно", "message_id": MessageId::mint()}))
        .await;
    assert_eq!((device.closed().await, page.closed().await), (4009, 4009));
    assert_eq!(anna.post_message(thread, MessageId::mint(), "поздно").await.0, 401);
    assert!(shop.history(thread).await.is_empty(), "nothing was stored");
}
