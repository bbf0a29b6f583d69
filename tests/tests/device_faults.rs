//! What a device meets: sleep, events lost on the way, answers that never come. Each story has a line of its own that
//! knows what it carries.

use std::sync::Arc;
use std::time::Duration;

use prilavok_client::{MessageState, Pace};
use prilavok_protocol::ids::{Role, ThreadId};
use prilavok_tests::person::clock::HOUR;
use prilavok_tests::person::frames::{Fate, Frames, Way};
use prilavok_tests::person::relay::Line;
use prilavok_tests::person::{Device, Person};
use prilavok_tests::world::World;
use serde_json::Value;
use tokio::sync::watch;
use tokio::time::timeout;

const A_NIGHT: Duration = Duration::from_secs(8 * 3600);

/// Anna behind this line, the tea shop beside the server, and their thread.
async fn pair(world: &World, frames: &Frames, pace: Pace) -> (Person, Person, ThreadId) {
    let mut device = Device::new(frames.address(), Role::Buyer).await;
    device.pace = pace;
    let anna = device.joins("Анна").await;
    let mut shop = Person::new(world.address, Role::Seller, "Чайная гора").await;
    let thread = anna.starts_with(&mut shop).await;
    (anna, shop, thread)
}

/// Counts frames of a type that pass.
fn counts(frames: &Frames, way: Way, kind: &'static str) -> watch::Receiver<usize> {
    let (count, seen) = watch::channel(0);
    frames.rule(move |its_way, frame| {
        if its_way == way && frame["type"] == kind {
            count.send_modify(|count| *count += 1);
        }
        Fate::Carry
    });
    seen
}

async fn unread(person: &mut Person, total: u32) {
    let is_so = |screen: &prilavok_tests::person::screen::Screen| (screen.unread == total).then_some(());
    person.waits("the counter", is_so).await;
}

fn is_message(frame: &Value, text: &str) -> bool {
    frame["type"] == "event" && frame["event"]["message"]["message"] == text
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_that_died_in_sleep_is_found_by_a_probe_and_replaced() {
    let world = World::new().await;
    let frames = Frames::to(world.address).await;
    let pace = Pace {
        watch: Duration::from_millis(30),
        probe: Duration::from_millis(300),
        ..Pace::default()
    };
    let (mut anna, mut shop, thread) = pair(&world, &frames, pace).await;
    // While it slept the way back broke, and nobody was told.
    anna.device().line(Line::Deaf);
    shop.says(thread, "Спите?").await;
    anna.device().clock.sleeps(A_NIGHT);
    // Silence alone would be noticed after a minute, long after this story's deadline.
    assert_eq!(anna.is_offline().await, "network");
    anna.device().line(Line::Open);
    anna.hears("Спите?").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_that_outlived_the_sleep_is_probed_and_kept_whichever_way_the_clock_jumps() {
    let world = World::new().await;
    let frames = Frames::to(world.address).await;
    let pace = Pace {
        watch: Duration::from_millis(30),
        ..Pace::default()
    };
    let (mut anna, mut shop, thread) = pair(&world, &frames, pace).await;
    let clock = Arc::clone(&anna.device().clock);
    for (jump, text) in [(3 * HOUR, "вперёд"), (-HOUR, "назад")] {
        let mut pings = counts(&frames, Way::Up, "ping");
        clock.off_by(jump);
        let probed = timeout(prilavok_tests::wire::DEADLINE, pings.wait_for(|count| *count > 0)).await;
        assert!(probed.is_ok(), "the line is probed at once after a jump {text}");
        drop(probed);
        let hellos = counts(&frames, Way::Up, "hello");
        shop.says(thread, text).await;
        anna.hears(text).await;
        assert_eq!(*hellos.borrow(), 0, "the same line goes on");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_wakes_up_while_waiting_for_the_next_try_waits_no_longer() {
    let mut world = World::with(|config| config.sockets.spread = Duration::from_secs(1000 * 3600)).await;
    let frames = Frames::to(world.address).await;
    let pace = Pace {
        watch: Duration::from_millis(30),
        ..Pace::default()
    };
    let (mut anna, mut shop, thread) = pair(&world, &frames, pace).await;
    world.stop().await;
    // The server asked everybody to come back within weeks.
    assert_eq!(anna.is_offline().await, "restart");
    world.start().await;
    anna.device().clock.sleeps(A_NIGHT);
    anna.is_online().await;
    shop.client.reconnect_now().await.expect("the engine runs");
    anna.says(thread, "Доброе утро").await;
    shop.hears("Доброе утро").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_lost_on_an_idle_live_line_is_found_by_the_heartbeat_and_fetched() {
    let world = World::with(|config| config.sockets.heartbeat = Duration::from_millis(200)).await;
    let frames = Frames::to(world.address).await;
    let pace = Pace {
        behind: Duration::from_millis(100),
        ..Pace::default()
    };
    let (mut anna, mut shop, thread) = pair(&world, &frames, pace).await;
    lose_once(&frames, "пропало");
    let said = shop.says(thread, "пропало").await;
    frames.has_struck(1).await;
    let heard = anna.hears("пропало").await;
    assert_eq!(heard.id, said.id);
    shop.sees(said.id, MessageState::Delivered).await;
    unread(&mut anna, 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_lost_before_another_is_found_by_the_gap_and_both_come_in_order() {
    // Heartbeats are half a minute apart: the gap itself must tell.
    let world = World::new().await;
    let frames = Frames::to(world.address).await;
    let (mut anna, mut shop, thread) = pair(&world, &frames, Pace::default()).await;
    lose_once(&frames, "первое");
    shop.says(thread, "первое").await;
    shop.says(thread, "второе").await;
    let (first, second) = (anna.hears("первое").await, anna.hears("второе").await);
    assert!(first.seq < second.seq);
    unread(&mut anna, 2).await;
    frames.has_struck(1).await;
}

/// The event with this text is lost the first time.
fn lose_once(frames: &Frames, text: &'static str) {
    let mut is_lost = false;
    frames.rule(move |way, frame| {
        if way == Way::Down && is_message(frame, text) && !is_lost {
            is_lost = true;
            return Fate::Lose;
        }
        Fate::Carry
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_to_a_refresh_that_is_lost_signs_nobody_out() {
    // So short that every connection begins with a refresh.
    let world = World::with(|config| config.auth.access = Duration::from_secs(20)).await;
    let frames = Frames::to(world.address).await;
    let (mut anna, mut shop, thread) = pair(&world, &frames, Pace::default()).await;
    for round in 0..3 {
        anna.goes_offline().await;
        frames.loses_answers("POST /api/v1/auth/refresh", 1);
        anna.comes_back().await;
        frames.has_struck(round + 1).await;
        anna.says(thread, &format!("ещё здесь {round}")).await;
        shop.hears(&format!("ещё здесь {round}")).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_that_dies_before_the_answer_to_a_refresh_is_not_signed_out() {
    let world = World::with(|config| config.auth.access = Duration::from_secs(20)).await;
    let frames = Frames::to(world.address).await;
    let (mut anna, mut shop, thread) = pair(&world, &frames, Pace::default()).await;
    anna.goes_offline().await;
    frames.dies_before_the_answer("POST /api/v1/auth/refresh");
    anna.device().line(Line::Open);
    anna.client.reconnect_now().await.expect("the engine runs");
    frames.has_struck(1).await;
    let device = anna.crashes();
    // It may have asked once more in its last moment. Only one lost answer is forgiven, so that must not get through now.
    device.line(Line::Cut);
    frames.revives().await;
    device.line(Line::Open);
    let mut anna = device.starts().await;
    anna.is_online().await;
    anna.says(thread, "не вышла").await;
    shop.hears("не вышла").await;
}
