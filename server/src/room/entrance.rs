//! Who is let into a thread: the origin has been checked, the token decides, the store proves membership.

use http::{HeaderMap, Uri};
use prilavok_protocol::error::{CloseCode, ErrorCode};

use super::address;
use crate::accounts::Signed;
use crate::app::SharedApp;
use crate::chat;
use crate::chat::presence::{self, Seat};
use crate::error::Error;
use crate::hub::Door;
use crate::session::ending::Ending;
use crate::session::follow::Follow;
use crate::session::pulse;
use crate::store::chat::Member;

/// Why a socket is not served.
pub enum Refusal {
    /// It is accepted and closed, since only a close code tells a browser why.
    Close(CloseCode, &'static str),
    /// The server cannot do it now.
    Answer(Error),
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        match error.code() {
            ErrorCode::Unauthorized => Self::Close(CloseCode::TOKEN, "sign in"),
            ErrorCode::NotFound | ErrorCode::Forbidden => Self::Close(CloseCode::FORBIDDEN, "not your thread"),
            _ => Self::Answer(error),
        }
    }
}

/// A member of the thread with a place in the hub.
pub struct Visitor {
    /// Who it is.
    pub signed: Signed,
    /// The proof that the thread is theirs.
    pub member: Member,
    /// The place in the hub.
    pub seat: Seat,
    /// How far their log had come.
    pub follow: Follow,
}

/// Lets a member of the thread in. Takes the parts by value: a request with its body must not be held across a wait.
///
/// # Errors
/// Why the socket is not served.
pub async fn enter(app: &SharedApp, thread: &str, (uri, headers): (Uri, HeaderMap)) -> Result<Visitor, Refusal> {
    let claim = address::claim(uri.query().unwrap_or_default());
    let signed = address::who(app, &headers, claim).await?;
    let thread = thread.parse().map_err(|_| Error::not_found())?;
    let member = chat::member(app, &signed, thread).await?;
    let seat =
        presence::sit(app, signed, Door::Room(thread)).map_err(|code| Refusal::Close(code, "too many sockets"))?;
    if let Err(Ending::Close(code, _)) = pulse::check_entrance(app, signed).await {
        return Err(Refusal::Close(code, "no access"));
    }
    let head = app.store.head(signed.party).await.map_err(Error::from)?;
    Ok(Visitor {
        signed,
        member,
        seat,
        follow: Follow::from(signed.party, head),
    })
}
