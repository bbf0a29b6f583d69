//! The server of a soak: its own process, killed and started again, and what it uses of the machine.

use std::fs::{File, OpenOptions};
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};
use tokio::time::timeout;

use crate::crowd::GENEROUS;

/// A start reads the log's tail and binds a port; a stop waits for sockets.
const PATIENCE: Duration = Duration::from_secs(60);

/// The server of a soak.
pub struct Server {
    /// Where it listens.
    pub address: SocketAddr,
    binary: PathBuf,
    folder: PathBuf,
    log: PathBuf,
    running: Option<Running>,
}

struct Running {
    child: Child,
    /// Kept open, so that it may always write.
    _lines: Lines<BufReader<ChildStdout>>,
    since: Instant,
}

/// What a process uses.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Usage {
    /// Resident memory in KiB.
    pub memory: u64,
    /// Open descriptors.
    pub descriptors: u64,
}

impl Server {
    /// Starts it on a free port.
    pub async fn start(binary: &Path, folder: &Path, log: &Path) -> Result<Self> {
        // Below the ports that the system gives to clients, so that none of them takes it while the server is away.
        let free = (17_000..18_000).find_map(|port| TcpListener::bind(("127.0.0.1", port)).ok());
        let address = free.context("no port is free")?.local_addr()?;
        let mut server = Self {
            address,
            binary: binary.to_owned(),
            folder: folder.to_owned(),
            log: log.to_owned(),
            running: None,
        };
        server.restart().await?;
        Ok(server)
    }

    /// Starts it again, in the same folder and on the same port, and waits until it is ready.
    pub async fn restart(&mut self) -> Result<()> {
        let log: File = OpenOptions::new().create(true).append(true).open(&self.log)?;
        let mut child = Command::new(&self.binary)
            .args(["serve", "--listen", &self.address.to_string(), "--data-dir"])
            .arg(&self.folder)
            .envs(GENEROUS)
            .stdout(Stdio::piped())
            .stderr(log)
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("{} does not start", self.binary.display()))?;
        let mut lines = BufReader::new(child.stdout.take().context("it is piped")?).lines();
        let line = timeout(PATIENCE, lines.next_line())
            .await
            .context("it is not ready")??;
        line.with_context(|| format!("it ended at once, see {}", self.log.display()))?;
        self.running = Some(Running {
            child,
            _lines: lines,
            since: Instant::now(),
        });
        Ok(())
    }

    /// Kills it with no warning at all.
    pub async fn kill(&mut self) -> Result<()> {
        let mut running = self.running.take().context("it runs")?;
        Ok(running.child.kill().await?)
    }

    /// Stops it as an operator does.
    pub async fn terminate(&mut self) -> Result<()> {
        let mut running = self.running.take().context("it runs")?;
        let id = running.child.id().context("it runs")?.to_string();
        Command::new("kill").args(["-TERM", &id]).status().await?;
        let status = timeout(PATIENCE, running.child.wait())
            .await
            .context("it does not stop")??;
        ensure!(status.success(), "it did not end well: {status}");
        Ok(())
    }

    /// Whether it has ended by itself.
    pub fn has_died(&mut self) -> Result<bool> {
        let running = self.running.as_mut().context("it was started")?;
        Ok(running.child.try_wait()?.is_some())
    }

    /// Since when this process runs.
    #[must_use]
    pub fn age(&self) -> Duration {
        self.running
            .as_ref()
            .map_or(Duration::ZERO, |running| running.since.elapsed())
    }

    /// What it uses now; nothing where the system does not say.
    #[must_use]
    pub fn usage(&self) -> Usage {
        let id = self.running.as_ref().and_then(|running| running.child.id());
        id.and_then(Usage::of).unwrap_or_default()
    }

    /// Where its log is.
    #[must_use]
    pub fn log_file(&self) -> &Path {
        &self.log
    }

    /// Its log so far.
    pub fn log(&self) -> Result<String> {
        let bytes = std::fs::read(&self.log)?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }
}

impl Usage {
    /// The memory of this process in KiB, of what it shares with others only its part.
    #[must_use]
    pub fn share_of(id: u32) -> Option<u64> {
        let rollup = std::fs::read_to_string(format!("/proc/{id}/smaps_rollup")).ok()?;
        let share = rollup.lines().find_map(|line| line.strip_prefix("Pss:"))?;
        share.trim().trim_end_matches(" kB").parse().ok()
    }

    /// What this process uses now, from the system's tables.
    #[must_use]
    pub fn of(id: u32) -> Option<Self> {
        let status = std::fs::read_to_string(format!("/proc/{id}/status")).ok()?;
        let memory = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
        let memory = memory.trim().trim_end_matches(" kB").parse().ok()?;
        let descriptors = std::fs::read_dir(format!("/proc/{id}/fd")).ok()?.count() as u64;
        Some(Self { memory, descriptors })
    }
}
