//! What the hub hands to sockets. The frame of each door is serialised once, by whoever needs it first, and shared.

use std::fmt::{self, Write as _};
use std::sync::{Arc, OnceLock};

use prilavok_protocol::event::{Event, Signal};
use prilavok_protocol::frame::ServerFrame;
use prilavok_protocol::ids::{Pos, ThreadId};
use prilavok_protocol::room::{ChatFrame, RoomNotice};
use serde::Serialize;
pub use tokio_tungstenite::tungstenite::Utf8Bytes as Text;

use crate::store::SharedEvent;

/// One entry of a party's log on its way to that party's sockets.
#[derive(Debug)]
pub struct Packet {
    /// Where in the log.
    pub pos: Pos,
    /// What happened.
    pub event: Arc<SharedEvent>,
    session: OnceLock<Text>,
    room: OnceLock<Option<Text>>,
}

impl Packet {
    /// Nothing is serialised yet.
    #[must_use]
    pub fn new(pos: Pos, event: Arc<SharedEvent>) -> Self {
        Self {
            pos,
            event,
            session: OnceLock::new(),
            room: OnceLock::new(),
        }
    }

    /// The thread that it happened in.
    #[must_use]
    pub fn thread(&self) -> Option<ThreadId> {
        match &**self.event {
            Event::ThreadStarted { thread } => Some(thread.thread.id),
            Event::Message { message } => Some(message.thread_id),
            Event::Read { thread_id, .. } | Event::Delivered { thread_id, .. } => Some(*thread_id),
            Event::Unknown => None,
        }
    }

    /// The frame of the session socket.
    pub fn session_frame(&self) -> &Text {
        self.session.get_or_init(|| {
            let (pos, event) = (self.pos, self.event.json());
            around(event, format_args!(r#"{{"type":"event","pos":{pos},"event":"#))
        })
    }

    /// The frame of the per-thread socket, for what it shows.
    pub fn room_frame(&self) -> Option<&Text> {
        let frame = || match &**self.event {
            Event::Message { message } => Some(text(&ChatFrame::of_message(message))),
            Event::Read {
                user_type, up_to_seq, ..
            } => Some(text(&RoomNotice::Read {
                user_type: *user_type,
                up_to_seq: *up_to_seq,
            })),
            _ => None,
        };
        self.room.get_or_init(frame).as_ref()
    }
}

/// The [`ServerFrame::Reply`] to a command that this message came of: `done` is the event, word for word.
#[must_use]
pub fn reply_with_message(id: u64, event: &SharedEvent) -> Text {
    let done = event.json();
    around(done, format_args!(r#"{{"type":"reply","id":{id},"done":"#))
}

/// A frame that ends with this JSON and one brace.
fn around(json: &str, beginning: fmt::Arguments<'_>) -> Text {
    let mut frame = String::with_capacity(json.len() + AROUND);
    frame.write_fmt(beginning).expect("a string takes everything");
    frame.push_str(json);
    frame.push('}');
    frame.into()
}

/// Bytes of a frame around its event, with the longest numbers.
const AROUND: usize = 64;

/// A signal on its way to a party's sockets.
#[derive(Debug)]
pub struct Whisper {
    /// What is true right now.
    pub signal: Signal,
    session: OnceLock<Text>,
}

impl Whisper {
    /// Nothing is serialised yet.
    #[must_use]
    pub fn new(signal: Signal) -> Self {
        Self {
            signal,
            session: OnceLock::new(),
        }
    }

    /// The frame of the session socket.
    pub fn session_frame(&self) -> &Text {
        self.session.get_or_init(|| {
            text(&ServerFrame::Signal {
                signal: self.signal.clone(),
            })
        })
    }
}

/// A frame as it crosses the wire.
#[must_use]
pub fn text(frame: &impl Serialize) -> Text {
    serde_json::to_string(frame)
        .expect("frames have string keys and no failing parts")
        .into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use prilavok_protocol::command::Done;
    use prilavok_protocol::ids::{MessageId, Role, SellerId, Seq};
    use prilavok_protocol::model::Message;
    use prilavok_protocol::time::Time;

    #[test]
    fn an_entry_reads_back_as_the_event_frame_of_the_protocol() {
        let event = Event::Read {
            thread_id: ThreadId::mint(),
            user_type: Role::Buyer,
            up_to_seq: Seq(3),
        };
        let packet = Packet::new(Pos(7), Arc::new(event.clone().into()));
        let frame: ServerFrame = serde_json::from_str(packet.session_frame()).expect("a frame");
        assert_eq!(frame, ServerFrame::Event { pos: Pos(7), event });
    }

    #[test]
    fn the_answer_to_a_message_is_its_event_in_the_frame_of_a_reply() {
        let message = Message {
            id: MessageId::mint(),
            seq: Seq(3),
            message: "\"Да\", по сто рублей\n".into(),
            thread_id: ThreadId::mint(),
            created_at: Time::from_millis(0),
            buyer_id: None,
            seller_id: Some(SellerId::mint()),
            sender_type: Role::Seller,
            is_read_by_buyer: false,
            is_read_by_seller: true,
            product_id: None,
        };
        let event = SharedEvent::from(Event::Message {
            message: message.clone(),
        });
        let frame: ServerFrame = serde_json::from_str(&reply_with_message(9, &event)).expect("a frame");
        let done = Some(Done::Message { message });
        assert_eq!(
            frame,
            ServerFrame::Reply {
                id: 9,
                done,
                error: None
            }
        );
    }
}
