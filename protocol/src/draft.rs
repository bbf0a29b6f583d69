//! What a person has begun to write and not sent, the same on all devices of one account.
//!
//! Drafts are the account's own and no part of a party's log: neither the other side of a thread nor a colleague in the
//! same shop ever hears of them. Each account numbers its changes 1, 2, 3 …; a device remembers up to where it knows
//! them and asks for what follows. A change names the version that it was made from, so that of two devices which
//! wrote apart neither overwrites the other.

use serde::{Deserialize, Serialize};

use crate::ids::{DeviceId, DraftVersion, ThreadId};
use crate::time::Time;

/// The draft of one thread, as the account's devices share it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
pub struct Draft {
    /// In whose field it stands.
    pub thread_id: ThreadId,
    /// Which of the account's changes it is; 0: this thread never had one.
    pub version: DraftVersion,
    /// The device that wrote it.
    pub device: DeviceId,
    /// When the server got it; for display only.
    pub at: Time,
    /// The text. Empty: it was sent, or removed.
    pub message: String,
}
