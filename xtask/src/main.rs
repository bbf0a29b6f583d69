//! The only task runner: `cargo xtask demo`, `test`, `types`, `setup`.

use std::process::{Command, ExitCode};

use clap::Parser;

/// Everything one does with this repository.
#[derive(Parser)]
#[command(name = "cargo xtask", version, about)]
enum Task {
    /// Write the TypeScript types that are generated from the Rust ones.
    Types {
        /// Write nothing; fail when a file is stale.
        #[arg(long)]
        check: bool,
    },
}

fn main() -> ExitCode {
    let Task::Types { check } = Task::parse();
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args([
        "run",
        "--quiet",
        "--package",
        "xtask",
        "--features",
        "schema",
    ]);
    cargo.args(["--bin", "generate", "--"]);
    if check {
        cargo.arg("--check");
    }
    match cargo.status() {
        Ok(status) if status.success() => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}
