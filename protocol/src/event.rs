//! The two kinds of push: events (numbered, durable) and signals (never stored, may be lost).

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::ids::{AccountId, DraftVersion, Role, Seq, ThreadId};
use crate::model::{Message, ThreadSummary};

/// One entry of a party's log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Event {
    /// A thread that this party had not seen. Its counters are those of its start.
    ThreadStarted {
        /// As this party's list shows it.
        thread: ThreadSummary,
    },
    /// A message of either side, the own ones too (other devices must learn of them).
    Message {
        /// The message.
        message: Message,
    },
    /// A side has read up to here.
    Read {
        /// Which thread.
        thread_id: ThreadId,
        /// Which side has read.
        user_type: Role,
        /// Up to which message.
        up_to_seq: Seq,
    },
    /// A device of a side has stored everything up to here.
    Delivered {
        /// Which thread.
        thread_id: ThreadId,
        /// Which side has it.
        user_type: Role,
        /// Up to which message.
        up_to_seq: Seq,
    },
    /// An event of a later version: its position counts, its content does not.
    #[serde(other)]
    Unknown,
}

/// Something that is true right now and stored nowhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Signal {
    /// The other side types, or has stopped; it stops by itself after five seconds.
    Typing {
        /// Where.
        thread_id: ThreadId,
        /// Which side types.
        user_type: Role,
        /// Whether it does.
        is_typing: bool,
    },
    /// The other side of a thread came or went.
    Presence {
        /// Which side.
        user_type: Role,
        /// The buyer's or the seller's id.
        user_id: Uuid,
        /// Whether a device of theirs is connected.
        is_online: bool,
    },
    /// A device of the same account has alerted the person. Only that account's devices are told.
    Alerted {
        /// Where.
        thread_id: ThreadId,
        /// Whose device.
        account_id: AccountId,
        /// Up to which message.
        up_to_seq: Seq,
    },
    /// A device of the account changed a draft; only the account's own devices hear it.
    Drafts {
        /// How far the account's drafts have come.
        version: DraftVersion,
    },
    /// A signal of a later version.
    #[serde(other)]
    Unknown,
}
