//! Messages, markers and log entries, as a history keeps them.
//!
//! Texts are kept as hashes, so that a long run fits into memory and a kept history holds nobody's words.

use prilavok_protocol::event::Event;
use prilavok_protocol::ids::{MessageId, Role, Seq, ThreadId};
use prilavok_protocol::model::{Message, Thread, ThreadSummary};
use serde::{Deserialize, Serialize};

/// A message as somebody saw or stored it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Line {
    /// Where.
    pub thread: ThreadId,
    /// Which message.
    pub id: MessageId,
    /// Its place in the thread.
    pub seq: Seq,
    /// Of its text, see [`super::hash`].
    pub hash: u64,
    /// Which side sent it.
    pub sender: Role,
}

impl Line {
    /// Of a message of the wire.
    #[must_use]
    pub fn of(message: &Message) -> Self {
        Self {
            thread: message.thread_id,
            id: message.id,
            seq: message.seq,
            hash: super::hash(&message.message),
            sender: message.sender_type,
        }
    }
}

/// Head and markers of a thread, indexed by side: `[buyer, seller]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Marks {
    /// The thread.
    pub thread: ThreadId,
    /// Its newest message.
    pub head: Seq,
    /// How far each side has read.
    pub read: [Seq; 2],
    /// How far each side's devices have it.
    pub delivered: [Seq; 2],
}

impl Marks {
    /// Of a thread of the wire.
    #[must_use]
    pub fn of(thread: &Thread) -> Self {
        Self {
            thread: thread.id,
            head: thread.head_seq,
            read: [thread.buyer_read_seq, thread.seller_read_seq],
            delivered: [thread.buyer_delivered_seq, thread.seller_delivered_seq],
        }
    }
}

/// A thread as a list or a snapshot shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listed {
    /// Head and markers.
    #[serde(flatten)]
    pub marks: Marks,
    /// What the list says is unread.
    pub unread: u32,
}

impl Listed {
    /// Of a row of a list.
    #[must_use]
    pub fn of(summary: &ThreadSummary) -> Self {
        Self {
            marks: Marks::of(&summary.thread),
            unread: summary.unread_count,
        }
    }
}

/// An entry of a party's log, as a client received it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "entry", rename_all = "snake_case")]
pub enum Entry {
    /// A thread began.
    Started {
        /// Which one.
        thread: ThreadId,
    },
    /// A message.
    Message(Line),
    /// A side has read.
    Read {
        /// Where.
        thread: ThreadId,
        /// Which side.
        side: Role,
        /// Up to which message.
        up_to: Seq,
    },
    /// A side's device has it.
    Delivered {
        /// Where.
        thread: ThreadId,
        /// Which side.
        side: Role,
        /// Up to which message.
        up_to: Seq,
    },
    /// Of a later version.
    Other,
}

impl Entry {
    /// Of an event of the wire.
    #[must_use]
    pub fn of(event: &Event) -> Self {
        match event {
            Event::ThreadStarted { thread } => Self::Started {
                thread: thread.thread.id,
            },
            Event::Message { message } => Self::Message(Line::of(message)),
            Event::Read {
                thread_id,
                user_type,
                up_to_seq,
            } => Self::Read {
                thread: *thread_id,
                side: *user_type,
                up_to: *up_to_seq,
            },
            Event::Delivered {
                thread_id,
                user_type,
                up_to_seq,
            } => Self::Delivered {
                thread: *thread_id,
                side: *user_type,
                up_to: *up_to_seq,
            },
            Event::Unknown => Self::Other,
        }
    }
}
