//! Access is taken away a thousand times in each way in the middle of sends and deliveries: after the answer nothing more
//! reaches the sockets, nothing more is stored, and the other side does not notice.

mod talk;
mod victims;

use std::time::{Duration, Instant};

use prilavok_protocol::ids::{DeviceId, ThreadId};
use prilavok_server::config::Config;
use prilavok_tests::wire::{DEADLINE, Wire};
use prilavok_tests::world::World;
use prilavok_tests::world::settings::generous;
use serde_json::json;
use tokio::time::timeout;

use talk::{Talk, Undisturbed, Writing};
use victims::{Victim, Victims};

/// Devices that lose their access together, each with both doors open and in the middle of writing.
const TOGETHER: usize = 10;
/// How often that happens: a thousand devices lose it.
const ROUNDS: usize = 100;
/// Of so many devices one looks whether it is let in again.
const ONE_LOOKS: usize = 5;
/// Sockets close within it; on a machine that is busy with other tests, some may take longer.
const AT_ONCE: Duration = Duration::from_secs(1);

/// How access is taken away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum How {
    /// Each device signs out.
    SignOut,
    /// The person signs out everywhere.
    Everywhere,
    /// Used refresh tokens show up: somebody has stolen them.
    Stolen,
    /// The account is closed, by another process.
    Closed,
    /// The owner of the shop takes an agent out of it.
    Removed,
}

impl How {
    /// The close code and the reason.
    fn said(self) -> (u16, &'static str) {
        match self {
            Self::SignOut | Self::Everywhere | Self::Stolen => (4009, "session ended"),
            Self::Closed => (4004, "account closed"),
            Self::Removed => (4003, "not an agent of this shop any more"),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn devices_sign_out_again_and_again_in_the_middle_of_a_talk() {
    race(How::SignOut).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_signs_out_everywhere_again_and_again_in_the_middle_of_a_talk() {
    race(How::Everywhere).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn stolen_refresh_tokens_end_their_sessions_again_and_again_in_the_middle_of_a_talk() {
    race(How::Stolen).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_is_closed_again_and_again_in_the_middle_of_a_talk() {
    race(How::Closed).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn agents_are_removed_again_and_again_in_the_middle_of_a_talk() {
    race(How::Removed).await;
}

async fn race(how: How) {
    let world = World::with(settings).await;
    let (anna, shop, thread) = world.pair().await;
    let (victims, others) = if how == How::Removed {
        (shop, anna)
    } else {
        (anna, shop)
    };
    let (_, talking) = world.another_device(&others).await;
    let undisturbed = Undisturbed::listens(others.live().await);
    let talk = Talk::starts(world.app(), talking, ThreadId(thread));
    let victims = Victims::new(&world, victims, how);
    let mut late = 0;
    for round in 0..ROUNDS {
        let took = one(&world, &talk, &victims, round).await;
        late += usize::from(took > AT_ONCE);
    }
    assert!(late * 2 <= ROUNDS, "{late} of {ROUNDS} did not close at once");
    let last = talk.send("конец").await.expect("the other side may write").1;
    let heard = undisturbed.until_the_end().await;
    assert_eq!(heard, last, "the other side heard every message, once and in order");
}

fn settings(config: &mut Config) {
    generous(config);
    // No socket looks by itself: what another process has ended is found by the one task that watches for all.
    config.sockets.access_check = Duration::from_secs(3600);
    config.sockets.revocation_check = Duration::from_millis(50);
    // Ten who write to twenty sockets: nobody is slow here, the machine is.
    (config.limits.queue_events, config.limits.queue_bytes) = (1_000_000, u32::MAX);
}

async fn one(world: &World, talk: &Talk, victims: &Victims<'_>, round: usize) -> Duration {
    let (code, reason) = victims.how.said();
    let mut here = victims.come(talk.thread).await;
    let writing: Vec<_> = here
        .iter()
        .map(|victim| Writing::starts(Talk::of(world.app(), victim.signed, talk)))
        .collect();
    talk.goes_on(true);
    talk.says_more(round % 3).await;

    let answered = victims.shut_out(&here).await;
    let all = Instant::now();
    let (_, after) = talk.send("после").await.expect("the other side may write");
    let closed = futures::future::join_all(here.iter_mut().map(Victim::closed));
    let closed = timeout(DEADLINE, closed).await.expect("they close");
    let took = all.elapsed();
    talk.goes_on(false);

    for ((app, page), answered) in closed.iter().zip(&answered) {
        assert_eq!((app.0, page.0), (code, code), "{round}");
        for frame in app.2.iter().chain(&page.2) {
            // What another process did is found by the next look; until then the talk is heard.
            let Some(began) = talk.began(frame).filter(|_| victims.how != How::Closed) else {
                continue;
            };
            assert!(began < *answered, "{round}: told after the answer: {frame}");
        }
    }
    for (writing, answered) in writing.into_iter().zip(&answered) {
        for (began, seq) in writing.ends().await {
            assert!(
                began < *answered,
                "{round}: a message that began after the answer was stored"
            );
            assert!(
                seq < after,
                "{round}: {seq} was stored after {after}, which followed the answer"
            );
        }
    }
    for victim in &mut here {
        let Some(early) = &mut victim.early else { continue };
        early
            .say(json!({"type": "hello", "version": 1, "device": DeviceId::mint()}))
            .await;
        assert_eq!(
            early.closed_with().await,
            (code, reason.to_owned(), vec![]),
            "{round}: who was about to come in hears nothing"
        );
        let mut again: Wire = victim.device.dial("/ws/session").await.expect("it is accepted first");
        assert_eq!(again.closed().await, 4001, "{round}");
        assert_eq!(victim.device.get("/auth/me").await.0, 401, "{round}");
    }
    victims.reopen().await;
    took
}
