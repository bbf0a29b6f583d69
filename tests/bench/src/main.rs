//! Measures the server against what the machine could do at best: `cargo xtask bench server`.
//!
//! Each scenario runs on a bare relay, on the same relay with one group-committed insert a message, and on the server, one
//! after the other in one run, several rounds: machines drift, ratios stay. Losses, repeats and order are counted
//! meanwhile. The result is a document with tables and plots.

use std::path::PathBuf;

use anyhow::Result;
use clap::Parser;

mod count;
mod document;
mod drive;
mod machine;
mod mark;
mod plot;
mod process;
mod reference;
mod report;
mod run;
mod socket;
mod town;

/// Measures the server.
#[derive(Parser)]
#[command(about)]
enum Arguments {
    /// Everything, or the scenarios that are named
    Run(run::Wanted),
    /// Be a relay (the runs start it)
    Reference {
        /// Store every message in this folder before passing it on
        #[arg(long)]
        store: Option<PathBuf>,
        /// The file that says where pages are asked for
        #[arg(long)]
        pages: PathBuf,
    },
}

#[tokio::main]
async fn main() -> Result<()> {
    match Arguments::parse() {
        Arguments::Run(wanted) => run::run(wanted).await,
        Arguments::Reference { store, pages } => reference::serve(store, pages).await,
    }
}
