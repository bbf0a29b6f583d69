//! `cargo xtask soak`: see there. Prints how it goes, and writes what it has found.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, Result};
use clap::Parser;
use prilavok_tests::crowd::Plan;
use prilavok_tests::soak::{self, Soak};

/// Hundreds of clients, a fault every ten seconds, and a report.
#[derive(Parser)]
struct Arguments {
    /// How long at least
    #[arg(long, default_value_t = 20)]
    minutes: u64,
    /// How many messages at least; given up at three times the minutes
    #[arg(long, default_value_t = 0)]
    messages: u64,
    /// How many clients
    #[arg(long, default_value_t = 300)]
    clients: usize,
    /// Milliseconds between two messages of one device
    #[arg(long, default_value_t = 150)]
    pause: u64,
    /// Seconds between two faults
    #[arg(long, default_value_t = 10)]
    every: u64,
    /// Where the report goes
    #[arg(long, default_value = "artefacts/soak.md")]
    report: PathBuf,
}

#[tokio::main]
async fn main() -> Result<ExitCode> {
    let arguments = Arguments::parse();
    let own = std::env::current_exe()?;
    let beside = own.parent().context("a program lies in a folder")?;
    let mut command = vec!["cargo xtask soak".to_owned()];
    command.extend(std::env::args().skip(1));
    let findings = soak::run(Soak {
        binary: beside.join(format!("prilavok-server{}", std::env::consts::EXE_SUFFIX)),
        plan: Plan::of(arguments.clients, Duration::from_millis(arguments.pause)),
        length: Duration::from_secs(arguments.minutes * 60),
        messages: arguments.messages,
        every: Duration::from_secs(arguments.every),
        command: command.join(" "),
    })
    .await?;
    print!("{findings}");
    if let Some(folder) = arguments.report.parent() {
        std::fs::create_dir_all(folder)?;
    }
    std::fs::write(&arguments.report, findings.to_string())?;
    println!("\n{}", arguments.report.display());
    Ok(if findings.is_good() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
