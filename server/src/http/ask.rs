//! What handlers take out of a request: the caller, ids of the path, parameters, bodies. Every mistake has its
//! status: 401 nobody, 400 not JSON at all, 413 too big, 415 something else than JSON, 422 a value that does not fit.

use std::net::IpAddr;
use std::str::FromStr;

use axum::extract::{FromRef, FromRequest, FromRequestParts, RawPathParams, Request};
use http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use http::request::Parts;
use http::{HeaderMap, HeaderValue};
use prilavok_protocol::error::ErrorCode;
use prilavok_protocol::ids::{Role, Seq};
use prilavok_protocol::limits::{PAGE, PAGE_MAX};
use serde::de::DeserializeOwned;
use serde_json::Value;
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
        let peer = parts.extensions.get::<Visitor>().map_or(IpAddr::from([0, 0, 0, 0]), Visitor::address);
        Ok(Self(behind_proxies(peer, &parts.headers, &app.config.http.trusted_proxies)))
    }
}

/// The last address that no trusted proxy has written.
fn behind_proxies(peer: IpAddr, headers: &HeaderMap, proxies: &[IpAddr]) -> IpAddr {
    if !proxies.contains(&peer) {
        return peer;
    }
    let named = headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok());
    let addresses: Vec<IpAddr> = named.flat_map(|value| value.split(',')).filter_map(|a| a.trim().parse().ok()).collect();
    addresses.into_iter().rev().find(|address| !proxies.contains(address)).unwrap_or(peer)
}

/// The one id of the path.
pub struct Id<T>(pub T);

impl<T: From<Uuid>> FromRequestParts<SharedApp> for Id<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &SharedApp) -> Result<Self, Error> {
        let params = RawPathParams::from_request_parts(parts, app).await.map_err(|_| Error::not_found())?;
        let text = params.iter().find(|(name, _)| *name == "id").map(|(_, value)| value).unwrap_or_default();
        let id = Uuid::parse_str(text).map_err(|_| {
            Error::invalid("/id", "В адресе должен быть UUID.", "The address must contain a UUID.")
        })?;
        Ok(Self(T::from(id)))
    }
}

/// The parameters behind the question mark. Unknown ones are tolerated, empty ones are absent.
pub struct Params(Vec<(String, String)>);

impl FromRequestParts<SharedApp> for Params {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &SharedApp) -> Result<Self, Error> {
        let query = parts.uri.query().unwrap_or_default();
        Ok(Self(url::form_urlencoded::parse(query.as_bytes()).into_owned().collect()))
    }
}

impl Params {
    /// The value of a parameter.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, value)| key == name && !value.is_empty()).map(|(_, value)| value.as_str())
    }

    /// The value of a parameter, of its type.
    pub fn value<T: FromStr>(&self, name: &str) -> Result<Option<T>, Error> {
        self.text(name).map(|text| text.parse().map_err(|_| wrong(name))).transpose()
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
            _ => Err(Error::new(ErrorCode::BadRequest)
                .say("user_type должен быть buyer или seller.", "user_type must be buyer or seller.")),
        }
    }

    /// `limit`, within 1 to 100.
    pub fn limit(&self, default: u32) -> Result<u32, Error> {
        match self.value("limit")? {
            None => Ok(default),
            Some(limit) if (1..=PAGE_MAX).contains(&limit) => Ok(limit),
            Some(_) => Err(Error::invalid("/limit", "limit должен быть от 1 до 100.", "limit must be 1 to 100.")),
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
    Error::new(ErrorCode::Invalid).say(russian.clone(), english.clone()).field(pointer, "invalid", russian, english)
}

/// A JSON body.
pub struct Body<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Body<T>
where
    SharedApp: FromRef<S>,
{
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self, Error> {
        let app = SharedApp::from_ref(state);
        if !is_json(request.headers().get(CONTENT_TYPE)) {
            return Err(Error::new(ErrorCode::UnsupportedMediaType));
        }
        let bytes = bytes(request, app.config.limits.frame_bytes).await?;
        parse(&bytes).map(Self)
    }
}

/// A JSON body that may as well be absent.
pub struct OptionalBody<T>(pub T);

impl<T: DeserializeOwned + Default> FromRequest<SharedApp> for OptionalBody<T> {
    type Rejection = Error;

    async fn from_request(request: Request, app: &SharedApp) -> Result<Self, Error> {
        let is_json = is_json(request.headers().get(CONTENT_TYPE));
        let bytes = bytes(request, app.config.limits.frame_bytes).await?;
        match bytes.is_empty() {
            true => Ok(Self(T::default())),
            false if !is_json => Err(Error::new(ErrorCode::UnsupportedMediaType)),
            false => parse(&bytes).map(Self),
        }
    }
}

fn is_json(content_type: Option<&HeaderValue>) -> bool {
    let Some(text) = content_type.and_then(|value| value.to_str().ok()) else { return false };
    let essence = text.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    essence == "application/json" || (essence.starts_with("application/") && essence.ends_with("+json"))
}

async fn bytes(request: Request, most: u32) -> Result<bytes::Bytes, Error> {
    let declared = request.headers().get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    if declared.is_some_and(|length| length > u64::from(most)) {
        return Err(Error::new(ErrorCode::TooLarge));
    }
    let read = http_body_util::BodyExt::collect(http_body_util::Limited::new(request.into_body(), most as usize)).await;
    match read {
        Ok(body) => Ok(body.to_bytes()),
        Err(error) if error.is::<http_body_util::LengthLimitError>() => Err(Error::new(ErrorCode::TooLarge)),
        Err(_) => Err(Error::new(ErrorCode::Malformed)),
    }
}

/// Parses in two steps, so that what is not JSON (400) is told from what does not fit (422), and so that an array is
/// never taken for an object.
fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Error> {
    let value: Value = serde_json::from_slice(bytes).map_err(|_| {
        Error::new(ErrorCode::Malformed).say("Тело запроса должно быть в формате JSON.", "The body must be JSON.")
    })?;
    if !value.is_object() {
        return Err(Error::invalid("", "Здесь нужен объект JSON.", "A JSON object is needed here."));
    }
    serde_path_to_error::deserialize(value).map_err(|error| {
        let (pointer, code) = pointer_of(error.path(), &error.inner().to_string());
        Error::new(ErrorCode::Invalid).field(
            pointer,
            code,
            "Значение отсутствует или не того типа.",
            "The value is missing or of the wrong type.",
        )
    })
}

fn pointer_of(path: &serde_path_to_error::Path, message: &str) -> (String, &'static str) {
    use serde_path_to_error::Segment;
    let mut pointer = String::new();
    for segment in path {
        match segment {
            Segment::Seq { index } => pointer.push_str(&format!("/{index}")),
            Segment::Map { key } => pointer.push_str(&format!("/{}", key.replace('~', "~0").replace('/', "~1"))),
            Segment::Enum { .. } | Segment::Unknown => {}
        }
    }
    match message.strip_prefix("missing field `").and_then(|rest| rest.split('`').next()) {
        Some(missing) => (format!("{pointer}/{missing}"), "missing"),
        None => (pointer, "invalid"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Language;
    use prilavok_protocol::rest::SendMessage;

    #[test]
    fn a_body_that_is_no_json_is_told_from_one_that_does_not_fit() {
        let id = "0192f0c1-0000-7000-8000-000000000000";
        for (body, status, pointer) in [
            ("{", 400, None),
            ("", 400, None),
            ("\u{0}", 400, None),
            (r#"{"id": "\ud800"}"#, 400, None),
            (&"[".repeat(1000), 400, None),
            ("[]", 422, Some("")),
            ("null", 422, Some("")),
            (r#""text""#, 422, Some("")),
            ("{}", 422, Some("/id")),
            (r#"{"id": 5}"#, 422, Some("/id")),
            (r#"{"id": "5"}"#, 422, Some("/id")),
            (&format!(r#"{{"id": "{id}", "message": ["a"]}}"#), 422, Some("/message")),
            (&format!(r#"{{"id": "{id}", "message": "a"}}"#), 422, Some("/thread_id")),
        ] {
            let error = parse::<SendMessage>(body.as_bytes()).expect_err(body);
            assert_eq!(error.code().status(), status, "{body}");
            let fields = error.field_errors(Language::Russian);
            assert_eq!(fields.first().map(|field| field.pointer.as_str()), pointer, "{body}");
        }
    }

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
