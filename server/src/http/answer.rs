//! Envelopes, and the outermost layer: request ids, problem documents, protective headers, one log line.

use std::panic::AssertUnwindSafe;
use std::time::Instant;

use axum::Json;
use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures::FutureExt;
use http::header::{
    ACCEPT_LANGUAGE, AUTHORIZATION, CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, RETRY_AFTER,
    WWW_AUTHENTICATE, X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderName, HeaderValue, Method, StatusCode};
use prilavok_protocol::error::{ErrorCode, Problem};
use prilavok_protocol::rest::{Data, Paged, Pagination};
use uuid::Uuid;

use crate::accept::Visitor;
use crate::error::{Error, Language};

/// Names a request in the answer and in the log.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// An answer in its envelope.
pub type Reply<T> = Result<Json<Data<T>>, Error>;

/// `{"data": …}`
pub fn data<T>(data: T) -> Json<Data<T>> {
    Json(Data { data })
}

/// `{"data": […], "pagination": {"total": N}}`
pub fn paged<T>((data, total): (Vec<T>, u64)) -> Json<Paged<T>> {
    Json(Paged {
        data,
        pagination: Pagination { total },
    })
}

/// The outermost layer.
pub async fn finish(request: Request, next: Next) -> Response {
    let started = Instant::now();
    let id = Uuid::now_v7().to_string();
    let about = About::of(&request);
    let visitor = request.extensions().get::<Visitor>().cloned();
    let mut response = match AssertUnwindSafe(next.run(request)).catch_unwind().await {
        Ok(response) => response,
        Err(_) => Error::internal("a handler panicked").into_response(),
    };
    let refusal = refusal_of(&mut response);
    if let Some(error) = &refusal {
        write_problem(&mut response, error, about.language, &id);
    }
    if let Some(visitor) = visitor
        && is_welcome(&about, response.status())
    {
        visitor.is_known();
    }
    protect(response.headers_mut(), &id);
    about.log(&id, &response, refusal.as_ref(), started);
    response
}

/// What the layer must remember of the request.
struct About {
    method: Method,
    route: String,
    language: Language,
    is_signed: bool,
}

impl About {
    fn of(request: &Request) -> Self {
        let headers = request.headers();
        let language = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        Self {
            method: request.method().clone(),
            route: request
                .extensions()
                .get::<MatchedPath>()
                .map_or("none", MatchedPath::as_str)
                .to_owned(),
            language: language.map(Language::of_header).unwrap_or_default(),
            is_signed: headers.contains_key(AUTHORIZATION),
        }
    }

    fn log(&self, id: &str, response: &Response, refusal: Option<&Error>, started: Instant) {
        let (status, seconds) = (response.status().as_u16(), started.elapsed().as_secs_f64());
        let labels = [
            ("route", self.route.clone()),
            ("method", self.method.to_string()),
            ("status", status.to_string()),
        ];
        ::metrics::counter!("http_requests_total", &labels).increment(1);
        ::metrics::histogram!("http_request_seconds", "route" => self.route.clone()).record(seconds);
        let (method, route) = (&self.method, &self.route);
        match refusal {
            // Being busy is what a server under load says of itself; it is no defect of the server.
            Some(error) if status == 503 => {
                tracing::warn!(request.id = id, %method, route, status, seconds, %error, "A request has to wait.");
            }
            Some(error) if status >= 500 => {
                tracing::error!(request.id = id, %method, route, status, seconds, %error, "A request failed.");
            }
            Some(error) => {
                let code = error.code();
                tracing::debug!(request.id = id, %method, route, status, seconds, ?code, "A request was refused.");
            }
            None => tracing::debug!(request.id = id, %method, route, status, seconds, "A request was answered."),
        }
    }
}

/// A signed request or an upgrade that succeeded: the connection's owner is somebody.
fn is_welcome(about: &About, status: StatusCode) -> bool {
    status == StatusCode::SWITCHING_PROTOCOLS || (about.is_signed && status.as_u16() < 400)
}

/// The refusal that a handler returned, or one made of a bare status that some layer answered with.
fn refusal_of(response: &mut Response) -> Option<Error> {
    if let Some(error) = response.extensions_mut().remove::<Error>() {
        return Some(error);
    }
    let status = response.status();
    if !status.is_client_error() && !status.is_server_error() {
        return None;
    }
    let code = match status.as_u16() {
        404 => ErrorCode::NotFound,
        405 => ErrorCode::MethodNotAllowed,
        408 => ErrorCode::Timeout,
        413 => ErrorCode::TooLarge,
        415 => ErrorCode::UnsupportedMediaType,
        _ if status.is_client_error() => ErrorCode::BadRequest,
        _ => ErrorCode::Internal,
    };
    Some(Error::new(code))
}

fn write_problem(response: &mut Response, error: &Error, language: Language, id: &str) {
    let status = response.status();
    let problem = Problem {
        kind: "about:blank".into(),
        title: status.canonical_reason().unwrap_or("Error").into(),
        status: status.as_u16(),
        detail: error.detail(language).into(),
        code: error.code(),
        request_id: id.into(),
        errors: error.field_errors(language),
    };
    *response.body_mut() = axum::body::Body::from(serde_json::to_vec(&problem).expect("a problem is plain data"));
    let headers = response.headers_mut();
    headers.remove(CONTENT_LENGTH);
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    if status == StatusCode::UNAUTHORIZED {
        headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    if let Some(wait) = error.retry_after() {
        // Whole seconds, never earlier than allowed.
        let seconds = wait.as_millis().div_ceil(1000).max(1);
        headers.insert(
            RETRY_AFTER,
            HeaderValue::from(u32::try_from(seconds).unwrap_or(u32::MAX)),
        );
    }
}

fn protect(headers: &mut HeaderMap, id: &str) {
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if !headers.contains_key(CACHE_CONTROL) {
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    headers.insert(REQUEST_ID, HeaderValue::from_str(id).expect("a UUID is plain text"));
}
