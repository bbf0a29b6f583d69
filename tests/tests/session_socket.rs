//! The session socket: hello, resume, live, commands, signals.

use std::time::Duration;

use futures::future::join_all;
use prilavok_protocol::ids::{DeviceId, MessageId, Pos};
use prilavok_server::store::Delivery;
use prilavok_tests::world::World;
use serde_json::{Value, json};
use uuid::Uuid;

fn cursor(welcome: &Value, pos: u64) -> Option<Value> {
    Some(json!({"epoch": welcome["epoch"], "pos": pos}))
}

fn positions(frames: &[Value]) -> Vec<u64> {
    frames
        .iter()
        .filter(|frame| frame["type"] == "event")
        .filter_map(|frame| frame["pos"].as_u64())
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn hello_is_answered_with_welcome_everything_missed_and_live() {
    let world = World::new().await;
    let (anna, shop, thread) = world.pair().await;
    anna.says(thread, "раз").await;
    anna.says(thread, "два").await;
    let (mut device, welcome) = shop.session(DeviceId::mint(), None).await;
    assert_eq!(welcome["party"], json!(shop.party()));
    assert_eq!(welcome["limits"]["text_chars"], 4096);
    assert_eq!(welcome["version"], 1);
    assert!(welcome["heartbeat"].as_u64().is_some_and(|seconds| seconds > 0));
    let missed = device.until("live").await;
    let kinds: Vec<_> = missed.iter().map(|frame| frame["event"]["kind"].clone()).collect();
    assert_eq!(kinds[0], "thread_started");
    assert_eq!(kinds.iter().filter(|kind| *kind == "message").count(), 2, "{missed:#?}");
    let expected: Vec<u64> = (1..=missed.len() as u64).collect();
    assert_eq!(positions(&missed), expected, "dense from the very beginning");
}

#[tokio::test(flavor = "multi_thread")]
async fn resume_is_all_that_follows_the_cursor_in_order() {
    let world = World::new().await;
    let (anna, shop, thread) = world.pair().await;
    let device = DeviceId::mint();
    let (mut wire, welcome) = shop.session(device, None).await;
    let live = wire.hear_type("live").await;
    let seen = live["pos"].as_u64().expect("a position");
    wire.break_off();
    for number in 0..9 {
        anna.says(thread, &format!("номер {number}")).await;
    }
    let (mut wire, _) = shop.session(device, cursor(&welcome, seen)).await;
    let missed = wire.until("live").await;
    let texts: Vec<_> = missed
        .iter()
        .filter_map(|frame| frame["event"]["message"]["message"].as_str())
        .collect();
    assert_eq!(
        texts,
        (0..9).map(|number| format!("номер {number}")).collect::<Vec<_>>()
    );
    assert_eq!(
        positions(&missed),
        (seen + 1..=seen + missed.len() as u64).collect::<Vec<_>>()
    );
    anna.says(thread, "вживую").await;
    let event = wire
        .hear_where("the live one", |frame| frame["event"]["kind"] == "message")
        .await;
    assert_eq!(event["event"]["message"]["message"], "вживую");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cursor_that_cannot_be_resumed_gets_resync_and_nothing_else() {
    let world = World::with(|config| config.limits.replay_events = 3).await;
    let (anna, shop, thread) = world.pair().await;
    for number in 0..4 {
        anna.says(thread, &number.to_string()).await;
    }
    let (mut wire, welcome) = shop.session(DeviceId::mint(), None).await;
    assert_eq!(wire.hear().await, json!({"type": "resync", "reason": "too_old"}));
    assert_eq!(wire.closed().await, 4007);
    let other = Some(json!({"epoch": Uuid::now_v7(), "pos": 1}));
    for (cursor, reason) in [(other, "epoch"), (cursor(&welcome, 1_000), "ahead")] {
        let (mut wire, _) = shop.session(DeviceId::mint(), cursor).await;
        let (code, _, heard) = wire.closed_with().await;
        assert_eq!((code, heard), (4007, vec![json!({"type": "resync", "reason": reason})]));
    }
    let (status, snapshot) = shop.get("/sync/snapshot").await;
    assert_eq!(status, 200, "{snapshot}");
    let (mut wire, _) = shop
        .session(DeviceId::mint(), Some(snapshot["data"]["cursor"].clone()))
        .await;
    assert_eq!(
        wire.hear().await["type"],
        "live",
        "the snapshot's cursor resumes with nothing missed"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn each_command_gets_one_reply_with_its_id() {
    let world = World::new().await;
    let (anna, shop) = (world.buyer("Анна").await, world.seller("Чайная гора").await);
    let product = world.product(&shop, "Да Хун Пао").await;
    let mut device = anna.live().await;
    let started = device
        .ask(
            1,
            json!({"kind": "start", "seller_id": shop.party().id, "product_id": product}),
        )
        .await;
    let thread = started["done"]["thread"]["id"].clone();
    assert_eq!(
        started["done"]["thread"]["counterpart"]["name"], "Чайная гора",
        "{started}"
    );
    let id = MessageId::mint();
    let send =
        json!({"kind": "send", "thread_id": thread, "message_id": id, "message": "Есть?", "product_id": product});
    let sent = device.ask(2, send.clone()).await;
    assert_eq!(sent["done"]["message"]["seq"], 1, "{sent}");
    assert_eq!(
        sent["done"]["message"]["seller_id"],
        Value::Null,
        "the party that did not send is null"
    );
    assert_eq!(
        device.ask(3, send).await["done"],
        sent["done"],
        "a repeat gets the original answer"
    );
    let read = device
        .ask(4, json!({"kind": "read", "thread_id": thread, "up_to_seq": 1}))
        .await;
    assert_eq!(read, json!({"type": "reply", "id": 4, "done": {"kind": "nothing"}}));
    let unknown = device.ask(5, json!({"kind": "dance", "thread_id": thread})).await;
    assert_eq!(unknown["error"]["code"], "unknown_command");
    let bad = device
        .ask(6, json!({"kind": "read", "thread_id": "x", "up_to_seq": 1}))
        .await;
    assert_eq!(bad["error"]["code"], "invalid");
    let foreign = device
        .ask(7, json!({"kind": "read", "thread_id": Uuid::now_v7(), "up_to_seq": 1}))
        .await;
    assert_eq!(foreign["error"]["code"], "not_found");
    let mut agent = shop.live().await;
    let forbidden = agent
        .ask(1, json!({"kind": "start", "seller_id": shop.party().id}))
        .await;
    assert_eq!(forbidden["error"]["code"], "forbidden", "only a buyer may start");
}

#[tokio::test(flavor = "multi_thread")]
async fn frames_of_a_later_version_are_ignored() {
    let world = World::new().await;
    let anna = world.buyer("Анна").await;
    let mut device = anna.live().await;
    for _ in 0..5 {
        device
            .say(json!({"type": "dance", "with": {"anybody": [1, 2, 3]}}))
            .await;
    }
    assert!(device.rest_of_session().await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn both_devices_of_a_person_see_everything_the_own_messages_too() {
    let world = World::new().await;
    let (anna, shop, thread) = world.pair().await;
    let (mut desk, mut phone, mut shops) = (anna.live().await, anna.live().await, shop.live().await);
    let id = MessageId::mint();
    let send = json!({"kind": "send", "thread_id": thread, "message_id": id, "message": "привет"});
    desk.ask(1, send).await;
    for wire in [&mut phone, &mut shops] {
        let event = wire
            .hear_where("the message", |frame| frame["event"]["kind"] == "message")
            .await;
        assert_eq!(event["event"]["message"]["id"], json!(id));
    }
    shops
        .ask(2, json!({"kind": "read", "thread_id": thread, "up_to_seq": 1}))
        .await;
    for wire in [&mut desk, &mut phone] {
        let event = wire
            .hear_where("the marker", |frame| frame["event"]["kind"] == "read")
            .await;
        assert_eq!(
            (&event["event"]["user_type"], &event["event"]["up_to_seq"]),
            (&json!("seller"), &json!(1))
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_device_has_applied_becomes_delivered() {
    let world = World::new().await;
    let (anna, shop, thread) = world.pair().await;
    let (mut annas, mut shops) = (anna.live().await, shop.live().await);
    anna.says(thread, "дошло?").await;
    let event = shops
        .hear_where("the message", |frame| frame["event"]["kind"] == "message")
        .await;
    shops.say(json!({"type": "applied", "pos": event["pos"]})).await;
    let delivered = annas
        .hear_where("delivered", |frame| frame["event"]["kind"] == "delivered")
        .await;
    assert_eq!(
        delivered["event"],
        json!({"kind": "delivered", "thread_id": thread, "user_type": "seller", "up_to_seq": 1})
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_cannot_have_applied_what_it_was_never_told() {
    let world = World::new().await;
    let (anna, shop, thread) = world.pair().await;
    let (mut annas, mut shops) = (anna.live().await, shop.live().await);
    shops.say(json!({"type": "applied", "pos": 1_000_000})).await;
    shops.rest_of_session().await;
    anna.says(thread, "ещё не дошло").await;
    let (status, list) = anna.get(&format!("/chat-threads/by-buyer/{}", anna.party().id)).await;
    assert_eq!(status, 200);
    assert_eq!(list["data"][0]["seller_delivered_seq"], 0, "{list}");
    assert!(
        annas
            .rest_of_session()
            .await
            .iter()
            .all(|frame| frame["event"]["kind"] != "delivered")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_bus_may_lose_repeat_and_reorder_and_nothing_is_lost_shown_twice_or_out_of_order() {
    let world = World::with(|config| config.sockets.heartbeat = Duration::from_secs(3600)).await;
    let (anna, shop, thread) = world.pair().await;
    let mut device = shop.live().await;
    let start = world.app().store.head(shop.party()).await.expect("a head");
    // Written behind the hub's back: the hints are handed over by hand, as a bad bus would.
    let mut hints = Vec::new();
    for number in 0..6 {
        hints.push(append(&world, &anna, thread, &number.to_string()).await);
    }
    for index in [3, 3, 0, 5, 4, 3, 5] {
        drop(world.app().hub.deliver(vec![hints[index].clone()]));
    }
    let heard = device.rest_of_session().await;
    assert_eq!(
        positions(&heard),
        (start.0 + 1..=start.0 + 6).collect::<Vec<_>>(),
        "{heard:#?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_loss_on_an_idle_live_socket_is_found_within_one_beat() {
    let world = World::with(|config| config.sockets.heartbeat = Duration::from_millis(200)).await;
    let (anna, shop, thread) = world.pair().await;
    let (mut device, mut room) = (shop.live().await, shop.room(thread).await);
    room.rest_of_room().await;
    let lost = append(&world, &anna, thread, "потерялось").await;
    let event = device
        .hear_where("what was lost", |frame| frame["event"]["kind"] == "message")
        .await;
    assert_eq!(event["pos"], json!(lost.pos));
    assert_eq!(device.hear_type("heartbeat").await["pos"], json!(lost.pos));
    assert_eq!(room.hear_type("message").await["message"], "потерялось");
}

#[tokio::test(flavor = "multi_thread")]
async fn parallel_senders_are_told_in_order_without_holes_on_every_socket() {
    let world = World::new().await;
    let shop = world.seller("Чайная гора").await;
    let mut buyers = Vec::new();
    for number in 0..4 {
        let buyer = world.buyer(&format!("Покупатель {number}")).await;
        let thread = buyer.start(&shop).await;
        buyers.push((buyer, thread));
    }
    let (mut desk, mut phone, mut room) = (shop.live().await, shop.live().await, shop.room(buyers[0].1).await);
    let start = world.app().store.head(shop.party()).await.expect("a head").0;
    join_all(
        buyers
            .iter()
            .flat_map(|(buyer, thread)| (0..10).map(|_| buyer.says(*thread, "разом"))),
    )
    .await;
    let head = world.app().store.head(shop.party()).await.expect("a head").0;
    for wire in [&mut desk, &mut phone] {
        assert_eq!(
            positions(&wire.rest_of_session().await),
            (start + 1..=head).collect::<Vec<_>>()
        );
    }
    let heard = room.rest_of_room().await;
    let seqs: Vec<u64> = heard.iter().filter_map(|frame| frame["seq"].as_u64()).collect();
    assert_eq!(
        seqs,
        (1..=10).collect::<Vec<_>>(),
        "one thread's messages, each once, in order"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_thread_comes_with_the_presence_of_its_other_side() {
    let world = World::new().await;
    let (anna, shop) = (world.buyer("Анна").await, world.seller("Чайная гора").await);
    let (mut shops, mut annas) = (shop.live().await, anna.live().await);
    let started = annas
        .ask(1, json!({"kind": "start", "seller_id": shop.party().id}))
        .await;
    assert_eq!(started["done"]["thread"]["counterpart"]["is_online"], true);
    shops
        .hear_where("the thread", |frame| frame["event"]["kind"] == "thread_started")
        .await;
    let signal = shops.hear_type("signal").await["signal"].clone();
    assert_eq!(
        (&signal["user_id"], &signal["is_online"]),
        (&json!(anna.party().id), &json!(true))
    );
}

/// Appends to the store and tells nobody; returns the hint that the shop's sockets should have had.
async fn append(world: &World, sender: &prilavok_tests::world::Guest, thread: Uuid, text: &str) -> Delivery {
    let member = world
        .app()
        .store
        .member(thread.into(), sender.party())
        .await
        .expect("a member");
    let message = prilavok_server::store::chat::NewMessage {
        id: MessageId::mint(),
        text: text.to_owned(),
        product_id: None,
        at: world.app().clock.now(),
    };
    let change = world
        .app()
        .store
        .append_message(&member, message)
        .await
        .expect("it is appended");
    change
        .deliveries
        .into_iter()
        .find(|delivery| delivery.party == member.other())
        .expect("one per party")
}

#[tokio::test(flavor = "multi_thread")]
async fn presence_is_told_right_after_live_and_when_it_changes() {
    let world = World::new().await;
    let (anna, shop, _) = world.pair().await;
    let mut annas = anna.live().await;
    let shops = shop.live().await;
    let presence = |is_online: bool| json!({"kind": "presence", "user_type": "seller", "user_id": shop.party().id, "is_online": is_online});
    assert_eq!(annas.hear_type("signal").await["signal"], presence(true));
    let mut second = anna.live().await;
    assert_eq!(
        second.hear_type("signal").await["signal"],
        presence(true),
        "a newcomer is told"
    );
    let (_, list) = anna.get(&format!("/chat-threads/by-buyer/{}", anna.party().id)).await;
    assert_eq!(list["data"][0]["counterpart"]["is_online"], true, "{list}");
    shops.leave().await;
    for wire in [&mut annas, &mut second] {
        assert_eq!(wire.hear_type("signal").await["signal"], presence(false));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn strangers_hear_nothing() {
    let world = World::new().await;
    let (anna, shop, thread) = world.pair().await;
    let boris = world.buyer("Борис").await;
    let (mut stranger, mut shops) = (boris.live().await, shop.live().await);
    let mut annas = anna.live().await;
    annas.ask(1, json!({"kind": "typing", "thread_id": thread})).await;
    anna.says(thread, "не для всех").await;
    shops
        .hear_where("the message", |frame| frame["event"]["kind"] == "message")
        .await;
    assert!(stranger.rest_of_session().await.is_empty());
    for command in [
        json!({"kind": "send", "thread_id": thread, "message_id": MessageId::mint(), "message": "впустите"}),
        json!({"kind": "read", "thread_id": thread, "up_to_seq": 1}),
        json!({"kind": "typing", "thread_id": thread}),
    ] {
        assert_eq!(stranger.ask(1, command).await["error"]["code"], "not_found");
    }
    assert_eq!(world.app().store.head(boris.party()).await.expect("a head"), Pos(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_good_token_it_is_4001() {
    let world = World::new().await;
    for headers in [&[][..], &[("authorization", "Bearer rubbish")]] {
        let url = world.ws("/ws/session");
        let mut wire = prilavok_tests::wire::Wire::dial(&url, headers)
            .await
            .expect("it is accepted first");
        assert_eq!(wire.closed().await, 4001);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plain_request_is_told_that_a_websocket_is_needed() {
    let world = World::new().await;
    let anna = world.buyer("Анна").await;
    let url = format!("http://{}/ws/session", world.address);
    let answer = reqwest::Client::new()
        .get(url)
        .bearer_auth(&anna.tokens.access_token)
        .send()
        .await
        .expect("an answer");
    assert_eq!(answer.status().as_u16(), 400);
    assert_eq!(answer.headers()["content-type"], "application/problem+json");
}
