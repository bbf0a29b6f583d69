//! Signs and reads access tokens (JWT, HS256), and hands out single-use socket tickets.
//!
//! The key is 32 random bytes in the data directory. Expiry is judged by the server's own clock.

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use prilavok_protocol::error::ErrorCode;
use prilavok_protocol::ids::{AccountId, Party, Role, SessionId};
use prilavok_protocol::time::Time;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::Signed;
use crate::error::Error;
use crate::store::accounts::SecretHash;

/// Tickets that may wait at once; each is a hundred bytes and lives half a minute.
const TICKETS: usize = 100_000;

/// What an access token says.
#[derive(Debug, Serialize, Deserialize)]
struct Claims {
    iss: String,
    sub: Uuid,
    sid: Uuid,
    role: Role,
    party: Uuid,
    iat: i64,
    exp: i64,
}

/// Whose access tokens are believed. A marketplace's own sign-on becomes a second kind, which maps its claims to ours.
enum Verifier {
    /// Those that this server has signed.
    Own {
        /// The server's key.
        key: DecodingKey,
        /// HS256 and our issuer, nothing else.
        validation: Validation,
    },
}

impl Verifier {
    fn own(secret: &[u8; 32]) -> Self {
        let mut validation = Validation::new(Algorithm::HS256);
        validation.set_issuer(&[ISSUER]);
        validation.validate_aud = false;
        // Judged by the server's own clock, in `read_access`.
        validation.validate_exp = false;
        Self::Own {
            key: DecodingKey::from_secret(secret),
            validation,
        }
    }

    /// What a token says, if it is genuine.
    fn read(&self, token: &str) -> Option<Claims> {
        match self {
            Self::Own { key, validation } => jsonwebtoken::decode(token, key, validation)
                .ok()
                .map(|token| token.claims),
        }
    }
}

/// Signs and checks access tokens and tickets.
pub struct Keys {
    encoding: EncodingKey,
    verifiers: Vec<Verifier>,
    tickets: Mutex<HashMap<SecretHash, (Signed, Time)>>,
}

/// The issuer in our tokens: tokens of the marketplace's sign-on will carry another.
const ISSUER: &str = "prilavok";

impl Keys {
    /// With this secret.
    #[must_use]
    pub fn new(secret: &[u8; 32]) -> Self {
        Self {
            encoding: EncodingKey::from_secret(secret),
            verifiers: vec![Verifier::own(secret)],
            tickets: Mutex::new(HashMap::new()),
        }
    }

    /// An access token.
    ///
    /// # Errors
    /// `Internal` when the signature cannot be made.
    pub fn sign_access(&self, signed: Signed, now: Time, life: Duration) -> Result<String, Error> {
        let iat = now.millis().div_euclid(1000);
        let claims = Claims {
            iss: ISSUER.into(),
            sub: signed.account.0,
            sid: signed.session.0,
            role: signed.party.role,
            party: signed.party.id,
            iat,
            exp: iat + i64::try_from(life.as_secs()).unwrap_or(i64::MAX / 2),
        };
        jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &self.encoding).map_err(Error::internal)
    }

    /// Whose access token this is.
    ///
    /// # Errors
    /// `Unauthorized`, whatever is wrong with it.
    pub fn read_access(&self, token: &str, now: Time) -> Result<Signed, Error> {
        let refused = || Error::new(ErrorCode::Unauthorized);
        let claims = self
            .verifiers
            .iter()
            .find_map(|verifier| verifier.read(token))
            .ok_or_else(refused)?;
        if claims.exp <= now.millis().div_euclid(1000) {
            return Err(refused());
        }
        let party = Party {
            role: claims.role,
            id: claims.party,
        };
        Ok(Signed {
            account: AccountId(claims.sub),
            session: SessionId(claims.sid),
            party,
        })
    }

    /// A ticket, good for one upgrade.
    ///
    /// # Errors
    /// `Unavailable` when too many wait.
    pub fn hand_out_ticket(&self, signed: Signed, now: Time, life: Duration) -> Result<String, Error> {
        let ticket = Secret::new()?;
        let until = after(now, life);
        let mut tickets = self.tickets.lock().expect("no holder of this lock panics");
        if tickets.len() >= TICKETS {
            tickets.retain(|_, (_, until)| *until > now);
        }
        if tickets.len() >= TICKETS {
            return Err(Error::new(ErrorCode::Unavailable).after(life));
        }
        tickets.insert(ticket.hash(), (signed, until));
        Ok(ticket.text)
    }

    /// Uses a ticket up.
    ///
    /// # Errors
    /// `Unauthorized` when it is unknown, used or expired.
    pub fn redeem_ticket(&self, ticket: &str, now: Time) -> Result<Signed, Error> {
        let found = self
            .tickets
            .lock()
            .expect("no holder of this lock panics")
            .remove(&hash(ticket));
        match found {
            Some((signed, until)) if until > now => Ok(signed),
            _ => Err(Error::new(ErrorCode::Unauthorized)),
        }
    }
}

/// 32 random bytes as text: a refresh token, a ticket, an invitation.
#[derive(Clone)]
pub struct Secret {
    /// What its owner keeps.
    pub text: String,
}

impl Secret {
    /// A new one.
    ///
    /// # Errors
    /// `Internal` when the system has no randomness.
    pub fn new() -> Result<Self, Error> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).map_err(Error::internal)?;
        Ok(Self {
            text: URL_SAFE_NO_PAD.encode(bytes),
        })
    }

    /// What the store keeps.
    #[must_use]
    pub fn hash(&self) -> SecretHash {
        hash(&self.text)
    }
}

/// What the store keeps of a secret.
#[must_use]
pub fn hash(secret: &str) -> SecretHash {
    Sha256::digest(secret.as_bytes()).into()
}

/// A moment later.
#[must_use]
pub fn after(now: Time, span: Duration) -> Time {
    Time::from_millis(
        now.millis()
            .saturating_add(i64::try_from(span.as_millis()).unwrap_or(i64::MAX)),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use prilavok_protocol::ids::BuyerId;

    fn signed() -> Signed {
        Signed {
            account: AccountId::mint(),
            session: SessionId::mint(),
            party: Party::buyer(BuyerId::mint()),
        }
    }

    const LIFE: Duration = Duration::from_secs(60);

    #[test]
    fn an_access_token_says_who_asks_until_it_expires() {
        let (keys, signed, now) = (Keys::new(&[7; 32]), signed(), Time::now());
        let token = keys.sign_access(signed, now, LIFE).expect("a token");
        assert_eq!(keys.read_access(&token, now).expect("it is good"), signed);
        assert!(keys.read_access(&token, after(now, LIFE)).is_err(), "expired");
        assert!(
            Keys::new(&[8; 32]).read_access(&token, now).is_err(),
            "another server's key"
        );
        let mut bent = token.clone();
        bent.replace_range(token.len() - 2.., "AA");
        assert!(bent == token || keys.read_access(&bent, now).is_err(), "bent");
        for rubbish in ["", "a.b.c", "....", "eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0."] {
            assert!(keys.read_access(rubbish, now).is_err(), "{rubbish}");
        }
    }

    #[test]
    fn a_ticket_is_good_once_and_not_for_long() {
        let (keys, signed, now) = (Keys::new(&[7; 32]), signed(), Time::now());
        let ticket = keys.hand_out_ticket(signed, now, LIFE).expect("a ticket");
        assert_eq!(keys.redeem_ticket(&ticket, now).expect("it is good"), signed);
        assert!(keys.redeem_ticket(&ticket, now).is_err(), "used");
        let ticket = keys.hand_out_ticket(signed, now, LIFE).expect("a ticket");
        assert!(keys.redeem_ticket(&ticket, after(now, LIFE)).is_err(), "expired");
    }
}
