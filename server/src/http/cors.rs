//! Which web pages may call: exact origins only.

use std::sync::Arc;
use std::time::Duration;

use http::header::{ACCEPT_LANGUAGE, AUTHORIZATION, CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderName, HeaderValue, Method};
use tower_http::cors::{AllowOrigin, CorsLayer};

use crate::app::SharedApp;

/// How long a browser may remember the answer.
const REMEMBERED: Duration = Duration::from_secs(10 * 60);

pub fn layer(app: &SharedApp) -> CorsLayer {
    let app = Arc::clone(app);
    let is_allowed = move |origin: &HeaderValue, _: &http::request::Parts| app.config.allows_origin(origin.as_bytes());
    CorsLayer::new()
        .allow_origin(AllowOrigin::predicate(is_allowed))
        .allow_methods([Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE])
        .allow_headers([
            AUTHORIZATION,
            CONTENT_TYPE,
            ACCEPT_LANGUAGE,
            HeaderName::from_static("x-requested-with"),
        ])
        .allow_credentials(true)
        .expose_headers([RETRY_AFTER, HeaderName::from_static("x-request-id")])
        .max_age(REMEMBERED)
}
