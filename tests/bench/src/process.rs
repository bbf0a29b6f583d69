//! A server under test, as a process of its own: what it says, what it costs.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::time::timeout;

/// Even a large store is open sooner.
const PATIENCE: Duration = Duration::from_secs(120);

/// A running server.
pub struct Process {
    child: Child,
    /// Where it listens.
    pub address: SocketAddr,
    /// From the start to the word that it is ready.
    pub ready_after: Duration,
}

impl Process {
    /// Starts a program and waits until it says `… ready on http://<address>`.
    ///
    /// # Errors
    /// When it does not.
    pub async fn start(program: &Path, arguments: &[String]) -> Result<Self> {
        let began = Instant::now();
        let mut child = Command::new(program)
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("{} does not start", program.display()))?;
        let mut lines = BufReader::new(child.stdout.take().context("it is piped")?).lines();
        let address = timeout(PATIENCE, async {
            while let Some(line) = lines.next_line().await? {
                if let Some((_, address)) = line.split_once(" ready on http://") {
                    return Ok(address.trim().parse()?);
                }
            }
            bail!("{} ended before it was ready", program.display())
        })
        .await
        .context("it is not ready in time")??;
        let ready_after = began.elapsed();
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        Ok(Self {
            child,
            address,
            ready_after,
        })
    }

    /// Asks it to stop, and waits.
    ///
    /// # Errors
    /// When it does not.
    pub async fn stop(mut self) -> Result<()> {
        let id = self.id().to_string();
        Command::new("kill").args(["-TERM", &id]).status().await?;
        timeout(PATIENCE, self.child.wait())
            .await
            .context("it does not stop")??;
        Ok(())
    }

    fn id(&self) -> u32 {
        self.child.id().unwrap_or_default()
    }

    /// Processor time so far.
    #[must_use]
    pub fn cpu(&self) -> Duration {
        cpu(self.id()).unwrap_or_default()
    }

    /// Proportional set size.
    #[must_use]
    pub fn pss_kib(&self) -> u64 {
        pss_kib(self.id()).unwrap_or_default()
    }
}

/// Processor time of a process so far.
fn cpu(id: u32) -> Option<Duration> {
    let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    // The name in brackets may hold anything; what follows it is counted from there.
    let fields: Vec<&str> = stat.rsplit(')').next()?.split_whitespace().collect();
    let ticks: u64 = fields.get(11)?.parse::<u64>().ok()? + fields.get(12)?.parse::<u64>().ok()?;
    // A tick is a hundredth of a second on every Linux that there is.
    Some(Duration::from_millis(ticks * 10))
}

fn pss_kib(id: u32) -> Option<u64> {
    let rollup = std::fs::read_to_string(format!("/proc/{id}/smaps_rollup")).ok()?;
    let line = rollup.lines().find(|line| line.starts_with("Pss:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

/// The program beside this one.
///
/// # Errors
/// When this program does not know where it is.
pub fn beside(name: &str) -> Result<PathBuf> {
    let own = std::env::current_exe()?;
    Ok(own.parent().context("a folder")?.join(name))
}
