//! Why a socket ends, of either door, and the last words for it.

use std::borrow::Cow;
use std::time::Duration;

use prilavok_protocol::error::CloseCode;

use super::wire::{Lost, Wire};
use crate::error::Error;

/// Why a socket ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ending {
    /// The peer has gone.
    Gone,
    /// The server stops.
    Stop,
    /// With this code and reason.
    Close(CloseCode, Cow<'static, str>),
}

impl Ending {
    /// With this code; the reason is for whoever looks into a log.
    #[must_use]
    pub fn close(code: CloseCode, reason: &'static str) -> Self {
        Self::Close(code, Cow::Borrowed(reason))
    }

    /// A flood: the reason carries the hint.
    #[must_use]
    pub fn flood(wait: Duration) -> Self {
        Self::Close(CloseCode::RATE, format!("retry_after_ms={}", wait.as_millis()).into())
    }

    /// A code that the hub chose.
    #[must_use]
    pub fn cut_off(code: CloseCode) -> Self {
        let reason = match code {
            CloseCode::SLOW_READER => "slow reader",
            CloseCode::SESSION_REVOKED => "session ended",
            CloseCode::ACCOUNT_DISABLED => "account closed",
            CloseCode::FORBIDDEN => "not an agent of this shop any more",
            CloseCode::REPLACED => "replaced by a newer socket",
            CloseCode::TOO_MANY_SOCKETS => "too many sockets",
            _ => "",
        };
        Self::close(code, reason)
    }

    /// A fault of the server, logged here; the peer comes back.
    #[must_use]
    pub fn fault(error: &Error) -> Self {
        tracing::error!(%error, "A socket ended because the store failed");
        Self::close(CloseCode::INTERNAL, "internal")
    }

    /// Closes the wire accordingly.
    pub async fn finish(self, wire: Wire) {
        match self {
            Self::Gone => {}
            Self::Stop => wire.close(CloseCode::RESTART, "restart").await,
            Self::Close(code, reason) => wire.close(code, &reason).await,
        }
    }
}

impl From<Lost> for Ending {
    fn from(lost: Lost) -> Self {
        match lost {
            Lost::Gone => Self::Gone,
            Lost::Slow => Self::cut_off(CloseCode::SLOW_READER),
        }
    }
}
