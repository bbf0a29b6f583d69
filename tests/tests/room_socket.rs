//! The per-thread socket, promise by promise.

use prilavok_protocol::ids::{DeviceId, MessageId, ProductId};
use prilavok_tests::wire::Wire;
use prilavok_tests::world::guest::room_message;
use prilavok_tests::world::{Guest, World};
use serde_json::{Value, json};
use uuid::Uuid;

const CHAT_KEYS: [&str; 7] = [
    "type",
    "thread_id",
    "sender_id",
    "sender_type",
    "message",
    "timestamp",
    "message_id",
];

fn of_type<'a>(frames: &'a [Value], kind: &str) -> Vec<&'a Value> {
    frames.iter().filter(|frame| frame["type"] == kind).collect()
}

/// A room whose greeting has been heard.
async fn settled(guest: &Guest, thread: Uuid) -> Wire {
    let mut room = guest.room(thread).await;
    room.rest_of_room().await;
    room
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_reaches_everyone_in_the_thread_and_the_sender_too() {
    let world = World::new().await;
    let (anna, shop, thread) = world.pair().await;
    let mut sockets = [
        settled(&anna, thread).await,
        settled(&anna, thread).await,
        settled(&shop, thread).await,
    ];
    let id = MessageId::mint();
    sockets[0].say(room_message(id, "Здравствуйте! <b>👋</b>")).await;
    let ack = sockets[0].hear_type("ack").await;
    assert_eq!((&ack["message_id"], &ack["seq"]), (&json!(id), &json!(1)));
    assert!(
        ack["timestamp"].as_str().is_some_and(|time| time.ends_with('Z')),
        "{ack}"
    );
    sockets[0].say(room_message(id, "Здравствуйте! <b>👋</b>")).await;
    for (index, socket) in sockets.iter_mut().enumerate() {
        let frames = if index == 0 {
            // The ack above may have come after the frame; the repeat's ack certainly does.
            socket.hear_type("ack").await;
            socket.rest_of_room().await
        } else {
            vec![socket.hear_type("message").await]
        };
        for frame in of_type(&frames, "message") {
            assert_eq!(frame["message"], "Здравствуйте! <b>👋</b>");
            assert_eq!(frame["sender_id"], json!(anna.party().id));
            assert_eq!(frame["sender_type"], "buyer");
            assert_eq!(frame["message_id"], json!(id));
            assert!(CHAT_KEYS.iter().all(|key| frame.get(key).is_some()), "{frame}");
        }
    }
    for socket in &mut sockets {
        assert!(
            of_type(&socket.rest_of_room().await, "message").is_empty(),
            "the repeat was fanned out"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sender_hears_its_own_message_exactly_once() {
    let world = World::new().await;
    let (anna, _, thread) = world.pair().await;
    let mut room = settled(&anna, thread).await;
    let id = MessageId::mint();
    room.say(room_message(id, "раз")).await;
    let frames = room.rest_of_room().await;
    assert_eq!(of_type(&frames, "message").len(), 1, "{frames:#?}");
    assert_eq!(of_type(&frames, "ack").len(), 1, "{frames:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_was_posted_first_and_repeated_here_fans_out_once() {
    let world = World::new().await;
    let (anna, shop, thread) = world.pair().await;
    let (mut annas, mut shops) = (settled(&anna, thread).await, settled(&shop, thread).await);
    let id = MessageId::mint();
    let (status, _) = anna.post_message(thread, id, "Есть в наличии?").await;
    assert_eq!(status, 201);
    annas.say(room_message(id, "Есть в наличии?")).await;
    let ack = annas
        .hear_where("ack or message", |frame| {
            frame["type"] == "ack" || frame["type"] == "message"
        })
        .await;
    let mut heard = vec![ack];
    heard.extend(annas.rest_of_room().await);
    assert_eq!(of_type(&heard, "message").len(), 1, "{heard:#?}");
    assert_eq!(
        of_type(&heard, "ack").len(),
        1,
        "the repeat is acknowledged all the same"
    );
    let heard = shops.rest_of_room().await;
    assert_eq!(of_type(&heard, "message").len(), 1, "{heard:#?}");
    assert_eq!(anna.history(thread).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_comes_through_whichever_door_it_was_sent() {
    let world = World::new().await;
    let (anna, shop, thread) = world.pair().await;
    let mut room = settled(&shop, thread).await;
    let mut device = anna.live().await;
    anna.says(thread, "через REST").await;
    let command =
        json!({"kind": "send", "thread_id": thread, "message_id": MessageId::mint(), "message": "с устройства"});
    device.ask(1, command).await;
    room.say(room_message(MessageId::mint(), "со страницы")).await;
    for expected in ["через REST", "с устройства", "со страницы"] {
        assert_eq!(room.hear_type("message").await["message"], expected);
    }
    let texts: Vec<_> = anna
        .history(thread)
        .await
        .iter()
        .map(|message| message["message"].clone())
        .collect();
    assert_eq!(texts, ["со страницы", "с устройства", "через REST"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_id_with_other_content_is_a_conflict_and_nothing_is_stored() {
    let world = World::new().await;
    let (anna, _, thread) = world.pair().await;
    let mut room = settled(&anna, thread).await;
    let id = MessageId::mint();
    room.say(room_message(id, "одно")).await;
    room.hear_type("ack").await;
    room.say(room_message(id, "другое")).await;
    let error = room.hear_type("error").await;
    assert_eq!((&error["code"], &error["message_id"]), (&json!("conflict"), &json!(id)));
    assert_eq!(anna.history(thread).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn typing_goes_to_the_others_and_ends_by_itself() {
    let world = World::new().await;
    let (anna, shop, thread) = world.pair().await;
    let (mut annas, mut shops) = (settled(&anna, thread).await, settled(&shop, thread).await);
    annas.rest_of_room().await;
    for frame in [json!({"type": "typing"}), json!({"type": "typing", "is_typing": null})] {
        annas.say(frame).await;
        let typing = shops.hear_type("typing").await;
        assert_eq!(
            (&typing["is_typing"], &typing["sender_type"]),
            (&json!(true), &json!("buyer"))
        );
        assert!(CHAT_KEYS.iter().all(|key| typing.get(key).is_some()), "{typing}");
        let ended = shops.hear_type("typing").await;
        assert_eq!(ended["is_typing"], false, "it ends by itself");
    }
    annas.say(json!({"type": "typing", "is_typing": false})).await;
    assert_eq!(
        shops.hear_type("typing").await["is_typing"],
        false,
        "whatever was said before"
    );
    assert!(
        of_type(&annas.rest_of_room().await, "typing").is_empty(),
        "not to the one who types"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn typing_ends_on_sending_and_with_the_socket() {
    let world = World::with(|config| config.sockets.typing = std::time::Duration::from_secs(3600)).await;
    let (anna, shop, thread) = world.pair().await;
    let (mut annas, mut shops) = (settled(&anna, thread).await, settled(&shop, thread).await);
    annas.say(json!({"type": "typing", "is_typing": true})).await;
    assert_eq!(shops.hear_type("typing").await["is_typing"], true);
    anna.says(thread, "готово").await;
    assert_eq!(
        shops.hear_type("typing").await["is_typing"],
        false,
        "ended by sending, through any door"
    );
    annas.say(json!({"type": "typing"})).await;
    assert_eq!(shops.hear_type("typing").await["is_typing"], true);
    annas.break_off();
    assert_eq!(
        shops.hear_type("typing").await["is_typing"],
        false,
        "ended with the socket"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_others_hear_of_the_first_socket_and_of_the_last_and_a_newcomer_of_who_is_there() {
    let world = World::new().await;
    let (anna, shop, thread) = world.pair().await;
    let mut shops = settled(&shop, thread).await;
    let mut first = anna.room(thread).await;
    let joined = shops.hear_type("user_joined").await;
    assert_eq!(
        (&joined["user_id"], &joined["user_type"]),
        (&json!(anna.party().id), &json!("buyer"))
    );
    assert!(CHAT_KEYS.iter().all(|key| joined.get(key).is_some()), "{joined}");
    let told = first.hear_type("user_joined").await;
    assert_eq!(
        told["user_id"],
        json!(shop.party().id),
        "the newcomer is told who is there"
    );
    let second = settled(&anna, thread).await;
    first.break_off();
    assert!(
        shops.rest_of_room().await.is_empty(),
        "a second socket and the loss of the first are no news"
    );
    second.leave().await;
    let left = shops.hear_type("user_left").await;
    assert_eq!(
        (&left["user_id"], &left["user_type"]),
        (&json!(anna.party().id), &json!("buyer"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reconnect_within_the_grace_is_no_news() {
    let world = World::with(|config| config.sockets.leave_grace = std::time::Duration::from_secs(3600)).await;
    let (anna, shop, thread) = world.pair().await;
    let mut shops = settled(&shop, thread).await;
    let annas = settled(&anna, thread).await;
    shops.hear_type("user_joined").await;
    annas.leave().await;
    let mut annas = settled(&anna, thread).await;
    annas.say(json!({"type": "typing"})).await;
    let heard = shops.until("typing").await;
    assert!(heard.is_empty(), "{heard:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_other_party_hears_how_far_it_was_read() {
    let world = World::new().await;
    let (anna, shop, thread) = world.pair().await;
    let (mut annas, mut shops) = (settled(&anna, thread).await, settled(&shop, thread).await);
    anna.says(thread, "раз").await;
    anna.says(thread, "два").await;
    let path = format!(
        "/chat-messages/{thread}/mark-read?user_id={}&user_type=seller",
        shop.party().id
    );
    assert_eq!(shop.patch(&path).await.0, 200);
    let read = annas.hear_type("read").await;
    assert_eq!(read, json!({"type": "read", "user_type": "seller", "up_to_seq": 2}));
    assert!(
        of_type(&shops.rest_of_room().await, "read").is_empty(),
        "not to the one who read"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_comes_later_hears_nothing_of_before() {
    let world = World::new().await;
    let (anna, shop, thread) = world.pair().await;
    anna.says(thread, "давно").await;
    let mut late = shop.room(thread).await;
    assert!(
        of_type(&late.rest_of_room().await, "message").is_empty(),
        "history is for REST"
    );
    anna.says(thread, "сейчас").await;
    assert_eq!(late.hear_type("message").await["message"], "сейчас");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_hears_nothing_of_other_threads() {
    let world = World::new().await;
    let (anna, shop, thread) = world.pair().await;
    let boris = world.buyer("Борис").await;
    let other = boris.start(&shop).await;
    let (mut here, mut there) = (settled(&shop, thread).await, settled(&shop, other).await);
    boris.says(other, "не сюда").await;
    assert_eq!(there.hear_type("message").await["message"], "не сюда");
    assert!(of_type(&here.rest_of_room().await, "message").is_empty());
    anna.says(thread, "сюда").await;
    assert_eq!(here.hear_type("message").await["message"], "сюда");
}

#[tokio::test(flavor = "multi_thread")]
async fn strangers_are_closed_with_4003_and_learn_nothing() {
    let world = World::new().await;
    let (anna, shop, thread) = world.pair().await;
    let boris = world.buyer("Борис").await;
    let nowhere = Uuid::now_v7();
    for path in [
        boris.room_path(thread),
        boris.room_path(nowhere),
        "/ws/chat/not-an-id".to_owned(),
        anna.room_path(thread).replace("buyer", "seller"),
        format!("/ws/chat/{thread}?user_id={}&user_type=buyer", anna.party().id),
        format!("/ws/chat/{thread}?user_id=1&user_type=admin"),
    ] {
        let who = if path.contains(&anna.party().id.to_string()) && path.contains("seller") {
            &anna
        } else {
            &boris
        };
        let (code, _, heard) = who.dial(&path).await.expect("it is accepted first").closed_with().await;
        assert_eq!((code, heard.len()), (4003, 0), "{path}");
    }
    assert!(
        shop.dial(&format!("/ws/chat/{thread}")).await.is_ok(),
        "the token alone is enough"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_good_token_or_ticket_it_is_4001() {
    let world = World::new().await;
    let (anna, _, thread) = world.pair().await;
    let path = world.ws(&anna.room_path(thread));
    for headers in [
        &[][..],
        &[("authorization", "Bearer rubbish")],
        &[("sec-websocket-protocol", "prilavok.v1, ticket.rubbish")],
    ] {
        let mut wire = Wire::dial(&path, headers).await.expect("it is accepted first");
        assert_eq!(wire.closed().await, 4001, "{headers:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_opens_one_socket_and_the_subprotocol_is_echoed() {
    let world = World::new().await;
    let (anna, _, thread) = world.pair().await;
    let ticket = anna.ticket().await;
    let mut room = anna
        .dial_with_ticket(&anna.room_path(thread), &ticket)
        .await
        .expect("it opens");
    assert_eq!(room.subprotocol.as_deref(), Some("prilavok.v1"));
    room.rest_of_room().await;
    let mut again = anna
        .dial_with_ticket(&anna.room_path(thread), &ticket)
        .await
        .expect("it is accepted first");
    assert_eq!(again.closed().await, 4001);
}

#[tokio::test(flavor = "multi_thread")]
async fn web_pages_of_strangers_are_refused() {
    let world = World::with(|config| config.http.origins = vec!["https://shop.example".into()]).await;
    let (anna, _, thread) = world.pair().await;
    let bearer = format!("Bearer {}", anna.tokens.access_token);
    let url = world.ws(&anna.room_path(thread));
    for (origin, is_welcome) in [
        ("https://shop.example", true),
        ("https://shop.example.evil.example", false),
        ("http://shop.example", false),
        ("null", false),
    ] {
        let outcome = Wire::dial(&url, &[("authorization", &bearer), ("origin", origin)]).await;
        assert_eq!(outcome.err(), (!is_welcome).then_some(403), "{origin}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_message_is_refused_by_its_id_and_the_socket_stays() {
    let world = World::new().await;
    let (anna, _, thread) = world.pair().await;
    let mut room = settled(&anna, thread).await;
    let foreign = ProductId::mint();
    let id = MessageId::mint();
    for (frame, code) in [
        (room_message(id, "  \n "), "invalid"),
        (room_message(id, &"ж".repeat(4097)), "invalid"),
        (
            json!({"type": "message", "message": "x", "message_id": id, "product_id": foreign}),
            "not_found",
        ),
    ] {
        room.say(frame).await;
        let error = room.hear_type("error").await;
        assert_eq!(
            (&error["code"], &error["message_id"]),
            (&json!(code), &json!(id)),
            "{error}"
        );
        assert!(error["message"].as_str().is_some_and(|text| !text.is_empty()));
    }
    room.say(room_message(id, &"ж".repeat(4096))).await;
    room.hear_type("ack").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_and_a_page_see_each_other() {
    let world = World::new().await;
    let (anna, shop, thread) = world.pair().await;
    let mut page = settled(&shop, thread).await;
    let (mut device, _) = anna.session(DeviceId::mint(), None).await;
    device.hear_type("live").await;
    assert_eq!(page.hear_type("user_joined").await["user_type"], "buyer");
    let signal = device.hear_type("signal").await["signal"].clone();
    assert_eq!(
        (&signal["kind"], &signal["is_online"]),
        (&json!("presence"), &json!(true))
    );
    device.ask(1, json!({"kind": "typing", "thread_id": thread})).await;
    assert_eq!(page.hear_type("typing").await["is_typing"], true);
    page.say(json!({"type": "typing"})).await;
    let typing = device
        .hear_where("typing", |frame| frame["signal"]["kind"] == "typing")
        .await;
    assert_eq!(typing["signal"]["user_type"], "seller");
}
