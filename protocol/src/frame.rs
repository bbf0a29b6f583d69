//! What crosses the session socket: one text frame, one JSON object.
//!
//! `hello` → `welcome`, then every missed event in order and `live`, or `resync` and nothing else.
//! Unknown kinds decode to `Unknown` on both sides and are ignored, so old and new versions talk.

mod reading;

use serde::{Deserialize, Serialize};

use crate::command::{Command, Done};
use crate::error::Fault;
use crate::event::{Event, Signal};
use crate::ids::{AccountId, Cursor, DeviceId, DraftVersion, Epoch, Party, Pos, SessionId};
use crate::limits::Limits;
use crate::time::Time;

/// From the device to the server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ClientFrame {
    /// The first frame.
    Hello {
        /// [`crate::PROTOCOL_VERSION`] of the device.
        version: u32,
        /// A newer socket of the same device replaces the older (4013).
        device: DeviceId,
        /// The app and its version, for the server's log.
        #[serde(default)]
        client: Option<String>,
        /// How far the device is; absent: from the very beginning.
        #[serde(default)]
        cursor: Option<Cursor>,
    },
    /// A command. The reply carries the same `id`.
    Command {
        /// Chosen by the device, unique on its socket.
        #[cfg_attr(feature = "schema", ts(type = "number"))]
        id: u64,
        /// What to do.
        command: Command,
    },
    /// The device has stored every event up to here; feeds *delivered*. Cumulative.
    Applied {
        /// The last event stored.
        pos: Pos,
    },
    /// Is anybody there? Answered with `heartbeat`.
    Ping,
    /// The answer to `heartbeat`, so that a quiet device shows life.
    Pong,
    /// A frame of a later version.
    #[serde(other)]
    Unknown,
}

/// From the server to the device.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ServerFrame {
    /// The answer to `hello`.
    Welcome {
        /// The signed-in session.
        session: SessionId,
        /// [`crate::PROTOCOL_VERSION`] of the server.
        version: u32,
        /// Who is signed in.
        account: AccountId,
        /// Whose log this is.
        party: Party,
        /// The history that positions count in.
        epoch: Epoch,
        /// Seconds between heartbeats.
        heartbeat: u32,
        /// The limits in force.
        limits: Limits,
        /// The server's clock, so that an app can say when its own is far off.
        server_time: Time,
        /// How far the account's drafts have come. Absent: this server keeps none, and they stay on the device.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        drafts: Option<DraftVersion>,
    },
    /// Everything missed has been sent; what follows is new.
    Live {
        /// The log's head.
        pos: Pos,
    },
    /// The cursor cannot be resumed: fetch a snapshot, connect again. Nothing else follows.
    Resync {
        /// Why.
        reason: ResyncReason,
    },
    /// The next entry of the log.
    Event {
        /// Its position.
        pos: Pos,
        /// What happened.
        event: Event,
    },
    /// The one answer to a command.
    Reply {
        /// The command's id.
        #[cfg_attr(feature = "schema", ts(type = "number"))]
        id: u64,
        /// What came of it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        done: Option<Done>,
        /// Or why not.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        error: Option<Fault>,
    },
    /// Typing, presence.
    Signal {
        /// What is so right now.
        signal: Signal,
    },
    /// The socket lives, and this is the log's head: a device that is behind has lost something.
    Heartbeat {
        /// The log's head.
        pos: Pos,
    },
    /// The server stops; come back after a random part of `spread_ms`.
    GoingAway {
        /// Milliseconds over which clients spread their return.
        spread_ms: u32,
    },
    /// A frame was refused; the socket stays.
    Error {
        /// Why.
        error: Fault,
    },
    /// A frame of a later version.
    #[serde(other)]
    Unknown,
}

/// Why a cursor cannot be resumed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum ResyncReason {
    /// It belongs to another history: a backup was restored.
    Epoch,
    /// More was missed than is replayed.
    TooOld,
    /// It is further than the log.
    Ahead,
    /// The log cannot be read there.
    Corrupt,
    /// A reason of a later version.
    #[serde(other)]
    Unknown,
}
