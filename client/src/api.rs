//! The marketplace API over HTTP: one server, at most one account, every wait bounded.
//!
//! An access token that has run out is replaced once per call, by one caller for all. A refresh whose answer was
//! lost is repeated with the same token: the server forgives exactly that.

mod calls;
mod transport;

use std::sync::Arc;
use std::time::Duration;

use prilavok_protocol::error::ErrorCode;
use prilavok_protocol::rest::{Refresh, Tokens};
use reqwest::{Method, RequestBuilder};
use serde::de::DeserializeOwned;
use tokio::sync::Mutex;
use tokio::time::Instant;
use url::Url;

use crate::error::{Error, Unreachable};
use crate::network::Network;
use crate::secrets::Secrets;

pub(crate) use transport::{Http, io_reason, unreachable};

/// A token that runs out sooner is replaced before it is used: the request still has to get there.
const MARGIN: Duration = Duration::from_secs(30);

/// An access token and until when it is good.
#[derive(Clone)]
pub(crate) struct Access {
    token: String,
    until: Instant,
}

impl Access {
    fn of(tokens: &Tokens) -> Self {
        let life = Duration::from_secs(tokens.expires_in.into());
        Self {
            token: tokens.access_token.clone(),
            until: Instant::now() + life,
        }
    }
}

/// The tokens at hand.
#[derive(Default)]
struct Held {
    access: Option<Access>,
    /// The newest refresh token, while it could not be stored: the one in the store is spent already.
    unsaved: Option<String>,
}

/// One server, and who asks.
pub(crate) struct Api {
    http: Http,
    base: Url,
    secrets: Arc<dyn Secrets>,
    /// Where the refresh token lies; `None` while nobody is signed in.
    key: Option<String>,
    /// The lock makes the refresh a single flight: whoever comes second finds the new token.
    tokens: Mutex<Held>,
}

impl Api {
    /// A server, asked by nobody in particular.
    pub(crate) fn anonymous(http: Http, base: Url, secrets: Arc<dyn Secrets>) -> Self {
        Self {
            http,
            base,
            secrets,
            key: None,
            tokens: Mutex::default(),
        }
    }

    /// The same server, asked by the account whose refresh token lies under `key`.
    pub(crate) fn signed(&self, key: String, tokens: Option<&Tokens>) -> Self {
        Self {
            http: self.http.clone(),
            base: self.base.clone(),
            secrets: Arc::clone(&self.secrets),
            key: Some(key),
            tokens: Mutex::new(Held {
                access: tokens.map(Access::of),
                unsaved: None,
            }),
        }
    }

    /// The way to the server.
    pub(crate) fn network(&self) -> &dyn Network {
        self.http.network()
    }

    /// The server's origin.
    pub(crate) fn base(&self) -> &Url {
        &self.base
    }

    /// A good access token.
    pub(crate) async fn token(&self) -> Result<String, Error> {
        let mut held = self.tokens.lock().await;
        if let Some(unsaved) = held.unsaved.take() {
            self.save(&mut held, unsaved).await?;
        }
        if let Some(good) = held
            .access
            .as_ref()
            .filter(|access| access.until > Instant::now() + MARGIN)
        {
            return Ok(good.token.clone());
        }
        let fresh = self.refresh(&mut held).await?;
        let token = fresh.token.clone();
        held.access = Some(fresh);
        Ok(token)
    }

    /// The server did not take this token: the next caller gets a new one.
    pub(crate) async fn distrust(&self, token: &str) {
        let mut held = self.tokens.lock().await;
        if held.access.as_ref().is_some_and(|access| access.token == token) {
            held.access = None;
        }
    }

    /// Stores the newest refresh token, or keeps it at hand until that works: the server takes the one before it only
    /// once more.
    async fn save(&self, held: &mut Held, newest: String) -> Result<(), Error> {
        let key = self.key.as_deref().ok_or(Error::SignedOut)?;
        if let Err(error) = self.secrets.store(key, &newest).await {
            tracing::warn!(%error, "the newest refresh token could not be stored and is kept at hand");
            held.unsaved = Some(newest);
        }
        Ok(())
    }

    async fn refresh(&self, held: &mut Held) -> Result<Access, Error> {
        let key = self.key.as_deref().ok_or(Error::SignedOut)?;
        let refresh_token = match &held.unsaved {
            Some(newest) => newest.clone(),
            None => self.secrets.load(key).await?.ok_or(Error::SignedOut)?,
        };
        let body = Refresh { refresh_token };
        let ask = || async {
            let request = self.request(Method::POST, "/api/v1/auth/refresh").json(&body);
            self.http.data::<Tokens>(request).await
        };
        let answer = match ask().await {
            // The answer may have been lost after the server changed the token: the same one is still good once. A line
            // that does not answer at all would lose the second one too, and then the session: that try comes later.
            Err(error @ Error::Unreachable(Unreachable::Timeout)) => return Err(error),
            Err(Error::Unreachable(_) | Error::BadAnswer(_)) => ask().await,
            answer => answer,
        };
        match answer {
            Ok(tokens) => {
                let access = Access::of(&tokens);
                self.save(held, tokens.refresh_token).await?;
                Ok(access)
            }
            Err(Error::Refused { code, .. }) if code.status() == 401 => {
                held.unsaved = None;
                self.secrets.remove(key).await?;
                Err(Error::SignedOut)
            }
            Err(error) => Err(error),
        }
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let mut url = self.base.clone();
        url.set_path(path);
        self.http.request(method, url)
    }

    /// Sends a request as the account, with a new token if the first is refused.
    async fn ask<T: DeserializeOwned>(&self, request: RequestBuilder) -> Result<T, Error> {
        let token = self.token().await?;
        let again = request.try_clone();
        match self.http.json::<T>(request.bearer_auth(&token)).await {
            Err(Error::Refused {
                code: ErrorCode::Unauthorized,
                ..
            }) => {
                self.distrust(&token).await;
                let token = self.token().await?;
                let again = again.ok_or(Error::SignedOut)?;
                self.http.json(again.bearer_auth(token)).await
            }
            answer => answer,
        }
    }
}
