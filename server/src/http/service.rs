//! What the server says about itself.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::header::CONTENT_TYPE;
use prilavok_protocol::PROTOCOL_VERSION;
use prilavok_protocol::error::ErrorCode;
use prilavok_protocol::rest::ServerInfo;

use super::answer::{Reply, data};
use crate::app::SharedApp;
use crate::error::Error;

/// How an app recognises that the address leads to a server of ours.
const PRODUCT: &str = "prilavok";

pub async fn health() -> Json<bool> {
    Json(true)
}

/// The process runs.
pub async fn healthz() -> &'static str {
    "ok"
}

/// Requests may come: the store answers and the server is not stopping.
pub async fn readyz(State(app): State<SharedApp>) -> Result<&'static str, Error> {
    if app.stopping.is_cancelled() {
        return Err(Error::new(ErrorCode::Unavailable).because("stopping"));
    }
    if app.database.is_broken() {
        return Err(Error::new(ErrorCode::Unavailable).because("the disk cannot be trusted"));
    }
    app.store
        .epoch()
        .await
        .map_err(|error| Error::new(ErrorCode::Unavailable).because(error))?;
    Ok("ok")
}

pub async fn server(State(app): State<SharedApp>) -> Reply<ServerInfo> {
    Ok(data(ServerInfo {
        product: PRODUCT.into(),
        name: app.config.name.clone(),
        version: env!("CARGO_PKG_VERSION").into(),
        protocol: PROTOCOL_VERSION,
        time: app.clock.now(),
    }))
}

pub async fn openapi() -> Response {
    document(crate::documents::OPENAPI)
}

pub async fn asyncapi() -> Response {
    document(crate::documents::ASYNCAPI)
}

fn document(text: &'static str) -> Response {
    ([(CONTENT_TYPE, "application/json")], text).into_response()
}
