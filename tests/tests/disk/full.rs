//! A full disk: sending waits, reading goes on, and when there is room again all goes on without a restart.

use prilavok_protocol::ids::MessageId;
use prilavok_tests::wire::DEADLINE;
use prilavok_tests::world::World;
use prilavok_tests::world::guest::room_message;
use serde_json::{Value, json};

use crate::broken::{send, world_on_a_disk};

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_refuses_sends_with_a_hint_and_nothing_else() {
    let (world, disk) = world_on_a_disk().await;
    let (anna, shop, thread) = world.pair().await;
    let (mut device, mut other) = (anna.live().await, shop.live().await);
    let (first, by_rest, by_socket) = (MessageId::mint(), MessageId::mint(), MessageId::mint());
    assert_eq!(anna.post_message(thread, first, "до").await.0, 201);

    use_up(&world).await;
    disk.fill();
    let sentence = "На сервере закончилось место. Ничего не сохранено, попробуйте позже.";
    for round in 0..3 {
        let body = json!({"id": by_rest, "thread_id": thread, "message": "по HTTP"});
        let request = reqwest::Client::new().post(world.api("/chat-messages")).json(&body);
        let answer = request
            .bearer_auth(&anna.tokens.access_token)
            .timeout(DEADLINE)
            .send()
            .await;
        let answer = answer.expect("an answer in time");
        assert_eq!(
            (answer.status().as_u16(), answer.headers()["retry-after"].as_bytes()),
            (503, &b"10"[..])
        );
        let problem: Value = answer.json().await.expect("a problem document");
        assert_eq!(
            (&problem["code"], &problem["detail"]),
            (&json!("unavailable"), &json!(sentence))
        );
        let reply = device.ask(round, send(thread, by_socket, "через сокет")).await;
        let failed = json!({"code": "unavailable", "detail": sentence, "retry_after_ms": 10_000});
        assert_eq!(reply["error"], failed, "{reply}");
    }
    assert_eq!(texts(&shop.history(thread).await), ["до"], "reading goes on");
    let (status, page) = shop.get("/sync/snapshot").await;
    assert_eq!(
        (status, &page["data"]["threads"][0]["head_seq"]),
        (200, &json!(1)),
        "{page}"
    );
    assert!(!world.app().database.is_broken(), "a full disk can still be trusted");

    disk.heal();
    assert_eq!(
        anna.post_message(thread, by_rest, "по HTTP").await.0,
        201,
        "without a restart"
    );
    let reply = device.ask(9, send(thread, by_socket, "через сокет")).await;
    assert_eq!(reply["done"]["message"]["seq"], 3, "{reply}");
    assert_eq!(
        texts(&shop.history(thread).await),
        ["через сокет", "по HTTP", "до"],
        "each once"
    );
    let mut heard = Vec::new();
    for _ in 0..3 {
        let frame = other
            .hear_where("a message", |frame| frame["event"]["kind"] == "message")
            .await;
        heard.push(frame["event"]["message"]["message"].clone());
    }
    assert_eq!(heard, ["до", "по HTTP", "через сокет"]);
}

/// The web pages' door: what cannot be kept is refused with a hint, and all that needs no room goes on beside it.
#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_refuses_a_page_s_sends_with_a_hint_and_disturbs_nothing_else() {
    let (world, disk) = world_on_a_disk().await;
    let (anna, shop, thread) = world.pair().await;
    let (mut page, mut second, mut other) = (
        anna.room(thread).await,
        anna.room(thread).await,
        shop.room(thread).await,
    );
    for wire in [&mut page, &mut second, &mut other] {
        wire.rest_of_room().await;
    }
    let (first, late) = (MessageId::mint(), MessageId::mint());
    page.say(room_message(first, "до")).await;
    assert_eq!(page.hear_type("ack").await["seq"], 1);
    for wire in [&mut second, &mut other] {
        assert_eq!(wire.hear_type("message").await["message_id"], json!(first));
    }

    use_up(&world).await;
    disk.fill();
    for _ in 0..3 {
        page.say(room_message(late, "нет места")).await;
        let refused = page.hear_type("error").await;
        let told = json!({
            "type": "error", "code": "unavailable", "message_id": late, "retry_after_ms": 10_000,
            "message": "На сервере закончилось место. Ничего не сохранено, попробуйте позже.",
        });
        assert_eq!(refused, told);
    }
    page.say(room_message(first, "до")).await;
    assert_eq!(page.hear_type("ack").await["seq"], 1, "a repeat needs no room");
    page.say(json!({"type": "typing"})).await;
    assert_eq!(other.hear_type("typing").await["is_typing"], true, "nor does typing");
    page.say(json!({"type": "ping"})).await;
    page.hear_type("pong").await;
    let newcomer = shop.room(thread).await;
    assert_eq!(texts(&shop.history(thread).await), ["до"], "reading goes on");
    let told = [second.rest_of_room().await, other.rest_of_room().await].concat();
    let is_disturbed = told
        .iter()
        .any(|frame| frame["type"] == "message" || frame["type"] == "error");
    assert!(!is_disturbed, "nobody else hears of it: {told:#?}");

    disk.heal();
    page.say(room_message(late, "нет места")).await;
    assert_eq!(page.hear_type("ack").await["seq"], 2, "without a restart");
    for mut wire in [second, other, newcomer] {
        assert_eq!(wire.hear_type("message").await["message_id"], json!(late), "once");
        let more = wire.rest_of_room().await;
        assert!(more.iter().all(|frame| frame["type"] != "message"), "{more:#?}");
    }
}

/// The write-ahead log was longer once, and begins anew in the room that it had then: that room is used up.
async fn use_up(world: &World) {
    for _ in 0..4 {
        world.pair().await;
    }
}

fn texts(messages: &[Value]) -> Vec<&str> {
    messages
        .iter()
        .filter_map(|message| message["message"].as_str())
        .collect()
}
