//! Accounts, sessions, invitations. Secrets arrive hashed: the store never sees a password or a token.

use async_trait::async_trait;
use prilavok_protocol::ids::{AccountId, BuyerId, SellerId, SessionId};
use prilavok_protocol::rest::{Account, Session};
use prilavok_protocol::time::Time;

use super::{Acting, Result};

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
    /// Whether its owner may sign in.
    pub standing: Standing,
}

/// Whether the owner of an account may sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// They may.
    Open,
    /// The operator has closed it.
    Closed,
    /// They have left the shop; whoever registers with the address begins anew.
    Removed,
}

/// Why a session was ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// Somebody signed it out, or its refresh token was stolen.
    SignedOut,
    /// The operator has closed the account.
    Closed,
    /// Its owner has left the shop.
    Removed,
}

/// An end of a session, as every process that serves the store must learn of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Revocation {
    /// They are numbered in the order of their commits.
    pub number: u64,
    /// Which session.
    pub session: SessionId,
    /// Why.
    pub why: Why,
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

    /// Closes or reopens an account; closing ends its sessions, which are returned, and takes its invitations back.
    async fn set_disabled(&self, id: AccountId, is_disabled: bool) -> Result<Vec<SessionId>>;

    /// Opens a session.
    async fn open_session(&self, session: NewSession) -> Result<()>;

    /// Exchanges a refresh token. The same token may be presented again (a reply was lost) until one of those that were
    /// given for it is used: from then on it and the others are spent, and whoever presents a spent one ends the session.
    async fn rotate(&self, used: SecretHash, new: SecretHash, at: Time, expires_at: Time) -> Result<Rotation>;

    /// Whether a session is open and its account is not closed.
    async fn session_is_open(&self, id: SessionId, at: Time) -> Result<bool>;

    /// The open sessions of an account; `is_current` is left false.
    async fn sessions(&self, account: AccountId, at: Time) -> Result<Vec<Session>>;

    /// Ends one session of an account. `NotFound` when it is not theirs.
    async fn end_session(&self, by: Acting<AccountId>, id: SessionId) -> Result<()>;

    /// Ends all sessions of an account and returns them.
    async fn end_sessions(&self, by: Acting<AccountId>) -> Result<Vec<SessionId>>;

    /// Stores an invitation to the shop of this agent; good once. `NotFound` for who is no agent of any.
    async fn invite(&self, by: Acting<AccountId>, secret: SecretHash, expires_at: Time) -> Result<()>;

    /// Who works in a shop, the oldest account first: its owner.
    async fn agents(&self, seller: SellerId) -> Result<Vec<Account>>;

    /// Takes an agent out of the shop of `by`: sessions and invitations end, and the sessions are returned.
    /// `NotFound` when they are not both in one shop.
    async fn remove_agent(&self, by: Acting<AccountId>, id: AccountId) -> Result<Vec<SessionId>>;

    /// Which sessions were ended after this number, by whatever process, in order. At least the newest ten thousand of
    /// all time are remembered.
    async fn revocations_after(&self, number: u64) -> Result<Vec<Revocation>>;
}
