//! What a device knows.

use std::collections::HashMap;
use std::time::Instant;

use prilavok_protocol::ids::{Cursor, DeviceId, Epoch, MessageId, Pos, Seq, ThreadId};

use crate::crowd::account::Line;
use crate::crowd::held::Held;
use crate::crowd::outbox::{Desk, Outbox};

/// What a device knows, from line to line.
pub(super) struct Memory {
    pub(super) id: DeviceId,
    pub(super) cursor: Option<Cursor>,
    pub(super) held: Held,
    pub(super) outbox: Outbox,
    pub(super) last: Option<(Desk, MessageId)>,
    pub(super) round: u64,
    pub(super) cut_at: Option<Instant>,
}

/// What it knows of the line that is open.
pub(super) struct Live {
    pub(super) line: Line,
    pub(super) epoch: Epoch,
    pub(super) is_live: bool,
    pub(super) next: u64,
    pub(super) sends: HashMap<u64, MessageId>,
    pub(super) reads: HashMap<u64, (ThreadId, Seq)>,
    pub(super) applied: Pos,
    pub(super) is_leaving: bool,
}

/// How a line ended.
pub(super) enum End {
    /// All was heard.
    Done,
    /// By order.
    Cut,
    /// By order, with a reset.
    Reset,
    /// By the server, with this code.
    Closed(u16),
}
