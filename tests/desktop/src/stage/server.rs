//! The server in its own process, so that it can be killed.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use anyhow::{Context, Result, bail};

use super::process::Process;
use super::{built, until};
use crate::artefacts::Artefacts;

/// The server, with a demo marketplace in its data directory.
#[derive(Debug)]
pub struct Server {
    port: u16,
    data_dir: PathBuf,
    artefacts: Arc<Artefacts>,
    process: std::sync::Mutex<Option<Process>>,
}

impl Server {
    pub(super) async fn start(artefacts: Arc<Artefacts>, folder: &Path) -> Result<Self> {
        let data_dir = folder.join("server");
        std::fs::create_dir_all(&data_dir)?;
        let process = std::sync::Mutex::default();
        let server = Self {
            port: free_port()?,
            data_dir,
            artefacts,
            process,
        };
        server.start_again().await?;
        Ok(server)
    }

    /// `http://127.0.0.1:<port>`.
    #[must_use]
    pub fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    pub(super) fn data_dir(&self) -> &Path {
        &self.data_dir
    }

    /// Starts the server on the same port and the same data.
    ///
    /// # Errors
    /// When it does not become ready.
    pub async fn start_again(&self) -> Result<()> {
        let mut command = Command::new(built("prilavok-server")?);
        let listen = format!("127.0.0.1:{}", self.port);
        command
            .args(["serve", "--demo", "--listen", &listen, "--data-dir"])
            .arg(&self.data_dir);
        let process = Process::start(&mut command, "", &self.artefacts.log("server"))?;
        *self.process.lock().expect("nobody panics while starting") = Some(process);
        let ready = format!("{}/readyz", self.address());
        until("the server is ready", || async {
            if let Some(process) = self.process.lock().expect("nobody panics while starting").as_mut()
                && let Some(status) = process.has_ended()?
            {
                bail!(
                    "the server ended with {status}; see {}",
                    self.artefacts.log("server").display()
                );
            }
            Ok(reqwest::get(&ready)
                .await
                .is_ok_and(|answer| answer.status().is_success())
                .then_some(()))
        })
        .await
    }

    /// `kill -9`.
    pub fn kill(&self) {
        self.process.lock().expect("nobody panics while starting").take();
    }
}

/// A port that is free now. Somebody could take it in between; then the server says so.
pub(super) fn free_port() -> Result<u16> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).context("no port is free")?;
    Ok(listener.local_addr()?.port())
}
