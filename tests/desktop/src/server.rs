//! The server's own binary with its demo marketplace, which can be killed and started again on the same address.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::child::Process;

/// A server process on a fixed loopback port.
#[derive(Debug)]
pub struct Server {
    binary: PathBuf,
    home: PathBuf,
    listen: String,
    process: Option<Process>,
}

impl Server {
    /// Starts it on a free port, with the demo marketplace in `home`.
    ///
    /// # Errors
    /// When it does not say that it is ready.
    pub fn start(binary: PathBuf, home: &Path) -> Result<Self> {
        std::fs::create_dir_all(home)?;
        let mut server = Self {
            binary,
            home: home.into(),
            listen: "127.0.0.1:0".into(),
            process: None,
        };
        server.restart()?;
        Ok(server)
    }

    /// The address that a person would type.
    #[must_use]
    pub fn address(&self) -> String {
        format!("http://{}", self.listen)
    }

    /// `kill -9`: no goodbye, nothing flushed.
    pub fn kill(&mut self) {
        self.process = None;
    }

    /// Starts it again on the same address and data.
    ///
    /// # Errors
    /// When it does not say that it is ready.
    pub fn restart(&mut self) -> Result<()> {
        let mut process = Process::start(
            Command::new(&self.binary)
                .args(["serve", "--demo", "--listen", &self.listen, "--data-dir"])
                .arg(self.home.join("data"))
                .stdout(Stdio::piped()),
            &self.home.join("server.log"),
            "`cargo build -p prilavok-server`",
        )?;
        let stdout = process
            .child()
            .stdout
            .take()
            .context("its output is not piped")?;
        let mut lines = BufReader::new(stdout).lines();
        let ready = lines.next().transpose()?.unwrap_or_default();
        let Some((_, address)) = ready.split_once("http://") else {
            bail!(
                "the server did not start; it said {ready:?}, its log is {}",
                self.home.join("server.log").display()
            );
        };
        self.listen = address.trim().into();
        self.process = Some(process);
        Ok(())
    }
}
