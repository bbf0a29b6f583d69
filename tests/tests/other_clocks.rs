//! Clocks that are an hour or ten years off, on a device and on the server, from the start or all at once. They order
//! nothing, lose nothing, and put nothing under a day that is not its own.

use std::time::Duration;

use prilavok_client::{Connection, MessageItem, MessageState, Stretch};
use prilavok_protocol::ids::{Role, ThreadId};
use prilavok_protocol::time::Time;
use prilavok_tests::person::clock::{HOUR, TEN_YEARS};
use prilavok_tests::person::{Device, PASSWORD, Person};
use prilavok_tests::world::World;

const JUMPS: [i64; 4] = [HOUR, -HOUR, TEN_YEARS, -TEN_YEARS];

fn config(config: &mut prilavok_server::config::Config) {
    config.limits.send_burst = 1000;
    config.limits.sends_per_minute = 60_000;
    // So short that every connection begins with a refresh.
    config.auth.access = Duration::from_secs(20);
}

async fn page(person: &Person, thread: ThreadId) -> Vec<MessageItem> {
    let page = person
        .client
        .messages(thread, Stretch::Newest, 100)
        .await
        .expect("a page");
    assert!(!page.incomplete);
    page.messages
}

/// Whether a moment is within a minute of now, by a clock that is off by so many seconds.
fn is_now(time: Time, off: i64) -> bool {
    time.millis().abs_diff(Time::now().millis() + off * 1000) < 60_000
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_whose_clock_is_wrong_says_so_and_dates_its_words_like_everybody_else() {
    for off in JUMPS {
        let world = World::with(config).await;
        let device = Device::new(world.address, Role::Buyer).await;
        device.clock.off_by(off);
        let mut anna = device.joins("Анна").await;
        anna.waits("the sentence", |screen| {
            screen.warnings.contains(&"clock".to_owned()).then_some(())
        })
        .await;
        let mut shop = Person::new(world.address, Role::Seller, "Чайная гора").await;
        let thread = anna.starts_with(&mut shop).await;
        shop.says(thread, "раз").await;
        anna.hears("раз").await;
        anna.goes_offline().await;
        let unsent = anna.says(thread, "два").await;
        assert!(
            is_now(unsent.created_at, 0),
            "{off}: dated by the server's clock: {}",
            unsent.created_at
        );

        // Without ever having met the server in this run there is only one's own clock: never before what stands above.
        let mut anna = anna.crashes().starts().await;
        anna.says(thread, "три").await;
        let times: Vec<Time> = page(&anna, thread)
            .await
            .iter()
            .map(|message| message.created_at)
            .collect();
        assert!(times.is_sorted(), "{off}: {times:?}");
        shop.says(thread, "четыре").await;
        anna.comes_back().await;
        anna.hears("четыре").await;
        let last = anna.says(thread, "пять").await;
        anna.sees(last.id, MessageState::Delivered).await;
        assert_eq!(anna.texts(thread).await, shop.texts(thread).await, "{off}");
        let all = page(&anna, thread).await;
        assert_eq!(all.len(), 5, "{off}: each once");
        for message in all {
            assert!(
                is_now(message.created_at, 0),
                "{off}: once it is sent, the server's date stands"
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_is_put_right_stops_being_corrected() {
    let world = World::with(config).await;
    let mut device = Device::new(world.address, Role::Buyer).await;
    device.clock.off_by(-TEN_YEARS);
    device.pace.watch = Duration::from_millis(30);
    let mut anna = device.joins("Анна").await;
    let mut shop = Person::new(world.address, Role::Seller, "Чайная гора").await;
    let thread = anna.starts_with(&mut shop).await;
    anna.goes_offline().await;
    anna.device().clock.off_by(0);
    // The jump is noticed: who waits for the next try waits no longer, in vain.
    anna.waits("a try", |screen| {
        (screen.connection == Connection::Connecting).then_some(())
    })
    .await;
    anna.is_offline().await;
    let unsent = anna.says(thread, "сегодня").await;
    assert!(is_now(unsent.created_at, 0), "{}", unsent.created_at);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_whose_clock_is_wrong_from_the_start_serves_as_ever() {
    for off in JUMPS {
        let world = World::with(config).await;
        world.clock.off_by(off);
        let mut anna = Person::new(world.address, Role::Buyer, "Анна").await;
        let mut shop = Person::new(world.address, Role::Seller, "Чайная гора").await;
        let thread = anna.starts_with(&mut shop).await;
        shop.says(thread, "раз").await;
        anna.hears("раз").await;
        anna.goes_offline().await;
        let unsent = anna.says(thread, "два").await;
        assert!(
            is_now(unsent.created_at, off),
            "{off}: dated like what stands around it"
        );
        anna.comes_back().await;
        anna.sees(unsent.id, MessageState::Delivered).await;
        anna.reads(thread).await;
        assert_eq!(shop.texts(thread).await, ["раз", "два"], "{off}");
        assert_eq!(anna.texts(thread).await, ["раз", "два"], "{off}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_servers_clock_that_jumps_reorders_and_loses_nothing() {
    let world = World::with(config).await;
    let mut anna = Person::new(world.address, Role::Buyer, "Анна").await;
    let mut shop = Person::new(world.address, Role::Seller, "Чайная гора").await;
    let thread = anna.starts_with(&mut shop).await;
    let mut written = Vec::new();
    // Up to ten years back, and never so far ahead that a session of some weeks ends.
    for (n, off) in [0, HOUR, -HOUR, 0, -TEN_YEARS, -TEN_YEARS + HOUR]
        .into_iter()
        .enumerate()
    {
        world.clock.off_by(off);
        for (who, text) in [(&mut anna, format!("{n} Анна")), (&mut shop, format!("{n} лавка"))] {
            // Each begins a new line, with a refresh by the clock as it is now.
            who.goes_offline().await;
            let said = who.says(thread, &text).await;
            who.comes_back().await;
            who.sees(said.id, MessageState::Sent).await;
            written.push(text);
        }
    }
    anna.hears(written.last().expect("they wrote")).await;
    assert_eq!(anna.texts(thread).await, written);
    assert_eq!(shop.texts(thread).await, written);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_servers_clock_ten_years_ahead_ends_sessions_says_so_and_loses_nothing_unsent() {
    let world = World::with(config).await;
    let mut anna = Person::new(world.address, Role::Buyer, "Анна").await;
    let mut shop = Person::new(world.address, Role::Seller, "Чайная гора").await;
    let thread = anna.starts_with(&mut shop).await;
    anna.says(thread, "до").await;
    shop.hears("до").await;
    world.clock.off_by(TEN_YEARS);
    let stopped = Connection::Stopped {
        reason: "signed_out".into(),
    };
    anna.waits("the reason", |screen| (screen.connection == stopped).then_some(()))
        .await;
    shop.waits("the reason", |screen| (screen.connection == stopped).then_some(()))
        .await;
    anna.says(thread, "во время").await;
    for person in [&mut anna, &mut shop] {
        let email = person.device().email().to_owned();
        person.client.sign_in(&email, PASSWORD).await.expect("signed in");
        person.is_online().await;
    }
    shop.hears("во время").await;
    // The clock is put right again: those who signed in meanwhile stay signed in.
    world.clock.off_by(0);
    anna.goes_offline().await;
    let said = anna.says(thread, "после").await;
    anna.comes_back().await;
    anna.sees(said.id, MessageState::Delivered).await;
    assert_eq!(shop.texts(thread).await, ["до", "во время", "после"]);
}
