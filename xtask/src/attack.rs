//! `cargo xtask attack`: builds the hostile client and lets it loose on a server that runs.

use anyhow::Result;

use crate::process::{self, cargo};

/// Plays the attack with its own arguments.
pub fn run(arguments: &[String]) -> Result<()> {
    let mut attack = cargo(["run", "--quiet", "--package=prilavok-attack", "--"]);
    attack.args(arguments);
    process::run(attack)
}
