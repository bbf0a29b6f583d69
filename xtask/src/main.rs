//! The only task runner. The map:
//!
//! - [`demo`] everything built and running, [`check`] every test there is, [`types`] what is generated
//! - [`soak`] hundreds of clients for minutes, while everything breaks
//! - [`attack`] a hostile client against a server that runs
//! - [`bench`] what the desktop apps weigh, and how fast the server is, beside what could be at best
//! - [`dist`] the packages that one gives away, [`updates`] how apps learn of the next ones
//! - [`builds`] pages and programs; [`setup`] what must be installed first, [`packages`] the list of it
//! - [`steps`] the progress that all of them show, [`process`] programs they run, [`words`] in which language
//!
//! It depends on next to nothing, so that the first command of a newcomer shows progress within seconds.

mod attack;
mod bench;
mod builds;
mod check;
mod demo;
mod dist;
mod packages;
mod process;
mod retold;
mod setup;
mod soak;
mod steps;
mod types;
mod updates;
mod words;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand, ValueEnum};

/// Everything one does with this repository.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", version, about)]
enum Task {
    /// Build everything, start the server with a demo marketplace and open both apps, signed in.
    ///
    /// With a screen the two windows stay open until Ctrl+C. Without one (or with --headless) the same story is
    /// played in a virtual screen, and screenshots and a transcript are left behind.
    Demo {
        /// Use a virtual screen even when there is a real one.
        #[arg(long)]
        headless: bool,
        /// Where screenshots and the transcript go.
        #[arg(long, value_name = "DIR", default_value = "artefacts/demo")]
        artefacts: PathBuf,
    },
    /// Run every test there is, the desktop apps in a virtual screen included.
    Test {
        /// Only a part: the Rust side without the desktop, the screens' code, the desktop end to end, or the packages.
        #[arg(long, value_enum, value_name = "PART")]
        only: Option<Part>,
    },
    /// Write what is generated from the Rust types: TypeScript, OpenAPI, AsyncAPI.
    Types {
        /// Write nothing; fail when a file is stale.
        #[arg(long)]
        check: bool,
    },
    /// Let hundreds of clients talk while something breaks every few seconds, check it all, and write a report.
    ///
    /// What follows is the soak's own: `--minutes N`, `--clients N`, `--messages N`, `--report FILE`; see `--help`.
    /// As root the disk is filled too, on a file system of its own.
    #[command(disable_help_flag = true)]
    Soak {
        /// For the soak.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Attack a server that runs: some 250 hostile requests, handshakes, frames and commands, and what each must be answered.
    ///
    /// What follows is the attack's own: `--server URL`, `--only TEXT`. It registers accounts of its own there.
    #[command(disable_help_flag = true)]
    Attack {
        /// For the attack.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Weigh what is released, in one run, and write the figures beside their goals.
    Bench {
        /// What is weighed.
        #[command(subcommand)]
        what: Bench,
    },
    /// Make Debian packages of the server and of both apps, with checksums.
    Dist(dist::Options),
    /// Make what apps that renew themselves need: their configuration, and signed lists of versions.
    Updates {
        /// Which of it.
        #[command(subcommand)]
        what: updates::Task,
    },
    /// Install the system packages and the npm modules that are missing.
    Setup,
}

/// What can be weighed.
#[derive(Subcommand)]
enum Bench {
    /// The buyer's app: start, memory, idle processor, typing, scrolling; beside an empty window and Chromium.
    Desktop {
        /// Where the figures go.
        #[arg(long, value_name = "FILE", default_value = "docs/performance-desktop.md")]
        report: PathBuf,
    },
    /// Each step of a message's way through the server by itself: time, and instructions under valgrind.
    Micro {
        /// Where the figures go.
        #[arg(long, value_name = "FILE", default_value = "docs/performance-micro.md")]
        report: PathBuf,
    },
    /// The server: closed and open loops, crowds, pages, a busy shop, large stores; beside a bare relay and a storing one.
    ///
    /// What follows is the generator's own: scenarios, `--rounds N`, `--seconds N`; `--help` lists them.
    #[command(disable_help_flag = true)]
    Server {
        /// Where the figures go.
        #[arg(long, value_name = "FILE", default_value = "docs/performance.md")]
        report: PathBuf,
        /// For the generator.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
}

/// A part of the tests.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    /// Server, protocol, client engine, stories.
    Rust,
    /// The screens' TypeScript.
    Web,
    /// Both apps, end to end.
    Desktop,
    /// The packages, installed in a clean system. Wants root, for it makes that system in a folder.
    Packages,
}

fn main() -> ExitCode {
    let outcome = match Task::parse() {
        Task::Demo { headless, artefacts } => demo::run(headless, &artefacts),
        Task::Test { only } => check::run(only),
        Task::Types { check } => types::run(check),
        Task::Bench {
            what: Bench::Desktop { report },
        } => bench::desktop(&report),
        Task::Bench {
            what: Bench::Micro { report },
        } => bench::micro(&report),
        Task::Bench {
            what: Bench::Server { report, arguments },
        } => bench::server(&report, &arguments),
        Task::Soak { arguments } => soak::run(&arguments),
        Task::Attack { arguments } => attack::run(&arguments),
        Task::Dist(options) => dist::run(&options),
        Task::Updates { what } => updates::run(&what),
        Task::Setup => setup::run(),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\n{} {error:#}", words::say("Не вышло:", "Failed:"));
            ExitCode::FAILURE
        }
    }
}
