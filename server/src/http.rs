//! The marketplace API: every route and every layer on one screen. Handlers below only translate.

use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{delete, get, patch, post, put};
use prilavok_protocol::error::ErrorCode;
use tower_http::normalize_path::NormalizePath;

use crate::app::SharedApp;
use crate::config::AuthMode;
use crate::error::Error;
use crate::{room, session};

pub mod answer;
pub mod ask;
mod auth;
mod body;
mod catalogue;
mod cors;
mod media;
mod messages;
mod service;
mod threads;
mod trusted;

/// The whole service, to be mounted on a listener. A slash at the end of a path is ignored.
pub fn service(app: SharedApp) -> NormalizePath<Router> {
    NormalizePath::trim_trailing_slash(router(app))
}

fn router(app: SharedApp) -> Router {
    let api = Router::new()
        .route("/chat-threads/start-with-seller", post(threads::start))
        .route("/chat-threads/by-buyer/{id}", get(threads::by_buyer))
        .route("/chat-threads/by-seller/{id}", get(threads::by_seller))
        .route("/chat-threads/{id}", get(threads::one))
        .route("/chat-messages", get(messages::of_caller).post(messages::send))
        .route("/chat-messages/by-thread/{id}", get(messages::by_thread))
        .route("/chat-messages/by-thread/{id}/search", get(messages::search))
        .route("/chat-messages/{id}/mark-read", patch(messages::mark_read))
        .route("/chat-messages/unread-count/{id}", get(messages::unread_count))
        .route("/auth/register", post(auth::register))
        .route("/auth/login", post(auth::login))
        .route("/auth/refresh", post(auth::refresh))
        .route("/auth/logout", post(auth::logout))
        .route("/auth/me", get(auth::me))
        .route("/auth/sessions", get(auth::sessions).delete(auth::end_sessions))
        .route("/auth/sessions/{id}", delete(auth::end_session))
        .route("/auth/ws-ticket", post(auth::ws_ticket))
        .route("/auth/invitations", post(auth::invite))
        .route("/auth/agents", get(auth::agents))
        .route("/auth/agents/{id}", delete(auth::remove_agent))
        .route("/sync/snapshot", get(threads::snapshot))
        .route(
            "/sellers",
            get(catalogue::sellers).merge(trusted::only(&app, post(trusted::put_seller))),
        )
        .route("/sellers/{id}", get(catalogue::seller))
        .route("/buyers/{id}", get(catalogue::buyer))
        .route("/products", get(catalogue::products))
        .route("/products/search", get(catalogue::search))
        .route("/products/{id}", get(catalogue::product))
        .route("/catalogue/sellers/{id}", put(catalogue::put_seller))
        .route("/catalogue/buyers/{id}", put(catalogue::put_buyer))
        .route("/catalogue/products/{id}", put(catalogue::put_product))
        .route("/server", get(service::server))
        .route("/health", get(service::health))
        .route("/openapi.json", get(service::openapi))
        .route("/asyncapi.json", get(service::asyncapi));
    let api = match app.config.auth.mode {
        AuthMode::Tokens => api,
        AuthMode::TrustedIds => api
            .route("/sellers/by-keycloak/{id}", get(trusted::seller_by_keycloak))
            .route("/wood-types", get(trusted::wood_types)),
    };
    Router::new()
        .nest("/api/v1", api)
        .route("/ws/session", get(session::upgrade))
        .route("/ws/chat/{id}", get(room::upgrade))
        .route("/media/{*path}", get(media::read))
        .route("/health", get(service::health))
        .route("/healthz", get(service::healthz))
        .route("/readyz", get(service::readyz))
        .fallback(async || Error::not_found())
        .method_not_allowed_fallback(async || Error::new(ErrorCode::MethodNotAllowed))
        .layer(from_fn_with_state(app.config.http.request, within))
        .layer(cors::layer(&app))
        .layer(from_fn(answer::finish))
        .with_state(app)
}

/// Ends requests that take too long, be it their slow body or our slow answer.
async fn within(
    State(longest): State<Duration>,
    request: axum::extract::Request,
    next: axum::middleware::Next,
) -> axum::response::Response {
    match tokio::time::timeout(longest, next.run(request)).await {
        Ok(response) => response,
        Err(_) => axum::response::IntoResponse::into_response(Error::new(ErrorCode::Timeout)),
    }
}
