//! The way to the server: the system's network, or one that is made up.

use std::io;

use async_trait::async_trait;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use url::Url;

use crate::error::Error;

/// A connection to the server, before TLS.
pub trait Line: AsyncRead + AsyncWrite + Unpin + Send {}

impl<L: AsyncRead + AsyncWrite + Unpin + Send> Line for L {}

/// Reaches the server. Guarantee: none; everything may fail, hang, arrive late or in pieces.
#[async_trait]
pub trait Network: Send + Sync + 'static {
    /// Sends a request and waits for the head of its answer.
    async fn ask(&self, request: reqwest::RequestBuilder) -> Result<reqwest::Response, Error>;

    /// Opens a connection to the host of this address.
    async fn dial(&self, url: &Url) -> io::Result<Box<dyn Line>>;

    /// Uniform in 0..1: devices that left together must not come back together.
    fn chance(&self) -> f64;
}

/// The system's own.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemNetwork;

#[async_trait]
impl Network for SystemNetwork {
    async fn ask(&self, request: reqwest::RequestBuilder) -> Result<reqwest::Response, Error> {
        request.send().await.map_err(|error| crate::api::unreachable(&error))
    }

    async fn dial(&self, url: &Url) -> io::Result<Box<dyn Line>> {
        let (Some(host), Some(port)) = (url.host_str(), url.port_or_known_default()) else {
            return Err(io::ErrorKind::InvalidInput.into());
        };
        let line = TcpStream::connect(format!("{host}:{port}")).await?;
        line.set_nodelay(true)?;
        Ok(Box::new(line))
    }

    fn chance(&self) -> f64 {
        // Without a source of chance all devices would come back at once; the middle is then as good as any.
        let random = getrandom::u32().unwrap_or(u32::MAX / 2);
        f64::from(random) / f64::from(u32::MAX)
    }
}
