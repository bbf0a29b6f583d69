//! A bare device that follows its log: it keeps a cursor, comes back with it, and sees that every entry comes once and
//! in its place. A whole engine does more; this one does a thousand rounds in seconds.

use prilavok_protocol::ids::{DeviceId, MessageId};
use serde_json::{Value, json};
use uuid::Uuid;

use super::Wire;
use crate::world::Guest;

/// A bare device that follows its log.
pub struct Follower {
    guest: Guest,
    device: DeviceId,
    epoch: Value,
    pos: u64,
    wire: Option<Wire>,
    /// Every entry so far.
    pub entries: Vec<Value>,
}

impl Follower {
    /// Somebody's new device, live.
    pub async fn of(guest: Guest) -> Self {
        let mut follower = Self {
            guest,
            device: DeviceId::mint(),
            epoch: Value::Null,
            pos: 0,
            wire: None,
            entries: Vec::new(),
        };
        follower.comes_back().await;
        follower
    }

    /// Dials with its cursor and hears what it has missed.
    pub async fn comes_back(&mut self) {
        let cursor = (!self.epoch.is_null()).then(|| json!({"epoch": self.epoch, "pos": self.pos}));
        let (wire, welcome) = self.guest.session(self.device, cursor).await;
        self.epoch = welcome["epoch"].clone();
        self.wire = Some(wire);
        loop {
            let frame = self.hear().await;
            if frame["type"] == "live" {
                assert_eq!(frame["pos"], self.pos, "everything that was missed was told");
                return;
            }
        }
    }

    /// The next frame; an entry of the log is noted.
    pub async fn hear(&mut self) -> Value {
        let frame = self.wire().hear().await;
        self.note(&frame);
        frame
    }

    /// Sends a message: until its reply has come, and its entry too.
    ///
    /// # Panics
    /// When it is refused.
    pub async fn sends(&mut self, thread: Uuid, id: MessageId, text: &str) -> Value {
        self.wire().say(send(thread, id, text)).await;
        let mut reply = None;
        loop {
            if let Some(reply) = &reply
                && self.has(id)
            {
                return Value::clone(reply);
            }
            let frame = self.hear().await;
            if frame["type"] == "reply" {
                assert_eq!(frame["done"]["message"]["id"], json!(id), "{frame}");
                reply = Some(frame["done"]["message"].clone());
            }
        }
    }

    /// Says a message into a socket that may break meanwhile.
    pub async fn tries_to_send(&mut self, thread: Uuid, id: MessageId, text: &str) {
        let frame = tokio_tungstenite::tungstenite::Message::text(send(thread, id, text).to_string());
        self.wire().try_say(frame).await;
    }

    /// Asks for a pong over a socket that may break meanwhile.
    pub async fn pings(&mut self) {
        let frame = tokio_tungstenite::tungstenite::Message::text(json!({"type": "ping"}).to_string());
        self.wire().try_say(frame).await;
    }

    /// Hears until the socket ends, and says with which code; 0 when there was none.
    pub async fn falls(&mut self) -> u16 {
        let (code, _, heard) = self.wire.take().expect("it is connected").closed_with().await;
        for frame in heard {
            self.note(&frame);
        }
        code
    }

    /// Hears until this text.
    pub async fn hears(&mut self, text: &str) {
        while !self.entries.iter().any(|entry| entry["message"]["message"] == text) {
            self.hear().await;
        }
    }

    /// Whether the entry of this message has come.
    #[must_use]
    pub fn has(&self, id: MessageId) -> bool {
        // It is one of the last.
        self.entries
            .iter()
            .rev()
            .any(|entry| entry["message"]["id"] == json!(id))
    }

    /// The texts of all messages, in their order.
    #[must_use]
    pub fn texts(&self) -> Vec<String> {
        let texts = self
            .entries
            .iter()
            .filter_map(|entry| entry["message"]["message"].as_str());
        texts.map(str::to_owned).collect()
    }

    /// Its socket.
    pub fn wire(&mut self) -> &mut Wire {
        self.wire.as_mut().expect("it is connected")
    }

    fn note(&mut self, frame: &Value) {
        if frame["type"] == "event" {
            assert_eq!(
                frame["pos"],
                self.pos + 1,
                "the next entry, neither a repeat nor after a gap: {frame}"
            );
            self.pos += 1;
            self.entries.push(frame["event"].clone());
        }
    }
}

fn send(thread: Uuid, id: MessageId, text: &str) -> Value {
    json!({"type": "command", "id": 1, "command":
        {"kind": "send", "thread_id": thread, "message_id": id, "message": text}})
}
