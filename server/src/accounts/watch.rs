//! Shutting out: the sockets of sessions that have ended, by this process or by another one, such as the command line.
//!
//! One task for the whole server asks the store several times a second what has ended since; what it costs does not grow
//! with the sockets. The checks of each socket stay behind it as a second net.

use prilavok_protocol::error::CloseCode;
use prilavok_protocol::ids::SessionId;

use crate::app::{App, SharedApp};
use crate::store;
use crate::store::accounts::{Standing, Why};

/// Closes the sockets of these sessions.
pub(super) fn shut_out(app: &App, sessions: &[SessionId], why: Why) {
    for session in sessions {
        app.hub.end_session(*session, close_code(why));
    }
}

/// What their sockets are closed with.
fn close_code(why: Why) -> CloseCode {
    match why {
        Why::SignedOut => CloseCode::SESSION_REVOKED,
        Why::Closed => CloseCode::ACCOUNT_DISABLED,
        Why::Removed => CloseCode::FORBIDDEN,
    }
}

/// With what a socket is closed whose session is over, judged by its account.
#[must_use]
pub fn close_code_of(standing: Option<Standing>) -> CloseCode {
    close_code(match standing {
        Some(Standing::Closed) => Why::Closed,
        Some(Standing::Removed) => Why::Removed,
        Some(Standing::Open) | None => Why::SignedOut,
    })
}

/// Watches until the server stops.
pub async fn watch(app: SharedApp) {
    let (mut seen, mut is_failing) = (0, false);
    loop {
        let outcome = look(&app, seen).await;
        // Said once for a row of failures.
        match &outcome {
            Err(error) if !is_failing => {
                tracing::warn!(%error, "Nobody knows what other processes have ended; each socket's own check will find it.");
            }
            _ => {}
        }
        is_failing = outcome.is_err();
        seen = outcome.unwrap_or(seen);
        tokio::select! {
            () = app.stopping.cancelled() => return,
            () = tokio::time::sleep(app.config.sockets.revocation_check) => {}
        }
    }
}

/// Shuts out what has ended after this number; up to which it is done now.
async fn look(app: &App, seen: u64) -> store::Result<u64> {
    let ended = app.store.revocations_after(seen).await?;
    for revocation in &ended {
        app.hub.end_session(revocation.session, close_code(revocation.why));
    }
    Ok(ended.last().map_or(seen, |last| last.number))
}
