//! Old and new versions talk: what one does not know of the other is passed over, and nothing is lost for it.

use prilavok_client::{Connection, MessageState};
use prilavok_protocol::ids::{DeviceId, MessageId, Role, ThreadId};
use prilavok_tests::person::frames::{Fate, Frames, Way};
use prilavok_tests::person::{Device, Person};
use prilavok_tests::world::World;
use serde_json::{Value, json};

/// Anna behind this line, the tea shop beside the server, and their thread.
async fn pair(world: &World, frames: &Frames) -> (Person, Person, ThreadId) {
    let anna = Device::new(frames.address(), Role::Buyer).await.joins("Анна").await;
    let mut shop = Person::new(world.address, Role::Seller, "Чайная гора").await;
    let thread = anna.starts_with(&mut shop).await;
    (anna, shop, thread)
}

/// Puts a field that this version does not know into every object.
fn with_news(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.values_mut().for_each(with_news);
            fields.insert("mood".into(), json!({"is": ["good", 1, null]}));
        }
        Value::Array(items) => items.iter_mut().for_each(with_news),
        _ => {}
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_of_today_talks_to_a_server_of_tomorrow() {
    let world = World::new().await;
    let frames = Frames::to(world.address).await;
    let (mut anna, mut shop, thread) = pair(&world, &frames).await;
    anna.goes_offline().await;
    frames.rule(|way, frame| {
        if way == Way::Up {
            return Fate::Carry;
        }
        let mut frame = frame.clone();
        // What the other side's marks say has got another name, and one kind has got another side.
        match frame["event"]["kind"].as_str() {
            Some("delivered") => frame["event"]["kind"] = json!("arrived"),
            Some("read") => frame["event"]["user_type"] = json!("bot"),
            _ => {}
        }
        with_news(&mut frame);
        Fate::Say(vec![
            json!({"type": "weather", "pos": 1, "id": 1}).to_string(),
            json!({"type": "signal", "signal": {"kind": "mood", "thread_id": 5}}).to_string(),
            frame.to_string(),
            json!({"type": "heartbeat", "pos": {"shard": 1}}).to_string(),
        ])
    });
    anna.comes_back().await;
    let asked = anna.says(thread, "Вы из будущего?").await;
    shop.hears("Вы из будущего?").await;
    shop.reads(thread).await;
    let answer = shop.says(thread, "Да").await;
    anna.hears("Да").await;
    anna.sees(asked.id, MessageState::Sent).await;
    shop.sees(answer.id, MessageState::Delivered).await;
    assert_eq!(anna.texts(thread).await, ["Вы из будущего?", "Да"]);
    // Its cursor went on over what it could not read: the next line begins after that, and what it asks for is nothing.
    let mut anna = anna.closes().await.starts().await;
    anna.is_online().await;
    shop.says(thread, "И снова да").await;
    anna.hears("И снова да").await;
    assert_eq!(anna.looks().resets, 1, "no snapshot was needed");
    assert_eq!(anna.looks().warnings, [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_cannot_be_read_live_is_fetched_as_history() {
    let world = World::new().await;
    let frames = Frames::to(world.address).await;
    let (mut anna, mut shop, thread) = pair(&world, &frames).await;
    frames.rule(|way, frame| {
        if way == Way::Up || frame["event"]["message"]["message"] != "непонятно" {
            return Fate::Carry;
        }
        let mut frame = frame.clone();
        frame["event"]["message"]["seq"] = json!({"shard": 1});
        Fate::Say(vec![frame.to_string()])
    });
    shop.says(thread, "непонятно").await;
    shop.says(thread, "понятно").await;
    anna.hears("понятно").await;
    assert_eq!(anna.texts(thread).await, ["непонятно", "понятно"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_refusal_is_tried_again_and_an_unknown_result_is_confirmed_by_the_log() {
    let world = World::new().await;
    let frames = Frames::to(world.address).await;
    let (mut anna, mut shop, thread) = pair(&world, &frames).await;
    let mut is_refused = false;
    frames.rule(move |way, frame| {
        // The first try does not get to the store at all; the refusal has a code of a later version.
        if way == Way::Up && frame["command"]["kind"] == "send" && !is_refused {
            is_refused = true;
            let command = json!({"type": "command", "id": frame["id"], "command": {"kind": "dance"}});
            return Fate::Say(vec![command.to_string()]);
        }
        if way == Way::Down && frame["error"]["code"] == "unknown_command" {
            let error = json!({"code": "too_early", "detail": "Позже"});
            return Fate::Say(vec![
                json!({"type": "reply", "id": frame["id"], "error": error}).to_string(),
            ]);
        }
        if way == Way::Down && frame["done"]["kind"] == "message" {
            let done = json!({"kind": "queued", "ticket": 5});
            return Fate::Say(vec![
                json!({"type": "reply", "id": frame["id"], "done": done}).to_string(),
            ]);
        }
        Fate::Carry
    });
    for text in ["раз", "два"] {
        let said = anna.says(thread, text).await;
        anna.sees(said.id, MessageState::Delivered).await;
        shop.hears(text).await;
    }
    assert_eq!(shop.texts(thread).await, ["раз", "два"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_close_code_is_judged_by_its_range() {
    let world = World::new().await;
    let frames = Frames::to(world.address).await;
    let (mut anna, _shop, thread) = pair(&world, &frames).await;
    let mut closes = 0;
    for code in [4567, 4999] {
        closes += 1;
        closes_with(&frames, code);
        anna.says(thread, &format!("до {code}")).await;
        frames.has_struck(closes).await;
        frames.carries_all();
        assert_eq!(anna.is_offline().await, "server", "{code} may come back");
        anna.comes_back().await;
    }
    closes_with(&frames, 4321);
    anna.says(thread, "последнее").await;
    let stopped = Connection::Stopped {
        reason: "update".into(),
    };
    anna.waits("the reason", |screen| (screen.connection == stopped).then_some(()))
        .await;
    frames.carries_all();
    assert_eq!(anna.texts(thread).await.len(), 3, "nothing is lost meanwhile");
    anna.comes_back().await;
}

/// The next reply becomes the end of the connection.
fn closes_with(frames: &Frames, code: u16) {
    frames.rule(move |way, frame| {
        if way == Way::Down && frame["type"] == "reply" {
            return Fate::Close(code);
        }
        Fate::Carry
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_of_today_serves_a_device_that_says_more_than_it_knows() {
    let world = World::new().await;
    let (anna, shop, thread) = world.pair().await;
    let mut device = anna.dial("/ws/session").await.expect("it opens");
    device.say(json!({"type": "weather", "is": "fine"})).await;
    let mut hello = json!({"type": "hello", "version": 1, "device": DeviceId::mint(), "client": "app/9.9"});
    with_news(&mut hello);
    device.say(hello).await;
    device.hear_type("live").await;
    device.say(json!({"type": "weather", "is": "fine"})).await;
    let id = MessageId::mint();
    let mut send = json!({"kind": "send", "thread_id": thread, "message_id": id, "message": "привет"});
    with_news(&mut send);
    let sent = device.ask(1, send).await;
    assert_eq!(sent["done"]["message"]["id"], json!(id), "{sent}");
    let edit = json!({"kind": "edit", "thread_id": thread, "message_id": id, "message": "привет!"});
    assert_eq!(device.ask(2, edit).await["error"]["code"], "unknown_command");
    let mut applied = json!({"type": "applied", "pos": 2});
    with_news(&mut applied);
    device.say(applied).await;
    assert_eq!(shop.history(thread).await.len(), 1);
    device.rest_of_session().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn any_other_version_is_told_to_update_whatever_its_hello_looks_like() {
    let world = World::new().await;
    let anna = world.buyer("Анна").await;
    let device = DeviceId::mint();
    for hello in [
        json!({"type": "hello", "version": 0, "device": device}),
        json!({"type": "hello", "version": 2, "device": {"id": device, "kind": "watch"}}),
        json!({"type": "hello", "version": 4_294_967_296_u64, "device": device}),
        json!({"type": "hello", "version": 1e40}),
    ] {
        let mut wire = anna.dial("/ws/session").await.expect("it opens");
        wire.say(hello.clone()).await;
        assert_eq!(wire.closed().await, 4012, "{hello}");
    }
    for hello in [
        json!({"type": "hello", "version": -1, "device": device}),
        json!({"type": "hello", "version": "1", "device": device}),
        json!({"type": "hello", "version": 1, "device": 5}),
    ] {
        let mut wire = anna.dial("/ws/session").await.expect("it opens");
        wire.say(hello.clone()).await;
        assert_eq!(wire.hear_type("error").await["error"]["code"], "invalid", "{hello}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_that_the_server_no_longer_serves_says_update_and_keeps_what_was_written() {
    let world = World::new().await;
    let frames = Frames::to(world.address).await;
    let (mut anna, mut shop, thread) = pair(&world, &frames).await;
    anna.goes_offline().await;
    anna.says(thread, "из прошлого").await;
    frames.rule(|way, frame| {
        let mut hello = frame.clone();
        if way == Way::Up && frame["type"] == "hello" {
            hello["version"] = json!(0);
            return Fate::Say(vec![hello.to_string()]);
        }
        Fate::Carry
    });
    anna.device().line(prilavok_tests::person::relay::Line::Open);
    anna.client.reconnect_now().await.expect("the engine runs");
    let stopped = Connection::Stopped {
        reason: "update".into(),
    };
    anna.waits("the reason", |screen| (screen.connection == stopped).then_some(()))
        .await;
    // The app is updated.
    frames.carries_all();
    let mut anna = anna.closes().await.starts().await;
    anna.is_online().await;
    shop.hears("из прошлого").await;
}
