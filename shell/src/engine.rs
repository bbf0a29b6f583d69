//! The engine's handle, for commands that may be called before it is open.
//!
//! The window comes up at once; the engine opens beside it (a locked keychain or a slow disk may take seconds), and every
//! command waits for it. If it cannot be opened, every command answers with the reason.

use std::time::Duration;

use prilavok_client::{Client, Error};
use tokio::sync::SetOnce;

use crate::place::asked;

/// A server that is being started beside the app, as in the demo, is up within this time: 40 × 500 ms.
const FIRST_TRIES: u32 = 40;
const PAUSE: Duration = Duration::from_millis(500);
/// Flushing needs milliseconds; more means a dying disk, and the person wants to leave.
const FAREWELL: Duration = Duration::from_secs(5);

/// The engine, once it is open.
pub(crate) struct Engine(SetOnce<Result<Client, Error>>);

impl Engine {
    pub(crate) fn new() -> Self {
        Self(SetOnce::new())
    }

    /// Says how opening went. Only the first word counts.
    pub(crate) fn opened(&self, outcome: Result<Client, Error>) {
        if self.0.set(outcome).is_err() {
            tracing::error!("The engine was opened twice.");
        }
    }

    /// The handle; waits until the engine is open.
    pub(crate) async fn client(&self) -> Result<Client, Error> {
        self.0.wait().await.clone()
    }

    /// The handle, if the engine is open.
    pub(crate) fn ready(&self) -> Option<Client> {
        self.0.get().and_then(|outcome| outcome.clone().ok())
    }

    /// Why it could not be opened.
    pub(crate) fn fault(&self) -> Option<Error> {
        self.0.get().and_then(|outcome| outcome.clone().err())
    }

    /// Stops the engine; all is on disk when it returns, unless the disk hangs.
    pub(crate) async fn close(&self) {
        let Some(client) = self.ready() else { return };
        if tokio::time::timeout(FAREWELL, client.close()).await.is_err() {
            tracing::error!("The engine did not close in time. What was written before is safe.");
        }
    }
}

/// Follows `PRILAVOK_SERVER` and `PRILAVOK_SIGN_IN=email:password` (demo, tests, prepared machines) when nobody is signed in.
pub(crate) async fn first_start(client: &Client) {
    if client.identity().account.is_some() {
        return;
    }
    if let Some(address) = asked("PRILAVOK_SERVER")
        && let Err(error) = insist(|| client.set_server(&address)).await
    {
        tracing::warn!(%error, "The server named by PRILAVOK_SERVER was not accepted.");
        return;
    }
    let Some(pair) = asked("PRILAVOK_SIGN_IN") else {
        return;
    };
    let Some((email, password)) = pair.split_once(':') else {
        tracing::warn!("PRILAVOK_SIGN_IN is not of the form email:password.");
        return;
    };
    if let Err(error) = insist(|| client.sign_in(email, password)).await {
        tracing::warn!(%error, "Signing in with PRILAVOK_SIGN_IN failed.");
    }
}

/// Tries again while trying again may help.
async fn insist<T, Attempt: Future<Output = Result<T, Error>>>(attempt: impl Fn() -> Attempt) -> Result<T, Error> {
    for _ in 1..FIRST_TRIES {
        match attempt().await {
            Err(error) if error.is_retryable() => tokio::time::sleep(PAUSE).await,
            outcome => return outcome,
        }
    }
    attempt().await
}
