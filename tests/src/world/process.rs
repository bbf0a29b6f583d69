//! The real server in its own process, so that it can be killed in the middle of a sentence.

use std::net::SocketAddr;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::sync::OnceLock;
use std::time::Duration;

use prilavok_protocol::ids::Role;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};
use tokio::time::timeout;

use super::{Guest, SERVICE_TOKEN};
use crate::wire::DEADLINE;

mod port;

/// SIGABRT: how a process ends at a point.
pub const ABORTED: i32 = 6;

/// The real server.
pub struct Process {
    /// Where it listens.
    pub address: SocketAddr,
    folder: TempDir,
    program: Program,
    child: Option<(Child, Lines<BufReader<ChildStdout>>)>,
    flags: Vec<String>,
    variables: Vec<(String, String)>,
}

/// Which binary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Program {
    /// What operators run.
    Product,
    /// The same with points at which it dies and bugs to plant: see `prilavok_server::faults`.
    Faulty,
    /// The engine of the apps alone, with such points: see `prilavok_client::faults`.
    FaultyDevice,
}

impl Process {
    /// Starts it on a free port, in a folder of its own.
    pub async fn new(flags: &[&str]) -> Self {
        let mut process = Self::waiting(Program::Product);
        process.flags = flags.iter().map(|flag| (*flag).to_owned()).collect();
        process.start().await;
        process
    }

    /// Has a port and a folder, and does not run yet.
    #[must_use]
    pub fn waiting(program: Program) -> Self {
        Self {
            address: port::free(),
            folder: tempfile::tempdir().expect("a folder"),
            program,
            child: None,
            flags: Vec::new(),
            variables: Vec::new(),
        }
    }

    /// From the next start on, with this variable.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.set(name, value);
        self
    }

    /// From the next start on, with this variable.
    pub fn set(&mut self, name: &str, value: &str) {
        self.variables.push((name.to_owned(), value.to_owned()));
    }

    /// Starts it, in the same folder and on the same port, and waits for the line that says that it is ready.
    pub async fn start(&mut self) {
        assert!(self.start_with("").await, "it is not ready: {:?}", self.wait().await);
    }

    /// Starts it with these faults, and returns whether it came so far as to be ready.
    pub async fn start_with(&mut self, faults: &str) -> bool {
        let listen = self.address.to_string();
        let mut child = self
            .command(&["serve", "--listen", &listen], faults)
            .args(&self.flags)
            .stdout(Stdio::piped())
            .spawn()
            .expect("the server starts");
        let mut lines = BufReader::new(child.stdout.take().expect("it is piped")).lines();
        let line = timeout(DEADLINE, lines.next_line()).await.expect("it is ready in time");
        let is_ready = line.expect("it can be read").is_some();
        self.child = Some((child, lines));
        is_ready
    }

    /// Another command on the same folder, such as `backup`, with these faults.
    #[must_use]
    pub fn command(&self, arguments: &[&str], faults: &str) -> Command {
        let mut command = Command::new(binary_of(self.program));
        command
            .args(arguments)
            .arg("--data-dir")
            .arg(self.folder.path())
            .env("PRILAVOK_SERVICE_TOKEN", SERVICE_TOKEN)
            .env("FAILPOINTS", faults)
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .kill_on_drop(true);
        command
    }

    /// Whether it has died by itself; it is waited for as long as `patience`.
    pub async fn has_died(&mut self, patience: Duration) -> bool {
        let (child, _) = self.child.as_mut().expect("it was started");
        timeout(patience, child.wait()).await.is_ok()
    }

    /// Waits until it dies at a point that it was told to die at.
    pub async fn dies(&mut self) {
        let end = self.wait().await;
        assert_eq!(end.signal(), Some(ABORTED), "it did not die at a point: {end}");
    }

    /// Waits until it ends, of whatever.
    pub async fn wait(&mut self) -> ExitStatus {
        let (mut child, _) = self.child.take().expect("it was started");
        let end = timeout(DEADLINE * 2, child.wait()).await.expect("it ends in time");
        end.expect("it can be waited for")
    }

    /// Kills it with no warning at all.
    pub async fn kill(&mut self) {
        let (mut child, _) = self.child.take().expect("it runs");
        child.kill().await.expect("it dies");
    }

    /// Stops it as an operator does, and returns whether it ended well.
    pub async fn terminate(&mut self) -> bool {
        self.ask_to_stop().await;
        self.wait().await.success()
    }

    /// Asks it to stop, as an operator does.
    pub async fn ask_to_stop(&mut self) {
        let (child, _) = self.child.as_ref().expect("it runs");
        let id = child.id().expect("it runs").to_string();
        let asked = Command::new("kill").args(["-TERM", &id]).status().await;
        assert!(asked.expect("`kill` is there").success(), "the signal was not sent");
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
    binary_of(Program::Product)
}

/// Any of them; cargo builds it unless it is fresh, and no build undoes another.
///
/// # Panics
/// When it cannot be built.
pub fn binary_of(program: Program) -> &'static Path {
    static PRODUCT: OnceLock<PathBuf> = OnceLock::new();
    static FAULTY: OnceLock<PathBuf> = OnceLock::new();
    static DEVICE: OnceLock<PathBuf> = OnceLock::new();
    match program {
        Program::Product => PRODUCT.get_or_init(|| build("prilavok-server", "prilavok-server", &[])),
        Program::Faulty => FAULTY.get_or_init(|| build("prilavok-server", "prilavok-server-faults", FAULTS)),
        Program::FaultyDevice => DEVICE.get_or_init(|| build("prilavok-client", "prilavok-device-faults", FAULTS)),
    }
}

const FAULTS: &[&str] = &["--features=faults"];

fn build(package: &str, name: &str, features: &[&str]) -> PathBuf {
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
    build
        .args(["build", "--quiet", "--package", package, "--bin", name])
        .args(features)
        .arg("--target-dir")
        .arg(target)
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
    if profile.file_name().is_some_and(|name| name == "release") {
        build.arg("--release");
    }
    assert!(
        build.status().expect("cargo is there").success(),
        "{name} does not build"
    );
    profile.join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
}
