//! `cargo xtask soak`: builds the server and the crowd as they are released, and lets one loose on the other.

use anyhow::Result;

use crate::process::{self, cargo};

/// Runs the soak with its own arguments.
pub fn run(arguments: &[String]) -> Result<()> {
    let packages = ["--package=prilavok-server", "--package=prilavok-tests"];
    process::run(cargo(["build", "--release", "--bins"].into_iter().chain(packages)))?;
    let mut soak = cargo([
        "run",
        "--release",
        "--quiet",
        "--package=prilavok-tests",
        "--bin=soak",
        "--",
    ]);
    soak.args(arguments);
    process::run(soak)
}
