//! The post office as a host of the simulation: its own accept loop, rules and SQLite file, on the simulated clock.

use std::cell::RefCell;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use prilavok_protocol::time::Time;
use prilavok_server::accept::listener::{Line, Listener};
use prilavok_server::app::SharedApp;
use prilavok_server::clock::Clock;
use prilavok_server::config::Config;
use prilavok_server::store::sqlite::Options;
use prilavok_server::{accept, build_on, http};
use rand::rngs::SmallRng;
use rand::{Rng, SeedableRng};
use std::pin::Pin;
use std::task::{Context, Poll};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use turmoil::net::{TcpListener, TcpStream};

/// Where it listens.
pub const PORT: u16 = 8787;
/// The name of its host.
pub const HOST: &str = "server";
/// When the simulated world begins: any day will do, and it is the same for everybody.
const BEGINNING_MS: i64 = 1_780_000_000_000;

/// The running server, while it runs, for whoever looks at it from outside.
pub type Slot = Rc<RefCell<Option<SharedApp>>>;

/// The time and the chance of the simulation.
pub struct SimClock(Mutex<SmallRng>);

impl SimClock {
    /// With the chance of this seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(Mutex::new(SmallRng::seed_from_u64(seed)))
    }
}

/// Now, in the simulation.
#[must_use]
pub fn now() -> Time {
    let elapsed = turmoil::sim_elapsed().unwrap_or(Duration::ZERO);
    Time::from_millis(BEGINNING_MS + i64::try_from(elapsed.as_millis()).expect("runs are short"))
}

impl Clock for SimClock {
    fn now(&self) -> Time {
        now()
    }

    fn chance(&self) -> f64 {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).random()
    }
}

/// Serves until its host crashes.
pub async fn serve(data_dir: PathBuf, seed: u64, slot: Slot) -> turmoil::Result {
    let mut config = Config {
        data_dir,
        ..Config::default()
    };
    config.auth.hashes = 1;
    config.limits.send_burst = 1_000;
    config.limits.sends_per_minute = 60_000;
    config.limits.unauthenticated_per_address = 1_000;
    let listener = TcpListener::bind(("0.0.0.0", PORT)).await?;
    let options = Options {
        readers: 1,
        has_threads: false,
        ..Options::default()
    };
    let app = build_on(config, Arc::new(SimClock::new(seed)), options).await?;
    slot.replace(Some(Arc::clone(&app)));
    let service = http::service(Arc::clone(&app));
    accept::serve(SimListener(listener), app, service).await;
    std::future::pending().await
}

struct SimListener(TcpListener);

impl Listener for SimListener {
    type Line = SimLine;

    async fn accept(&self) -> io::Result<(SimLine, SocketAddr)> {
        let (stream, address) = self.0.accept().await?;
        Ok((SimLine(stream), address))
    }
}

struct SimLine(TcpStream);

impl Line for SimLine {
    fn hurry(&self) {}

    async fn spoken(&mut self) -> io::Result<()> {
        self.0.peek(&mut [0]).await.map(drop)
    }
}

impl AsyncRead for SimLine {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(cx, buf)
    }
}

impl AsyncWrite for SimLine {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(cx)
    }
}
