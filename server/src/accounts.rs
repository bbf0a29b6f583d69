//! Who asks: access tokens, tickets, and in `trusted-ids` mode anybody's word. Accounts and their sessions.
//!
//! Passwords and tokens are known here and nowhere below: the store gets hashes.

use http::HeaderMap;
use http::header::{AUTHORIZATION, ORIGIN, SEC_WEBSOCKET_PROTOCOL};
use prilavok_protocol::error::ErrorCode;
use prilavok_protocol::ids::{AccountId, BuyerId, Party, Role, SellerId, SessionId};
use uuid::Uuid;

use crate::app::App;
use crate::config::AuthMode;
use crate::error::Error;

pub mod keys;

pub use keys::Keys;

/// The proof that somebody is signed in; only this module makes one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Signed {
    /// The account.
    pub account: AccountId,
    /// The session of one device.
    pub session: SessionId,
    /// The buyer or the shop that the account acts for.
    pub party: Party,
}

/// Who asks, by `Authorization: Bearer …` or a ticket in `Sec-WebSocket-Protocol` (which is used up).
///
/// # Errors
/// `Unauthorized`, whatever is wrong with the token.
pub async fn authenticate(app: &App, headers: &HeaderMap) -> Result<Signed, Error> {
    let now = app.clock.now();
    let signed = match (bearer(headers), ticket(headers)) {
        (Some(token), _) => app.keys.read_access(token, now)?,
        (None, Some(ticket)) => app.keys.redeem_ticket(ticket, now)?,
        (None, None) => return Err(Error::new(ErrorCode::Unauthorized)),
    };
    if app.store.session_is_open(signed.session, now).await? {
        Ok(signed)
    } else {
        Err(Error::new(ErrorCode::Unauthorized))
    }
}

/// Believes the id, in `trusted-ids` mode only. The account and the session are made of the party's id, so that
/// limits per account hold here too.
///
/// # Errors
/// `Unauthorized` in any other mode; `NotFound` for an id that the catalogue does not know.
pub async fn trusted(app: &App, role: Role, id: Uuid) -> Result<Signed, Error> {
    if app.config.auth.mode != AuthMode::TrustedIds {
        return Err(Error::new(ErrorCode::Unauthorized));
    }
    let party = match role {
        Role::Buyer => Party::buyer(app.store.buyer(BuyerId(id)).await?.id),
        Role::Seller => Party::seller(app.store.seller(SellerId(id)).await?.id),
    };
    Ok(Signed { account: AccountId(id), session: SessionId(id), party })
}

/// Refuses the web pages of strangers. No `Origin`: not a browser, which is fine.
///
/// # Errors
/// `Forbidden`.
pub fn check_origin(app: &App, headers: &HeaderMap) -> Result<(), Error> {
    let Some(origin) = headers.get(ORIGIN) else { return Ok(()) };
    if app.config.allows_origin(origin.as_bytes()) { Ok(()) } else { Err(Error::new(ErrorCode::Forbidden)) }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token.trim())
}

fn ticket(headers: &HeaderMap) -> Option<&str> {
    headers
        .get_all(SEC_WEBSOCKET_PROTOCOL)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .find_map(|name| name.trim().strip_prefix("ticket."))
}
