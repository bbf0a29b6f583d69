//! Access is taken away a thousand times in the middle of sends and deliveries: after the answer nothing more reaches the
//! sockets, nothing more is stored, and the other side does not notice.

mod talk;

use std::time::{Duration, Instant};

use prilavok_protocol::ids::{DeviceId, ThreadId};
use prilavok_server::config::Config;
use prilavok_tests::wire::{DEADLINE, Wire};
use prilavok_tests::world::settings::generous;
use prilavok_tests::world::{Guest, World};
use reqwest::Method;
use serde_json::json;
use tokio::time::timeout;

use talk::{Talk, Undisturbed, Writing};

/// How often each of the four kinds is raced: a thousand times together.
const ROUNDS: usize = 250;
/// Sockets close within it; on a machine that is busy with other tests, some may take longer.
const AT_ONCE: Duration = Duration::from_secs(1);

/// How access is taken away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum How {
    /// The device signs out.
    SignOut,
    /// The person signs out everywhere.
    Everywhere,
    /// A used refresh token shows up: somebody has stolen it.
    Stolen,
    /// The account is closed, by another process.
    Closed,
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

async fn race(how: How) {
    let world = World::with(|config| settings(config, how)).await;
    let (anna, shop, thread) = world.pair().await;
    let (_, selling) = world.another_device(&shop).await;
    let undisturbed = Undisturbed::listens(shop.live().await);
    let talk = Talk::starts(world.app(), selling, ThreadId(thread));
    let mut late = 0;
    for round in 0..ROUNDS {
        let took = one(&world, &talk, &anna, (round, how)).await;
        late += usize::from(took > AT_ONCE);
    }
    assert!(late * 2 <= ROUNDS, "{late} of {ROUNDS} did not close at once");
    let last = talk.send("конец").await.expect("the shop may write").1;
    let heard = undisturbed.until_the_end().await;
    assert_eq!(heard, last, "the other side heard every message, once and in order");
}

fn settings(config: &mut Config, how: How) {
    generous(config);
    // Only a closed account is found by a timer: another process closed it, and no hub heard of it.
    config.sockets.access_check = Duration::from_millis(if how == How::Closed { 20 } else { 3_600_000 });
}

async fn one(world: &World, talk: &Talk, anna: &Guest, (round, how): (usize, How)) -> Duration {
    let (device, signed) = world.another_device(anna).await;
    let (mut app, mut page) = (live(world, &device).await, device.room(talk.thread.0).await);
    let mut early = device.dial("/ws/session").await.expect("it opens");
    let writing = Writing::starts(Talk::of(world.app(), signed, talk));
    talk.goes_on(true);
    talk.says_more(round % 3).await;

    revoke(world, &device, how).await;
    let answered = Instant::now();
    let (_, after) = talk.send("после").await.expect("the shop may write");
    let closed = async { (app.closed_with().await, page.closed_with().await) };
    let (app, page) = timeout(DEADLINE, closed).await.expect("they close");
    let took = answered.elapsed();
    talk.goes_on(false);
    let code = if how == How::Closed { 4004 } else { 4009 };
    assert_eq!((app.0, page.0), (code, code), "{round}");

    for frame in app.2.iter().chain(&page.2) {
        // What another process did is found by the next check; until then the talk is heard.
        let Some(began) = talk.began(frame).filter(|_| how != How::Closed) else {
            continue;
        };
        assert!(began < answered, "{round}: told after the answer: {frame}");
    }
    for (began, seq) in writing.ends().await {
        assert!(
            began < answered,
            "{round}: a message that began after the answer was stored"
        );
        assert!(
            seq < after,
            "{round}: {seq} was stored after {after}, which followed the answer"
        );
    }
    early
        .say(json!({"type": "hello", "version": 1, "device": DeviceId::mint()}))
        .await;
    assert_eq!(
        early.closed_with().await,
        (code, early_reason(how).to_owned(), vec![]),
        "{round}"
    );
    let mut again = device.dial("/ws/session").await.expect("it is accepted first");
    assert_eq!(again.closed().await, 4001, "{round}");
    assert_eq!(device.get("/auth/me").await.0, 401, "{round}");
    if how == How::Closed {
        let account = device.tokens.account.id;
        world
            .app()
            .store
            .set_disabled(account, false)
            .await
            .expect("it is open again");
    }
    took
}

fn early_reason(how: How) -> &'static str {
    if how == How::Closed {
        "account closed"
    } else {
        "session ended"
    }
}

/// A session socket that begins where the log ends.
async fn live(world: &World, device: &Guest) -> Wire {
    let store = &world.app().store;
    let epoch = store.epoch().await.expect("the epoch");
    let pos = store.head(device.party()).await.expect("the head");
    let cursor = json!({"epoch": epoch, "pos": pos});
    let (mut wire, _) = device.session(DeviceId::mint(), Some(cursor)).await;
    wire.hear_type("live").await;
    wire
}

async fn revoke(world: &World, device: &Guest, how: How) {
    let refresh = |token: String| device.post("/auth/refresh", json!({"refresh_token": token}));
    let status = match how {
        How::SignOut => device.post("/auth/logout", json!({})).await.0,
        How::Everywhere => device.call(Method::DELETE, "/auth/sessions", None).await.0,
        How::Stolen => {
            let first = device.tokens.refresh_token.clone();
            let (_, second) = refresh(first.clone()).await;
            let second = second["data"]["refresh_token"].as_str().expect("a token").to_owned();
            assert_eq!(refresh(second).await.0, 200);
            let (status, answer) = refresh(first).await;
            assert_eq!((status, &answer["code"]), (401, &json!("token_reused")), "{answer}");
            200
        }
        How::Closed => {
            let account = device.tokens.account.id;
            world
                .app()
                .store
                .set_disabled(account, true)
                .await
                .expect("it is closed");
            200
        }
    };
    assert_eq!(status, 200);
}
