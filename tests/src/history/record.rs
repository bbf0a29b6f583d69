//! The vocabulary of a history: who took part, and everything that one can say or see there.

use prilavok_protocol::error::ErrorCode;
use prilavok_protocol::frame::ResyncReason;
use prilavok_protocol::ids::{Cursor, Epoch, MessageId, Party, Pos, Seq, ThreadId};
use serde::{Deserialize, Serialize};

use super::canary::Canary;
use super::shape::{Entry, Line, Listed};

/// Whoever writes records; introduced by [`What::Joined`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ClientId(pub u32);

/// One line of a history. Its place in the history is its time: what stands earlier happened earlier.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// Who says so.
    pub who: ClientId,
    /// What happened.
    #[serde(flatten)]
    pub what: What,
}

/// What kind of participant a client is; it decides what may be expected of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A session socket that resumes from its cursor.
    Device,
    /// A page of the marketplace on its per-thread socket; each connection is a new page.
    Room,
    /// Somebody who only sends and asks over REST.
    Rest,
    /// A whole client engine.
    Engine,
    /// The final truth, read from the server when all is at rest.
    Server,
    /// The server's log file: nobody's words belong there.
    Log,
    /// Whoever breaks things.
    Chaos,
}

/// Where a text was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// A frame of a socket.
    Socket,
    /// An answer of REST.
    Answer,
    /// A result of a search.
    Search,
    /// A native notice.
    Notice,
    /// A line of a log.
    Log,
}

/// Everything that can be written down.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum What {
    /// The client takes part from here on.
    Joined {
        /// For people.
        name: String,
        /// What it is.
        kind: Kind,
        /// As whom; none for logs and chaos.
        party: Option<Party>,
    },
    /// A thread exists; its texts carry this canary.
    Thread {
        /// The thread.
        thread: ThreadId,
        /// `[buyer, seller]`.
        parties: [Party; 2],
        /// What every text of it contains.
        canary: Canary,
    },
    /// Something was broken, or mended, on purpose.
    Fault {
        /// In words.
        name: String,
    },
    /// The operator took a backup.
    BackedUp,
    /// The operator restored the last backup: what was acknowledged in between may be gone.
    Restored,

    /// The words are handed to an engine, which mints the id and may send at once; [`What::Invoked`] follows.
    Composed {
        /// Where.
        thread: ThreadId,
        /// Of the text; no other text of the run is the same.
        hash: u64,
    },
    /// A send begins: written before its first byte leaves. Again for each repeat under the same id.
    Invoked {
        /// Where.
        thread: ThreadId,
        /// Which message.
        id: MessageId,
        /// Of its text.
        hash: u64,
    },
    /// *ok*: the server has acknowledged the send.
    Acked {
        /// Where.
        thread: ThreadId,
        /// Which message.
        id: MessageId,
        /// Its place.
        seq: Seq,
    },
    /// *fail*: refused for good.
    Refused {
        /// Where.
        thread: ThreadId,
        /// Which message.
        id: MessageId,
        /// Of its text.
        hash: u64,
        /// Why.
        code: ErrorCode,
    },
    /// Told to try later; the same id will be sent again.
    Deferred {
        /// Where.
        thread: ThreadId,
        /// Which message.
        id: MessageId,
        /// Why.
        code: ErrorCode,
    },
    /// *info*: no answer came; it may be stored or not.
    Unknown {
        /// Where.
        thread: ThreadId,
        /// Which message.
        id: MessageId,
    },
    /// The person took it back and was told that it will never be sent.
    Cancelled {
        /// Where.
        thread: ThreadId,
        /// Which message.
        id: MessageId,
    },

    /// A socket is open and `hello` was said with this cursor.
    Connected {
        /// How far the client says it is.
        cursor: Option<Cursor>,
    },
    /// `welcome` came.
    Welcome {
        /// The history that positions count in.
        epoch: Epoch,
    },
    /// Everything missed has come, or a heartbeat: the server says where the log's head is.
    Head {
        /// The log's head.
        pos: Pos,
    },
    /// The cursor was not resumed.
    Resync {
        /// Why.
        reason: ResyncReason,
    },
    /// The socket is gone.
    Cut {
        /// With this close code, 0 without one.
        code: u16,
    },
    /// An entry of the party's log came.
    Event {
        /// Where in the log.
        pos: Pos,
        /// What.
        #[serde(flatten)]
        entry: Entry,
    },
    /// What the client has stored: after an event of its own accord, or what its file says when it is opened.
    Cursor {
        /// How far.
        cursor: Cursor,
    },
    /// A message is on a screen.
    Shown(Line),
    /// All threads of the party, with the cursor that goes with them.
    Snapshot {
        /// Events after this are not in it.
        cursor: Cursor,
        /// Every thread.
        threads: Box<[Listed]>,
    },

    /// The client asked for its read marker to be moved and was told that it is done.
    Marked {
        /// Where.
        thread: ThreadId,
        /// Up to which message.
        up_to: Seq,
    },
    /// A text with a canary was seen; written once per client, place and canary.
    Saw {
        /// Where.
        place: Place,
        /// Whose text.
        canary: Canary,
    },

    /// At rest: one message of a thread. [`Kind::Server`] writes all of them, in order.
    Stored(Line),
    /// At rest: head and markers as the store has them ([`Kind::Server`]), with that party's unread messages.
    Listed(Listed),
    /// At rest: a client holds the messages `first` to `last` of a thread.
    Holds {
        /// Where.
        thread: ThreadId,
        /// The first one that it holds.
        first: Seq,
        /// The last one that it holds: must be the thread's head.
        last: Seq,
        /// Of all of them in order, see [`super::Digest`].
        digest: u64,
    },
    /// At rest: what a counter shows.
    Unread {
        /// In one thread, or in all of them.
        thread: Option<ThreadId>,
        /// The counter.
        count: u64,
        /// Which counter: the list, the badge, the server's own call.
        counter: Counter,
    },
}

/// Which counter of unread messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Counter {
    /// A row of the list.
    List,
    /// Title, tray and badge: one value.
    Badge,
    /// What the server answers.
    Server,
}
