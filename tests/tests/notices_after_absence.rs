//! Who comes back after a long absence is told what is new, once, and not more than a person can take in.

use std::time::Duration;

use prilavok_client::MessageState;
use prilavok_protocol::ids::Role;
use prilavok_tests::person::frames::{Fate, Frames, Way};
use prilavok_tests::person::screen::Screen;
use prilavok_tests::person::{Device, Person};
use prilavok_tests::world::World;

/// So much is replayed; what was missed beyond takes a snapshot.
const REPLAYED: u32 = 5;

fn forgetful(config: &mut prilavok_server::config::Config) {
    config.limits.send_burst = 1000;
    config.limits.sends_per_minute = 60_000;
    config.limits.replay_events = REPLAYED;
    config.sockets.leave_grace = Duration::from_millis(20);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_came_with_a_snapshot_is_announced_in_the_newest_threads_and_a_new_device_is_left_in_peace() {
    let world = World::with(forgetful).await;
    let mut shop = Person::new(world.address, Role::Seller, "Чайная гора").await;
    let mut buyers = Vec::new();
    for name in ["Анна", "Борис", "Вера", "Глеб"] {
        let mut buyer = Person::new(world.address, Role::Buyer, name).await;
        let thread = buyer.starts_with(&mut shop).await;
        buyer.says(thread, "здравствуйте").await;
        shop.waits("the greeting", |screen| {
            screen.threads.get(&thread)?.summary.last_message.clone()
        })
        .await;
        buyers.push((buyer, thread));
    }
    // Anna's is read, and nothing new comes in it.
    shop.reads(buyers[0].1).await;
    let device = shop.closes().await;
    for (buyer, thread) in &mut buyers[1..] {
        let mut last = None;
        for n in 1..=REPLAYED {
            last = Some(buyer.says(*thread, &format!("есть кто? {n}")).await);
        }
        buyer.sees(last.expect("they wrote").id, MessageState::Sent).await;
    }
    let mut shop = device.starts().await;
    shop.is_online().await;
    assert!(shop.looks().resets >= 2, "it took a snapshot");
    shop.waits("three notices", |screen: &Screen| {
        (screen.notices.len() == 3).then_some(())
    })
    .await;
    let newest = format!("есть кто? {REPLAYED}");
    for (_, thread) in &buyers[1..] {
        let notice = &shop.looks().notices[thread];
        assert_eq!((notice.body.as_str(), notice.count), (newest.as_str(), REPLAYED + 1));
    }
    assert_eq!(shop.looks().raised, 3, "each once, and none for what was read");

    let mut second = shop.second_device(world.address).await;
    let (buyer, thread) = &mut buyers[1];
    buyer.says(*thread, "последнее").await;
    second.hears("последнее").await;
    second
        .waits("a notice", |screen| screen.notices.get(thread).cloned())
        .await;
    assert_eq!(second.looks().raised, 1, "a new device announces only what is new");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_that_breaks_in_the_middle_of_what_was_missed_swallows_no_notice() {
    let world = World::new().await;
    let frames = Frames::to(world.address).await;
    let mut shop = Device::new(frames.address(), Role::Seller)
        .await
        .joins("Чайная гора")
        .await;
    let mut anna = Person::new(world.address, Role::Buyer, "Анна").await;
    let thread = anna.starts_with(&mut shop).await;
    shop.waits("the thread", |screen| screen.threads.get(&thread).map(drop))
        .await;
    let device = shop.closes().await;
    for text in ["раз", "два"] {
        let said = anna.says(thread, text).await;
        anna.sees(said.id, MessageState::Sent).await;
    }
    // All that was missed arrives, and the line breaks before it is live.
    let mut is_cut = false;
    frames.rule(move |way, frame| {
        if way == Way::Down && frame["type"] == "live" && !is_cut {
            is_cut = true;
            return Fate::CutAfter(1);
        }
        Fate::Carry
    });
    let mut shop = device.starts().await;
    shop.is_online().await;
    frames.has_struck(1).await;
    let notice = shop
        .waits("a notice", |screen| screen.notices.get(&thread).cloned())
        .await;
    assert_eq!((notice.body.as_str(), notice.count), ("два", 2));
    assert_eq!(shop.looks().raised, 1);
}
