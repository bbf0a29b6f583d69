//! The server's address, signing in and out.

use std::sync::Arc;
use std::time::Duration;

use prilavok_protocol::PROTOCOL_VERSION;
use prilavok_protocol::ids::{AccountId, SessionId};
use prilavok_protocol::rest::{Account, Invitation, Login, Register, ServerInfo, Session, Tokens};
use url::Url;

use super::Client;
use crate::address;
use crate::api::Api;
use crate::cache::Cache;
use crate::engine::{Input, Signed};
use crate::error::{Error, Unreachable};
use crate::profile::{self, Profile};
use crate::settings::Settings;
use crate::update::Identity;

/// Signing out waits no longer for a server that does not answer: this device forgets its token anyway.
const FAREWELL: Duration = Duration::from_secs(5);

impl Client {
    /// Asks the address who it is, and remembers it. Another server than before signs out.
    pub async fn set_server(&self, address: &str) -> Result<ServerInfo, Error> {
        let origin = address::parse(address)?;
        let api = Api::anonymous(self.inner.http.clone(), origin.clone(), Arc::clone(&self.inner.secrets));
        let info = api.server().await?;
        if info.protocol != PROTOCOL_VERSION {
            return Err(Error::Version);
        }
        let mut profile = self.inner.profile.lock().await;
        let shown = address::shown(&origin);
        let is_other = profile.server.as_deref() != Some(shown.as_str());
        if let (true, Some(account), Some(old)) = (is_other, &profile.account, &profile.server) {
            self.inner.secrets.remove(&secret_key(old, account.id)).await?;
        }
        if is_other {
            profile.account = None;
        }
        profile.server = Some(shown);
        profile.server_name = Some(info.name.clone());
        profile::save(&self.inner.home, &profile)?;
        let identity = self.identity_of(&profile);
        self.inner.shared.set_server(Some(Arc::new(api)));
        if is_other {
            self.account(identity, None, false).await?;
        } else {
            self.tell(Input::Identity(Box::new(identity))).await?;
        }
        Ok(info)
    }

    /// A fresh engine begins where another one stands: the same server and settings, but nobody signed in.
    pub async fn begin_like(&self, other: &Self) -> Result<(), Error> {
        let model = other.inner.profile.lock().await.clone();
        let mut profile = self.inner.profile.lock().await;
        if profile.account.is_some() {
            return Ok(());
        }
        profile.server = model.server;
        profile.server_name = model.server_name;
        profile.settings = Settings {
            muted: Vec::new(),
            ..model.settings
        };
        profile::save(&self.inner.home, &profile)?;
        self.inner.shared.settings.send_replace(profile.settings.clone());
        self.resume(&profile).await
    }

    /// Signs in. Needs the server.
    pub async fn sign_in(&self, email: &str, password: &str) -> Result<Account, Error> {
        let api = self.inner.shared.server().ok_or(Error::NoServer)?;
        let login = Login {
            email: email.trim().to_owned(),
            password: password.to_owned(),
            device_name: Some(self.device_name()),
        };
        let tokens = api.login(&login).await.map_err(not_there)?;
        self.signed_in(&api, tokens).await
    }

    /// Makes an account and signs in. Needs the server.
    pub async fn register(&self, mut register: Register) -> Result<Account, Error> {
        let api = self.inner.shared.server().ok_or(Error::NoServer)?;
        register.role = self.inner.role;
        register.device_name.get_or_insert_with(|| self.device_name());
        let tokens = api.register(&register).await.map_err(not_there)?;
        self.signed_in(&api, tokens).await
    }

    async fn signed_in(&self, api: &Api, tokens: Tokens) -> Result<Account, Error> {
        let account = tokens.account.clone();
        let mut profile = self.inner.profile.lock().await;
        let server = address::shown(api.base());
        let key = secret_key(&server, account.id);
        let api = Arc::new(api.signed(key.clone(), Some(&tokens)));
        if account.role != self.inner.role {
            // The session is of no use here: best ended at once.
            let _ = tokio::time::timeout(FAREWELL, api.logout(false)).await;
            return Err(Error::WrongRole);
        }
        // The same account again: its file is handed over, not opened twice.
        let before = self.identity();
        self.account(before, None, false).await?;
        let cache = match self.open_cache(api.base(), account.id).await {
            Ok(cache) => cache,
            Err(error) => {
                // The new session is of no use, and whoever was here stays.
                let _ = tokio::time::timeout(FAREWELL, api.logout(false)).await;
                self.resume(&profile).await?;
                return Err(if error == Error::InUse {
                    Error::AlreadyHere
                } else {
                    error
                });
            }
        };
        self.inner.secrets.store(&key, &tokens.refresh_token).await?;
        profile.account = Some(account.clone());
        profile::save(&self.inner.home, &profile)?;
        let identity = self.identity_of(&profile);
        self.account(identity, Some(Signed { cache, api }), true).await?;
        Ok(account)
    }

    /// Signs out this device, or all of them. The cache stays for the next time.
    pub async fn sign_out(&self, everywhere: bool) -> Result<(), Error> {
        let Some(signed) = self.inner.shared.signed() else {
            return Ok(());
        };
        let farewell = tokio::time::timeout(FAREWELL, signed.api.logout(everywhere)).await;
        match farewell.unwrap_or(Err(Error::Unreachable(Unreachable::Timeout))) {
            Ok(()) | Err(Error::SignedOut) => {}
            Err(error) if everywhere => return Err(error),
            Err(error) => tracing::warn!(%error, "the server was not told of the sign-out"),
        }
        let mut profile = self.inner.profile.lock().await;
        if let (Some(account), Some(server)) = (&profile.account, &profile.server) {
            self.inner.secrets.remove(&secret_key(server, account.id)).await?;
        }
        profile.account = None;
        profile::save(&self.inner.home, &profile)?;
        let identity = self.identity_of(&profile);
        self.account(identity, None, false).await
    }

    /// The signed-in devices. Needs the server.
    pub async fn sessions(&self) -> Result<Vec<Session>, Error> {
        let signed = self.signed()?;
        self.checked(signed.api.sessions().await).await
    }

    /// Signs out another device. Needs the server.
    pub async fn end_session(&self, id: SessionId) -> Result<(), Error> {
        let signed = self.signed()?;
        self.checked(signed.api.end_session(id).await).await
    }

    /// An invitation for a colleague. Needs the server.
    pub async fn invite(&self) -> Result<Invitation, Error> {
        let signed = self.signed()?;
        self.checked(signed.api.invite().await).await
    }

    /// What the last run left: the address, and the account with its file.
    pub(super) async fn resume(&self, profile: &Profile) -> Result<(), Error> {
        let Some(server) = &profile.server else {
            return Ok(());
        };
        let Ok(origin) = address::parse(server) else {
            return Ok(());
        };
        let api = Api::anonymous(self.inner.http.clone(), origin, Arc::clone(&self.inner.secrets));
        let mut signed = None;
        let mut has_token = false;
        if let Some(account) = &profile.account {
            let key = secret_key(server, account.id);
            // A locked keychain is no reason not to show what is here, and may be unlocked any moment: each try asks it anew.
            has_token = !matches!(self.inner.secrets.load(&key).await, Ok(None));
            let cache = self.open_cache(api.base(), account.id).await?;
            signed = Some(Signed {
                cache,
                api: Arc::new(api.signed(key, None)),
            });
        }
        self.inner.shared.set_server(Some(Arc::new(api)));
        self.account(self.identity_of(profile), signed, has_token).await
    }

    async fn account(&self, identity: Identity, signed: Option<Signed>, has_token: bool) -> Result<(), Error> {
        self.ask(|answer| Input::Account {
            identity: Box::new(identity),
            signed,
            has_token,
            answer,
        })
        .await
    }

    async fn open_cache(&self, server: &Url, account: AccountId) -> Result<Cache, Error> {
        let folder = format!("{}-{account}", address::file_name(server));
        let path = self.inner.data_dir.join("accounts").join(folder).join("cache.sqlite");
        let (cache, was_broken) = if self.inner.has_threads {
            Cache::open(&path, self.inner.role, account).await?
        } else {
            Cache::open_here(&path, self.inner.role, account)?
        };
        if was_broken {
            self.tell(Input::Warn("cache")).await?;
        }
        Ok(cache)
    }

    pub(super) fn identity_of(&self, profile: &Profile) -> Identity {
        Identity {
            server: profile.server.clone(),
            server_name: profile.server_name.clone(),
            account: profile.account.clone(),
            keychain: self.inner.secrets.is_keychain(),
        }
    }

    fn device_name(&self) -> String {
        format!("{} ({})", self.inner.app, std::env::consts::OS)
    }
}

/// Signing in at an address where no chat answers is a matter of the address.
fn not_there(error: Error) -> Error {
    match error {
        Error::BadAnswer(_) => Error::Unreachable(Unreachable::NotPrilavok),
        error => error,
    }
}

fn secret_key(server: &str, account: AccountId) -> String {
    format!("refresh {server} {account}")
}
