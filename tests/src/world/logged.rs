//! The real server with its log read, and with as many descriptors as a story allows.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::Stdio;

use prilavok_protocol::ids::Role;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::watch;
use tokio::time::timeout;

use super::process::binary;
use super::{Guest, SERVICE_TOKEN};
use crate::wire::DEADLINE;

/// The real server.
pub struct Logged {
    /// Where it listens.
    pub address: SocketAddr,
    folder: TempDir,
    descriptors: u32,
    child: Child,
    log: watch::Receiver<Vec<String>>,
}

impl Logged {
    /// Starts it with so many descriptors and this configuration (TOML), on a port of its own.
    ///
    /// # Panics
    /// When it does not start.
    pub async fn start(descriptors: u32, settings: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("settings.toml"), settings).expect("the settings are written");
        let (child, log) = spawn(&folder, descriptors, SocketAddr::from(([127, 0, 0, 1], 0)));
        let mut server = Self {
            address: SocketAddr::from(([127, 0, 0, 1], 0)),
            folder,
            descriptors,
            child,
            log,
        };
        let ready = server.says("prilavok-server ready on http://").await;
        let address = ready.rsplit("//").next().expect("an address");
        server.address = address.parse().expect("an address");
        server
    }

    /// Asks it to stop, and waits until it has.
    ///
    /// # Panics
    /// When it does not.
    pub async fn stop(&mut self) {
        let id = self.id().to_string();
        let asked = Command::new("kill").args(["-TERM", &id]).status().await;
        assert!(asked.expect("`kill` is there").success(), "the signal was not sent");
        let ended = timeout(DEADLINE * 3, self.child.wait())
            .await
            .expect("it stops in time");
        assert!(ended.expect("it can be waited for").success(), "it ended badly");
    }

    /// Starts it again, in the same folder and on the same port.
    pub async fn start_again(&mut self) {
        (self.child, self.log) = spawn(&self.folder, self.descriptors, self.address);
        self.says("prilavok-server ready on http://").await;
    }

    /// Waits for a line with this text, on either stream.
    ///
    /// # Panics
    /// When it does not say it.
    pub async fn says(&self, text: &str) -> String {
        let mut log = self.log.clone();
        let find = |lines: &Vec<String>| lines.iter().find(|line| line.contains(text)).cloned();
        let wait = timeout(DEADLINE, log.wait_for(|lines| find(lines).is_some())).await;
        match wait {
            Ok(Ok(lines)) => find(&lines).expect("it was there"),
            _ => panic!("it does not say `{text}`: {:#?}", self.log.borrow()),
        }
    }

    /// Its data directory.
    #[must_use]
    pub fn data_dir(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// Its process.
    ///
    /// # Panics
    /// When it has ended.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.child.id().expect("it runs")
    }

    /// Somebody who has just registered.
    pub async fn register(&self, name: &str, role: Role) -> Guest {
        Guest::register(self.address, name, role).await
    }
}

fn spawn(folder: &TempDir, descriptors: u32, address: SocketAddr) -> (Child, watch::Receiver<Vec<String>>) {
    let mut child = Command::new("sh")
        .args(["-c", &format!("ulimit -n {descriptors} && exec \"$0\" \"$@\"")])
        .arg(binary())
        .args(["serve", "--listen", &address.to_string(), "--data-dir"])
        .arg(folder.path().join("data"))
        .arg("--config")
        .arg(folder.path().join("settings.toml"))
        .env("PRILAVOK_SERVICE_TOKEN", SERVICE_TOKEN)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .expect("the server starts");
    let log = watch::Sender::new(Vec::new());
    let reader = log.subscribe();
    read(child.stdout.take().expect("it is piped"), log.clone());
    read(child.stderr.take().expect("it is piped"), log);
    (child, reader)
}

fn read(stream: impl AsyncRead + Send + Unpin + 'static, log: watch::Sender<Vec<String>>) {
    tokio::spawn(async move {
        let mut lines = BufReader::new(stream).lines();
        while let Ok(Some(line)) = lines.next_line().await {
            log.send_modify(|log| log.push(line));
        }
    });
}
