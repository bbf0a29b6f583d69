//! Those who talk while somebody loses access: the other side, the device that loses it, and a socket that only listens.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Instant;

use prilavok_protocol::error::ErrorCode;
use prilavok_protocol::ids::{MessageId, ThreadId};
use prilavok_server::accounts::Signed;
use prilavok_server::app::SharedApp;
use prilavok_server::chat::{self, Draft};
use prilavok_tests::wire::{DEADLINE, Wire};
use serde_json::Value;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::timeout;

/// Somebody who writes in the thread, and remembers when each message began.
pub struct Talk {
    app: SharedApp,
    signed: Signed,
    /// Where.
    pub thread: ThreadId,
    began: Arc<Mutex<HashMap<MessageId, Instant>>>,
    said: watch::Sender<usize>,
    goes_on: watch::Sender<bool>,
}

impl Talk {
    pub fn of(app: &SharedApp, signed: Signed, other: &Self) -> Self {
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
    pub fn starts(app: &SharedApp, signed: Signed, thread: ThreadId) -> Arc<Self> {
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
    pub async fn send(&self, text: &str) -> Result<(Instant, u64), ErrorCode> {
        let (id, began) = (MessageId::mint(), Instant::now());
        self.began.lock().expect("not poisoned").insert(id, began);
        let draft = Draft {
            id,
            text: text.to_owned(),
            product_id: None,
        };
        let sent = match chat::member(&self.app, &self.signed, self.thread).await {
            Ok(member) => chat::send_as(&self.app, &member, draft).await,
            Err(error) => Err(error),
        };
        sent.map(|sent| (began, sent.message.seq.0))
            .map_err(|error| error.code())
    }

    pub fn goes_on(&self, goes_on: bool) {
        self.goes_on.send_replace(goes_on);
    }

    /// Waits until so many more were said.
    pub async fn says_more(&self, more: usize) {
        let mut said = self.said.subscribe();
        let enough = *said.borrow() + more;
        let wait = timeout(DEADLINE, said.wait_for(|said| *said >= enough));
        wait.await.expect("the talk goes on").expect("it is there");
    }

    /// When the message of a frame of either door began.
    pub fn began(&self, frame: &Value) -> Option<Instant> {
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
pub struct Writing(JoinHandle<Vec<(Instant, u64)>>);

impl Writing {
    pub fn starts(talk: Talk) -> Self {
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
    pub async fn ends(self) -> Vec<(Instant, u64)> {
        timeout(DEADLINE, self.0)
            .await
            .expect("it is refused in time")
            .expect("for this reason")
    }
}

/// A socket of the other side, which must not notice anything.
pub struct Undisturbed(JoinHandle<u64>);

impl Undisturbed {
    /// Hears everything, each entry of the log in its place, each message with the next `seq`.
    pub fn listens(mut wire: Wire) -> Self {
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

    pub async fn until_the_end(self) -> u64 {
        timeout(DEADLINE, self.0)
            .await
            .expect("the end comes")
            .expect("nothing was missed")
    }
}
