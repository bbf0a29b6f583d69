//! Access is taken away a thousand times in the middle of sends and deliveries: after the answer nothing more reaches the
//! sockets, nothing more is stored, and the other side does not notice.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use prilavok_protocol::error::ErrorCode;
use prilavok_protocol::ids::{DeviceId, MessageId, ThreadId};
use prilavok_server::accounts::Signed;
use prilavok_server::app::SharedApp;
use prilavok_server::chat::{self, Draft};
use prilavok_server::config::Config;
use prilavok_tests::wire::{DEADLINE, Wire};
use prilavok_tests::world::{Guest, World};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::timeout;

/// How often each kind of revocation is raced.
const ROUNDS: usize = 1000;
/// Sockets close within it; on a machine that is busy with other tests, one in twenty may take longer.
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
async fn a_thousand_devices_sign_out_in_the_middle_of_a_talk() {
    race(How::SignOut).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_times_somebody_signs_out_everywhere_in_the_middle_of_a_talk() {
    race(How::Everywhere).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_stolen_refresh_tokens_end_their_sessions_in_the_middle_of_a_talk() {
    race(How::Stolen).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_times_an_account_is_closed_in_the_middle_of_a_talk() {
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
    assert!(late * 20 <= ROUNDS, "{late} of {ROUNDS} did not close at once");
    let last = talk.send("конец").await.expect("the shop may write").1;
    let heard = undisturbed.until_the_end().await;
    assert_eq!(heard, last, "the other side heard every message, once and in order");
}

fn settings(config: &mut Config, how: How) {
    config.limits.send_burst = 1_000_000;
    config.limits.sends_per_minute = 6_000_000;
    config.limits.sockets_per_account = 1000;
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

/// Somebody who writes in the thread, and remembers when each message began.
struct Talk {
    app: SharedApp,
    signed: Signed,
    thread: ThreadId,
    began: Arc<Mutex<HashMap<MessageId, Instant>>>,
    said: watch::Sender<usize>,
    goes_on: watch::Sender<bool>,
}

impl Talk {
    fn of(app: &SharedApp, signed: Signed, other: &Self) -> Self {
        Self {
            app: Arc::clone(app),
            signed,
            thread: other.thread,
            began: Arc::clone(&other.began),
            said: watch::Sender::new(0),
            goes_on: watch::Sender::new(true),
        }
    }

    /// Talks while it is told to go on.
    fn starts(app: &SharedApp, signed: Signed, thread: ThreadId) -> Arc<Self> {
        let talk = Arc::new(Self {
            app: Arc::clone(app),
            signed,
            thread,
            began: Arc::default(),
            said: watch::Sender::new(0),
            goes_on: watch::Sender::new(false),
        });
        let talking = Arc::clone(&talk);
        tokio::spawn(async move {
            let mut goes_on = talking.goes_on.subscribe();
            while goes_on.wait_for(|goes_on| *goes_on).await.is_ok() {
                talking.send("и ещё").await.expect("the shop may write");
                talking.said.send_modify(|said| *said += 1);
            }
        });
        talk
    }

    /// One message: when it began, and its `seq`.
    async fn send(&self, text: &str) -> Result<(Instant, u64), ErrorCode> {
        let (id, began) = (MessageId::mint(), Instant::now());
        self.began.lock().expect("not poisoned").insert(id, began);
        let draft = Draft {
            id,
            text: text.to_owned(),
            product_id: None,
        };
        let sent = chat::send(&self.app, &self.signed, self.thread, draft).await;
        sent.map(|sent| (began, sent.message.seq.0))
            .map_err(|error| error.code())
    }

    fn goes_on(&self, goes_on: bool) {
        self.goes_on.send_replace(goes_on);
    }

    /// Waits until so many more were said.
    async fn says_more(&self, more: usize) {
        let mut said = self.said.subscribe();
        let enough = *said.borrow() + more;
        let wait = timeout(DEADLINE, said.wait_for(|said| *said >= enough));
        wait.await.expect("the talk goes on").expect("it is there");
    }

    /// When the message of a frame of either door began.
    fn began(&self, frame: &Value) -> Option<Instant> {
        let id = match frame["type"].as_str()? {
            "event" => &frame["event"]["message"]["id"],
            "message" => &frame["message_id"],
            _ => return None,
        };
        let id = serde_json::from_value(id.clone()).ok()?;
        self.began.lock().expect("not poisoned").get(&id).copied()
    }
}

/// The device that loses its access, writing until it is refused.
struct Writing(JoinHandle<Vec<(Instant, u64)>>);

impl Writing {
    fn starts(talk: Talk) -> Self {
        Self(tokio::spawn(async move {
            let mut stored = Vec::new();
            loop {
                match talk.send("пока можно").await {
                    Ok(sent) => stored.push(sent),
                    Err(code) => {
                        assert_eq!(code, ErrorCode::Unauthorized);
                        return stored;
                    }
                }
            }
        }))
    }

    /// What was stored of it.
    async fn ends(self) -> Vec<(Instant, u64)> {
        timeout(DEADLINE, self.0)
            .await
            .expect("it is refused in time")
            .expect("for this reason")
    }
}

/// A socket of the other side, which must not notice anything.
struct Undisturbed(JoinHandle<u64>);

impl Undisturbed {
    /// Hears everything, each entry of the log in its place, each message with the next `seq`.
    fn listens(mut wire: Wire) -> Self {
        Self(tokio::spawn(async move {
            let (mut pos, mut seq) = (None, 0);
            loop {
                let frame = wire.hear_type("event").await;
                let at = frame["pos"].as_u64().expect("a position");
                assert_eq!(pos.map_or(at, |pos: u64| pos + 1), at);
                pos = Some(at);
                let message = &frame["event"]["message"];
                if frame["event"]["kind"] == "message" {
                    seq += 1;
                    assert_eq!(message["seq"].as_u64(), Some(seq));
                }
                if message["message"] == "конец" {
                    return seq;
                }
            }
        }))
    }

    async fn until_the_end(self) -> u64 {
        timeout(DEADLINE, self.0)
            .await
            .expect("the end comes")
            .expect("nothing was missed")
    }
}
