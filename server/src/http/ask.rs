//! What handlers take out of a request's head: the caller, ids of the path, parameters. Every mistake has its status:
//! 401 nobody, 400 a bad `user_type`, 422 any other value that does not fit.

use std::net::IpAddr;
use std::str::FromStr;

use axum::extract::{FromRequestParts, RawPathParams};
use http::HeaderMap;
use http::request::Parts;
use prilavok_protocol::error::ErrorCode;
use prilavok_protocol::ids::{Role, Seq};
use prilavok_protocol::limits::{PAGE, PAGE_MAX};
use uuid::Uuid;

use crate::accept::Visitor;
use crate::accounts::{self, Signed};
use crate::app::{App, SharedApp};
use crate::config::AuthMode;
use crate::error::Error;

/// Who asks. In `trusted-ids` mode nobody needs to prove it.
pub enum Caller {
    /// Somebody with a token.
    Signed(Signed),
    /// Somebody who will be believed.
    Trusted,
}

impl Caller {
    /// The signed-in caller.
    pub fn signed(&self) -> Result<Signed, Error> {
        match self {
            Self::Signed(signed) => Ok(*signed),
            Self::Trusted => Err(Error::new(ErrorCode::Unauthorized)),
        }
    }

    /// The caller as this party, which the path or the body names. `otherwise` is what a stranger is told.
    pub async fn acting_as(&self, app: &App, role: Role, id: Uuid, otherwise: Error) -> Result<Signed, Error> {
        match self {
            Self::Signed(signed) if signed.party.role == role && signed.party.id == id => Ok(*signed),
            Self::Signed(_) => Err(otherwise),
            Self::Trusted => accounts::trusted(app, role, id).await,
        }
    }
}

impl FromRequestParts<SharedApp> for Caller {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &SharedApp) -> Result<Self, Error> {
        let is_trusting = app.config.auth.mode == AuthMode::TrustedIds;
        match accounts::authenticate(app, &parts.headers).await {
            Ok(signed) => Ok(Self::Signed(signed)),
            Err(error) if is_trusting && error.code() == ErrorCode::Unauthorized => Ok(Self::Trusted),
            Err(error) => Err(error),
        }
    }
}

impl FromRequestParts<SharedApp> for Signed {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &SharedApp) -> Result<Self, Error> {
        accounts::authenticate(app, &parts.headers).await
    }
}

/// The address that a request comes from, for slowing down guessers.
pub struct Address(pub IpAddr);

impl FromRequestParts<SharedApp> for Address {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &SharedApp) -> Result<Self, Error> {
        let peer = parts
            .extensions
            .get::<Visitor>()
            .map_or(IpAddr::from([0, 0, 0, 0]), Visitor::address);
        Ok(Self(behind_proxies(
            peer,
            &parts.headers,
            &app.config.http.trusted_proxies,
        )))
    }
}

/// The last address that no trusted proxy has written.
fn behind_proxies(peer: IpAddr, headers: &HeaderMap, proxies: &[IpAddr]) -> IpAddr {
    if !proxies.contains(&peer) {
        return peer;
    }
    let named = headers
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|value| value.to_str().ok());
    let addresses: Vec<IpAddr> = named
        .flat_map(|value| value.split(','))
        .filter_map(|a| a.trim().parse().ok())
        .collect();
    addresses
        .into_iter()
        .rev()
        .find(|address| !proxies.contains(address))
        .unwrap_or(peer)
}

/// The one id of the path.
pub struct Id<T>(pub T);

impl<T: From<Uuid>> FromRequestParts<SharedApp> for Id<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &SharedApp) -> Result<Self, Error> {
        let params = RawPathParams::from_request_parts(parts, app)
            .await
            .map_err(|_| Error::not_found())?;
        let text = params
            .iter()
            .find(|(name, _)| *name == "id")
            .map(|(_, value)| value)
            .unwrap_or_default();
        let id = Uuid::parse_str(text)
            .map_err(|_| Error::invalid("/id", "В адресе должен быть UUID.", "The address must contain a UUID."))?;
        Ok(Self(T::from(id)))
    }
}

/// The parameters behind the question mark. Unknown ones are tolerated, empty ones are absent.
pub struct Params(Vec<(String, String)>);

impl FromRequestParts<SharedApp> for Params {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &SharedApp) -> Result<Self, Error> {
        let query = parts.uri.query().unwrap_or_default();
        Ok(Self(
            url::form_urlencoded::parse(query.as_bytes()).into_owned().collect(),
        ))
    }
}

impl Params {
    /// The value of a parameter.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(key, value)| key == name && !value.is_empty())
            .map(|(_, value)| value.as_str())
    }

    /// The value of a parameter, of its type.
    pub fn value<T: FromStr>(&self, name: &str) -> Result<Option<T>, Error> {
        self.text(name)
            .map(|text| text.parse().map_err(|_| wrong(name)))
            .transpose()
    }

    /// All values of a repeated parameter, also in the `name[]` spelling of some clients.
    pub fn values<T: FromStr>(&self, name: &str) -> Result<Vec<T>, Error> {
        let is_named = |key: &str| key == name || key.strip_suffix("[]") == Some(name);
        let texts = self.0.iter().filter(|(key, value)| is_named(key) && !value.is_empty());
        texts.map(|(_, text)| text.parse().map_err(|_| wrong(name))).collect()
    }

    /// A place in a thread. What is beyond the store's 63 bits is beyond every message, too.
    pub fn seq(&self, name: &str) -> Result<Option<Seq>, Error> {
        Ok(self.value::<u64>(name)?.map(|seq| Seq(seq.min(i64::MAX as u64))))
    }

    /// `user_id`.
    pub fn user_id(&self) -> Result<Option<Uuid>, Error> {
        self.value("user_id")
    }

    /// `user_type`, which answers 400 when it is bad.
    pub fn user_type(&self) -> Result<Role, Error> {
        match self.text("user_type") {
            Some("buyer") => Ok(Role::Buyer),
            Some("seller") => Ok(Role::Seller),
            _ => Err(Error::new(ErrorCode::BadRequest).say(
                "user_type должен быть buyer или seller.",
                "user_type must be buyer or seller.",
            )),
        }
    }

    /// `limit`, within 1 to 100.
    pub fn limit(&self, default: u32) -> Result<u32, Error> {
        match self.value("limit")? {
            None => Ok(default),
            Some(limit) if (1..=PAGE_MAX).contains(&limit) => Ok(limit),
            Some(_) => Err(Error::invalid(
                "/limit",
                "limit должен быть от 1 до 100.",
                "limit must be 1 to 100.",
            )),
        }
    }

    /// `offset` and `limit` of a paged collection.
    pub fn page(&self) -> Result<(u32, u32), Error> {
        let offset: u32 = self.value("offset")?.unwrap_or(0);
        // What a 32-bit signed database offset holds; nobody pages that far.
        if offset > i32::MAX as u32 {
            return Err(wrong("offset"));
        }
        Ok((offset, self.limit(PAGE)?))
    }
}

fn wrong(name: &str) -> Error {
    let russian = format!("Параметр {name} не подходит.");
    let english = format!("The parameter {name} does not fit.");
    let pointer = format!("/{name}");
    Error::new(ErrorCode::Invalid)
        .say(russian.clone(), english.clone())
        .field(pointer, "invalid", russian, english)
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    #[test]
    fn the_address_behind_a_proxy_is_believed_only_from_that_proxy() {
        let [proxy, person, liar] = [[10, 0, 0, 1], [198, 51, 100, 7], [203, 0, 113, 9]].map(IpAddr::from);
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", HeaderValue::from_static("1.2.3.4, 198.51.100.7"));
        assert_eq!(behind_proxies(proxy, &headers, &[proxy]), person);
        assert_eq!(behind_proxies(liar, &headers, &[proxy]), liar);
        assert_eq!(behind_proxies(proxy, &HeaderMap::new(), &[proxy]), proxy);
    }
}
