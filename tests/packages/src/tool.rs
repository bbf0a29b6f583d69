//! Programs of the system, as root where that is needed, with a deadline and an error that carries what they said.

use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};

/// Installing a browser engine with its two hundred libraries, on a busy machine with a slow mirror.
pub const PATIENCE: &str = "900";

/// A program with a deadline.
#[must_use]
pub fn program(name: &str) -> Command {
    let mut command = Command::new("timeout");
    command.args(["--kill-after=5", PATIENCE, name]).stdin(Stdio::null());
    command
}

/// The same as root: directly, or through sudo.
#[must_use]
pub fn as_root(name: &str) -> Command {
    let is_root = Command::new("id")
        .arg("-u")
        .output()
        .is_ok_and(|id| id.stdout == b"0\n");
    if is_root {
        return program(name);
    }
    let mut command = program("sudo");
    command.args(["--non-interactive", name]);
    command
}

/// Runs it to its end and says what it printed.
///
/// # Errors
/// When it fails: then both its outputs are in the error.
pub fn said(mut command: Command) -> Result<String> {
    let line = format!("{command:?}");
    let output = command.output().with_context(|| format!("{line} does not start"))?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    ensure!(output.status.success(), "{line}: {}\n{out}\n{err}", output.status);
    Ok(out)
}
