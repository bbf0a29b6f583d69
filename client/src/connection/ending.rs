//! How a connection ended, and what that means: whether to come back, when, and what to tell the person.

use std::time::Duration;

use prilavok_protocol::error::{CloseCode, ErrorCode, Reconnect};
use tokio_tungstenite::tungstenite;

use crate::api::io_reason;
use crate::error::{Error, Unreachable};

/// How it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Ended {
    /// What to do now.
    pub reconnect: Reconnect,
    /// `offline-<reason>` or `stopped-<reason>`.
    pub reason: &'static str,
    /// The server asked to wait so long.
    pub hint: Option<Duration>,
}

impl Ended {
    pub(crate) fn again(reason: &'static str) -> Self {
        Self {
            reconnect: Reconnect::Yes,
            reason,
            hint: None,
        }
    }
}

/// What a failed REST call means for the connection.
pub(super) fn refused(error: &Error) -> Ended {
    let stopped = |reconnect, reason| Ended {
        reconnect,
        reason,
        hint: None,
    };
    match error {
        Error::SignedOut => stopped(Reconnect::SignIn, "signed_out"),
        Error::Refused {
            code: ErrorCode::AccountDisabled,
            ..
        } => stopped(Reconnect::No, "disabled"),
        Error::Refused {
            code: ErrorCode::Removed,
            ..
        } => stopped(Reconnect::No, "removed"),
        Error::Refused {
            code: ErrorCode::RateLimited,
            retry_after_ms,
            ..
        } => Ended {
            reconnect: Reconnect::AfterHint,
            reason: "rate",
            hint: retry_after_ms.map(|ms| Duration::from_millis(ms.into())),
        },
        Error::Unreachable(how) => Ended::again(network_word(*how)),
        Error::Secrets(_) => Ended::again("secrets"),
        _ => Ended::again("server"),
    }
}

fn network_word(how: Unreachable) -> &'static str {
    match how {
        Unreachable::Timeout => "network",
        how => how.as_str(),
    }
}

/// What a failed upgrade means.
pub(super) fn not_opened(error: &tungstenite::Error) -> Ended {
    let ended = |reconnect, reason| Ended {
        reconnect,
        reason,
        hint: None,
    };
    match error {
        tungstenite::Error::Http(response) => match response.status().as_u16() {
            401 => ended(Reconnect::NewToken, "server"),
            403 => ended(Reconnect::No, "disabled"),
            429 => ended(Reconnect::AfterHint, "rate"),
            500..=599 => ended(Reconnect::Yes, "server"),
            _ => ended(Reconnect::Yes, "not_prilavok"),
        },
        tungstenite::Error::Io(error) => Ended::again(network_word(io_reason(error))),
        tungstenite::Error::Tls(_) => Ended::again("tls"),
        tungstenite::Error::Protocol(_) => Ended::again("not_prilavok"),
        _ => Ended::again("network"),
    }
}

/// What a close code means.
pub(super) fn closed(code: CloseCode) -> Ended {
    let reconnect = code.reconnect();
    let reason = match (code, reconnect) {
        (CloseCode::GOING_AWAY | CloseCode::RESTART, _) => "restart",
        (CloseCode::SESSION_REVOKED, _) => "signed_out",
        (CloseCode::ACCOUNT_DISABLED, _) => "disabled",
        (CloseCode::FORBIDDEN, _) => "removed",
        (CloseCode::TOO_MANY_SOCKETS, _) => "too_many",
        (CloseCode::REPLACED | CloseCode::NORMAL, _) => "replaced",
        (_, Reconnect::No | Reconnect::Update) => "update",
        (_, Reconnect::AfterHint) => "rate",
        _ => "server",
    };
    Ended {
        reconnect,
        reason,
        hint: None,
    }
}

#[cfg(test)]
mod tests {
    use super::closed;
    use prilavok_protocol::error::{CloseCode, Reconnect};

    #[test]
    fn every_close_code_has_its_word() {
        let cases = [
            (1000, Reconnect::No, "replaced"),
            (1001, Reconnect::Yes, "restart"),
            (1002, Reconnect::No, "update"),
            (1011, Reconnect::Yes, "server"),
            (1012, Reconnect::Yes, "restart"),
            (1013, Reconnect::Yes, "server"),
            (4001, Reconnect::NewToken, "server"),
            (4002, Reconnect::No, "update"),
            (4003, Reconnect::No, "removed"),
            (4004, Reconnect::No, "disabled"),
            (4007, Reconnect::Resync, "server"),
            (4008, Reconnect::AfterHint, "rate"),
            (4009, Reconnect::SignIn, "signed_out"),
            (4010, Reconnect::Yes, "server"),
            (4011, Reconnect::No, "too_many"),
            (4012, Reconnect::Update, "update"),
            (4013, Reconnect::No, "replaced"),
            (4600, Reconnect::Yes, "server"),
            (4100, Reconnect::No, "update"),
        ];
        for (code, reconnect, reason) in cases {
            let ended = closed(CloseCode(code));
            assert_eq!((ended.reconnect, ended.reason), (reconnect, reason), "{code}");
        }
    }
}
