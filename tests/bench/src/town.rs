//! Whom is measured with: a server of one kind, and the pairs that talk through it.

use std::path::{Path, PathBuf};

use anyhow::Result;
use tempfile::TempDir;

use self::people::{register, relayed};
use crate::process::{Process, beside};
use crate::socket::Seat;

mod people;

/// Limits out of the way: all people come from one address here, and type faster than people do.
const SETTINGS: &str = r#"
[limits]
sockets_per_account = 100000
unauthenticated_per_address = 100000
sends_per_minute = 600000000
send_burst = 100000000
# What the relays hold for one socket.
queue_events = 4096
queue_bytes = 16777216
[http]
connections = 100000
connections_per_address = 100000
[auth]
access = "12h"
[sockets]
frames_per_second = 100000000
frame_burst = 100000000
[log]
filter = "warn"
"#;

/// What is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, clap::ValueEnum)]
pub enum Kind {
    /// A bare relay.
    Relay,
    /// A relay with one insert a message, committed in groups.
    RelayStore,
    /// The server.
    Prilavok,
}

impl Kind {
    /// All of them, in the order in which they are measured.
    pub const ALL: [Self; 3] = [Self::Relay, Self::RelayStore, Self::Prilavok];

    /// Its name in tables.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Relay => "relay",
            Self::RelayStore => "relay-store",
            Self::Prilavok => "prilavok",
        }
    }
}

/// How a town's people stand to one another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// So many buyers, each with a shop of their own.
    Pairs(usize),
    /// So many buyers of one shop.
    Shop(usize),
}

/// Two who talk.
#[derive(Debug, Clone)]
pub struct Pair {
    /// Who writes.
    pub buyer: Seat,
    /// Who hears.
    pub seller: Seat,
}

/// A running server, and its people.
pub struct Town {
    /// What it is.
    pub kind: Kind,
    /// Its process.
    pub process: Process,
    /// The pairs.
    pub pairs: Vec<Pair>,
    /// Where pages are asked for.
    pub pages: String,
    /// Its files; they go with it.
    pub folder: TempDir,
}

impl Town {
    /// Starts a server with its people.
    ///
    /// # Errors
    /// When anything of it fails.
    pub async fn found(kind: Kind, shape: Shape) -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("prilavok-bench-").tempdir()?;
        let process = start(kind, folder.path()).await?;
        let address = process.address;
        let (pairs, pages) = match kind {
            Kind::Prilavok => (register(address, shape).await?, format!("http://{address}/api/v1")),
            Kind::Relay | Kind::RelayStore => (relayed(address, shape), pages_of(folder.path())?),
        };
        Ok(Self {
            kind,
            process,
            pairs,
            pages,
            folder,
        })
    }

    /// Stops the server and starts it again on the same files, with the same people.
    ///
    /// # Errors
    /// When it does not come back.
    pub async fn restart(self) -> Result<Self> {
        self.stop().await?.start().await
    }

    /// Stops the server.
    ///
    /// # Errors
    /// When it does not stop.
    pub async fn stop(self) -> Result<Asleep> {
        let Self {
            kind,
            process,
            pairs,
            folder,
            ..
        } = self;
        process.stop().await?;
        Ok(Asleep { kind, pairs, folder })
    }
}

/// A town whose server does not run.
pub struct Asleep {
    kind: Kind,
    /// The pairs.
    pub pairs: Vec<Pair>,
    folder: TempDir,
}

impl Asleep {
    /// The folder that the server keeps everything in.
    #[must_use]
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// Starts the server on the same files, with the same people.
    ///
    /// # Errors
    /// When it does not come back.
    pub async fn start(self) -> Result<Town> {
        let Self {
            kind,
            mut pairs,
            folder,
        } = self;
        let process = start(kind, folder.path()).await?;
        for pair in &mut pairs {
            pair.buyer.server = process.address;
            pair.seller.server = process.address;
        }
        let pages = match kind {
            Kind::Prilavok => format!("http://{}/api/v1", process.address),
            Kind::Relay | Kind::RelayStore => pages_of(folder.path())?,
        };
        Ok(Town {
            kind,
            process,
            pairs,
            pages,
            folder,
        })
    }
}

async fn start(kind: Kind, folder: &Path) -> Result<Process> {
    let path = |name: &str| folder.join(name).to_string_lossy().into_owned();
    match kind {
        Kind::Prilavok => {
            std::fs::write(folder.join("settings.toml"), SETTINGS)?;
            let arguments = [
                "serve",
                "--listen",
                "127.0.0.1:0",
                "--data-dir",
                &path("data"),
                "--config",
                &path("settings.toml"),
            ];
            Process::start(&beside("prilavok-server")?, &arguments.map(str::to_owned)).await
        }
        Kind::Relay | Kind::RelayStore => {
            let mut arguments = vec!["reference".to_owned(), "--pages".into(), path("pages")];
            if kind == Kind::RelayStore {
                arguments.extend(["--store".to_owned(), path("")]);
            }
            Process::start(&std::env::current_exe()?, &arguments).await
        }
    }
}

fn pages_of(folder: &Path) -> Result<String> {
    Ok(std::fs::read_to_string(folder.join("pages"))?)
}
