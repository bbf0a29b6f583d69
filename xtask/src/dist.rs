//! `cargo xtask dist`: the Debian packages of the server and of both apps, with their checksums.
//!
//! What a package holds lies in `packaging/`, a folder each; [`package`] makes the file, [`contents`] says what goes where.
//! The same commit on the same system gives the same bytes: times come from the commit, owners are root.

mod contents;
mod package;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::Args;

use crate::process::{self, program};
use crate::steps::Steps;
use crate::words::say;
use crate::{builds, packages, setup, updates};
use contents::{Part, Stamp};

/// What can be said about it.
#[derive(Args)]
pub struct Options {
    /// Packages of the debug build, which the tests install; nothing to give away
    #[arg(long)]
    pub debug: bool,
    /// Where the packages go
    #[arg(long, value_name = "DIR", default_value = "artefacts/dist")]
    pub out: PathBuf,
    /// For apps that renew themselves.
    #[command(flatten)]
    pub trust: updates::Trust,
}

/// Builds everything and makes the packages.
pub fn run(options: &Options) -> Result<()> {
    let config = options.trust.config()?;
    let mut steps = Steps::of(5);
    steps.must(setup::system_packages(), || {
        packages::install(&[packages::COMPILER, packages::DESKTOP, packages::PACKAGING])
    })?;
    steps.must(setup::npm_modules(), setup::modules)?;
    steps.must(builds::pages_step(), builds::pages)?;
    steps.must(builds::programs_step(), || {
        builds::programs(!options.debug, config.as_deref())
    })?;
    steps.must(say("Складываю пакеты", "Making the packages"), || {
        make(options.debug, &options.out)
    })?;
    steps.finish()
}

/// Makes the packages of programs that are built already.
pub fn make(debug: bool, out: &Path) -> Result<()> {
    let out = process::root().join(out);
    if out.exists() {
        fs::remove_dir_all(&out).with_context(|| format!("{} cannot be emptied", out.display()))?;
    }
    fs::create_dir_all(&out).with_context(|| format!("{} cannot be made", out.display()))?;
    let binaries = process::target()?.join(if debug { "debug" } else { "release" });
    let stamp = Stamp::of_this_commit()?;
    let mut names = Vec::new();
    for part in [Part::Server, Part::Buyer, Part::Seller] {
        let name = package::make(part, &binaries, &stamp, debug, &out)?;
        println!("      {}", out.join(&name).display());
        names.push(name);
    }
    let mut sums = program("sha256sum", &names);
    sums.current_dir(&out);
    let sums = process::output(sums).context("sha256sum says nothing")?;
    fs::write(out.join("SHA256SUMS"), sums).context("SHA256SUMS cannot be written")
}
