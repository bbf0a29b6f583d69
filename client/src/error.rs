//! Everything that can go wrong, as one enum, and the shape in which a screen gets it.
//!
//! A screen never shows `Display`: it shows the Fluent message `error-<code>`. `Display` is for the log.

use prilavok_protocol::error::ErrorCode;
use serde::{Serialize, Serializer};

/// How the server could not be reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unreachable {
    /// The name does not resolve.
    Dns,
    /// Nobody listens there.
    Refused,
    /// No trust: a wrong certificate, or no TLS at all.
    Tls,
    /// No answer in time.
    Timeout,
    /// The connection broke, or there is no network.
    Network,
    /// Something answers, but it is not this chat.
    NotPrilavok,
}

impl Unreachable {
    /// The word in `error-<code>` and `offline-<reason>`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Dns => "dns",
            Self::Refused => "refused",
            Self::Tls => "tls",
            Self::Timeout => "timeout",
            Self::Network => "network",
            Self::NotPrilavok => "not_prilavok",
        }
    }
}

/// What went wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The text is no address of a server.
    #[error("this is not the address of a server")]
    BadAddress,
    /// No address was given yet.
    #[error("there is no server address yet")]
    NoServer,
    /// The server speaks another version.
    #[error("the server speaks another version of the protocol")]
    Version,
    /// Nobody is signed in, or the session was ended.
    #[error("nobody is signed in")]
    SignedOut,
    /// A buyer in the seller's app, or the other way round.
    #[error("this account belongs to the other app")]
    WrongRole,
    /// Another engine of this app works for this account.
    #[error("this account is signed in here already")]
    AlreadyHere,
    /// The server could not be reached.
    #[error("the server could not be reached: {}", .0.as_str())]
    Unreachable(Unreachable),
    /// The server refused.
    #[error("the server refused ({code:?}): {detail}")]
    Refused {
        /// The stable name.
        code: ErrorCode,
        /// The server's own sentence.
        detail: String,
        /// How long to wait, where waiting helps.
        retry_after_ms: Option<u32>,
    },
    /// There is no such thread, message, file.
    #[error("there is no such thing")]
    NotFound,
    /// An empty text, a text that is too long, a path that is none of ours.
    #[error("{0}")]
    Invalid(&'static str),
    /// The answer of the server makes no sense.
    #[error("the server's answer cannot be read: {0}")]
    BadAnswer(String),
    /// The local disk or the cache on it.
    #[error("the local store failed: {0}")]
    Disk(String),
    /// The store for secrets.
    #[error("the store for secrets failed: {0}")]
    Secrets(String),
    /// Another instance works on this data directory.
    #[error("another instance of the app uses this data directory")]
    InUse,
    /// The engine has been closed.
    #[error("the engine has been closed")]
    Closed,
}

/// An error, as the screen gets it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct Failure {
    /// Names the Fluent message `error-<code>`.
    pub code: String,
    /// The server's own sentence, where it has one.
    pub detail: Option<String>,
    /// How long to wait, where waiting helps.
    pub retry_after_ms: Option<u32>,
}

impl Error {
    /// The word in the Fluent message `error-<code>`.
    #[must_use]
    pub fn code(&self) -> String {
        let word = match self {
            Self::BadAddress => "bad_address",
            Self::NoServer => "no_server",
            Self::Version => "version",
            Self::SignedOut => "signed_out",
            Self::WrongRole => "wrong_role",
            Self::AlreadyHere => "already_here",
            Self::Unreachable(how) => how.as_str(),
            Self::Refused { code, .. } => return code_word(*code),
            Self::NotFound => "not_found",
            Self::Invalid(_) => "invalid",
            Self::BadAnswer(_) => "bad_answer",
            Self::Disk(_) => "disk",
            Self::Secrets(_) => "secrets",
            Self::InUse => "in_use",
            Self::Closed => "closed",
        };
        word.to_owned()
    }

    /// Whether the same call may succeed later without a change.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Unreachable(how) => *how != Unreachable::NotPrilavok,
            Self::Refused { code, .. } => code.is_retryable(),
            Self::BadAnswer(_) | Self::Disk(_) => true,
            _ => false,
        }
    }

    /// How long the server asked to wait.
    #[must_use]
    pub fn retry_after_ms(&self) -> Option<u32> {
        match self {
            Self::Refused { retry_after_ms, .. } => *retry_after_ms,
            _ => None,
        }
    }

    /// As the screen gets it.
    #[must_use]
    pub fn failure(&self) -> Failure {
        let detail = match self {
            Self::Refused { detail, .. } => Some(detail.clone()),
            _ => None,
        };
        Failure {
            code: self.code(),
            detail,
            retry_after_ms: self.retry_after_ms(),
        }
    }
}

/// The stable code as the word on the wire.
pub(crate) fn code_word(code: ErrorCode) -> String {
    match serde_json::to_value(code) {
        Ok(serde_json::Value::String(word)) => word,
        _ => "unknown".to_owned(),
    }
}

impl Serialize for Error {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.failure().serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use super::{Error, Unreachable};
    use prilavok_protocol::error::ErrorCode;

    #[test]
    fn a_screen_gets_the_code_the_sentence_and_the_wait() {
        let error = Error::Refused {
            code: ErrorCode::RateLimited,
            detail: "Слишком часто".into(),
            retry_after_ms: Some(900),
        };
        let json = serde_json::to_value(&error).unwrap();
        let wanted = serde_json::json!({"code": "rate_limited", "detail": "Слишком часто", "retry_after_ms": 900});
        assert_eq!(json, wanted);
        assert!(error.is_retryable());
    }

    #[test]
    fn what_will_not_change_by_itself_is_not_retried() {
        for error in [
            Error::SignedOut,
            Error::NotFound,
            Error::Unreachable(Unreachable::NotPrilavok),
            Error::WrongRole,
        ] {
            assert!(!error.is_retryable(), "{error:?}");
        }
        assert!(Error::Unreachable(Unreachable::Refused).is_retryable());
    }
}
