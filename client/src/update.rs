//! Everything a screen may be told, and the shapes it is told in.
//!
//! Updates are upserts: a screen that applies each one by its id is right, whatever it showed before.

use prilavok_protocol::ids::{MessageId, ProductId, Role, Seq, ThreadId};
use prilavok_protocol::model::{Product, ThreadSummary};
use prilavok_protocol::rest::Account;
use prilavok_protocol::time::Time;
use serde::{Deserialize, Serialize};

/// One thing that changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Update {
    /// The state of the connection.
    Connection {
        /// Where it stands now.
        connection: Connection,
    },
    /// Who is signed in, and where.
    Identity {
        /// The new state.
        identity: Identity,
    },
    /// A thread is new or has changed.
    Thread {
        /// As it is now.
        thread: ThreadItem,
    },
    /// A message is new or has changed its state.
    Message {
        /// As it is now.
        message: MessageItem,
    },
    /// A message that never left this device was deleted.
    MessageRemoved {
        /// Where it was.
        thread_id: ThreadId,
        /// Which one.
        id: MessageId,
    },
    /// The other side types, or has stopped.
    Typing {
        /// Where.
        thread_id: ThreadId,
        /// Whether it does.
        is_typing: bool,
    },
    /// All unread messages, for title, tray and badge.
    Unread {
        /// How many messages.
        total: u32,
    },
    /// Somebody should be told outside the window; only the shell acts on it.
    Notice {
        /// What to say.
        notice: Notice,
    },
    /// A notice has been overtaken: the thread was read.
    NoticeClosed {
        /// Whose notice.
        thread_id: ThreadId,
    },
    /// The shell asks the screen to show a thread (a notice was clicked).
    OpenThread {
        /// Which one.
        thread_id: ThreadId,
    },
    /// A link from outside leads to a thread: the screen asks the person before it opens it.
    AskThread {
        /// Which one; perhaps not one of this account.
        thread_id: ThreadId,
    },
    /// A link from outside names a server: the screen offers its address to somebody who is not signed in.
    AskServer {
        /// Nobody has asked it yet whether it is one of ours.
        address: String,
    },
    /// The store was replaced (resync, another account): ask for everything again.
    Reset,
    /// Something the person should know, once. `key` is a Fluent message.
    Warning {
        /// Which sentence: `warning-<key>`.
        key: String,
    },
}

/// Where the connection stands.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Connection {
    /// Nobody is signed in, or there is no address yet.
    #[default]
    Idle,
    /// Dialling, or catching up.
    Connecting,
    /// Live: what the screen shows is current.
    Online,
    /// Not connected. Messages wait in the outbox.
    Offline {
        /// Milliseconds until the next try; the screen counts down by itself.
        retry_in_ms: u32,
        /// Why, as a Fluent message `offline-<reason>`: `network`, `refused`, `dns`, `tls`, `not_prilavok`,
        /// `server`, `restart`, `rate`, `disk`, `secrets`.
        reason: String,
    },
    /// Not connected, and trying again would not help.
    Stopped {
        /// Why, as a Fluent message `stopped-<reason>`: `update`, `signed_out`, `disabled`, `removed`, `too_many`, `replaced`.
        reason: String,
    },
}

/// Who is signed in, and where.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct Identity {
    /// The server's address, once one was accepted.
    pub server: Option<String>,
    /// The marketplace's name.
    pub server_name: Option<String>,
    /// The account, once signed in.
    pub account: Option<Account>,
    /// Where the secrets live; `false` means a file that only this user can read.
    pub keychain: bool,
}

/// A thread, as a list shows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct ThreadItem {
    /// What the server says, with this device's own read mark applied.
    #[serde(flatten)]
    pub summary: ThreadSummary,
    /// Orders the list: the newest activity in milliseconds, own unsent messages included.
    #[cfg_attr(feature = "schema", ts(type = "number"))]
    pub activity_ms: i64,
    /// Text in the field that was not sent.
    pub draft: Option<String>,
    /// Where the caret stood in it, as a page counts.
    pub draft_caret: u32,
    /// How often the text was changed by anything but typing here. A field says it back with what it holds.
    #[cfg_attr(feature = "schema", ts(type = "number"))]
    pub draft_filled: u64,
    /// What another device wrote in this thread, apart from this one.
    pub other_draft: Option<String>,
    /// For sellers: since when the buyer waits for an answer.
    pub waiting_since: Option<Time>,
    /// State of the newest message, if it is one's own.
    pub last_state: Option<MessageState>,
}

/// A message, as a thread shows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct MessageItem {
    /// Minted by the device that wrote it.
    pub id: MessageId,
    /// The thread.
    pub thread_id: ThreadId,
    /// The place in the thread, once the server has given one. Unsent messages follow all others.
    pub seq: Option<Seq>,
    /// Order of unsent messages.
    #[cfg_attr(feature = "schema", ts(type = "number"))]
    pub local_order: i64,
    /// The text.
    pub message: String,
    /// Which side sent it.
    pub sender_type: Role,
    /// One's own.
    pub is_mine: bool,
    /// For display only.
    pub created_at: Time,
    /// How far it got.
    pub state: MessageState,
    /// What it is about.
    pub product_id: Option<ProductId>,
    /// The product, where this device knows it.
    pub product: Option<Product>,
}

/// What was written on this device and not sent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct Unsent {
    /// Messages that the server has not confirmed.
    pub messages: u32,
    /// Threads with something in the field.
    pub drafts: u32,
}

/// How far one's own message got. Messages of the other side are `received`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum MessageState {
    /// In the outbox.
    Queued,
    /// On the wire.
    Sending,
    /// Sent, but the answer was lost: it is asked for again under the same id.
    Unconfirmed,
    /// Durable on the server.
    Sent,
    /// On a device of the other side.
    Delivered,
    /// Read by the other side.
    Read,
    /// Refused for good. The person can retry or delete.
    Failed {
        /// The server's code, or a local one: a Fluent message `failed-<reason>`.
        reason: String,
    },
    /// From the other side.
    Received,
}

/// What a notification says. Its text is put together in the person's language by the shell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct Notice {
    /// Click opens it; a newer notice of the same thread replaces the older.
    pub thread_id: ThreadId,
    /// Who wrote.
    pub title: String,
    /// The text of the newest message.
    pub body: String,
    /// Unread messages in that thread.
    pub count: u32,
    /// The newest message that it tells of: so far the person has read when they say so.
    pub up_to_seq: Seq,
    /// It was told before, and is only to stand again: silently.
    pub is_again: bool,
}

/// One stretch of a thread, oldest first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct MessagePage {
    /// Oldest first; unsent ones at the end of the newest page.
    pub messages: Vec<MessageItem>,
    /// There are older ones.
    pub has_older: bool,
    /// There are newer ones.
    pub has_newer: bool,
    /// Some of this stretch could not be fetched because the server cannot be reached.
    pub incomplete: bool,
}

/// What a search within a thread has found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct Found {
    /// Newest first.
    pub hits: Vec<Hit>,
    /// How many there are in all; of more than 1000, the newest 1000.
    pub total: u32,
    /// The server cannot be reached: only what this device holds was searched.
    pub is_partial: bool,
}

/// A message that says what was searched for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct Hit {
    /// The message.
    pub id: MessageId,
    /// Its place.
    pub seq: Seq,
    /// Where it says so: first and last plus one, as a page counts (UTF-16).
    pub marks: Vec<(u32, u32)>,
}

/// Which stretch of a thread is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
#[serde(tag = "at", rename_all = "snake_case")]
pub enum Stretch {
    /// The end.
    Newest,
    /// What comes before.
    Before {
        /// This message.
        seq: Seq,
    },
    /// What comes after.
    After {
        /// This message.
        seq: Seq,
    },
    /// Both sides of, e.g. the first unread.
    Around {
        /// This message.
        seq: Seq,
    },
}

/// A page of the catalogue.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct CataloguePage<T> {
    /// The rows.
    pub items: Vec<T>,
    /// Of how many.
    #[cfg_attr(feature = "schema", ts(type = "number"))]
    pub total: u64,
}
