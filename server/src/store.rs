//! The store: where everything durable lives. Each method is one whole transaction, named as the domain says it.
//!
//! A returned `Ok` of a writing method means *durable*: it survives `kill -9` and power loss. An `Err` means that
//! nothing was written, except [`Error::Unknown`], after which the caller must let the client ask again.
//! Two implementations are held to one conformance suite: [`sqlite`] today, PostgreSQL beside it.

use std::sync::Arc;

pub mod accounts;
mod acting;
pub mod catalogue;
pub mod chat;
pub mod conformance;
pub mod drafts;
mod shared_event;
pub mod sqlite;

pub use accounts::AccountStore;
pub use acting::Acting;
pub use catalogue::CatalogueStore;
pub use chat::{Change, ChatStore, Delivery, Member};
pub use drafts::DraftStore;
pub use shared_event::SharedEvent;

/// Everything that a store must do.
pub trait Store: AccountStore + CatalogueStore + ChatStore + DraftStore {}

impl<T: AccountStore + CatalogueStore + ChatStore + DraftStore> Store for T {}

/// The store that the application was started with.
pub type SharedStore = Arc<dyn Store>;

/// Why a store method did not do it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It does not exist, or not for this party.
    #[error("not found")]
    NotFound,
    /// The id is taken by other content.
    #[error("conflict")]
    Conflict,
    /// The session in which this was asked has ended, or its account was closed.
    #[error("session ended")]
    SessionEnded,
    /// The e-mail address has an account already.
    #[error("e-mail taken")]
    EmailTaken,
    /// The medium is full; nothing was written.
    #[error("disk full")]
    Full,
    /// Too many writes are waiting, or the store is stopping; nothing was written.
    #[error("busy")]
    Busy,
    /// The answer of the medium is unknown; the caller must not acknowledge.
    #[error("outcome unknown: {0}")]
    Unknown(String),
    /// Anything else; nothing was written.
    #[error("store: {0}")]
    Internal(String),
}

/// The result of a store method.
pub type Result<T> = std::result::Result<T, Error>;
