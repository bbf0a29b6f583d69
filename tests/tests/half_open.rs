//! A line that is dead and does not say so: both sides find out by themselves, and the others are told.
//!
//! The waits are settings; the stories make them short. That the real ones add up to a minute is a test of its own.

use std::time::Duration;

use prilavok_client::{MessageState, Pace};
use prilavok_protocol::ids::{MessageId, Role};
use prilavok_server::config::{Config, Sockets};
use prilavok_tests::faults::proxy::{Flow, Proxy};
use prilavok_tests::person::{Device, Person};
use prilavok_tests::world::World;
use prilavok_tests::world::settings::generous;
use serde_json::json;

/// The promise.
const MINUTE: Duration = Duration::from_secs(60);
/// Four to six fifths: the longest of it.
const LATEST: f64 = 1.2;

fn short(config: &mut Config) {
    generous(config);
    config.sockets.heartbeat = Duration::from_millis(400);
    config.sockets.silence = Duration::from_millis(2500);
}

#[test]
fn either_side_notices_a_dead_line_within_a_minute_and_one_lost_ping_kills_nobody() {
    let (server, client) = (Sockets::default(), Pace::default());
    assert!(server.silence <= MINUTE, "{:?}", server.silence);
    assert!(server.write <= server.silence, "a write to a dead peer ends sooner");
    assert!(
        server.heartbeat.mul_f64(LATEST) * 2 <= server.silence,
        "two beats fit in"
    );
    assert!(client.silence <= MINUTE && client.reply <= client.silence);
    assert!(client.ping.mul_f64(LATEST) * 2 <= client.silence, "two pings fit in");
    assert!(client.probe < client.silence, "after a sleep it is sooner");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_server_notices_a_dead_client_and_tells_the_others() {
    let world = World::with(short).await;
    let (anna, shop, thread) = world.pair().await;
    let proxy = Proxy::to(world.address).await;
    let far = anna.by_way_of(proxy.address());
    let (mut live, mut room) = (shop.live().await, shop.room(thread).await);
    let (_device, _page) = (far.live().await, far.room(thread).await);
    let here =
        |frame: &serde_json::Value| frame["signal"]["kind"] == "presence" && frame["signal"]["is_online"] == true;
    live.hear_where("her coming", here).await;
    room.hear_type("user_joined").await;
    assert_eq!(world.app().hub.sockets(), 4);

    proxy.each(|connection| connection.set(Flow::Hold));
    let gone =
        |frame: &serde_json::Value| frame["signal"]["kind"] == "presence" && frame["signal"]["is_online"] == false;
    let (left, _) = tokio::join!(room.hear_type("user_left"), live.hear_where("her going", gone));
    assert_eq!(left["user_id"], json!(anna.party().id));
    assert_eq!(world.app().hub.sockets(), 2, "the dead sockets hold nothing any more");

    // They are told on their next socket what was said meanwhile.
    let missed = shop.says(thread, "вы где?").await;
    let mut device = anna.live().await;
    device.rest_of_session().await;
    assert_eq!(anna.history(thread).await[0]["id"], missed["id"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_says_nothing_and_answers_pings_stays() {
    let world = World::with(short).await;
    let (anna, shop, thread) = world.pair().await;
    let (mut device, mut page) = (anna.live().await, anna.room(thread).await);
    // Ten beats are longer than the silence that is allowed; hearing them answers the pings among them.
    for _ in 0..10 {
        device.hear_type("heartbeat").await;
    }
    shop.says(thread, "ещё здесь?").await;
    device
        .hear_where("the message", |frame| {
            frame["event"]["message"]["message"] == "ещё здесь?"
        })
        .await;
    // Nobody has read this one for so long.
    assert_eq!(page.closed().await, 1001, "silence");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_notices_a_dead_server_and_what_it_wrote_meanwhile_goes_once() {
    let world = World::with(generous).await;
    let mut device = Device::new(world.address, Role::Buyer).await;
    device.pace.ping = Duration::from_millis(200);
    device.pace.silence = Duration::from_millis(1000);
    let mut anna = device.joins("Анна").await;
    let mut shop = Person::new(world.address, Role::Seller, "Чайная гора").await;
    let thread = anna
        .client
        .start(shop.seller_id(), None)
        .await
        .expect("the thread starts");
    let sent = anna.says(thread, "до").await;
    anna.sees(sent.id, MessageState::Sent).await;

    // Both ways, and each way alone. Nothing is closed: only time tells.
    let holds: [fn(&prilavok_tests::faults::proxy::Connection); 3] = [
        |connection| connection.set(Flow::Hold),
        |connection| connection.up.set(Flow::Hold),
        |connection| connection.down.set(Flow::Lose),
    ];
    for (round, hold) in holds.into_iter().enumerate() {
        let opened = anna.device().proxy().opened();
        anna.device().proxy().each(hold);
        let text = format!("во время {round}");
        let sent = anna.says(thread, &text).await;
        anna.is_offline().await;
        anna.is_online().await;
        anna.sees(sent.id, MessageState::Sent).await;
        shop.hears(&text).await;
        assert!(anna.device().proxy().opened() > opened, "by another connection");
    }
    let told = shop
        .looks()
        .messages
        .values()
        .filter(|message| !message.is_mine)
        .count();
    assert_eq!(told, 4, "each once");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_on_a_line_that_died_under_it_is_repeated_and_stored_once() {
    let world = World::with(short).await;
    let (anna, shop, thread) = world.pair().await;
    let proxy = Proxy::to(world.address).await;
    let mut device = anna.by_way_of(proxy.address()).live().await;
    let id = MessageId::mint();
    proxy.socket().up.set(Flow::Hold);
    let send = json!({"kind": "send", "thread_id": thread, "message_id": id, "message": "один раз"});
    device
        .say(json!({"type": "command", "id": 1, "command": send.clone()}))
        .await;
    let mut again = anna.live().await;
    assert_eq!(again.ask(1, send).await["done"]["message"]["seq"], 1);
    // The line comes to life again, with the old frame on it.
    proxy.socket().up.set(Flow::Carry);
    let reply = device
        .hear_where("a late reply", |frame| frame["type"] == "reply")
        .await;
    assert_eq!(reply["done"]["message"]["seq"], 1, "the original answer");
    assert_eq!(shop.history(thread).await.len(), 1);
}
