//! The real server in its own process, so that it can be killed in the middle of a sentence.

use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::OnceLock;

use prilavok_protocol::ids::Role;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};
use tokio::time::timeout;

use super::{Guest, SERVICE_TOKEN};
use crate::wire::DEADLINE;

/// The real server.
pub struct Process {
    /// Where it listens.
    pub address: SocketAddr,
    folder: TempDir,
    child: Option<(Child, Lines<BufReader<ChildStdout>>)>,
    flags: Vec<String>,
}

impl Process {
    /// Starts it on a free port, in a folder of its own.
    pub async fn new(flags: &[&str]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let free = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = free.local_addr().expect("an address");
        drop(free);
        let flags = flags.iter().map(|flag| (*flag).to_owned()).collect();
        let mut process = Self {
            address,
            folder,
            child: None,
            flags,
        };
        process.start().await;
        process
    }

    /// Starts it, in the same folder and on the same port, and waits for the line that says that it is ready.
    pub async fn start(&mut self) {
        let mut child = Command::new(binary())
            .args(["serve", "--listen", &self.address.to_string(), "--data-dir"])
            .arg(self.folder.path())
            .args(&self.flags)
            .env("PRILAVOK_SERVICE_TOKEN", SERVICE_TOKEN)
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("the server starts");
        let mut lines = BufReader::new(child.stdout.take().expect("it is piped")).lines();
        let line = timeout(DEADLINE, lines.next_line()).await.expect("it is ready in time");
        line.expect("it can be read").expect("it says that it is ready");
        self.child = Some((child, lines));
    }

    /// Kills it with no warning at all.
    pub async fn kill(&mut self) {
        let (mut child, _) = self.child.take().expect("it runs");
        child.kill().await.expect("it dies");
    }

    /// Stops it as an operator does, and returns whether it ended well.
    pub async fn terminate(&mut self) -> bool {
        let (mut child, _) = self.child.take().expect("it runs");
        let id = child.id().expect("it runs").to_string();
        let asked = Command::new("kill")
            .args(["-TERM", &id])
            .status()
            .await
            .expect("`kill` is there");
        assert!(asked.success(), "the signal was not sent");
        timeout(DEADLINE * 2, child.wait())
            .await
            .expect("it stops in time")
            .expect("it can be waited for")
            .success()
    }

    /// Its folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// A buyer who has just registered.
    pub async fn buyer(&self, name: &str) -> Guest {
        Guest::register(self.address, name, Role::Buyer).await
    }

    /// A shop that has just registered.
    pub async fn seller(&self, name: &str) -> Guest {
        Guest::register(self.address, name, Role::Seller).await
    }
}

/// The server's binary, beside the test's own; cargo builds it unless it is fresh.
///
/// # Panics
/// When it cannot be built.
pub fn binary() -> &'static Path {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    BINARY.get_or_init(|| {
        let test = std::env::current_exe().expect("a test knows itself");
        // A test lies in `target/debug/deps`, a program in `target/debug`.
        let folder = test.parent().expect("a folder");
        let profile = if folder.ends_with("deps") {
            folder.parent().expect("target/debug")
        } else {
            folder
        };
        let target = profile.parent().expect("target");
        let mut build = std::process::Command::new(env!("CARGO"));
        build.args([
            "build",
            "--quiet",
            "--package",
            "prilavok-server",
            "--bin",
            "prilavok-server",
            "--target-dir",
        ]);
        build
            .arg(target)
            .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
        if profile.file_name().is_some_and(|name| name == "release") {
            build.arg("--release");
        }
        assert!(
            build.status().expect("cargo is there").success(),
            "the server does not build"
        );
        profile.join(format!("prilavok-server{}", std::env::consts::EXE_SUFFIX))
    })
}
