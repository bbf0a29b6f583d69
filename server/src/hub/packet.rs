//! What the hub hands to sockets. The frame of each door is serialised once, by whoever needs it first, and shared.

use std::sync::{Arc, OnceLock};

use prilavok_protocol::event::{Event, Signal};
use prilavok_protocol::frame::ServerFrame;
use prilavok_protocol::ids::{Pos, ThreadId};
use prilavok_protocol::room::{ChatFrame, RoomNotice};
use serde::Serialize;
pub use tokio_tungstenite::tungstenite::Utf8Bytes as Text;

/// One entry of a party's log on its way to that party's sockets.
#[derive(Debug)]
pub struct Packet {
    /// Where in the log.
    pub pos: Pos,
    /// What happened.
    pub event: Arc<Event>,
    session: OnceLock<Text>,
    room: OnceLock<Option<Text>>,
}

impl Packet {
    /// Nothing is serialised yet.
    #[must_use]
    pub fn new(pos: Pos, event: Arc<Event>) -> Self {
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
        match &*self.event {
            Event::ThreadStarted { thread } => Some(thread.thread.id),
            Event::Message { message } => Some(message.thread_id),
            Event::Read { thread_id, .. } | Event::Delivered { thread_id, .. } => Some(*thread_id),
            Event::Unknown => None,
        }
    }

    /// The frame of the session socket.
    pub fn session_frame(&self) -> &Text {
        self.session.get_or_init(|| {
            text(&EntryFrame {
                kind: "event",
                pos: self.pos,
                event: &self.event,
            })
        })
    }

    /// The frame of the per-thread socket, for what it shows.
    pub fn room_frame(&self) -> Option<&Text> {
        let frame = || match &*self.event {
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

/// [`ServerFrame::Event`] without owning the event.
#[derive(Serialize)]
struct EntryFrame<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    pos: Pos,
    event: &'a Event,
}

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
    use prilavok_protocol::ids::{Role, Seq};

    #[test]
    fn an_entry_reads_back_as_the_event_frame_of_the_protocol() {
        let event = Event::Read {
            thread_id: ThreadId::mint(),
            user_type: Role::Buyer,
            up_to_seq: Seq(3),
        };
        let packet = Packet::new(Pos(7), Arc::new(event.clone()));
        let frame: ServerFrame = serde_json::from_str(packet.session_frame()).expect("a frame");
        assert_eq!(frame, ServerFrame::Event { pos: Pos(7), event });
    }
}
