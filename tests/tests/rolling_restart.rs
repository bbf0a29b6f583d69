//! A server that is replaced under everybody's hands: it says `going_away` with a spread, and all come back within it, each
//! at a moment of its own; what was written before, meanwhile and after is there once.

use std::collections::HashSet;
use std::time::Duration;

use prilavok_client::Connection;
use prilavok_protocol::ids::{Role, ThreadId};
use prilavok_tests::faults::proxy::Door;
use prilavok_tests::person::Person;
use prilavok_tests::world::World;
use prilavok_tests::world::settings::generous;

/// Over which they come back.
const SPREAD: Duration = Duration::from_millis(1500);
/// Without a word of the server the first wait would be no longer than this.
const BACKOFF: Duration = Duration::from_millis(500);
/// Restarts, one after another.
const ROUNDS: usize = 3;

#[tokio::test(flavor = "multi_thread")]
async fn engines_come_back_within_the_spread_and_lose_nothing_over_restarts() {
    let mut world = World::with(|config| {
        generous(config);
        config.sockets.spread = SPREAD;
    })
    .await;
    let mut shop = Person::new(world.address, Role::Seller, "Чайная гора").await;
    let mut buyers = Vec::new();
    for name in ["Анна", "Борис", "Вера"] {
        let buyer = Person::new(world.address, Role::Buyer, name).await;
        let thread = buyer
            .client
            .start(shop.seller_id(), None)
            .await
            .expect("the thread starts");
        buyers.push((buyer, thread));
    }
    let mut waits = Vec::new();
    for round in 0..ROUNDS {
        // Whoever dials in the gap waits at the door, as at a balancer, and is not refused.
        doors(&buyers, &shop, Door::Waiting);
        let mut sent = Vec::new();
        tokio::join!(world.stop(), async {
            for number in 0..10 {
                for (buyer, thread) in &mut buyers {
                    let text = format!("{round} {number}");
                    sent.push((*thread, buyer.says(*thread, &text).await.id));
                    sent.push((*thread, shop.says(*thread, &text).await.id));
                }
            }
        });
        for (buyer, _) in &mut buyers {
            waits.push(comes_back_in(buyer).await);
        }
        waits.push(comes_back_in(&mut shop).await);
        world.start().await;
        doors(&buyers, &shop, Door::Open);
        // By themselves: nobody presses a button. All of it is on both screens, with its place in the thread.
        shop.is_online().await;
        for (buyer, thread) in &mut buyers {
            buyer.is_online().await;
            for (_, id) in sent.iter().filter(|(of, _)| of == thread) {
                for person in [&mut *buyer, &mut shop] {
                    person
                        .waits("each message", |screen| screen.messages.get(id)?.seq)
                        .await;
                }
            }
        }
    }
    let waits: Vec<_> = waits.into_iter().flatten().collect();
    assert!(waits.len() * 2 > ROUNDS * 4, "the restart was told: {waits:?}");
    assert!(waits.iter().all(|wait| *wait <= SPREAD), "{waits:?}");
    assert!(
        waits.iter().any(|wait| *wait > BACKOFF),
        "the spread, not the backoff: {waits:?}"
    );
    let moments: HashSet<_> = waits.iter().collect();
    assert!(moments.len() > ROUNDS, "each at a moment of its own: {waits:?}");
    for (buyer, thread) in &buyers {
        let (theirs, ours) = (buyer.texts(*thread).await, shop.texts(*thread).await);
        assert_eq!(theirs, ours, "one order for both");
        assert_eq!(theirs.len(), ROUNDS * 10 * 2, "each once");
        let mut whole: Vec<_> = (0..ROUNDS)
            .flat_map(|round| (0..10).map(move |n| format!("{round} {n}")))
            .collect();
        whole = whole.into_iter().flat_map(|text| [text.clone(), text]).collect();
        let mut sorted = theirs;
        sorted.sort();
        whole.sort();
        assert_eq!(sorted, whole);
    }
}

fn doors(buyers: &[(Person, ThreadId)], shop: &Person, door: Door) {
    for person in buyers.iter().map(|(buyer, _)| buyer).chain([shop]) {
        person.device().proxy().plan(|plan| plan.door = door);
    }
}

/// Waits until the app has lost its line; in how long it tries again, if the server has told it. One that is so slow that
/// it did not hear the last words comes back by its own backoff.
async fn comes_back_in(person: &mut Person) -> Option<Duration> {
    let told = person.waits("the restart", |screen| match &screen.connection {
        Connection::Offline { retry_in_ms, reason } => Some((*retry_in_ms, reason == "restart")),
        _ => None,
    });
    let (wait, is_told) = told.await;
    is_told.then(|| Duration::from_millis(wait.into()))
}
