//! The upgrade of an HTTP request to a WebSocket, for both doors. Done by hand because the raw stream must stay
//! reachable: after a bad frame it is drained, or else the peer would lose the close code to a TCP reset.

use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use http::header::{
    CONNECTION, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_PROTOCOL, SEC_WEBSOCKET_VERSION, UPGRADE,
};
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use hyper::upgrade::OnUpgrade;
use prilavok_protocol::SUBPROTOCOL;
use prilavok_protocol::error::{CloseCode, ErrorCode};
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

use super::wire::Wire;
use crate::app::SharedApp;
use crate::error::Error;

/// A request that asks for a WebSocket, properly.
pub struct Handshake {
    accept: String,
    knows_subprotocol: bool,
    upgrade: OnUpgrade,
}

/// Reads the request's headers.
///
/// # Errors
/// `BadRequest` when it does not ask for a WebSocket.
pub fn read(request: &mut Request) -> Result<Handshake, Error> {
    let headers = request.headers();
    let is_upgrade = request.method() == Method::GET
        && names(headers, &CONNECTION).any(|name| name.eq_ignore_ascii_case("upgrade"))
        && names(headers, &UPGRADE).any(|name| name.eq_ignore_ascii_case("websocket"))
        && names(headers, &SEC_WEBSOCKET_VERSION).any(|version| version == "13");
    let (true, Some(key)) = (is_upgrade, headers.get(SEC_WEBSOCKET_KEY)) else {
        return Err(Error::new(ErrorCode::BadRequest).say(
            "Здесь нужно соединение WebSocket версии 13.",
            "A WebSocket of version 13 is needed here.",
        ));
    };
    let accept = derive_accept_key(key.as_bytes());
    let knows_subprotocol = names(headers, &SEC_WEBSOCKET_PROTOCOL).any(|name| name == SUBPROTOCOL);
    Ok(Handshake {
        accept,
        knows_subprotocol,
        upgrade: hyper::upgrade::on(request),
    })
}

impl Handshake {
    /// Answers the request, and serves the socket in a task of its own.
    pub fn accept<Serving: Future<Output = ()> + Send>(
        self,
        app: &SharedApp,
        serve: impl FnOnce(Wire) -> Serving + Send + 'static,
    ) -> Response {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
        let headers = response.headers_mut();
        headers.insert(CONNECTION, HeaderValue::from_static("upgrade"));
        headers.insert(UPGRADE, HeaderValue::from_static("websocket"));
        let accept = HeaderValue::try_from(self.accept).expect("Base64 is a header value");
        headers.insert(SEC_WEBSOCKET_ACCEPT, accept);
        if self.knows_subprotocol {
            headers.insert(SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static(SUBPROTOCOL));
        }
        let (frame_bytes, write) = (app.config.limits.frame_bytes as usize, app.config.sockets.write);
        let upgraded = tokio::time::timeout(app.config.sockets.hello, self.upgrade);
        app.tasks.spawn(async move {
            match upgraded.await {
                Ok(Ok(upgraded)) => serve(Wire::new(upgraded, frame_bytes, write).await).await,
                Ok(Err(_)) | Err(_) => tracing::debug!("A peer left in the middle of an upgrade"),
            }
        });
        response
    }

    /// Answers the request and closes at once: only a close code tells a browser why.
    pub fn refuse(self, app: &SharedApp, code: CloseCode, reason: &'static str) -> Response {
        self.accept(app, move |wire| wire.close(code, reason))
    }
}

fn names<'a>(headers: &'a HeaderMap, name: &http::HeaderName) -> impl Iterator<Item = &'a str> {
    headers
        .get_all(name)
        .into_iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim)
}
