//! JSON bodies, and what is wrong with them: 400 not JSON at all, 413 too big, 415 something else than JSON, 422 a value
//! that does not fit.

use axum::extract::{FromRef, FromRequest, Request};
use http::HeaderValue;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use prilavok_protocol::error::ErrorCode;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::app::SharedApp;
use crate::error::Error;

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
    let Some(text) = content_type.and_then(|value| value.to_str().ok()) else {
        return false;
    };
    let essence = text.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    essence == "application/json" || (essence.starts_with("application/") && essence.ends_with("+json"))
}

async fn bytes(request: Request, most: u32) -> Result<bytes::Bytes, Error> {
    let declared = request
        .headers()
        .get(CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
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
        return Err(Error::invalid(
            "",
            "Здесь нужен объект JSON.",
            "A JSON object is needed here.",
        ));
    }
    fit(value)
}

/// Takes what is in the JSON; 422 with the place of what does not fit.
pub fn fit<T: DeserializeOwned>(value: Value) -> Result<T, Error> {
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
    match message
        .strip_prefix("missing field `")
        .and_then(|rest| rest.split('`').next())
    {
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
}
