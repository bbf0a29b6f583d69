//! A program that ends with the value that holds it, together with everything it started.

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
    name: String,
}

impl Process {
    /// Starts `command`, its output going to `log`. `package` is the Debian package that brings it.
    pub(super) fn start(command: &mut Command, package: &str, log: &Path) -> Result<Self> {
        let program = command.get_program().to_string_lossy().into_owned();
        let output = File::options().create(true).append(true).open(log)?;
        command
            .stdin(Stdio::null())
            .stderr(output.try_clone()?)
            .process_group(0);
        if command
            .get_args()
            .all(|argument| argument != "--print-address" && argument != "-displayfd")
        {
            command.stdout(output);
        } else {
            command.stdout(Stdio::piped());
        }
        let child = match command.spawn() {
            Ok(child) => child,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                bail!("{program} is missing. Install it: apt-get install {package}")
            }
            Err(error) => return Err(error).with_context(|| format!("{program} does not start")),
        };
        Ok(Self { child, name: program })
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

    /// `None` while it runs.
    pub(super) fn has_ended(&mut self) -> Result<Option<std::process::ExitStatus>> {
        Ok(self.child.try_wait()?)
    }

    /// Ends it without a warning, and all that it started.
    pub(super) fn kill(&mut self) {
        // The negative id means the whole group. A browser engine is several processes.
        let group = format!("-{}", self.child.id());
        let _ = Command::new("kill")
            .args(["-KILL", "--", &group])
            .stderr(Stdio::null())
            .status();
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
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
