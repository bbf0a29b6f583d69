//! Who asks: access tokens, tickets, and in `trusted-ids` mode anybody's word. Accounts and their sessions.
//!
//! Passwords and tokens are known here and nowhere below: the store gets hashes.

use http::HeaderMap;
use http::header::{AUTHORIZATION, ORIGIN, SEC_WEBSOCKET_PROTOCOL};
use prilavok_protocol::error::ErrorCode;
use prilavok_protocol::ids::{AccountId, BuyerId, Party, Role, SellerId, SessionId};
use prilavok_protocol::rest::Account;
use secrecy::ExposeSecret;
use subtle::ConstantTimeEq;
use uuid::Uuid;

use crate::app::App;
use crate::config::AuthMode;
use crate::error::Error;
use crate::store::Acting;

mod agents;
pub mod keys;
pub mod passwords;
mod sign_in;
pub mod watch;

pub use agents::{agents, invite, remove_agent};
pub use keys::Keys;
pub use passwords::Passwords;
pub use sign_in::{check_password, end_session, end_sessions, login, me, normal_email, refresh, register, sessions};

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

impl Signed {
    /// An account on one of its devices.
    ///
    /// # Errors
    /// `Internal` for an account without a party, which no store makes.
    fn of(account: &Account, session: SessionId) -> Result<Self, Error> {
        let party = match (account.buyer_id, account.seller_id) {
            (Some(buyer), None) => Party::buyer(buyer),
            (None, Some(seller)) => Party::seller(seller),
            _ => return Err(Error::internal("an account belongs to exactly one party")),
        };
        Ok(Self {
            account: account.id,
            session,
            party,
        })
    }
}

impl Signed {
    /// The account as it writes: only as long as its session is open.
    #[must_use]
    pub fn acting(&self) -> Acting<AccountId> {
        Acting::from(self.account).within(self.session)
    }
}

/// Who asks, by `Authorization: Bearer …`.
///
/// # Errors
/// `Unauthorized`, whatever is wrong with the token.
pub async fn authenticate(app: &App, headers: &HeaderMap) -> Result<Signed, Error> {
    let token = bearer(headers).ok_or_else(|| Error::new(ErrorCode::Unauthorized))?;
    still_open(app, app.keys.read_access(token, app.clock.now())?).await
}

/// Who opens a socket, by `Authorization: Bearer …` or a ticket in `Sec-WebSocket-Protocol`, which is used up. Only
/// here: a ticket opens one socket and nothing else.
///
/// # Errors
/// `Unauthorized`, whatever is wrong with the token.
pub async fn authenticate_socket(app: &App, headers: &HeaderMap) -> Result<Signed, Error> {
    match (bearer(headers), ticket(headers)) {
        (None, Some(ticket)) => still_open(app, app.keys.redeem_ticket(ticket, app.clock.now())?).await,
        _ => authenticate(app, headers).await,
    }
}

/// A genuine token, as long as its session is not ended.
async fn still_open(app: &App, signed: Signed) -> Result<Signed, Error> {
    let now = app.clock.now();
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
    Ok(Signed {
        account: AccountId(id),
        session: SessionId(id),
        party,
    })
}

/// Refuses the web pages of strangers. No `Origin`: not a browser, which is fine.
///
/// # Errors
/// `Forbidden`.
pub fn check_origin(app: &App, headers: &HeaderMap) -> Result<(), Error> {
    let Some(origin) = headers.get(ORIGIN) else {
        return Ok(());
    };
    if app.config.allows_origin(origin.as_bytes()) {
        Ok(())
    } else {
        Err(Error::new(ErrorCode::Forbidden))
    }
}

/// Whether the marketplace itself asks, by its service token; compared in constant time.
///
/// # Errors
/// `Unauthorized` for no or a wrong token, `Forbidden` for a person's.
pub async fn check_service_token(app: &App, headers: &HeaderMap) -> Result<(), Error> {
    let refused = Error::new(ErrorCode::Unauthorized);
    let Some(token) = bearer(headers) else {
        return Err(refused);
    };
    if let Some(ours) = &app.config.auth.service_token {
        // Of equal length whatever was sent, so that not even the length can be measured.
        let (ours, theirs) = (keys::hash(ours.expose_secret()), keys::hash(token));
        if bool::from(ours.ct_eq(&theirs)) {
            return Ok(());
        }
    }
    match authenticate(app, headers).await {
        Ok(_) => Err(Error::new(ErrorCode::Forbidden)),
        Err(_) => Err(refused),
    }
}

/// Whole seconds, as `expires_in` says it.
#[must_use]
pub fn seconds(life: std::time::Duration) -> u32 {
    u32::try_from(life.as_secs()).unwrap_or(u32::MAX)
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
