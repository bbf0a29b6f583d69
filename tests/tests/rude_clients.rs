//! Rude clients, on both doors: each gets its close code, and nobody else notices.

use std::time::Duration;

use prilavok_protocol::ids::{DeviceId, MessageId};
use prilavok_tests::wire::Wire;
use prilavok_tests::world::guest::room_message;
use prilavok_tests::world::{Guest, World};
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::frame::Frame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};
use uuid::Uuid;

/// One socket of each door, both ready.
async fn both(guest: &Guest, thread: Uuid) -> [Wire; 2] {
    let mut room = guest.room(thread).await;
    room.rest_of_room().await;
    [room, guest.live().await]
}

#[tokio::test(flavor = "multi_thread")]
async fn every_bad_frame_has_its_close_code() {
    let world = World::new().await;
    let (anna, shop, thread) = world.pair().await;
    let mut polite = shop.room(thread).await;
    let text = OpCode::Data(Data::Text);
    let mut reserved_bit = Frame::message(b"{}".to_vec(), text, true);
    reserved_bit.header_mut().rsv1 = true;
    for (message, code) in [
        (Message::binary(b"{}".to_vec()), 1003),
        (
            Message::Frame(Frame::message(vec![b'"', 0xff, 0xfe, b'"'], text, true)),
            1007,
        ),
        (Message::text("x".repeat(64 * 1024 + 1)), 1009),
        (Message::text("x".repeat(8 * 1024 * 1024)), 1009),
        (Message::Frame(reserved_bit), 1002),
        (
            Message::Frame(Frame::message(b"{}".to_vec(), OpCode::Data(Data::Reserved(3)), true)),
            1002,
        ),
        (
            Message::Frame(Frame::message(b"{}".to_vec(), OpCode::Data(Data::Continue), true)),
            1002,
        ),
    ] {
        for mut wire in both(&anna, thread).await {
            wire.try_say(message.clone()).await;
            let size = message.len();
            assert_eq!(wire.closed().await, code, "a message of {size} bytes");
        }
    }
    anna.says(thread, "всё в порядке").await;
    polite.hear_type("message").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_frame_of_exactly_the_limit_is_read() {
    let world = World::new().await;
    let (anna, _, thread) = world.pair().await;
    for mut wire in both(&anna, thread).await {
        let padding = " ".repeat(64 * 1024 - r#"{"type":"ping"}"#.len());
        wire.say_text(&format!(r#"{{"type":"ping"}}{padding}"#)).await;
        wire.hear_where("an answer", |frame| {
            frame["type"] == "pong" || frame["type"] == "heartbeat"
        })
        .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_third_frame_in_a_row_that_does_not_fit_closes_with_4002() {
    let world = World::new().await;
    let (anna, _, thread) = world.pair().await;
    for mut wire in both(&anna, thread).await {
        for (frame, code) in [
            ("не JSON", "malformed"),
            (r#"{"type":7}"#, "invalid"),
            ("[]", "invalid"),
        ] {
            wire.say_text(frame).await;
            let error = wire.hear_type("error").await;
            let said = if error["code"].is_string() {
                &error["code"]
            } else {
                &error["error"]["code"]
            };
            assert_eq!(said, code, "{error}");
        }
        assert_eq!(wire.closed().await, 4002);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_good_frame_makes_up_for_bad_ones() {
    let world = World::new().await;
    let (anna, _, thread) = world.pair().await;
    for mut wire in both(&anna, thread).await {
        for _ in 0..3 {
            for bad in ["{", "{}"] {
                wire.say_text(bad).await;
                wire.hear_type("error").await;
            }
            wire.say(json!({"type": "ping"})).await;
            wire.hear_where("an answer", |frame| {
                frame["type"] == "pong" || frame["type"] == "heartbeat"
            })
            .await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_is_warned_and_then_closed_with_4008_and_a_hint() {
    let world = World::new().await;
    let (anna, _, thread) = world.pair().await;
    for mut wire in both(&anna, thread).await {
        for _ in 0..1000 {
            if !wire.try_say(Message::text(r#"{"type":"ping"}"#)).await {
                break;
            }
        }
        let (code, reason, heard) = wire.closed_with().await;
        assert_eq!(code, 4008, "{reason}");
        assert!(reason.starts_with("retry_after_ms="), "{reason}");
        assert!(
            heard.iter().any(|frame| frame["type"] == "error"),
            "no warning came before"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn too_many_sends_are_refused_with_a_hint_but_a_repeat_never_is() {
    let world = World::with(|config| config.limits.sends_per_minute = 1).await;
    let (anna, _, thread) = world.pair().await;
    let mut device = anna.live().await;
    let ids: Vec<_> = (0..10).map(|_| MessageId::mint()).collect();
    let send =
        |id: MessageId, text: &str| json!({"kind": "send", "thread_id": thread, "message_id": id, "message": text});
    for (index, id) in ids.iter().enumerate() {
        let reply = device.ask(index as u64, send(*id, "часто")).await;
        assert_eq!(reply["done"]["message"]["seq"], json!(index + 1), "{reply}");
        let repeat = device.ask(100, send(*id, "часто")).await;
        assert_eq!(
            repeat["done"]["message"]["seq"],
            json!(index + 1),
            "a repeat costs nothing: {repeat}"
        );
    }
    let refused = device.ask(11, send(MessageId::mint(), "слишком часто")).await;
    assert_eq!(refused["error"]["code"], "rate_limited");
    assert!(
        refused["error"]["retry_after_ms"].as_u64().is_some_and(|wait| wait > 0),
        "{refused}"
    );
    let repeat = device.ask(12, send(ids[0], "часто")).await;
    assert_eq!(repeat["done"]["message"]["seq"], 1, "{repeat}");
    let taken = device.ask(13, send(ids[0], "другое")).await;
    assert_eq!(taken["error"]["code"], "conflict", "{taken}");
    let mut room = anna.room(thread).await;
    room.say(room_message(MessageId::mint(), "и отсюда")).await;
    assert_eq!(
        room.hear_type("error").await["code"],
        "rate_limited",
        "the rate is the party's, whatever the door"
    );
    let (status, problem) = anna.post_message(thread, MessageId::mint(), "и оттуда").await;
    assert_eq!((status, &problem["code"]), (429, &json!("rate_limited")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_that_does_not_say_hello_is_closed() {
    let world = World::with(|config| config.sockets.hello = Duration::from_millis(100)).await;
    let anna = world.buyer("Анна").await;
    assert_eq!(anna.dial("/ws/session").await.expect("it opens").closed().await, 4002);
    let mut wire = anna.dial("/ws/session").await.expect("it opens");
    wire.say(json!({"type": "ping"})).await;
    assert_eq!(wire.hear_type("error").await["error"]["code"], "invalid");
    assert_eq!(wire.closed().await, 4002);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_of_another_version_is_told_to_update() {
    let world = World::new().await;
    let anna = world.buyer("Анна").await;
    let mut wire = anna.dial("/ws/session").await.expect("it opens");
    wire.say(json!({"type": "hello", "version": 2, "device": DeviceId::mint()}))
        .await;
    assert_eq!(wire.closed().await, 4012);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_socket_too_many_is_4011_and_a_newer_one_of_the_same_device_replaces_the_older() {
    let world = World::with(|config| config.limits.sockets_per_account = 2).await;
    let anna = world.buyer("Анна").await;
    let device = DeviceId::mint();
    let (mut first, _) = anna.session(device, None).await;
    let mut second = anna.live().await;
    let mut third = anna.dial("/ws/session").await.expect("it opens");
    third
        .say(json!({"type": "hello", "version": 1, "device": DeviceId::mint()}))
        .await;
    assert_eq!(third.closed().await, 4011);
    let (mut newer, _) = anna.session(device, None).await;
    assert_eq!(first.closed().await, 4013);
    newer.hear_type("live").await;
    assert!(second.rest_of_session().await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_silent_peer_is_dropped() {
    let world = World::with(|config| {
        config.sockets.silence = Duration::from_millis(200);
        config.sockets.heartbeat = Duration::from_secs(3600);
    })
    .await;
    let (anna, _, thread) = world.pair().await;
    for mut wire in [anna.room(thread).await, anna.live().await] {
        assert_eq!(wire.closed().await, 1001);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_that_falls_behind_is_cut_off_with_4010_and_resumes_without_loss() {
    let world = World::with(|config| {
        config.limits.queue_events = 8;
        config.limits.sends_per_minute = 60_000;
        config.limits.send_burst = 10_000;
    })
    .await;
    let (anna, shop, thread) = world.pair().await;
    let device = DeviceId::mint();
    let (mut slow, welcome) = shop.session(device, None).await;
    slow.hear_type("live").await;
    let text = "ж".repeat(4000);
    // The kernel's buffers hold some megabytes before the server notices that nobody reads.
    let mut sent = 0;
    while world.app().hub.is_online(shop.party()) && sent < 4000 {
        anna.says(thread, &text).await;
        sent += 1;
        if sent % 50 == 0 && is_cut(&world) {
            break;
        }
    }
    let (code, _, heard) = slow.closed_with().await;
    assert_eq!(code, 4010, "after {sent} messages");
    let last = heard
        .iter()
        .rev()
        .find_map(|frame| frame["pos"].as_u64())
        .expect("something was heard");
    let cursor = json!({"epoch": welcome["epoch"], "pos": last});
    let (mut again, _) = shop.session(device, Some(cursor)).await;
    let missed = again.until("live").await;
    let positions: Vec<u64> = missed
        .iter()
        .filter_map(|frame: &Value| frame["pos"].as_u64())
        .collect();
    let expected: Vec<u64> = (last + 1..last + 1 + positions.len() as u64).collect();
    assert_eq!(positions, expected, "in order and without holes");
    let head = missed.last().expect("something was missed");
    assert_eq!(head["event"]["message"]["seq"], json!(sent), "down to the last message");
}

fn is_cut(world: &World) -> bool {
    world.app().hub.sockets() == 0
}
