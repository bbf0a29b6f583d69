//! What the handle may look at without asking the engine.

use std::sync::{Arc, PoisonError, RwLock};

use tokio::sync::watch;

use crate::api::Api;
use crate::cache::Cache;
use crate::settings::Settings;
use crate::update::{Connection, Identity};

/// An account with its file and its way to the server.
#[derive(Clone)]
pub(crate) struct Signed {
    /// Its file.
    pub cache: Cache,
    /// Its server, asked by it.
    pub api: Arc<Api>,
}

/// What the handle may look at without asking.
pub(crate) struct Shared {
    /// Who is signed in, and where.
    pub identity: watch::Sender<Identity>,
    /// Where the connection stands.
    pub connection: watch::Sender<Connection>,
    /// All unread messages.
    pub unread: watch::Sender<u32>,
    /// What the person chose.
    pub settings: watch::Sender<Settings>,
    /// The account, while there is one.
    pub signed: RwLock<Option<Signed>>,
    /// The server, asked by nobody in particular.
    pub server: RwLock<Option<Arc<Api>>>,
}

impl Shared {
    /// The account, while there is one.
    pub(crate) fn signed(&self) -> Option<Signed> {
        self.signed.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The server, once there is an address.
    pub(crate) fn server(&self) -> Option<Arc<Api>> {
        self.server.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Replaces the account.
    pub(crate) fn set_signed(&self, signed: Option<Signed>) {
        *self.signed.write().unwrap_or_else(PoisonError::into_inner) = signed;
    }

    /// Replaces the server.
    pub(crate) fn set_server(&self, server: Option<Arc<Api>>) {
        *self.server.write().unwrap_or_else(PoisonError::into_inner) = server;
    }
}
