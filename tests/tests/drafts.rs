//! What was typed and not sent: on the disk at once, on all devices of the account, with nobody else, and never lost.

use std::time::Duration;

use prilavok_client::{DraftChoice, Pace, ThreadItem};
use prilavok_protocol::ids::{DeviceId, Role, ThreadId};
use prilavok_protocol::rest::Register;
use prilavok_tests::person::frames::{Fate, Frames, Way};
use prilavok_tests::person::{Device, PASSWORD, Person};
use prilavok_tests::wire::Wire;
use prilavok_tests::world::settings::generous;
use prilavok_tests::world::{Guest, World};
use serde_json::{Value, json};

/// Drafts are told at once.
const QUICK: Pace = Pace {
    watch: Duration::from_secs(5),
    probe: Duration::from_secs(5),
    behind: Duration::from_secs(5),
    ping: Duration::from_secs(25),
    silence: Duration::from_secs(60),
    reply: Duration::from_secs(20),
    draft: Duration::from_millis(1),
    turn: Duration::ZERO,
    left: Duration::ZERO,
};

async fn device(world: &World, role: Role) -> Device {
    let mut device = Device::new(world.address, role).await;
    device.pace = QUICK;
    device
}

/// Anna on two devices, and a shop that she writes to.
struct Desk {
    world: World,
    phone: Person,
    laptop: Person,
    shop: Person,
    thread: ThreadId,
}

impl Desk {
    async fn new() -> Self {
        let world = World::with(generous).await;
        let phone = device(&world, Role::Buyer).await.joins("Анна").await;
        let mut shop = device(&world, Role::Seller).await.joins("Чайная гора").await;
        let thread = phone.starts_with(&mut shop).await;
        let laptop = phone.signs_in(device(&world, Role::Buyer).await).await;
        Self {
            world,
            phone,
            laptop,
            shop,
            thread,
        }
    }
}

/// Types, as somebody who sees what stands in the field.
async fn types(person: &Person, thread: ThreadId, text: &str) {
    let filled = item(person, thread).await.draft_filled;
    let field = (0, filled);
    person
        .client
        .write_draft(thread, text, field)
        .await
        .expect("on the disk");
}

async fn item(person: &Person, thread: ThreadId) -> ThreadItem {
    let found = person.client.thread(thread).await.expect("the cache");
    found.expect("the thread is here")
}

/// Waits until the field and what stands beside it are these.
async fn shows(person: &mut Person, thread: ThreadId, draft: Option<&str>, other: Option<&str>) {
    let wanted = (draft.map(str::to_owned), other.map(str::to_owned));
    person
        .waits(&format!("{wanted:?}"), |screen| {
            let item = screen.threads.get(&thread)?;
            ((item.draft.clone(), item.other_draft.clone()) == wanted).then_some(())
        })
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_typed_on_one_device_stands_on_the_other_until_it_is_sent_from_either() {
    let mut desk = Desk::new().await;
    let thread = desk.thread;
    types(&desk.phone, thread, "Здравствуйте, а").await;
    shows(&mut desk.laptop, thread, Some("Здравствуйте, а"), None).await;
    types(&desk.laptop, thread, "Здравствуйте, а есть улун?").await;
    shows(&mut desk.phone, thread, Some("Здравствуйте, а есть улун?"), None).await;
    desk.phone.says(thread, "Здравствуйте, а есть улун?").await;
    shows(&mut desk.laptop, thread, None, None).await;
    desk.shop.hears("Здравствуйте, а есть улун?").await;
    types(&desk.phone, thread, "и").await;
    shows(&mut desk.laptop, thread, Some("и"), None).await;
    types(&desk.laptop, thread, "").await;
    shows(&mut desk.phone, thread, None, None).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_both_typed_apart_is_kept_beside_the_field_until_the_person_decides() {
    for (choice, expected) in [
        (DraftChoice::Take, "с телефона"),
        (DraftChoice::Append, "с ноутбука\nс телефона"),
        (DraftChoice::Drop, "с ноутбука"),
    ] {
        let mut desk = Desk::new().await;
        let thread = desk.thread;
        desk.phone.goes_offline().await;
        desk.laptop.goes_offline().await;
        types(&desk.phone, thread, "с телефона").await;
        types(&desk.laptop, thread, "с ноутбука").await;
        desk.phone.comes_back().await;
        let mut third = desk.phone.signs_in(device(&desk.world, Role::Buyer).await).await;
        shows(&mut third, thread, Some("с телефона"), None).await;
        desk.laptop.comes_back().await;
        shows(&mut desk.laptop, thread, Some("с ноутбука"), Some("с телефона")).await;
        // Over a crash too.
        let mut laptop = desk.laptop.crashes().starts().await;
        laptop.is_online().await;
        let kept = item(&laptop, thread).await;
        assert_eq!(
            (kept.draft.as_deref(), kept.other_draft.as_deref()),
            (Some("с ноутбука"), Some("с телефона"))
        );
        laptop.client.choose_draft(thread, choice).await.expect("on the disk");
        shows(&mut desk.phone, thread, Some(expected), None).await;
        assert_eq!(laptop.client.draft(thread).await.as_deref(), Ok(expected));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_field_that_has_not_seen_what_was_put_into_it_overwrites_nothing() {
    let mut desk = Desk::new().await;
    let thread = desk.thread;
    let seen = item(&desk.laptop, thread).await.draft_filled;
    types(&desk.phone, thread, "с телефона").await;
    shows(&mut desk.laptop, thread, Some("с телефона"), None).await;
    let field = (3, seen);
    desk.laptop
        .client
        .write_draft(thread, "нет", field)
        .await
        .expect("on the disk");
    shows(&mut desk.laptop, thread, Some("нет"), Some("с телефона")).await;
    let item = item(&desk.laptop, thread).await;
    assert_eq!(item.draft_caret, 3, "the place of the caret is kept");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_app_keeps_the_last_letter_and_an_answer_to_a_notice_leaves_the_draft() {
    let desk = Desk::new().await;
    let thread = desk.thread;
    types(&desk.phone, thread, "на полусло").await;
    let mut phone = desk.phone.crashes().starts().await;
    assert_eq!(phone.client.draft(thread).await.as_deref(), Ok("на полусло"));
    phone.is_online().await;
    phone.says(thread, "ответ из уведомления").await;
    assert_eq!(phone.client.draft(thread).await.as_deref(), Ok("на полусло"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_was_not_sent_goes_back_into_the_field_below_the_draft() {
    let mut desk = Desk::new().await;
    let thread = desk.thread;
    desk.phone.goes_offline().await;
    let unsent = desk.phone.says(thread, "не ушло").await;
    types(&desk.phone, thread, "уже пишу другое").await;
    let counted = desk.phone.client.unsent().await.expect("the cache");
    assert_eq!((counted.messages, counted.drafts), (1, 1));
    assert_eq!(desk.phone.client.edit(unsent.id).await, Ok(true));
    let mut phone = desk.phone.crashes().starts().await;
    assert_eq!(
        phone.client.draft(thread).await.as_deref(),
        Ok("уже пишу другое\nне ушло")
    );
    assert_eq!(phone.client.edit(unsent.id).await, Ok(false), "it is there no more");
    phone.comes_back().await;
    shows(&mut desk.laptop, thread, Some("уже пишу другое\nне ушло"), None).await;
    assert!(desk.shop.looks().heard("не ушло").is_none());
}

/// A second account of the shop, over a bare socket.
async fn colleague(world: &World, shop: &Person) -> Guest {
    let invitation = shop.client.invite().await.expect("an invitation").invitation;
    let register = Register {
        email: format!("{}@example.ru", uuid::Uuid::now_v7().simple()),
        password: PASSWORD.into(),
        name: "Мария".into(),
        role: Role::Seller,
        invitation: Some(invitation),
        device_name: None,
    };
    let answer = reqwest::Client::new()
        .post(world.api("/auth/register"))
        .json(&register)
        .send()
        .await;
    let answer: Value = answer.expect("an answer").json().await.expect("JSON");
    world.guest(serde_json::from_value(answer["data"].clone()).expect("tokens"))
}

/// Everything that a socket says until the answer to this command.
async fn heard_until(wire: &mut Wire, id: u64) -> Vec<Value> {
    let mut heard = Vec::new();
    loop {
        let frame = wire.hear().await;
        let is_it = frame["type"] == "reply" && frame["id"] == id;
        heard.push(frame);
        if is_it {
            return heard;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn neither_the_other_side_nor_a_colleague_ever_hears_of_a_draft() {
    const CANARY: &str = "канарейка-7c1e";
    let mut desk = Desk::new().await;
    let thread = desk.thread;
    let maria = colleague(&desk.world, &desk.shop).await;
    let (mut her_wire, her_welcome) = maria.session(DeviceId::mint(), None).await;
    let mut her_room = maria.room(thread.0).await;
    let mut shop = desk.shop.signs_in(device(&desk.world, Role::Seller).await).await;
    types(&desk.shop, thread, CANARY).await;
    shows(&mut shop, thread, Some(CANARY), None).await;
    // The shop's other account sets and asks for her own.
    assert_eq!(her_welcome["drafts"], 0);
    let set = json!({"kind": "set_draft", "thread_id": thread, "base": 0, "message": "свой"});
    her_wire.say(json!({"type": "command", "id": 1, "command": set})).await;
    let mut heard = heard_until(&mut her_wire, 1).await;
    let last = heard.last().expect("an answer");
    assert_eq!(
        (&last["done"]["is_kept"], &last["done"]["draft"]["version"]),
        (&json!(true), &json!(1))
    );
    let ask = json!({"kind": "drafts", "after": 0});
    her_wire.say(json!({"type": "command", "id": 2, "command": ask})).await;
    heard.extend(heard_until(&mut her_wire, 2).await);
    let drafts = &heard.last().expect("an answer")["done"]["drafts"];
    assert_eq!(drafts.as_array().map(Vec::len), Some(1));
    her_room.say(json!({"type": "ping"})).await;
    heard.push(her_room.hear_type("pong").await);
    // Nor does the buyer, in whatever she may ask for.
    desk.shop.says(thread, "сказано вслух").await;
    desk.phone.hears("сказано вслух").await;
    for path in ["/chat-threads/by-seller/", "/chat-messages/unread-count/"] {
        let (_, answer) = maria.get(&format!("{path}{}?user_type=seller", maria.party().id)).await;
        heard.push(answer);
    }
    let hers = desk.phone.client.threads().await.expect("threads");
    heard.push(serde_json::to_value(hers).expect("JSON"));
    heard.push(json!(format!("{:?}", desk.phone.looks())));
    let all = serde_json::to_string(&heard).expect("JSON");
    assert!(all.contains("свой"), "her own words are there");
    assert!(!all.contains(CANARY), "somebody else's draft is told: {all}");
    assert_eq!(item(&desk.shop, thread).await.draft.as_deref(), Some(CANARY));
    // Signals of the others' drafts say at least that there are some.
    let signals = heard.iter().filter(|frame| frame["signal"]["kind"] == "drafts");
    assert!(
        signals.clone().all(|signal| signal["signal"]["version"] == 1),
        "only of her own"
    );
    let foreign = json!({"kind": "set_draft", "thread_id": uuid::Uuid::now_v7(), "base": 0, "message": "x"});
    her_wire
        .say(json!({"type": "command", "id": 3, "command": foreign}))
        .await;
    let refused = heard_until(&mut her_wire, 3).await;
    assert_eq!(refused.last().expect("an answer")["error"]["code"], "not_found");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_keeps_no_drafts_leaves_them_on_the_device() {
    let world = World::with(generous).await;
    let frames = Frames::to(world.address).await;
    frames.rule(|way, frame| {
        let mut frame = frame.clone();
        if way == Way::Up
            && frame["command"]["kind"]
                .as_str()
                .is_some_and(|kind| kind.contains("draft"))
        {
            panic!("a server of the last version knows no {frame}");
        }
        if way == Way::Down && frame["type"] == "welcome" {
            frame.as_object_mut().expect("a frame").remove("drafts");
            return Fate::Say(vec![frame.to_string()]);
        }
        Fate::Carry
    });
    let mut old = Device::new(frames.address(), Role::Buyer).await;
    old.pace = QUICK;
    let mut anna = old.joins("Анна").await;
    let mut shop = Person::new(world.address, Role::Seller, "Чайная гора").await;
    let thread = anna.starts_with(&mut shop).await;
    types(&anna, thread, "только здесь").await;
    anna.says(thread, "вслух").await;
    shop.hears("вслух").await;
    let mut anna = anna.closes().await.starts().await;
    assert_eq!(anna.client.draft(thread).await.as_deref(), Ok("только здесь"));
    anna.is_online().await;
    // The server is updated: what waited goes.
    frames.carries_all();
    let mut laptop = anna.signs_in(device(&world, Role::Buyer).await).await;
    anna.goes_offline().await;
    anna.comes_back().await;
    shows(&mut laptop, thread, Some("только здесь"), None).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_longer_than_a_message_stays_here_and_goes_when_it_is_shorter() {
    let mut desk = Desk::new().await;
    let thread = desk.thread;
    types(&desk.phone, thread, "коротко").await;
    shows(&mut desk.laptop, thread, Some("коротко"), None).await;
    types(&desk.phone, thread, &"ш".repeat(5000)).await;
    desk.phone.says(thread, "вслух").await;
    desk.shop.hears("вслух").await;
    assert_eq!(item(&desk.laptop, thread).await.draft.as_deref(), Some("коротко"));
    types(&desk.phone, thread, "короче").await;
    shows(&mut desk.laptop, thread, Some("короче"), None).await;
}

/// Two devices in any order of typing, looking, sending, partition and crash: whatever was once in a field is in one
/// still, beside one, or said aloud.
#[tokio::test(flavor = "multi_thread")]
async fn no_word_is_lost_between_two_devices_that_come_and_go() {
    let seed = std::env::var("SEED").ok().and_then(|seed| seed.parse().ok());
    let seed = seed.unwrap_or_else(|| fastrand::u64(..));
    println!("SEED={seed}");
    let mut chance = fastrand::Rng::with_seed(seed);
    let desk = Desk::new().await;
    let thread = desk.thread;
    let mut devices = [Some(desk.phone), Some(desk.laptop)];
    let mut is_cut = [false, false];
    let (mut words, mut said) = (Vec::new(), String::new());
    for n in 0..60 {
        let which = chance.usize(0..2);
        let mut person = devices[which].take().expect("it runs");
        match chance.u32(0..12) {
            0..=5 => {
                let field = item(&person, thread).await.draft.unwrap_or_default();
                let word = format!("w{n}");
                types(&person, thread, format!("{field} {word}").trim()).await;
                words.push(word);
            }
            6 => {
                if let Some(text) = item(&person, thread).await.draft {
                    person.says(thread, &text).await;
                    said = format!("{said} {text}");
                }
            }
            7 => person
                .client
                .choose_draft(thread, DraftChoice::Append)
                .await
                .expect("on the disk"),
            8 if !is_cut[which] => {
                person.goes_offline().await;
                is_cut[which] = true;
            }
            8 | 9 if is_cut[which] => {
                person.comes_back().await;
                is_cut[which] = false;
            }
            10 => {
                person = person.crashes().starts().await;
                if !is_cut[which] {
                    person.is_online().await;
                }
            }
            _ => {}
        }
        devices[which] = Some(person);
    }
    let [Some(mut phone), Some(mut laptop)] = devices else {
        panic!("both run");
    };
    for (person, is_cut) in [(&mut phone, is_cut[0]), (&mut laptop, is_cut[1])] {
        if is_cut {
            person.comes_back().await;
        }
    }
    let mut kept = said;
    for person in [&phone, &laptop] {
        let item = item(person, thread).await;
        for text in [item.draft, item.other_draft].into_iter().flatten() {
            kept = format!("{kept} {text}");
        }
    }
    // What one device sent may be another's news right now: the server has it then.
    let third = phone.signs_in(device(&desk.world, Role::Buyer).await).await;
    let mut third = third;
    let settled = |kept: &str| words.iter().all(|word| kept.split_whitespace().any(|is| is == word));
    if !settled(&kept) {
        let draft = third
            .waits("the server's draft", |screen| {
                screen.threads.get(&thread)?.draft.clone()
            })
            .await;
        kept = format!("{kept} {draft}");
    }
    assert!(settled(&kept), "SEED={seed}: of {words:?} there are only {kept}");
}
