//! The steps themselves.

use std::hint::black_box;
use std::sync::Arc;

use futures::FutureExt;
use futures::future::try_join_all;
use prilavok_protocol::event::Event;
use prilavok_protocol::frame::ClientFrame;
use prilavok_protocol::ids::{AccountId, DeviceId, Party, Pos, SessionId};
use prilavok_protocol::model::Message;
use prilavok_server::accounts::Signed;
use prilavok_server::chat::text;
use prilavok_server::config::Config;
use prilavok_server::hub::packet::{Packet, reply_with_message};
use prilavok_server::hub::{Door, Hub};
use prilavok_server::store::conformance::{Talk, text as new_message};
use prilavok_server::store::sqlite::{Options, SqliteStore};
use prilavok_server::store::{Delivery, SharedEvent, SharedStore};
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// All of them, in the order of a message's way.
pub const NAMES: [&str; 7] = [
    "decode",
    "decode by the enums",
    "check the text",
    "prove the membership",
    "append one alone",
    "append 64 in a batch",
    "encode once and fan out",
];

/// As long as most messages.
const TEXT: &str = "Здравствуйте! Ещё есть в наличии? Заберу сегодня после шести.";

/// A store with one thread, and a hub with one socket a side.
pub struct Steps {
    runtime: Runtime,
    talk: Talk,
    hub: Hub,
    sockets: Vec<Arc<prilavok_server::hub::Socket>>,
    frame: String,
    message: Message,
    pos: u64,
    _folder: TempDir,
}

impl Steps {
    pub fn new() -> Self {
        let folder = TempDir::new().expect("a folder");
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime");
        let store = SqliteStore::open(&folder.path().join("prilavok.db"), Options::default()).expect("a store");
        let store: SharedStore = Arc::new(store);
        let talk = runtime.block_on(Talk::start(&store)).expect("a thread");
        let appended = runtime.block_on(store.append_message(&talk.olga, new_message(TEXT)));
        let message = appended.expect("it is stored").value.message;
        let hub = Hub::new(&Config::default());
        let sockets = [talk.olga.party(), talk.ivan.party()].map(|party| seat(&hub, party));
        let frame = format!(
            r#"{{"type":"command","id":7,"command":{{"kind":"send","thread_id":"{}","message_id":"{}","message":"{TEXT}"}}}}"#,
            message.thread_id, message.id
        );
        Self {
            runtime,
            talk,
            hub,
            sockets: sockets.into(),
            frame,
            message,
            pos: 0,
            _folder: folder,
        }
    }

    /// Takes one step once; a batch is one step, too.
    pub fn take(&mut self, name: &str) {
        match name {
            "decode" => drop(black_box(ClientFrame::read(black_box(&self.frame)))),
            "decode by the enums" => drop(black_box(serde_json::from_str::<ClientFrame>(black_box(&self.frame)))),
            "check the text" => drop(black_box(text::check(black_box(TEXT), 4_000))),
            "prove the membership" => {
                let member = self.talk.store.member(self.talk.id(), self.talk.olga.party());
                black_box(self.runtime.block_on(member).expect("a member"));
            }
            "append one alone" => self.append(1),
            "append 64 in a batch" => self.append(64),
            "encode once and fan out" => self.fan_out(),
            other => panic!("no such step: {other}"),
        }
    }

    fn append(&self, count: usize) {
        let (store, olga) = (&self.talk.store, &self.talk.olga);
        let appending = (0..count).map(|_| store.append_message(olga, new_message(TEXT)));
        black_box(self.runtime.block_on(try_join_all(appending)).expect("they are stored"));
    }

    /// To both parties and back to whoever wrote it.
    fn fan_out(&mut self) {
        self.pos += 1;
        let event = Arc::new(SharedEvent::from(Event::Message {
            message: self.message.clone(),
        }));
        let deliveries = self.sockets.iter().map(|socket| Delivery {
            party: socket.signed.party,
            pos: Pos(self.pos),
            event: Arc::clone(&event),
        });
        drop(self.hub.deliver(deliveries.collect()));
        black_box(reply_with_message(self.pos, &event));
        for socket in &self.sockets {
            let packet = socket.queue.next().now_or_never().map(frame_of);
            black_box(packet.expect("it has been told"));
        }
    }
}

fn frame_of(item: prilavok_server::hub::queue::Item) -> Option<usize> {
    match item {
        prilavok_server::hub::queue::Item::Entry(packet) => Some(Packet::session_frame(&packet).len()),
        prilavok_server::hub::queue::Item::Signal(_) => None,
    }
}

fn seat(hub: &Hub, party: Party) -> Arc<prilavok_server::hub::Socket> {
    let signed = Signed {
        account: AccountId::mint(),
        session: SessionId::mint(),
        party,
    };
    let door = Door::Session(DeviceId::mint());
    hub.open(signed, door).expect("there is room").socket
}
