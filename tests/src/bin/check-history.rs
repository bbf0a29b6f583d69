//! Checks a kept history again: `cargo run -p prilavok-tests --bin check-history FILE`.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use prilavok_tests::{checker, history};

fn main() -> Result<ExitCode> {
    let file = std::env::args_os().nth(1).context("which file?")?;
    let report = checker::check(&history::load(&PathBuf::from(file))?);
    print!("{report}");
    Ok(if report.is_good() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
