//! Error codes, problem documents, and close codes with whether a client may reconnect.

use serde::{Deserialize, Serialize};

/// The stable names of what can go wrong. Texts may change, these do not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// Not JSON, not UTF-8, not a frame at all.
    Malformed,
    /// A value is missing, of the wrong type or out of range.
    Invalid,
    /// A parameter of the address is wrong.
    BadRequest,
    /// Nobody is signed in, or the token has expired.
    Unauthorized,
    /// Unknown person or wrong password; the two look the same.
    BadCredentials,
    /// Signed in, but not allowed to do this.
    Forbidden,
    /// It does not exist, or you may not know that it does.
    NotFound,
    /// This method is not served here.
    MethodNotAllowed,
    /// The id is taken by other content.
    Conflict,
    /// The e-mail address has an account already.
    EmailTaken,
    /// The body or the text is too long.
    TooLarge,
    /// Only JSON is understood here.
    UnsupportedMediaType,
    /// Too much in too short a time; the answer says how long to wait.
    RateLimited,
    /// The server cannot do it now (busy, disk full, stopping); try again.
    Unavailable,
    /// The account was closed.
    AccountDisabled,
    /// The account's owner has left the shop, or was taken out of it.
    Removed,
    /// The refresh token was used before: the session has ended.
    TokenReused,
    /// A command that this server does not know.
    UnknownCommand,
    /// The request took too long.
    Timeout,
    /// A fault of the server, logged there.
    Internal,
    /// A code of a later version.
    #[serde(other)]
    Unknown,
}

impl ErrorCode {
    /// The HTTP status that goes with it.
    #[must_use]
    pub fn status(self) -> u16 {
        match self {
            Self::Malformed | Self::BadRequest => 400,
            Self::Unauthorized | Self::BadCredentials | Self::TokenReused => 401,
            Self::Forbidden | Self::AccountDisabled | Self::Removed => 403,
            Self::NotFound => 404,
            Self::MethodNotAllowed => 405,
            Self::Timeout => 408,
            Self::Conflict | Self::EmailTaken => 409,
            Self::TooLarge => 413,
            Self::UnsupportedMediaType => 415,
            Self::Invalid | Self::UnknownCommand => 422,
            Self::RateLimited => 429,
            Self::Internal | Self::Unknown => 500,
            Self::Unavailable => 503,
        }
    }

    /// Whether the same request may succeed later without a change.
    #[must_use]
    pub fn is_retryable(self) -> bool {
        match self {
            Self::RateLimited | Self::Unavailable | Self::Internal | Self::Unknown | Self::Timeout => true,
            // A new token is fetched first, then the same request is sent again.
            Self::Unauthorized => true,
            _ => false,
        }
    }
}

/// A refusal on a socket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
pub struct Fault {
    /// The stable name.
    pub code: ErrorCode,
    /// A sentence that may be shown.
    pub detail: String,
    /// How long to wait, where waiting helps.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after_ms: Option<u32>,
}

/// One wrong value in a body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
pub struct FieldError {
    /// JSON pointer to the value.
    pub pointer: String,
    /// What kind of mistake.
    pub code: String,
    /// A sentence that may be shown.
    pub detail: String,
}

/// `application/problem+json` (RFC 9457).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
pub struct Problem {
    /// `about:blank`, or the page that explains the code.
    #[serde(rename = "type")]
    pub kind: String,
    /// The status in words.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// A sentence that a client may show.
    pub detail: String,
    /// The stable name.
    pub code: ErrorCode,
    /// Names this request in the server's log.
    pub request_id: String,
    /// The wrong values, for 422.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
}

/// What a client does after a close.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reconnect {
    /// With backoff and jitter.
    Yes,
    /// After the server's hint, then as above.
    AfterHint,
    /// With a new ticket or access token.
    NewToken,
    /// After dropping the cursor.
    Resync,
    /// Only once the person has signed in again.
    SignIn,
    /// Only once the app has been updated.
    Update,
    /// Not by itself.
    No,
}

/// Close codes of both sockets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct CloseCode(pub u16);

impl CloseCode {
    /// The client is done.
    pub const NORMAL: Self = Self(1000);
    /// The server stops.
    pub const GOING_AWAY: Self = Self(1001);
    /// The peer broke the WebSocket protocol.
    pub const PROTOCOL: Self = Self(1002);
    /// Binary frames are not understood.
    pub const BINARY: Self = Self(1003);
    /// The text is not UTF-8.
    pub const BAD_UTF8: Self = Self(1007);
    /// The frame is too big.
    pub const TOO_BIG: Self = Self(1009);
    /// A fault of the server.
    pub const INTERNAL: Self = Self(1011);
    /// The server restarts.
    pub const RESTART: Self = Self(1012);
    /// The server is too busy.
    pub const BUSY: Self = Self(1013);
    /// The ticket or token is missing, used or expired.
    pub const TOKEN: Self = Self(4001);
    /// Three frames did not fit the schema.
    pub const SCHEMA: Self = Self(4002);
    /// Not a member of this thread, or of the shop any more.
    pub const FORBIDDEN: Self = Self(4003);
    /// The account was closed.
    pub const ACCOUNT_DISABLED: Self = Self(4004);
    /// The cursor cannot be resumed.
    pub const BAD_CURSOR: Self = Self(4007);
    /// Too much in too short a time.
    pub const RATE: Self = Self(4008);
    /// The session was ended.
    pub const SESSION_REVOKED: Self = Self(4009);
    /// The reader fell behind.
    pub const SLOW_READER: Self = Self(4010);
    /// Too many sockets of one account.
    pub const TOO_MANY_SOCKETS: Self = Self(4011);
    /// The client's version is not served.
    pub const VERSION: Self = Self(4012);
    /// A newer socket of the same device is there.
    pub const REPLACED: Self = Self(4013);

    /// What a client does after it. Unknown codes are judged by their range:
    /// 1xxx and 4500–4999 may come back, the rest may not.
    #[must_use]
    pub fn reconnect(self) -> Reconnect {
        match self.0 {
            1000 | 1002 | 1003 | 1007 | 1009 => Reconnect::No,
            4001 => Reconnect::NewToken,
            4007 => Reconnect::Resync,
            4008 => Reconnect::AfterHint,
            4009 => Reconnect::SignIn,
            4010 => Reconnect::Yes,
            4012 => Reconnect::Update,
            4500..=4999 | 1000..=1999 => Reconnect::Yes,
            _ => Reconnect::No,
        }
    }
}
