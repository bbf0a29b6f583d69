//! The accounts' trait.

use async_trait::async_trait;
use prilavok_protocol::ids::{AccountId, SellerId, SessionId};
use prilavok_protocol::rest::{Account, Session};
use prilavok_protocol::time::Time;

use super::super::writer::Writing;
use super::super::{SqliteStore, accounts, revocations, sessions};
use crate::store::accounts::{
    AccountRecord, AccountStore, NewAccount, NewSession, Revocation, Rotation, SecretHash, Why,
};
use crate::store::{Acting, Result};

#[async_trait]
impl AccountStore for SqliteStore {
    async fn create_account(&self, account: NewAccount) -> Result<AccountRecord> {
        self.writer
            .write(move |writing| accounts::create(&writing.db, &account))
            .await
    }

    async fn account_by_email(&self, email: &str) -> Result<Option<AccountRecord>> {
        let email = email.to_owned();
        self.readers.read(move |db| accounts::by_email(db, &email)).await
    }

    async fn account(&self, id: AccountId) -> Result<Option<AccountRecord>> {
        self.readers.read(move |db| accounts::by_id(db, id)).await
    }

    async fn accounts(&self) -> Result<Vec<(AccountRecord, String)>> {
        self.readers.read(accounts::all).await
    }

    async fn set_password(&self, id: AccountId, password_hash: &str) -> Result<()> {
        let hash = password_hash.to_owned();
        self.writer
            .write(move |writing| accounts::set_password(&writing.db, id, &hash))
            .await
    }

    async fn set_disabled(&self, id: AccountId, is_disabled: bool) -> Result<Vec<SessionId>> {
        self.writer
            .write(move |writing| accounts::set_disabled(&writing.db, id, is_disabled))
            .await
    }

    async fn open_session(&self, session: NewSession) -> Result<()> {
        self.writer
            .write(move |writing| sessions::open(&writing.db, &session))
            .await
    }

    async fn rotate(&self, used: SecretHash, new: SecretHash, at: Time, expires_at: Time) -> Result<Rotation> {
        self.writer
            .write(move |writing| sessions::rotate(&writing.db, used, new, at, expires_at))
            .await
    }

    async fn session_is_open(&self, id: SessionId, at: Time) -> Result<bool> {
        self.readers.read(move |db| sessions::is_open(db, id, at)).await
    }

    async fn sessions(&self, account: AccountId, at: Time) -> Result<Vec<Session>> {
        self.readers.read(move |db| sessions::of_account(db, account, at)).await
    }

    async fn end_session(&self, by: Acting<AccountId>, id: SessionId) -> Result<()> {
        let end = move |writing: &mut Writing| {
            sessions::must_not_have_ended(&writing.db, by.session())?;
            sessions::end(&writing.db, by.who(), id)
        };
        self.writer.write(end).await
    }

    async fn end_sessions(&self, by: Acting<AccountId>) -> Result<Vec<SessionId>> {
        let end = move |writing: &mut Writing| {
            sessions::must_not_have_ended(&writing.db, by.session())?;
            sessions::end_all(&writing.db, by.who(), Why::SignedOut)
        };
        self.writer.write(end).await
    }

    async fn invite(&self, by: Acting<AccountId>, secret: SecretHash, expires_at: Time) -> Result<()> {
        let invite = move |writing: &mut Writing| {
            sessions::must_not_have_ended(&writing.db, by.session())?;
            accounts::invite(&writing.db, by.who(), secret, expires_at)
        };
        self.writer.write(invite).await
    }

    async fn agents(&self, seller: SellerId) -> Result<Vec<Account>> {
        self.readers.read(move |db| accounts::agents(db, seller)).await
    }

    async fn remove_agent(&self, by: Acting<AccountId>, id: AccountId) -> Result<Vec<SessionId>> {
        let remove = move |writing: &mut Writing| {
            sessions::must_not_have_ended(&writing.db, by.session())?;
            accounts::remove(&writing.db, by.who(), id)
        };
        self.writer.write(remove).await
    }

    async fn revocations_after(&self, number: u64) -> Result<Vec<Revocation>> {
        self.watcher.read(move |db| revocations::after(db, number)).await
    }
}
