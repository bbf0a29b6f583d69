//! Drafts: one for each account and thread, the account's own. No part of any log, and gone with the account.
//!
//! An account's changes are numbered 1, 2, 3 …; a change is kept only when it was made from the newest version.

use async_trait::async_trait;
use prilavok_protocol::draft::Draft;
use prilavok_protocol::ids::{AccountId, DeviceId, DraftVersion};
use prilavok_protocol::time::Time;

use super::{Member, Result};

/// A change of a draft; its text has been checked.
#[derive(Debug, Clone)]
pub struct NewDraft {
    /// Whose.
    pub account: AccountId,
    /// The device that wrote it.
    pub device: DeviceId,
    /// The version that it was made from.
    pub base: DraftVersion,
    /// The text; empty removes the draft.
    pub text: String,
    /// The server's clock.
    pub at: Time,
    /// Drafts that the account may have at a time.
    pub most: u32,
}

/// What came of a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// The draft, as it is kept now.
    pub draft: Draft,
    /// Whether it is what was set; if not, nothing changed.
    pub is_kept: bool,
    /// Whether this call has changed it.
    pub is_new: bool,
}

/// Drafts as the store keeps them.
#[async_trait]
pub trait DraftStore: Send + Sync + 'static {
    /// Sets the draft of the member's thread when `base` is its newest version (0 where there is none). The same device
    /// and text again: the original answer. `NotFound` for an unknown account, `Conflict` when it has `most` drafts
    /// already and this would be one more, `SessionEnded` when the member's session is over.
    async fn set_draft(&self, member: &Member, draft: NewDraft) -> Result<Kept>;

    /// The drafts that changed after a version, oldest change first; removed ones with an empty text. What was removed
    /// long ago may be left out.
    async fn drafts_after(&self, account: AccountId, after: DraftVersion, limit: u32) -> Result<Vec<Draft>>;

    /// How far the account's changes have come; `None` for an unknown account.
    async fn drafts_version(&self, account: AccountId) -> Result<Option<DraftVersion>>;
}
