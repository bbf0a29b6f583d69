//! The drafts' trait.

use async_trait::async_trait;
use prilavok_protocol::draft::Draft;
use prilavok_protocol::ids::{AccountId, DraftVersion};

use super::super::{SqliteStore, drafts};
use crate::store::drafts::{DraftStore, Kept, NewDraft};
use crate::store::{Member, Result};

#[async_trait]
impl DraftStore for SqliteStore {
    async fn set_draft(&self, member: &Member, draft: NewDraft) -> Result<Kept> {
        let member = *member;
        self.writer
            .write(move |writing| drafts::set(&writing.db, &member, &draft))
            .await
    }

    async fn drafts_after(&self, account: AccountId, after: DraftVersion, limit: u32) -> Result<Vec<Draft>> {
        self.readers
            .read(move |db| drafts::after(db, account, after, limit))
            .await
    }

    async fn drafts_version(&self, account: AccountId) -> Result<Option<DraftVersion>> {
        self.readers.read(move |db| drafts::version(db, account)).await
    }
}
