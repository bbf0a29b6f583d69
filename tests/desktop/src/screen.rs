//! The virtual screen: Xvfb, a session bus, a window manager and a real notification daemon.

use std::io::{BufRead, BufReader};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::child::Process;
use crate::wait::until;

/// What a desktop session offers to its programs.
#[derive(Debug)]
pub struct Screen {
    display: String,
    bus: String,
    runtime: PathBuf,
    logs: PathBuf,
    // In the order of their death: dunst and openbox before the bus and the screen.
    _notices: Process,
    _windows: Process,
    _bus: Process,
    _x: Process,
}

impl Screen {
    /// Starts a screen of 1700 × 1100 pixels; its logs and sockets live under `home`.
    ///
    /// # Errors
    /// When a program is missing or does not come up.
    pub async fn start(home: &Path) -> Result<Self> {
        let logs = home.join("logs");
        let runtime = home.join("runtime");
        std::fs::create_dir_all(&logs)?;
        std::fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&runtime)?;

        let mut x = Process::start(
            Command::new("Xvfb")
                .args([
                    "-displayfd",
                    "1",
                    "-screen",
                    "0",
                    "1700x1100x24",
                    "-nolisten",
                    "tcp",
                ])
                .stdout(Stdio::piped()),
            &logs.join("xvfb.log"),
            "xvfb",
        )?;
        let display = format!(":{}", first_line(&mut x).context("Xvfb named no display")?);

        let mut bus = Process::start(
            Command::new("dbus-daemon")
                .args(["--session", "--nofork", "--print-address=1"])
                .env("XDG_RUNTIME_DIR", &runtime)
                .env("DISPLAY", &display)
                .stdout(Stdio::piped()),
            &logs.join("bus.log"),
            "dbus",
        )?;
        let address = first_line(&mut bus).context("dbus-daemon named no address")?;

        let with = |command: &mut Command| {
            command
                .env("DISPLAY", &display)
                .env("DBUS_SESSION_BUS_ADDRESS", &address)
                .env("XDG_RUNTIME_DIR", &runtime)
                .env("HOME", home)
                .stdout(Stdio::null());
        };
        let mut command = Command::new("openbox");
        with(&mut command);
        let windows = Process::start(&mut command, &logs.join("openbox.log"), "openbox")?;
        let mut command = Command::new("dunst");
        with(&mut command);
        let notices = Process::start(&mut command, &logs.join("dunst.log"), "dunst")?;

        let screen = Self {
            display,
            bus: address,
            runtime,
            logs,
            _notices: notices,
            _windows: windows,
            _bus: bus,
            _x: x,
        };
        until("the notification daemon", || async {
            Ok(screen.notices_shown().ok())
        })
        .await?;
        Ok(screen)
    }

    /// Gives `command` this screen, its bus and its runtime folder.
    pub fn dress(&self, command: &mut Command) {
        command
            .env("DISPLAY", &self.display)
            .env("DBUS_SESSION_BUS_ADDRESS", &self.bus)
            .env("XDG_RUNTIME_DIR", &self.runtime);
    }

    /// Where programs of this screen log to.
    #[must_use]
    pub fn logs(&self) -> &Path {
        &self.logs
    }

    /// Runs a small tool on this screen and returns what it prints.
    ///
    /// # Errors
    /// When it is missing or fails.
    pub fn run(&self, program: &str, args: &[&str]) -> Result<String> {
        let mut command = Command::new(program);
        self.dress(&mut command);
        let output = command
            .args(args)
            .output()
            .with_context(|| format!("cannot run {program}"))?;
        if !output.status.success() {
            bail!(
                "{program} {} failed: {}",
                args.join(" "),
                String::from_utf8_lossy(&output.stderr).trim()
            );
        }
        Ok(String::from_utf8_lossy(&output.stdout).trim().into())
    }

    /// How many notifications are on the screen.
    ///
    /// # Errors
    /// When the daemon does not answer.
    pub fn notices_shown(&self) -> Result<usize> {
        Ok(self.run("dunstctl", &["count", "displayed"])?.parse()?)
    }

    /// Clicks the newest notification.
    ///
    /// # Errors
    /// When the daemon does not answer.
    pub fn click_notice(&self) -> Result<()> {
        self.run("dunstctl", &["action", "0"]).map(drop)
    }

    /// Takes all notifications from the screen, as a person waves them away.
    ///
    /// # Errors
    /// When the daemon does not answer.
    pub fn dismiss_notices(&self) -> Result<()> {
        self.run("dunstctl", &["close-all"]).map(drop)
    }

    /// What the notifications so far said: the daemon's history as JSON text.
    ///
    /// # Errors
    /// When the daemon does not answer.
    pub fn notice_history(&self) -> Result<String> {
        self.run("dunstctl", &["history"])
    }

    /// A picture of the whole screen.
    ///
    /// # Errors
    /// When ImageMagick is missing.
    pub fn picture(&self, path: &Path) -> Result<()> {
        self.run("import", &["-window", "root", &path.to_string_lossy()])
            .context("the picture of the screen needs the package imagemagick")
            .map(drop)
    }
}

/// The first line that a process prints.
fn first_line(process: &mut Process) -> Result<String> {
    let stdout = process
        .child()
        .stdout
        .take()
        .context("its output is not piped")?;
    let mut line = String::new();
    BufReader::new(stdout).read_line(&mut line)?;
    if line.trim().is_empty() {
        bail!("it ended without a word");
    }
    Ok(line.trim().into())
}
