//! A device that says many messages before it hears an answer: they share commits, and nothing else about them changes.

use prilavok_protocol::ids::MessageId;
use prilavok_tests::world::World;
use serde_json::{Value, json};
use uuid::Uuid;

/// More than may be on their way at once, so that the socket is not read for a while too.
const MANY: u64 = 200;

async fn world() -> World {
    World::with(|config| {
        config.limits.sends_per_minute = 100_000;
        config.limits.send_burst = 100_000;
        config.sockets.frame_burst = 100_000;
    })
    .await
}

fn send(id: u64, thread: Uuid, message: MessageId, text: &str) -> Value {
    json!({"type": "command", "id": id, "command":
        {"kind": "send", "thread_id": thread, "message_id": message, "message": text}})
}

#[tokio::test(flavor = "multi_thread")]
async fn many_messages_before_an_answer_are_stored_told_and_answered_in_their_order() {
    let world = world().await;
    let (anna, shop, thread) = world.pair().await;
    let (mut writing, mut hearing) = (anna.live().await, shop.live().await);
    let ids: Vec<MessageId> = (0..MANY).map(|_| MessageId::mint()).collect();
    for (number, id) in (1..).zip(&ids) {
        writing.say(send(number, thread, *id, &format!("номер {number}"))).await;
    }
    for number in 1..=MANY {
        let reply = writing.hear_type("reply").await;
        assert_eq!(reply["id"], number, "{reply}");
        assert_eq!(reply["done"]["message"]["seq"], number, "{reply}");
    }
    for number in 1..=MANY {
        let is_message = |frame: &Value| frame["event"]["kind"] == "message";
        let event = hearing.hear_where("the next message", is_message).await;
        assert_eq!(event["event"]["message"]["seq"], number, "{event}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn repeats_and_conflicts_among_many_harm_no_other() {
    let world = world().await;
    let (anna, _shop, thread) = world.pair().await;
    let mut writing = anna.live().await;
    let (first, second, foreign) = (MessageId::mint(), MessageId::mint(), Uuid::now_v7());
    for frame in [
        send(1, thread, first, "раз"),
        send(2, thread, first, "раз"),
        send(3, thread, first, "не то"),
        send(4, foreign, MessageId::mint(), "чужое"),
        send(5, thread, second, "  "),
        send(6, thread, second, "два"),
    ] {
        writing.say(frame).await;
    }
    let mut outcomes = Vec::new();
    for id in 1..=6 {
        let reply = writing.hear_type("reply").await;
        assert_eq!(reply["id"], id, "{reply}");
        let code = reply["error"]["code"].as_str().map(str::to_owned);
        outcomes.push((reply["done"]["message"]["seq"].as_u64(), code));
    }
    let refused = |code: &str| (None, Some(code.to_owned()));
    let expected = [
        (Some(1), None),
        (Some(1), None),
        refused("conflict"),
        refused("not_found"),
        refused("invalid"),
        (Some(2), None),
    ];
    assert_eq!(outcomes, expected);
}
