//! Pictures under `/media/…`, readable by anybody who knows the path, and never able to run anything.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::HeaderValue;
use http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE};

use crate::app::SharedApp;
use crate::error::Error;

/// A drawing is shown, whatever it contains is not run, and nothing is fetched from anywhere.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox";

pub async fn read(
    State(app): State<SharedApp>,
    path: Result<Path<String>, axum::extract::rejection::PathRejection>,
) -> Result<Response, Error> {
    let Ok(Path(path)) = path else {
        return Err(Error::not_found());
    };
    let blob = app.blobs.read(&path).await?;
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static(blob.content_type)),
        (CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY)),
        (CACHE_CONTROL, HeaderValue::from_static("public, max-age=3600")),
    ];
    Ok((headers, blob.bytes).into_response())
}
