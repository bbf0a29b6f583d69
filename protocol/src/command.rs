//! What a device asks for over the session socket. Each command gets exactly one reply.

use serde::{Deserialize, Serialize};

use crate::draft::Draft;
use crate::ids::{DraftVersion, MessageId, ProductId, SellerId, Seq, ThreadId};

/// One request. Repeating it is harmless.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Command {
    /// Append a message. Answered with [`Done::Message`] once it is durable.
    Send {
        /// Where to.
        thread_id: ThreadId,
        /// Minted by the device; the same id, sender and content always get the original answer.
        message_id: MessageId,
        /// The text.
        message: String,
        /// The product that it is about.
        #[serde(default)]
        product_id: Option<ProductId>,
    },
    /// Start the thread with a shop, or find it. Only a buyer may. Answered with [`Done::Thread`].
    Start {
        /// The shop.
        seller_id: SellerId,
        /// The product that it is about.
        #[serde(default)]
        product_id: Option<ProductId>,
    },
    /// Everything up to here has been read. Only ever moves forward.
    Read {
        /// Which thread.
        thread_id: ThreadId,
        /// Up to which message.
        up_to_seq: Seq,
    },
    /// The person types, or has stopped.
    Typing {
        /// Which thread.
        thread_id: ThreadId,
        /// Absent means true.
        #[serde(default = "yes")]
        is_typing: bool,
    },
    /// This device has alerted its person to everything up to here: their other devices may leave it to it for a while.
    Alerted {
        /// Which thread.
        thread_id: ThreadId,
        /// Up to which message.
        up_to_seq: Seq,
    },
    /// What stands in the field of a thread now, if it was made from the newest version. Answered with [`Done::Draft`].
    SetDraft {
        /// Which thread.
        thread_id: ThreadId,
        /// The version that it was made from; 0 when this device knows of none.
        base: DraftVersion,
        /// The text; empty when it was sent or removed.
        message: String,
    },
    /// The account's drafts that changed after a version, oldest change first. Answered with [`Done::Drafts`].
    Drafts {
        /// How far this device knows them.
        after: DraftVersion,
    },
    /// A command of a later version; answered with the error `unknown_command`.
    #[serde(other)]
    Unknown,
}

fn yes() -> bool {
    true
}

/// What came of a command.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Done {
    /// The message is durable.
    Message {
        /// As it is stored.
        message: crate::model::Message,
    },
    /// The thread is there.
    Thread {
        /// As this party's list shows it.
        thread: crate::model::ThreadSummary,
    },
    /// The draft, as it is kept now.
    Draft {
        /// The newest version.
        draft: Draft,
        /// Whether it is what was set. If not, another device was faster: this is what it wrote, and nothing changed.
        is_kept: bool,
    },
    /// Drafts that changed.
    Drafts {
        /// Oldest change first.
        drafts: Vec<Draft>,
        /// How far they bring the device.
        version: DraftVersion,
        /// There are more after them.
        has_more: bool,
    },
    /// Done, with nothing to tell.
    Nothing,
    /// A result of a later version.
    #[serde(other)]
    Unknown,
}
