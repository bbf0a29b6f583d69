//! `cargo xtask types`: runs the generator, a program of its own, since it needs the crates it reads.

use anyhow::Result;

use crate::process;

/// Writes what is generated, or with `check` only fails when it is stale.
pub fn run(check: bool) -> Result<()> {
    let mut cargo = process::cargo(["run", "--quiet", "--package", "xtask", "--features", "schema"]);
    cargo.args(["--bin", "generate", "--"]);
    if check {
        cargo.arg("--check");
    }
    process::run(cargo)
}
