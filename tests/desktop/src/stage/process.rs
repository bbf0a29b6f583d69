//! A program that ends with the value that holds it, together with everything it started; also when the test run itself
//! is killed.

use std::fs::File;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, bail};

use super::PATIENCE;

/// A running program in a process group of its own.
#[derive(Debug)]
pub(super) struct Process {
    child: Child,
    undertaker: Child,
    name: String,
}

/// Waits until nobody holds the other end of its input any more, and ends the group. The kernel closes that end when the
/// run dies, however it dies.
const UNDERTAKER: &str = "read -r word; kill -KILL \"-$0\"";

impl Process {
    /// Starts `command`, its output going to `log`. `package` is the Debian package that brings it.
    pub(super) fn start(command: &mut Command, package: &str, log: &Path) -> Result<Self> {
        command.stdin(Stdio::null());
        Self::begin(command, package, log)
    }

    /// The same for a program that reads something first.
    pub(super) fn start_reading(command: &mut Command, package: &str, log: &Path, input: &Path) -> Result<Self> {
        command.stdin(File::open(input)?);
        Self::begin(command, package, log)
    }

    fn begin(command: &mut Command, package: &str, log: &Path) -> Result<Self> {
        let program = command.get_program().to_string_lossy().into_owned();
        let output = File::options().create(true).append(true).open(log)?;
        command.stderr(output.try_clone()?).process_group(0);
        if command
            .get_args()
            .all(|argument| argument != "--print-address" && argument != "-displayfd")
        {
            command.stdout(output);
        } else {
            command.stdout(Stdio::piped());
        }
        let mut child = match command.spawn() {
            Ok(child) => child,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                bail!("{program} is missing. Install it: apt-get install {package}")
            }
            Err(error) => return Err(error).with_context(|| format!("{program} does not start")),
        };
        match undertaker_of(&child) {
            Ok(undertaker) => Ok(Self {
                child,
                undertaker,
                name: program,
            }),
            Err(error) => {
                let _ = child.kill();
                Err(error).context("sh does not start")
            }
        }
    }

    /// The first line it prints; only where the output is a pipe.
    pub(super) fn first_line(&mut self) -> Result<String> {
        use std::io::{BufRead, BufReader};
        let output = self
            .child
            .stdout
            .take()
            .with_context(|| format!("{} has no pipe", self.name))?;
        let mut line = String::new();
        BufReader::new(output).read_line(&mut line)?;
        anyhow::ensure!(!line.is_empty(), "{} ended before it was ready", self.name);
        Ok(line.trim().to_owned())
    }

    /// Its number; everything it started has it above.
    pub(super) fn id(&self) -> u32 {
        self.child.id()
    }

    /// `None` while it runs.
    pub(super) fn has_ended(&mut self) -> Result<Option<std::process::ExitStatus>> {
        Ok(self.child.try_wait()?)
    }

    /// Ends it without a warning, and all that it started.
    pub(super) fn kill(&mut self) {
        drop(self.undertaker.stdin.take());
        let _ = self.undertaker.wait();
        // Reaped last: until then nobody else is given the group's id.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// In a group of its own: Ctrl+C ends the run, and must not end this one first. A browser engine is several processes,
/// so the group is what is ended.
fn undertaker_of(child: &Child) -> std::io::Result<Child> {
    Command::new("sh")
        .args(["-c", UNDERTAKER, &child.id().to_string()])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .process_group(0)
        .spawn()
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Runs a small tool and gives back what it printed.
pub(super) async fn ask(command: &mut Command, package: &str) -> Result<Vec<u8>> {
    let program = command.get_program().to_string_lossy().into_owned();
    let mut asked = Command::new(command.get_program());
    asked.args(command.get_args()).stdin(Stdio::null());
    for (name, value) in command.get_envs() {
        if let Some(value) = value {
            asked.env(name, value);
        }
    }
    let running = tokio::time::timeout(PATIENCE, tokio::task::spawn_blocking(move || asked.output())).await;
    let output = match running.with_context(|| format!("{program} does not come to an end"))?? {
        Ok(output) => output,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            bail!("{program} is missing. Install it: apt-get install {package}")
        }
        Err(error) => return Err(error).with_context(|| format!("{program} does not start")),
    };
    anyhow::ensure!(
        output.status.success(),
        "{program} failed: {}",
        String::from_utf8_lossy(&output.stderr).trim()
    );
    Ok(output.stdout)
}
