//! The programs that the runner starts, always in the root of the repository.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::words::say;

/// The root of the repository.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("this crate lies in the workspace")
}

/// A program in the root of the repository.
pub fn program<A: AsRef<OsStr>>(name: &str, arguments: impl IntoIterator<Item = A>) -> Command {
    let mut command = Command::new(name);
    command.args(arguments).current_dir(root());
    command
}

/// The cargo that runs us.
pub fn cargo<A: AsRef<OsStr>>(arguments: impl IntoIterator<Item = A>) -> Command {
    let mut command = program(env!("CARGO"), arguments);
    // Ours, not those of the crate that cargo has run: build scripts would see a change and build again.
    for (name, _) in std::env::vars_os() {
        let name_text = name.to_string_lossy();
        if name_text.starts_with("CARGO_PKG_") || name_text.starts_with("CARGO_MANIFEST_") {
            command.env_remove(&name);
        }
    }
    command
}

/// Runs it to its end; its output goes where ours does.
pub fn run(mut command: Command) -> Result<()> {
    let line = line(&command);
    let status = command.status().with_context(|| cannot_start(&line))?;
    if !status.success() {
        bail!("`{line}`: {status}");
    }
    Ok(())
}

/// The words for a program that is not there.
pub fn cannot_start(line: &str) -> String {
    format!("{} `{line}`", say("не запускается", "cannot start"))
}

/// What it prints, or nothing when it fails.
pub fn output(mut command: Command) -> Option<String> {
    let output = command.output().ok().filter(|output| output.status.success())?;
    String::from_utf8(output.stdout).ok()
}

/// Where cargo puts debug builds.
pub fn binaries() -> Result<PathBuf> {
    Ok(target()?.join("debug"))
}

/// Where cargo puts what it builds.
pub fn target() -> Result<PathBuf> {
    let metadata =
        output(cargo(["metadata", "--no-deps", "--format-version", "1"])).context("cargo metadata says nothing")?;
    let metadata: serde_json::Value = serde_json::from_str(&metadata)?;
    let folder = metadata["target_directory"]
        .as_str()
        .context("cargo metadata names a target folder")?;
    Ok(PathBuf::from(folder))
}

/// As one would type it.
pub fn line(command: &Command) -> String {
    let name = Path::new(command.get_program()).file_name().unwrap_or_default();
    let words = std::iter::once(name).chain(command.get_args());
    words
        .map(|word| word.to_string_lossy().into_owned())
        .collect::<Vec<_>>()
        .join(" ")
}
