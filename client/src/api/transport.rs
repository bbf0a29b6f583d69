//! One request and its answer: time limits, size limits, and what each failure is called.

use std::error::Error as _;
use std::sync::Arc;
use std::time::Duration;

use prilavok_protocol::error::{ErrorCode, Problem};
use prilavok_protocol::rest::Data;
use reqwest::header::{CONTENT_TYPE, RETRY_AFTER};
use reqwest::{Method, RequestBuilder, Response, StatusCode};
use serde::de::DeserializeOwned;
use url::Url;

use crate::error::{Error, Unreachable};
use crate::network::Network;

/// A name that resolves and a host that answers need far less; a person waits no longer.
const CONNECT: Duration = Duration::from_secs(10);
/// The whole request, on a slow line.
const WHOLE: Duration = Duration::from_secs(30);
/// The largest JSON answer is the snapshot of a busy shop: some 20,000 threads of a kilobyte.
const LARGEST: usize = 32 * 1024 * 1024;

/// Requests, and the network that they go over.
#[derive(Clone)]
pub(crate) struct Http {
    client: reqwest::Client,
    network: Arc<dyn Network>,
}

impl Http {
    /// For this app, over this network.
    pub(crate) fn new(app: &str, network: Arc<dyn Network>) -> Result<Self, Error> {
        let client = http_client(app)?;
        Ok(Self { client, network })
    }

    /// The way to the server.
    pub(crate) fn network(&self) -> &dyn Network {
        &*self.network
    }

    pub(super) fn request(&self, method: Method, url: Url) -> RequestBuilder {
        self.client.request(method, url)
    }

    /// Sends, and unwraps `{"data": …}`.
    pub(super) async fn data<T: DeserializeOwned>(&self, request: RequestBuilder) -> Result<T, Error> {
        Ok(self.json::<Data<T>>(request).await?.data)
    }

    /// Sends, and reads the JSON answer.
    pub(super) async fn json<T: DeserializeOwned>(&self, request: RequestBuilder) -> Result<T, Error> {
        let bytes = self.bytes(request, LARGEST).await?.1;
        serde_json::from_slice(&bytes).map_err(|error| Error::BadAnswer(error.to_string()))
    }

    /// Sends, and reads an answer of limited size with its content type.
    pub(super) async fn bytes(&self, request: RequestBuilder, largest: usize) -> Result<(String, Vec<u8>), Error> {
        read(self.network.ask(request).await?, largest).await
    }
}

/// One client for everything: connections are shared. Redirects would carry the token to strangers.
fn http_client(app: &str) -> Result<reqwest::Client, Error> {
    reqwest::Client::builder()
        .user_agent(app)
        .connect_timeout(CONNECT)
        .timeout(WHOLE)
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .build()
        .map_err(|error| Error::BadAnswer(error.to_string()))
}

/// Reads an answer of limited size with its content type.
async fn read(mut response: Response, largest: usize) -> Result<(String, Vec<u8>), Error> {
    let content_type = header(&response, CONTENT_TYPE).unwrap_or_default();
    let status = response.status();
    let retry_after = header(&response, RETRY_AFTER);
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| cut_off(&error))? {
        if body.len() + chunk.len() > largest {
            return Err(Error::BadAnswer("the answer is too large".into()));
        }
        body.extend_from_slice(&chunk);
    }
    if status.is_success() {
        return Ok((content_type, body));
    }
    Err(refusal(status, retry_after.as_deref(), &body))
}

fn header(response: &Response, name: reqwest::header::HeaderName) -> Option<String> {
    response.headers().get(name)?.to_str().ok().map(str::to_owned)
}

/// A problem document, or what the status alone says.
fn refusal(status: StatusCode, retry_after: Option<&str>, body: &[u8]) -> Error {
    let retry_after_ms = retry_after
        .and_then(|text| text.parse::<u32>().ok())
        .map(|s| s.saturating_mul(1000));
    if let Ok(problem) = serde_json::from_slice::<Problem>(body) {
        return Error::Refused {
            code: problem.code,
            detail: problem.detail,
            retry_after_ms,
        };
    }
    let code = match status.as_u16() {
        429 => ErrorCode::RateLimited,
        502..=504 => ErrorCode::Unavailable,
        500..=599 => ErrorCode::Internal,
        _ => return Error::Unreachable(Unreachable::NotPrilavok),
    };
    Error::Refused {
        code,
        detail: status.to_string(),
        retry_after_ms,
    }
}

/// What an answer means that ended in the middle: its head was in order, so it is the line that failed, not the address.
fn cut_off(error: &reqwest::Error) -> Error {
    match unreachable(error) {
        Error::Unreachable(Unreachable::NotPrilavok) => Error::Unreachable(Unreachable::Network),
        error => error,
    }
}

/// What a failed request means.
pub(crate) fn unreachable(error: &reqwest::Error) -> Error {
    tracing::debug!(?error, "a request failed");
    let is_secure = error.url().is_some_and(|url| url.scheme() == "https");
    Error::Unreachable(match reason(error) {
        _ if error.is_timeout() => Unreachable::Timeout,
        // Something listens there and hangs up at our greeting: it does not speak TLS.
        Unreachable::Network if is_secure && error.is_connect() && is_cut(error) => Unreachable::Tls,
        reason => reason,
    })
}

fn is_cut(error: &reqwest::Error) -> bool {
    use std::io::ErrorKind as Kind;
    let mut cause = error.source();
    while let Some(error) = cause {
        if let Some(io) = error.downcast_ref::<std::io::Error>()
            && matches!(io.kind(), Kind::UnexpectedEof | Kind::ConnectionReset)
        {
            return true;
        }
        cause = error.source();
    }
    false
}

/// What lies at the bottom of the chain of causes.
fn reason(error: &reqwest::Error) -> Unreachable {
    let mut cause = error.source();
    let mut found = Unreachable::Network;
    while let Some(error) = cause {
        if let Some(io) = error.downcast_ref::<std::io::Error>() {
            found = io_reason(io);
        } else if error.is::<rustls::Error>() {
            found = Unreachable::Tls;
        }
        // The resolver's error type is private; its sentence is all there is.
        if error.to_string().contains("dns error") {
            return Unreachable::Dns;
        }
        cause = error.source();
    }
    let is_garbage = error.is_decode() || format!("{error:?}").contains("Parse(");
    if found == Unreachable::Network && is_garbage {
        Unreachable::NotPrilavok
    } else {
        found
    }
}

/// What an error of the operating system means for a person.
pub(crate) fn io_reason(error: &std::io::Error) -> Unreachable {
    use std::io::ErrorKind as Kind;
    if holds_tls(error) {
        return Unreachable::Tls;
    }
    match error.kind() {
        Kind::ConnectionRefused => Unreachable::Refused,
        Kind::TimedOut => Unreachable::Timeout,
        _ if error.to_string().contains("failed to lookup address") => Unreachable::Dns,
        _ => Unreachable::Network,
    }
}

/// Layers wrap one another's errors, and `source` steps over the innermost.
fn holds_tls(error: &std::io::Error) -> bool {
    error.get_ref().is_some_and(|inner| {
        inner.is::<rustls::Error>() || inner.downcast_ref::<std::io::Error>().is_some_and(holds_tls)
    })
}
