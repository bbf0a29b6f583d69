//! A device's way to the server through the simulation: every request is a connection of its own.

use std::io;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use http::HeaderValue;
use http::header::HOST;
use http_body_util::BodyExt;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use prilavok_client::error::{Error, Unreachable};
use prilavok_client::network::{Line, Network};
use rand::rngs::SmallRng;
use rand::{Rng, SeedableRng};
use turmoil::net::TcpStream;
use url::Url;

/// As the engine's own client waits.
const WHOLE: Duration = Duration::from_secs(30);

/// The way of one device.
#[derive(Debug)]
pub struct SimNetwork(Mutex<SmallRng>);

impl SimNetwork {
    /// With the chance of this seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(Mutex::new(SmallRng::seed_from_u64(seed)))
    }
}

#[async_trait]
impl Network for SimNetwork {
    async fn ask(&self, request: reqwest::RequestBuilder) -> Result<reqwest::Response, Error> {
        let answer = tokio::time::timeout(WHOLE, exchange(request)).await;
        match answer {
            Ok(Some(response)) => Ok(response),
            Ok(None) => Err(Error::Unreachable(Unreachable::Network)),
            Err(_) => Err(Error::Unreachable(Unreachable::Timeout)),
        }
    }

    async fn dial(&self, url: &Url) -> io::Result<Box<dyn Line>> {
        Ok(Box::new(connect(url).await?))
    }

    fn chance(&self) -> f64 {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).random()
    }
}

async fn connect(url: &Url) -> io::Result<TcpStream> {
    let (Some(host), Some(port)) = (url.host_str(), url.port()) else {
        return Err(io::ErrorKind::InvalidInput.into());
    };
    TcpStream::connect((host, port)).await
}

/// `None` when the connection broke before the whole answer was there.
async fn exchange(request: reqwest::RequestBuilder) -> Option<reqwest::Response> {
    let request = request.build().expect("the engine builds good requests");
    let url = request.url().clone();
    let stream = connect(&url).await.ok()?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.ok()?;
    tokio::spawn(connection);
    let mut request: http::Request<reqwest::Body> = request.try_into().expect("a request is a request");
    let path = &url[url::Position::BeforePath..url::Position::AfterQuery];
    *request.uri_mut() = path.parse().expect("a path is an address");
    let host = &url[url::Position::BeforeHost..url::Position::AfterPort];
    let host = HeaderValue::from_str(host).expect("a host is a header");
    request.headers_mut().insert(HOST, host);
    let (head, body) = sender.send_request(request).await.ok()?.into_parts();
    let body = body.collect().await.ok()?.to_bytes();
    Some(http::Response::from_parts(head, body).into())
}
