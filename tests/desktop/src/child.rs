//! A process with its own group that never outlives its owner.

use std::fs::File;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result};

/// A running program; dropping it kills its whole group.
#[derive(Debug)]
pub struct Process {
    child: Child,
}

impl Process {
    /// Starts `command` in a group of its own, its errors going to `log`.
    ///
    /// # Errors
    /// When the program is not there: the error names the Debian `package` that brings it.
    pub fn start(command: &mut Command, log: &Path, package: &str) -> Result<Self> {
        let log = File::options().create(true).append(true).open(log)?;
        let name = command.get_program().to_string_lossy().into_owned();
        let child = command
            .process_group(0)
            .stdin(Stdio::null())
            .stderr(log)
            .spawn()
            .with_context(|| format!("cannot start {name}; it comes with {package}"))?;
        Ok(Self { child })
    }

    /// The process, for its output.
    pub fn child(&mut self) -> &mut Child {
        &mut self.child
    }

    /// Kills the whole group at once, as `kill -9` does, and waits until it is gone.
    pub fn kill(&mut self) {
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
