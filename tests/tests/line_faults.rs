//! Whole engines on a line that breaks at every byte, slices everything, or loses only answers: what was written is there
//! exactly once, on all screens, in order. And a hundred repeats at once of one message.

use std::time::Duration;

use prilavok_client::{MessageState, Stretch};
use prilavok_protocol::ids::{DeviceId, MessageId, Role, ThreadId};
use prilavok_tests::faults::proxy::{Connection, End, Flow, Proxy, Way};
use prilavok_tests::person::relay::Line;
use prilavok_tests::person::{Device, Person};
use prilavok_tests::world::guest::room_message;
use prilavok_tests::world::settings::generous;
use prilavok_tests::world::{Guest, World};
use reqwest::Method;
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread")]
async fn an_engine_whose_line_breaks_at_each_byte_of_a_send_sends_once() {
    engine_breaks(|socket| &socket.up).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_engine_whose_line_breaks_at_each_byte_of_the_answers_sends_once() {
    engine_breaks(|socket| &socket.down).await;
}

async fn engine_breaks(way: impl Fn(&Connection) -> &Way) {
    let world = World::with(generous).await;
    let mut anna = Person::new(world.address, Role::Buyer, "Анна").await;
    let mut second = anna.second_device(world.address).await;
    let mut shop = Person::new(world.address, Role::Seller, "Чайная гора").await;
    let thread = anna
        .client
        .start(shop.seller_id(), None)
        .await
        .expect("the thread starts");

    let before = way(&anna.device().proxy().socket()).passed();
    let first = anna.says(thread, "раунд 00000").await;
    anna.sees(first.id, MessageState::Sent).await;
    shop.hears("раунд 00000").await;
    let length = way(&anna.device().proxy().socket()).passed() - before;
    let mut said = vec!["раунд 00000".to_owned()];
    for byte in 0..=length {
        // A FIN at one byte, a RST at the next.
        let end = if said.len() % 2 == 0 { End::Cut } else { End::Reset };
        let text = format!("раунд {byte:05} {end:?}");
        way(&anna.device().proxy().socket()).break_after(byte, end);
        let item = anna.says(thread, &text).await;
        anna.is_offline().await;
        anna.client.reconnect_now().await.expect("the engine runs");
        anna.is_online().await;
        anna.sees(item.id, MessageState::Sent).await;
        shop.hears(&text).await;
        second
            .waits("the own message", |screen| screen.messages.get(&item.id).map(drop))
            .await;
        said.push(text);
    }
    for person in [&mut anna, &mut second, &mut shop] {
        assert_eq!(all_texts(person, thread).await, said);
        assert_eq!(person.looks().messages.len(), said.len(), "no screen shows one twice");
    }
}

/// The texts of the whole thread, oldest first.
async fn all_texts(person: &Person, thread: ThreadId) -> Vec<String> {
    let mut texts = Vec::new();
    let mut stretch = Stretch::Newest;
    loop {
        let page = person.client.messages(thread, stretch, 100).await.expect("a page");
        assert!(!page.incomplete, "the page is whole");
        let oldest = page.messages.first().and_then(|message| message.seq);
        texts.splice(0..0, page.messages.into_iter().map(|message| message.message));
        match (page.has_older, oldest) {
            (true, Some(seq)) => stretch = Stretch::Before { seq },
            _ => return texts,
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_works_one_byte_at_a_time_in_both_directions() {
    let world = World::with(generous).await;
    let proxy = Proxy::to(world.address).await;
    proxy.plan(|plan| (plan.up.flow, plan.down.flow) = (Flow::Slice, Flow::Slice));
    // Registering, REST, both sockets with their handshakes.
    let anna = Guest::register(proxy.address(), "Анна", Role::Buyer).await;
    let shop = Guest::register(proxy.address(), "Чайная гора", Role::Seller).await;
    let thread = anna.start(&shop).await;
    let (mut live, mut room) = (shop.live().await, anna.room(thread).await);
    let id = MessageId::mint();
    room.say(room_message(id, "по байту")).await;
    let ack = room.hear_type("ack").await;
    assert_eq!((&ack["message_id"], &ack["seq"]), (&json!(id), &json!(1)));
    live.hear_where("the message", |frame| {
        frame["event"]["message"]["message"] == "по байту"
    })
    .await;
    assert_eq!(anna.post_message(thread, id, "по байту").await.0, 200);
    assert_eq!(shop.history(thread).await.len(), 1);

    // A whole engine: signing in, the snapshot, the socket, a message each way.
    let device = Device::new(world.address, Role::Buyer).await;
    device
        .proxy()
        .plan(|plan| (plan.up.flow, plan.down.flow) = (Flow::Slice, Flow::Slice));
    let mut boris = device.joins("Борис").await;
    let seller = prilavok_protocol::ids::SellerId(shop.party().id);
    let thread = boris.client.start(seller, None).await.expect("the thread starts");
    let sent = boris.says(thread, "и я").await;
    boris.sees(sent.id, MessageState::Sent).await;
    shop.says(thread.0, "слышу").await;
    boris.hears("слышу").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn when_only_answers_are_lost_it_says_so_and_repeats_the_same_message() {
    let world = World::with(generous).await;
    let mut device = Device::new(world.address, Role::Buyer).await;
    device.pace.reply = Duration::from_millis(500);
    let mut anna = device.joins("Анна").await;
    let mut shop = Person::new(world.address, Role::Seller, "Чайная гора").await;
    let thread = anna
        .client
        .start(shop.seller_id(), None)
        .await
        .expect("the thread starts");
    let mut said = Vec::new();
    for round in 0..3 {
        anna.device().line(Line::Deaf);
        let mut sent = Vec::new();
        for text in ["раз", "два", "три"] {
            let text = format!("{round} {text}");
            sent.push(anna.says(thread, &text).await);
            said.push(text);
        }
        // It has arrived, and nobody knows.
        shop.hears(&format!("{round} раз")).await;
        anna.sees(sent[0].id, MessageState::Unconfirmed).await;
        assert_eq!(anna.client.cancel(sent[0].id).await, Ok(false), "it may have arrived");
        anna.device().line(Line::Open);
        anna.device().proxy().each(|connection| connection.breaks(End::Cut));
        anna.client.reconnect_now().await.expect("the engine runs");
        for item in &sent {
            anna.sees(item.id, MessageState::Sent).await;
        }
        shop.hears(&format!("{round} три")).await;
    }
    assert_eq!(
        all_texts(&shop, thread).await,
        said,
        "each once, in the order of writing"
    );
    assert_eq!(all_texts(&anna, thread).await, said);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_repeats_at_once_over_all_doors_are_one_message() {
    let world = World::with(generous).await;
    let (anna, shop, thread) = world.pair().await;
    let mut other = shop.live().await;
    let id = MessageId::mint();
    let mut sends = tokio::task::JoinSet::new();
    for number in 0..100 {
        let anna = anna.clone();
        sends.spawn(async move { send_by(number, &anna, thread, (id, "один раз")).await });
    }
    let seqs = sends.join_all().await;
    assert_eq!(seqs, vec![Ok(json!(1)); 100], "one answer for all");
    let mut sends = tokio::task::JoinSet::new();
    for number in 0..100 {
        let anna = anna.clone();
        sends.spawn(async move { send_by(number, &anna, thread, (id, "другое")).await });
    }
    assert_eq!(
        sends.join_all().await,
        vec![Err(json!("conflict")); 100],
        "an id stands for one content"
    );
    let stored = shop.history(thread).await;
    assert_eq!(stored.len(), 1);
    assert_eq!(stored[0]["message"], "один раз");
    let heard = other.rest_of_session().await;
    let messages = heard.iter().filter(|frame| frame["event"]["kind"] == "message");
    assert_eq!(messages.count(), 1, "the other side was told once");
}

/// The `seq` of the answer, or the code of the refusal, through one of the three doors.
async fn send_by(
    number: usize,
    guest: &Guest,
    thread: uuid::Uuid,
    (id, text): (MessageId, &str),
) -> Result<Value, Value> {
    match number % 3 {
        0 => {
            let body = json!({"id": id, "message": text, "thread_id": thread, "buyer_id": guest.party().id});
            match guest.call(Method::POST, "/chat-messages", Some(&body)).await {
                (200 | 201, answer) => Ok(answer["data"]["seq"].clone()),
                (_, answer) => Err(answer["code"].clone()),
            }
        }
        1 => {
            let (mut wire, _) = guest.session(DeviceId::mint(), None).await;
            let send = json!({"kind": "send", "thread_id": thread, "message_id": id, "message": text});
            let reply = wire.ask(1, send).await;
            match &reply["error"] {
                Value::Null => Ok(reply["done"]["message"]["seq"].clone()),
                error => Err(error["code"].clone()),
            }
        }
        _ => {
            let mut room = guest.room(thread).await;
            room.say(room_message(id, text)).await;
            let answer = room
                .hear_where("an answer", |frame| frame["type"] == "ack" || frame["type"] == "error")
                .await;
            if answer["type"] == "ack" {
                Ok(answer["seq"].clone())
            } else {
                Err(answer["code"].clone())
            }
        }
    }
}
