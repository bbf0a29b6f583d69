//! `prilavok-attack --server URL`: plays every case against a server that runs, and ends with an error when one got through.

use std::process::ExitCode;

use clap::Parser;
use prilavok_attack::run;

/// A hostile client against a running server: what each case wanted and what it got.
///
/// It registers a shop and two buyers of its own under invented addresses and touches nobody else's chats.
#[derive(Parser)]
#[command(name = "cargo xtask attack", version)]
struct Options {
    /// The server's own plain address, such as http://127.0.0.1:8080: a proxy in front would answer in its place.
    #[arg(long, value_name = "URL")]
    server: String,
    /// Only the cases whose name has this in it.
    #[arg(long, value_name = "TEXT", default_value = "")]
    only: String,
}

#[tokio::main]
async fn main() -> ExitCode {
    let options = Options::parse();
    match run(&options.server, &options.only).await {
        Ok(report) => {
            println!("{report}");
            match report.is_clean() {
                true => ExitCode::SUCCESS,
                false => ExitCode::FAILURE,
            }
        }
        Err(error) => {
            eprintln!("The attack could not begin: {error:#}");
            ExitCode::FAILURE
        }
    }
}
