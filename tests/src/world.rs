//! A server in this process on a port of its own, in a folder of its own. When it goes, it must leave nothing running.

pub mod guest;
pub mod process;

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::Result;
use prilavok_protocol::ids::{ProductId, Role};
use prilavok_protocol::rest::Tokens;
use prilavok_server::app::SharedApp;
use prilavok_server::config::Config;
use serde_json::json;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::runtime::Handle;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::wire::DEADLINE;
pub use guest::Guest;

/// The token with which the marketplace keeps the catalogue current.
pub const SERVICE_TOKEN: &str = "service-token-of-the-stories";

/// A server and its folder.
pub struct World {
    /// Where it listens.
    pub address: SocketAddr,
    config: Config,
    running: Option<Running>,
    _folder: TempDir,
}

struct Running {
    app: SharedApp,
    stop: CancellationToken,
    serving: JoinHandle<Result<()>>,
}

impl World {
    /// With short waits.
    pub async fn new() -> Self {
        Self::with(|_| {}).await
    }

    /// With another configuration.
    pub async fn with(adjust: impl FnOnce(&mut Config)) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let mut config = Config {
            data_dir: folder.path().to_owned(),
            ..Config::default()
        };
        config.auth.service_token = Some(SERVICE_TOKEN.into());
        config.sockets.leave_grace = Duration::from_millis(150);
        config.sockets.typing = Duration::from_millis(200);
        config.sockets.access_check = Duration::from_millis(300);
        adjust(&mut config);
        let (address, running) = start(&config, SocketAddr::from(([127, 0, 0, 1], 0))).await;
        Self {
            address,
            config,
            running: Some(running),
            _folder: folder,
        }
    }

    /// What it is made of, to look inside.
    ///
    /// # Panics
    /// When it is stopped.
    #[must_use]
    pub fn app(&self) -> &SharedApp {
        &self.running.as_ref().expect("it runs").app
    }

    /// Stops it as an operator does, and waits until everything is on disk.
    pub async fn stop(&mut self) {
        let Some(running) = self.running.take() else { return };
        running.stop.cancel();
        let served = timeout(DEADLINE * 2, running.serving).await.expect("it stops in time");
        served.expect("the server does not panic").expect("it stops cleanly");
        let app = running.app;
        assert!(app.tasks.is_empty(), "{} tasks were left running", app.tasks.len());
        assert_eq!(app.hub.sockets(), 0, "sockets were left open");
    }

    /// Waits until it ends by itself, and returns why.
    ///
    /// # Panics
    /// When it goes on, or ends well.
    pub async fn fails(&mut self) -> anyhow::Error {
        let running = self.running.take().expect("it runs");
        let served = timeout(DEADLINE * 2, running.serving).await.expect("it ends in time");
        served
            .expect("the server does not panic")
            .expect_err("it ends with an error")
    }

    /// Starts it again, in the same folder and on the same port.
    pub async fn start(&mut self) {
        let (_, running) = start(&self.config, self.address).await;
        self.running = Some(running);
    }

    /// The address of a path of the API, such as `/chat-threads/…`.
    #[must_use]
    pub fn api(&self, path: &str) -> String {
        format!("http://{}/api/v1{path}", self.address)
    }

    /// The address of a socket, such as `/ws/session`.
    #[must_use]
    pub fn ws(&self, path: &str) -> String {
        format!("ws://{}{path}", self.address)
    }

    /// A buyer who has just registered.
    pub async fn buyer(&self, name: &str) -> Guest {
        Guest::register(self.address, name, Role::Buyer).await
    }

    /// A shop that has just registered.
    pub async fn seller(&self, name: &str) -> Guest {
        Guest::register(self.address, name, Role::Seller).await
    }

    /// Somebody with tokens from elsewhere.
    #[must_use]
    pub fn guest(&self, tokens: Tokens) -> Guest {
        Guest::with(self.address, tokens)
    }

    /// Puts a product of this shop into the catalogue, as the marketplace does.
    pub async fn product(&self, seller: &Guest, title: &str) -> ProductId {
        let id = ProductId::mint();
        let body = json!({"title": title, "price": 100.0, "seller_id": seller.party().id});
        let url = self.api(&format!("/catalogue/products/{id}"));
        let answer = reqwest::Client::new()
            .put(url)
            .bearer_auth(SERVICE_TOKEN)
            .json(&body)
            .send()
            .await;
        let status = answer.expect("an answer").status();
        assert!(status.is_success(), "the product was refused: {status}");
        id
    }

    /// Two people and their thread.
    pub async fn pair(&self) -> (Guest, Guest, Uuid) {
        let (buyer, seller) = (self.buyer("Анна").await, self.seller("Чайная гора").await);
        let thread = buyer.start(&seller).await;
        (buyer, seller, thread)
    }
}

async fn start(config: &Config, address: SocketAddr) -> (SocketAddr, Running) {
    let listener = TcpListener::bind(address).await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let app = prilavok_server::build(config.clone())
        .await
        .expect("the server is built");
    let stop = CancellationToken::new();
    let serving = tokio::spawn(prilavok_server::run(listener, app.clone(), stop.clone()));
    (address, Running { app, stop, serving })
}

impl Drop for World {
    fn drop(&mut self) {
        if let Some(running) = &self.running {
            running.stop.cancel();
        }
        if !std::thread::panicking() {
            tokio::task::block_in_place(|| Handle::current().block_on(self.stop()));
        }
    }
}
