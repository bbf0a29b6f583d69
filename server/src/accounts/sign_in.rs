//! Making accounts, signing in and out, refreshing.
//!
//! An unknown person and a wrong password get one answer after one duration; guessing slows down the guesser's address
//! and never locks the account.

use std::net::IpAddr;

use prilavok_protocol::error::ErrorCode;
use prilavok_protocol::ids::{AccountId, BuyerId, Role, SellerId, SessionId};
use prilavok_protocol::limits::{NAME_CHARS, PASSWORD_CHARS};
use prilavok_protocol::rest::{Account, Login, Register, Session, Tokens};
use tokio::time::Instant;

use super::keys::{Secret, after, hash};
use super::watch::shut_out;
use super::{Signed, seconds};
use crate::app::App;
use crate::catalogue;
use crate::error::Error;
use crate::store;
use crate::store::accounts::{AccountRecord, NewAccount, NewParty, NewSession, Rotation, Standing, Why};

/// RFC 5321 allows no longer address.
const EMAIL_BYTES: usize = 254;
/// Characters of a device's name that are kept.
const DEVICE_CHARS: usize = 80;

/// Makes an account and signs it in. A seller gets a shop, or joins the one that invited them.
///
/// # Errors
/// `Invalid`, `EmailTaken`, `RateLimited`, `Forbidden` when registration is closed.
pub async fn register(app: &App, address: IpAddr, body: Register) -> Result<Tokens, Error> {
    if !app.config.auth.registration && body.invitation.is_none() {
        return Err(Error::new(ErrorCode::Forbidden).say("Регистрация закрыта.", "Registration is closed."));
    }
    let email = normal_email(&body.email)?;
    check_password(&body.password)?;
    let mut name = body.name;
    catalogue::name(&mut name, "/name", NAME_CHARS as usize)?;
    let party = match (body.role, &body.invitation) {
        (Role::Buyer, None) => NewParty::Buyer(BuyerId::mint()),
        (Role::Seller, None) => NewParty::Seller(SellerId::mint()),
        (Role::Seller, Some(invitation)) => NewParty::Invited(hash(invitation)),
        (Role::Buyer, Some(_)) => return Err(bad_invitation()),
    };
    app.limiters
        .attempt(address, &email, Instant::now())
        .map_err(Error::rate_limited)?;
    let password_hash = app.passwords.hash(body.password).await?;
    let account = NewAccount {
        id: AccountId::mint(),
        email: email.clone(),
        password_hash,
        name,
        party,
        at: app.clock.now(),
    };
    let record = app.store.create_account(account).await.map_err(|error| match error {
        store::Error::NotFound => bad_invitation(),
        error => error.into(),
    })?;
    // Only asking for taken addresses is guessing.
    app.limiters.forgive(address, &email);
    open_session(app, record, body.device_name).await
}

/// Signs in.
///
/// # Errors
/// `BadCredentials`, `AccountDisabled`, `Removed`, `RateLimited`.
pub async fn login(app: &App, address: IpAddr, body: Login) -> Result<Tokens, Error> {
    let refused = || Error::new(ErrorCode::BadCredentials);
    // What is no address has no account; it takes as long to be told so.
    let email = normal_email(&body.email).unwrap_or_default();
    app.limiters
        .attempt(address, &email, Instant::now())
        .map_err(Error::rate_limited)?;
    let record = app.store.account_by_email(&email).await?;
    let password = if is_too_long(&body.password) {
        String::new()
    } else {
        body.password
    };
    let hash = record.as_ref().map(|record| record.password_hash.clone());
    if !app.passwords.check(password, hash).await? {
        return Err(refused());
    }
    let record = record.ok_or_else(refused)?;
    match record.standing {
        Standing::Open => {}
        Standing::Closed => return Err(Error::new(ErrorCode::AccountDisabled)),
        Standing::Removed => return Err(Error::new(ErrorCode::Removed)),
    }
    app.limiters.forgive(address, &email);
    open_session(app, record, body.device_name).await
}

/// Exchanges a refresh token for a new pair. A used one ends the session everywhere.
///
/// # Errors
/// `TokenReused`, `Unauthorized`.
pub async fn refresh(app: &App, refresh_token: &str) -> Result<Tokens, Error> {
    let (now, secret) = (app.clock.now(), Secret::new()?);
    let expires_at = after(now, app.config.auth.session);
    match app
        .store
        .rotate(hash(refresh_token), secret.hash(), now, expires_at)
        .await?
    {
        Rotation::Rotated { session, account } => tokens(app, session, account.account, secret),
        Rotation::Reused { session } => {
            shut_out(app, &[session], Why::SignedOut);
            Err(Error::new(ErrorCode::TokenReused))
        }
        Rotation::Refused => Err(Error::new(ErrorCode::Unauthorized)),
    }
}

/// Signs one device of the caller out.
///
/// # Errors
/// `NotFound` when the session is not theirs.
pub async fn end_session(app: &App, signed: &Signed, id: SessionId) -> Result<(), Error> {
    app.store.end_session(signed.acting(), id).await?;
    shut_out(app, &[id], Why::SignedOut);
    Ok(())
}

/// Signs all devices of the caller out.
///
/// # Errors
/// Those of the store.
pub async fn end_sessions(app: &App, signed: &Signed) -> Result<(), Error> {
    let ended = app.store.end_sessions(signed.acting()).await?;
    shut_out(app, &ended, Why::SignedOut);
    Ok(())
}

/// Who the caller is.
///
/// # Errors
/// `Unauthorized` when the account is gone.
pub async fn me(app: &App, signed: &Signed) -> Result<Account, Error> {
    let record = app.store.account(signed.account).await?;
    Ok(record.ok_or_else(|| Error::new(ErrorCode::Unauthorized))?.account)
}

/// The caller's signed-in devices.
///
/// # Errors
/// Those of the store.
pub async fn sessions(app: &App, signed: &Signed) -> Result<Vec<Session>, Error> {
    let mut sessions = app.store.sessions(signed.account, app.clock.now()).await?;
    for session in &mut sessions {
        session.is_current = session.id == signed.session;
    }
    Ok(sessions)
}

/// Trims and lower-cases an address, and refuses what cannot be one.
///
/// # Errors
/// `Invalid`.
pub fn normal_email(text: &str) -> Result<String, Error> {
    let email = text.trim().to_lowercase();
    let is_fine = email.len() <= EMAIL_BYTES
        && !email.chars().any(|c| c.is_whitespace() || c.is_control())
        && email
            .split_once('@')
            .is_some_and(|(name, host)| !name.is_empty() && !host.is_empty() && !host.contains('@'));
    if is_fine {
        return Ok(email);
    }
    Err(Error::invalid(
        "/email",
        "Это не адрес почты.",
        "This is not an e-mail address.",
    ))
}

/// Refuses what is guessed at once, and what is an attack on the hash.
///
/// # Errors
/// `Invalid`.
pub fn check_password(password: &str) -> Result<(), Error> {
    let chars = u32::try_from(password.chars().count()).unwrap_or(u32::MAX);
    if PASSWORD_CHARS.contains(&chars) {
        return Ok(());
    }
    Err(Error::invalid(
        "/password",
        "Пароль — от 8 до 200 знаков.",
        "A password has 8 to 200 characters.",
    ))
}

fn is_too_long(password: &str) -> bool {
    password.chars().count() > *PASSWORD_CHARS.end() as usize
}

fn bad_invitation() -> Error {
    Error::invalid(
        "/invitation",
        "Приглашение не действует.",
        "The invitation is not valid.",
    )
}

async fn open_session(app: &App, record: AccountRecord, device_name: Option<String>) -> Result<Tokens, Error> {
    let (now, secret, id) = (app.clock.now(), Secret::new()?, SessionId::mint());
    let visible = |name: String| name.chars().filter(|c| !c.is_control()).take(DEVICE_CHARS).collect();
    let session = NewSession {
        id,
        account_id: record.account.id,
        refresh_hash: secret.hash(),
        device_name: device_name.map(visible),
        at: now,
        expires_at: after(now, app.config.auth.session),
    };
    app.store.open_session(session).await?;
    tokens(app, id, record.account, secret)
}

fn tokens(app: &App, session: SessionId, account: Account, refresh: Secret) -> Result<Tokens, Error> {
    let signed = Signed::of(&account, session)?;
    let life = app.config.auth.access;
    Ok(Tokens {
        access_token: app.keys.sign_access(signed, app.clock.now(), life)?,
        refresh_token: refresh.text,
        expires_in: seconds(life),
        account,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_trimmed_and_lower_cased_and_rubbish_is_refused() {
        for (text, email) in [
            (" Anna@Example.RU ", "anna@example.ru"),
            ("Анна@почта.рф", "анна@почта.рф"),
        ] {
            assert_eq!(normal_email(text).expect("it is fine"), email);
        }
        for rubbish in [
            "",
            "anna",
            "@host",
            "anna@",
            "a b@host",
            "a@b@c",
            "a\n@host",
            &format!("{}@h", "a".repeat(300)),
        ] {
            assert!(normal_email(rubbish).is_err(), "{rubbish}");
        }
    }

    #[test]
    fn a_password_is_counted_in_characters() {
        assert!(check_password("пароль12").is_ok());
        assert!(check_password("пароль1").is_err());
        assert!(check_password(&"п".repeat(200)).is_ok());
        assert!(check_password(&"п".repeat(201)).is_err());
    }
}
