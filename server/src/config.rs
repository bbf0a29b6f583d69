//! What the operator wants: file ← environment ← flags, every key with a default.
//!
//! `server.example.toml` comments every key; reading and its clear sentences live in [`load`].

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use prilavok_protocol::limits::Limits;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};

pub mod load;
pub mod span;

/// The whole configuration.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default)]
pub struct Config {
    /// The marketplace's name, which the apps show.
    pub name: String,
    /// Where the database, the pictures and the keys live.
    pub data_dir: PathBuf,
    /// Fill an empty marketplace with the demo one.
    pub demo: bool,
    /// The listener.
    pub http: Http,
    /// Signing in.
    pub auth: Auth,
    /// Both sockets.
    pub sockets: Sockets,
    /// The published limits.
    pub limits: Limits,
    /// Numbers for the operator.
    pub metrics: Metrics,
    /// The log.
    pub log: Log,
}

/// The listener.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default)]
pub struct Http {
    /// Address and port.
    pub listen: SocketAddr,
    /// Web pages that may call this server: exact origins such as `https://shop.example`.
    pub origins: Vec<String>,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<std::net::IpAddr>,
    /// Open connections of all addresses.
    pub connections: usize,
    /// Open connections of one address.
    pub connections_per_address: usize,
    /// From the accepted connection to its first byte.
    #[serde(with = "span")]
    pub first_byte: Duration,
    /// From the first byte to the end of the headers.
    #[serde(with = "span")]
    pub headers: Duration,
    /// From the headers to the end of the answer.
    #[serde(with = "span")]
    pub request: Duration,
    /// How long shutdown waits for requests and sockets.
    #[serde(with = "span")]
    pub shutdown: Duration,
}

/// Who is believed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum AuthMode {
    /// Whoever holds an access token or a ticket.
    #[default]
    Tokens,
    /// Anybody, at their word: for unchanged old clients on the developer's own machine.
    TrustedIds,
}

/// Signing in.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default)]
pub struct Auth {
    /// Who is believed.
    pub mode: AuthMode,
    /// The marketplace's token for the catalogue.
    #[serde(skip_serializing)]
    pub service_token: Option<SecretString>,
    /// Anybody may make an account.
    pub registration: bool,
    /// Life of an access token.
    #[serde(with = "span")]
    pub access: Duration,
    /// Life of an unused session.
    #[serde(with = "span")]
    pub session: Duration,
    /// Life of a socket ticket.
    #[serde(with = "span")]
    pub ticket: Duration,
    /// Life of an invitation to a shop.
    #[serde(with = "span")]
    pub invitation: Duration,
    /// Password hashes computed at once; each needs 19 MiB.
    pub hashes: usize,
    /// Sign-ins waiting for their turn; the next one is told to come back.
    pub hashes_waiting: usize,
}

/// Both sockets.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default)]
pub struct Sockets {
    /// Between heartbeats, give or take a fifth.
    #[serde(with = "span")]
    pub heartbeat: Duration,
    /// Silence after which a socket is dropped.
    #[serde(with = "span")]
    pub silence: Duration,
    /// From the upgrade to `hello`.
    #[serde(with = "span")]
    pub hello: Duration,
    /// Typing ends by itself.
    #[serde(with = "span")]
    pub typing: Duration,
    /// From a party's last socket closing to "left".
    #[serde(with = "span")]
    pub leave_grace: Duration,
    /// Between checks that the session is still open.
    #[serde(with = "span")]
    pub access_check: Duration,
    /// Between looks at what other processes have ended.
    #[serde(with = "span")]
    pub revocation_check: Duration,
    /// Over which clients spread their return after a restart.
    #[serde(with = "span")]
    pub spread: Duration,
    /// One write to a peer that does not read.
    #[serde(with = "span")]
    pub write: Duration,
    /// Frames at once. A person makes a few a second; an app that comes back sends its outbox and some markers.
    pub frame_burst: u32,
    /// Frames a second after the burst.
    pub frames_per_second: u32,
}

/// Numbers for the operator.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Metrics {
    /// A listener of its own; none: no metrics.
    pub listen: Option<SocketAddr>,
}

/// How the log is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// For eyes.
    #[default]
    Text,
    /// For machines.
    Json,
}

/// The log, on standard error.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default)]
pub struct Log {
    /// What is written: `info`, `warn`, `prilavok_server=debug`.
    pub filter: String,
    /// How it is written.
    pub format: LogFormat,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            name: "Прилавок".into(),
            data_dir: default_data_dir(),
            demo: false,
            http: Http::default(),
            auth: Auth::default(),
            sockets: Sockets::default(),
            limits: Limits::default(),
            metrics: Metrics::default(),
            log: Log::default(),
        }
    }
}

impl Default for Http {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8000)),
            origins: Vec::new(),
            trusted_proxies: Vec::new(),
            connections: 20_000,
            connections_per_address: 10_000,
            first_byte: Duration::from_secs(10),
            headers: Duration::from_secs(10),
            request: Duration::from_secs(30),
            shutdown: Duration::from_secs(10),
        }
    }
}

impl Default for Auth {
    fn default() -> Self {
        Self {
            mode: AuthMode::Tokens,
            service_token: None,
            registration: true,
            access: Duration::from_secs(15 * 60),
            session: Duration::from_secs(60 * 24 * 60 * 60),
            ticket: Duration::from_secs(30),
            invitation: Duration::from_secs(7 * 24 * 60 * 60),
            hashes: 2,
            hashes_waiting: 256,
        }
    }
}

impl Default for Sockets {
    fn default() -> Self {
        Self {
            heartbeat: Duration::from_secs(prilavok_protocol::limits::PING_SECONDS),
            silence: Duration::from_secs(prilavok_protocol::limits::SILENCE_SECONDS),
            hello: Duration::from_secs(10),
            typing: Duration::from_secs(prilavok_protocol::limits::TYPING_SECONDS),
            leave_grace: Duration::from_secs(5),
            access_check: Duration::from_secs(4),
            // A quarter of the second within which a socket must be closed.
            revocation_check: Duration::from_millis(250),
            spread: Duration::from_secs(5),
            write: Duration::from_secs(10),
            frame_burst: 200,
            frames_per_second: 50,
        }
    }
}

impl Default for Log {
    fn default() -> Self {
        Self {
            filter: "info".into(),
            format: LogFormat::Text,
        }
    }
}

fn default_data_dir() -> PathBuf {
    directories::ProjectDirs::from("", "", "prilavok-server")
        .map_or_else(|| PathBuf::from("prilavok-data"), |dirs| dirs.data_dir().to_owned())
}

impl Config {
    /// Whether a web page of this origin may call. Matched exactly; in `trusted-ids` mode without a list, every
    /// loopback origin may.
    #[must_use]
    pub fn allows_origin(&self, origin: &[u8]) -> bool {
        if self.http.origins.is_empty() {
            return self.auth.mode == AuthMode::TrustedIds && is_loopback_origin(origin);
        }
        self.http.origins.iter().any(|allowed| allowed.as_bytes() == origin)
    }
}

fn is_loopback_origin(origin: &[u8]) -> bool {
    let Ok(origin) = std::str::from_utf8(origin) else {
        return false;
    };
    let Some((scheme, rest)) = origin.split_once("://") else {
        return false;
    };
    if !matches!(scheme, "http" | "https") {
        return false;
    }
    ["localhost", "127.0.0.1", "[::1]"].iter().any(|host| {
        rest.strip_prefix(host).is_some_and(|port| {
            port.is_empty()
                || port
                    .strip_prefix(':')
                    .is_some_and(|p| p.parse::<u16>().is_ok_and(|_| !p.starts_with('+')))
        })
    })
}
