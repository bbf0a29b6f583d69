//! Accounts, sessions, invitations. Secrets arrive hashed: the store never sees a password or a token.

use async_trait::async_trait;
use prilavok_protocol::ids::{AccountId, BuyerId, SellerId, SessionId};
use prilavok_protocol::rest::{Account, Session};
use prilavok_protocol::time::Time;

use super::Result;

/// SHA-256 of a secret.
pub type SecretHash = [u8; 32];

/// Which party a new account gets.
#[derive(Debug, Clone)]
pub enum NewParty {
    /// A person; the id may be one that the catalogue knows already.
    Buyer(BuyerId),
    /// A shop of its own; the id may be one that the catalogue knows already.
    Seller(SellerId),
    /// An agent of the shop that issued this invitation, which is then used up. `NotFound` when it is not valid.
    Invited(SecretHash),
}

/// An account to make.
#[derive(Debug, Clone)]
pub struct NewAccount {
    /// Its id.
    pub id: AccountId,
    /// Trimmed and lower-cased.
    pub email: String,
    /// The encoded argon2id hash.
    pub password_hash: String,
    /// The person's name, or the shop's.
    pub name: String,
    /// Which party it gets.
    pub party: NewParty,
    /// The server's clock.
    pub at: Time,
}

/// An account as it is stored.
#[derive(Debug, Clone)]
pub struct AccountRecord {
    /// What may be shown.
    pub account: Account,
    /// The encoded argon2id hash.
    pub password_hash: String,
    /// It was closed.
    pub is_disabled: bool,
}

/// A session to open.
#[derive(Debug, Clone)]
pub struct NewSession {
    /// Its id.
    pub id: SessionId,
    /// Whose.
    pub account_id: AccountId,
    /// The first refresh token.
    pub refresh_hash: SecretHash,
    /// What the device called itself.
    pub device_name: Option<String>,
    /// The server's clock.
    pub at: Time,
    /// When an unused session ends.
    pub expires_at: Time,
}

/// What came of presenting a refresh token.
#[derive(Debug, Clone)]
pub enum Rotation {
    /// The new token is in force.
    Rotated {
        /// The session.
        session: SessionId,
        /// Whose.
        account: AccountRecord,
    },
    /// The token was used before: its session has been ended by this call.
    Reused {
        /// The session.
        session: SessionId,
    },
    /// Unknown, expired, or of an ended session.
    Refused,
}

/// Accounts as the store keeps them.
#[async_trait]
pub trait AccountStore: Send + Sync + 'static {
    /// Makes an account, its party and the party's row in the catalogue. `EmailTaken`.
    async fn create_account(&self, account: NewAccount) -> Result<AccountRecord>;

    /// By e-mail, trimmed and lower-cased.
    async fn account_by_email(&self, email: &str) -> Result<Option<AccountRecord>>;

    /// By id.
    async fn account(&self, id: AccountId) -> Result<Option<AccountRecord>>;

    /// All of them, for the command line.
    async fn accounts(&self) -> Result<Vec<(AccountRecord, String)>>;

    /// Replaces the password hash.
    async fn set_password(&self, id: AccountId, password_hash: &str) -> Result<()>;

    /// Closes or reopens an account; closing ends its sessions and returns them.
    async fn set_disabled(&self, id: AccountId, is_disabled: bool) -> Result<Vec<SessionId>>;

    /// Opens a session.
    async fn open_session(&self, session: NewSession) -> Result<()>;

    /// Exchanges a refresh token. Presenting the token before the newest one is forgiven once, as long as the newest
    /// was never used (a lost reply); any other reuse ends the session.
    async fn rotate(&self, used: SecretHash, new: SecretHash, at: Time, expires_at: Time) -> Result<Rotation>;

    /// Whether a session is open and its account is not closed.
    async fn session_is_open(&self, id: SessionId, at: Time) -> Result<bool>;

    /// The open sessions of an account; `is_current` is left false.
    async fn sessions(&self, account: AccountId, at: Time) -> Result<Vec<Session>>;

    /// Ends one session of an account. `NotFound` when it is not theirs.
    async fn end_session(&self, account: AccountId, id: SessionId) -> Result<()>;

    /// Ends all sessions of an account and returns them.
    async fn end_sessions(&self, account: AccountId) -> Result<Vec<SessionId>>;

    /// Stores an invitation to a shop; good once.
    async fn invite(&self, seller: SellerId, secret: SecretHash, expires_at: Time) -> Result<()>;
}
