//! A message that is taken back: never sent once that is confirmed, wherever the line breaks; and never confirmed when
//! the server may have it already.

use prilavok_client::{Error, MessageState, Stretch};
use prilavok_protocol::ids::{MessageId, Role, ThreadId};
use prilavok_tests::person::frames::{Fate, Frames, Way};
use prilavok_tests::person::relay::Line;
use prilavok_tests::person::{Device, Person};
use prilavok_tests::world::World;
use prilavok_tests::world::settings::generous;
use serde_json::{Value, json};

/// Anna behind this line, the tea shop beside the server, and their thread.
async fn pair(world: &World, frames: &Frames) -> (Person, Person, ThreadId) {
    let anna = Device::new(frames.address(), Role::Buyer).await.joins("Анна").await;
    let mut shop = Person::new(world.address, Role::Seller, "Чайная гора").await;
    let thread = anna.starts_with(&mut shop).await;
    (anna, shop, thread)
}

/// Whether a frame is the sending of this text.
fn sends(way: Way, frame: &Value, text: &str) -> bool {
    way == Way::Up && frame["command"]["kind"] == "send" && frame["command"]["message"] == text
}

/// How often each text is in the thread on the server, once this last word has got there.
async fn told(anna: &mut Person, shop: &mut Person, thread: ThreadId) -> Vec<String> {
    let last = anna.says(thread, "последнее слово").await;
    anna.sees(last.id, MessageState::Sent).await;
    shop.hears("последнее слово").await;
    let page = shop
        .client
        .messages(thread, Stretch::Newest, 100)
        .await
        .expect("a page");
    assert!(!page.incomplete);
    page.messages.into_iter().map(|message| message.message).collect()
}

fn count(texts: &[String], text: &str) -> usize {
    texts.iter().filter(|its| *its == text).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_confirmed_cancel_holds_wherever_the_line_is_cut() {
    let world = World::with(generous).await;
    let frames = Frames::to(world.address).await;
    let (mut anna, mut shop, thread) = pair(&world, &frames).await;
    let mut taken_back = Vec::new();
    // A command is some 200 bytes long; the last point lies behind its end: it arrives whole, and then the line breaks.
    for (round, at) in [0, 1, 2, 5, 6, 60, 120, 180, 10_000].into_iter().enumerate() {
        let text = format!("отрезано на {at}");
        let wanted = text.clone();
        let mut is_cut = false;
        frames.rule(move |way, frame| {
            if sends(way, frame, &wanted) && !is_cut {
                is_cut = true;
                return Fate::CutAfter(at);
            }
            Fate::Carry
        });
        let first = anna.says(thread, &text).await;
        // Waits behind the first, and never got on any wire.
        let second = anna.says(thread, &format!("следом за {at}")).await;
        frames.has_struck(round + 1).await;
        let was_cancelled = anna.client.cancel(second.id).await.expect("the engine runs");
        taken_back.push((format!("следом за {at}"), was_cancelled));
        assert_eq!(anna.client.cancel(first.id).await, Ok(false), "it may have arrived");
        anna.is_offline().await;
        anna.comes_back().await;
        anna.sees(first.id, MessageState::Sent).await;
        taken_back.push((text, false));
    }
    let texts = told(&mut anna, &mut shop, thread).await;
    for (text, was_cancelled) in taken_back {
        assert_eq!(count(&texts, &text), usize::from(!was_cancelled), "{text}: {texts:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancel_that_races_with_the_sending_says_the_truth() {
    let world = World::with(generous).await;
    let frames = Frames::to(world.address).await;
    let (mut anna, mut shop, thread) = pair(&world, &frames).await;
    let mut answers = Vec::new();
    for round in 0..40 {
        let text = format!("гонка {round}");
        // The line comes back while the person takes the message back.
        if round % 4 == 0 {
            anna.goes_offline().await;
        }
        let said = anna.says(thread, &text).await;
        if round % 4 == 0 {
            anna.device().line(Line::Open);
            anna.client.reconnect_now().await.expect("the engine runs");
        }
        for _ in 0..round {
            tokio::task::yield_now().await;
        }
        let was_cancelled = match anna.client.cancel(said.id).await {
            Ok(was_cancelled) => was_cancelled,
            Err(error) => panic!("{error}"),
        };
        answers.push((text, was_cancelled));
        anna.is_online().await;
    }
    let texts = told(&mut anna, &mut shop, thread).await;
    for (text, was_cancelled) in answers {
        assert_eq!(count(&texts, &text), usize::from(!was_cancelled), "{text}: {texts:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancel_that_was_confirmed_outlives_a_crash() {
    let world = World::with(generous).await;
    let frames = Frames::to(world.address).await;
    let (mut anna, mut shop, thread) = pair(&world, &frames).await;
    anna.goes_offline().await;
    let kept = anna.says(thread, "останется").await;
    let gone = anna.says(thread, "передумала").await;
    assert_eq!(anna.client.cancel(gone.id).await, Ok(true));
    let mut anna = anna.crashes().starts().await;
    assert_eq!(
        anna.client.cancel(gone.id).await,
        Ok(false),
        "there is nothing left to take back"
    );
    assert_eq!(anna.client.retry(gone.id).await, Err(Error::NotFound));
    anna.comes_back().await;
    anna.sees(kept.id, MessageState::Sent).await;
    let texts = told(&mut anna, &mut shop, thread).await;
    assert_eq!(texts, ["останется", "последнее слово"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_server_may_have_stored_is_unconfirmed_and_cannot_be_taken_back() {
    let world = World::with(generous).await;
    let frames = Frames::to(world.address).await;
    let (mut anna, mut shop, thread) = pair(&world, &frames).await;
    // The server stores the message, then fails before it can say so; the log's own word is lost too.
    let mut sent: Option<(u64, MessageId)> = None;
    frames.rule(move |way, frame| {
        if sends(way, frame, "неизвестно") {
            sent = Some((
                frame["id"].as_u64().expect("an id"),
                serde_json::from_value(frame["command"]["message_id"].clone()).expect("an id"),
            ));
            return Fate::Carry;
        }
        let Some((command, message)) = &sent else {
            return Fate::Carry;
        };
        if way == Way::Down && frame["type"] == "reply" && frame["id"] == *command {
            let error = json!({"code": "unavailable", "detail": "It is not known.", "retry_after_ms": 500});
            return Fate::Say(vec![
                json!({"type": "reply", "id": command, "error": error}).to_string(),
            ]);
        }
        if way == Way::Down && frame["event"]["message"]["id"] == json!(message) {
            return Fate::Lose;
        }
        Fate::Carry
    });
    let said = anna.says(thread, "неизвестно").await;
    shop.hears("неизвестно").await;
    anna.sees(said.id, MessageState::Unconfirmed).await;
    assert_eq!(
        anna.client.cancel(said.id).await,
        Ok(false),
        "the other side reads it already"
    );
    frames.carries_all();
    anna.goes_offline().await;
    anna.comes_back().await;
    anna.sees(said.id, MessageState::Sent).await;
    assert_eq!(
        told(&mut anna, &mut shop, thread).await,
        ["неизвестно", "последнее слово"]
    );
}
