//! The published limits. The server's configuration may change them; `welcome` says what is in force.

use serde::{Deserialize, Serialize};

/// Limits that a client should know before it meets them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
#[serde(default)]
pub struct Limits {
    /// Characters (Unicode scalar values) in one message.
    pub text_chars: u32,
    /// Bytes in one frame, and in one request body.
    pub frame_bytes: u32,
    /// Messages a minute for one party, over all its devices.
    pub sends_per_minute: u32,
    /// Messages that may be sent at once before the rate above holds.
    pub send_burst: u32,
    /// Open session sockets of one account.
    pub sockets_per_account: u32,
    /// Connections of one address that have not signed in yet.
    pub unauthenticated_per_address: u32,
    /// Events waiting for one socket before it is cut off as a slow reader.
    pub queue_events: u32,
    /// Bytes waiting for one socket before it is cut off as a slow reader.
    pub queue_bytes: u32,
    /// Events replayed on a resume; a cursor further back gets `resync`.
    pub replay_events: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            text_chars: 4096,
            frame_bytes: 64 * 1024,
            sends_per_minute: 30,
            send_burst: 10,
            sockets_per_account: 5,
            unauthenticated_per_address: 20,
            queue_events: 256,
            queue_bytes: 1024 * 1024,
            replay_events: 10_000,
        }
    }
}

/// Default number of rows on a page of a collection.
pub const PAGE: u32 = 20;
/// Default number of messages on a page of history.
pub const MESSAGES_PAGE: u32 = 50;
/// The most rows that one page may hold.
pub const PAGE_MAX: u32 = 100;
/// Characters in a search within a thread.
pub const SEARCH_CHARS: u32 = 200;
/// The newest hits of a search that are counted; whoever has more is better served by another word.
pub const SEARCH_COUNTED: u64 = 1_000;
/// Characters in a person's or a shop's name.
pub const NAME_CHARS: u32 = 80;
/// Characters in a password: short ones are guessed, endless ones are an attack on the hash.
pub const PASSWORD_CHARS: std::ops::RangeInclusive<u32> = 8..=200;
/// Seconds after which typing ends by itself.
pub const TYPING_SECONDS: u64 = 5;
/// Seconds between the pings of either side, give or take a fifth.
pub const PING_SECONDS: u64 = 25;
/// Seconds of silence after which either side drops the socket.
pub const SILENCE_SECONDS: u64 = 60;
/// Drafts that an account may have at a time; a busy shop answers fewer people at once.
pub const DRAFTS_PER_ACCOUNT: u32 = 1_000;
/// Drafts in one answer: of the longest texts, a quarter of a mebibyte.
pub const DRAFTS_PAGE: u32 = 16;
/// Changes of drafts a minute for one account, over all its devices; a device that is typed on sends one a second.
pub const DRAFTS_PER_MINUTE: u32 = 120;
/// Changes of drafts that may come at once before the rate above holds: a device comes back with all it has.
pub const DRAFT_BURST: u32 = 60;
