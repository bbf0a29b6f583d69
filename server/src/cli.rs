//! The command line: what can be asked for, and one sentence for whatever goes wrong.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Args, CommandFactory, Parser, Subcommand};
use clap_complete::Shell;

use crate::config::load::{Sources, flag, load};
use crate::config::{AuthMode, Config};

mod backup;
mod doctor;
mod import;
mod notify;
mod papers;
mod serve;
mod user;

/// The server of Prilavok: the chat between a marketplace's buyers and its sellers.
#[derive(Parser)]
#[command(name = "prilavok-server", version, about, long_about = None, arg_required_else_help = true)]
struct Arguments {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    command: Command,
}

#[derive(Args)]
struct Common {
    /// The configuration file (see `prilavok-server config`); everything has a default without it
    #[arg(long, short, global = true, env = "PRILAVOK_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,
    /// Where the database, the pictures and the keys live
    #[arg(long, global = true, value_name = "DIR")]
    data_dir: Option<PathBuf>,
}

#[derive(Subcommand)]
enum Command {
    /// Serve until SIGTERM or Ctrl-C
    ///
    /// Prints one line on standard output when it is ready: `prilavok-server ready on http://ADDRESS`.
    /// The log goes to standard error.
    Serve(Serve),
    /// Bring the database to this version's schema (`serve` does so by itself)
    Migrate,
    /// Load shops, people and products from a JSON or CSV file: all of it or nothing
    #[command(after_long_help = crate::catalogue::import::FORMAT)]
    Import {
        /// A file that ends in .json or .csv
        file: PathBuf,
    },
    /// Make, list, close and reopen accounts
    #[command(subcommand)]
    User(user::User),
    /// Copy the database into a new file, also while the server runs
    Backup {
        /// The file to make
        to: PathBuf,
    },
    /// Put a backup in the place of the database; the server must not run
    Restore {
        /// The backup
        from: PathBuf,
        /// Replace a database that is there
        #[arg(long)]
        overwrite: bool,
    },
    /// Check the configuration, the data directory, the database and the port
    Doctor,
    /// Print the configuration file with every key, its default and what it does
    Config,
    /// Print the version
    Version,
    /// Print what a shell needs to complete these commands
    Completions {
        /// Whose
        shell: Shell,
    },
    /// Print this as a manual page, for packages
    #[command(hide = true)]
    Manual,
}

#[derive(Args)]
struct Serve {
    /// Address and port, such as 127.0.0.1:8000
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<SocketAddr>,
    /// Fill an empty marketplace with the demo one; wipes nothing
    #[arg(long)]
    demo: bool,
    /// Who is believed. `trusted-ids` believes anybody: for old clients on one's own machine only
    #[arg(long, value_enum)]
    auth: Option<AuthMode>,
}

/// Runs the command that the arguments ask for.
#[must_use]
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("prilavok-server: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: Arguments) -> Result<()> {
    let Arguments { common, command } = arguments;
    match command {
        Command::Config => print!("{}", include_str!("../server.example.toml")),
        Command::Version => println!("prilavok-server {}", env!("CARGO_PKG_VERSION")),
        Command::Completions { shell } => papers::completions(Arguments::command(), shell)?,
        Command::Manual => papers::manual(Arguments::command())?,
        Command::Serve(flags) => serve::run(common.read(Some(&flags))?)?,
        Command::Migrate => block(backup::migrate(common.read(None)?))?,
        Command::Import { file } => block(import::run(common.read(None)?, file))?,
        Command::User(command) => block(user::run(common.read(None)?, command))?,
        Command::Backup { to } => block(backup::backup(common.read(None)?, to))?,
        Command::Restore { from, overwrite } => backup::restore(&common.read(None)?, &from, overwrite)?,
        Command::Doctor => block(doctor::run(common.read(None)?))?,
    }
    Ok(())
}

impl Common {
    fn read(self, serve: Option<&Serve>) -> Result<Config> {
        let mut flags = Vec::new();
        if let Some(dir) = self.data_dir {
            flags.push(("data_dir", flag(dir)));
        }
        if let Some(serve) = serve {
            flags.extend(serve.listen.map(|listen| ("http.listen", flag(listen))));
            flags.extend(serve.demo.then(|| ("demo", flag(true))));
            flags.extend(serve.auth.map(|mode| ("auth.mode", flag(mode))));
        }
        Ok(load(&Sources {
            file: self.config,
            flags,
        })?)
    }
}

fn block<T>(work: impl Future<Output = Result<T>>) -> Result<T> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?
        .block_on(work)
}
