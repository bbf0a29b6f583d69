//! The Debian packages, examined and installed in a clean system.
//!
//! - [`clean`] that system: Debian in a folder, with nothing in it but what the packages ask for
//! - [`screen`] a virtual screen outside it, on which its windows show
//! - [`tool`] the programs that all of it runs
//!
//! Wants root (or sudo), Debian's mirror, and `PRILAVOK_DIST_DIR` with the packages: `cargo xtask test --only packages`.

pub mod clean;
pub mod screen;
pub mod tool;

use std::path::PathBuf;

use anyhow::{Context, Result, ensure};

/// The three packages: server, buyer's app, seller's app.
pub const NAMES: [&str; 3] = ["prilavok-server", "prilavok-buyer", "prilavok-seller"];

/// The files of the packages, in the order of [`NAMES`].
///
/// # Errors
/// When the variable is not set or a package is missing.
pub fn files() -> Result<Vec<PathBuf>> {
    let folder = std::env::var_os("PRILAVOK_DIST_DIR").context("PRILAVOK_DIST_DIR must name the packages' folder")?;
    let all: Vec<_> = std::fs::read_dir(&folder)
        .with_context(|| format!("{} cannot be read", folder.display()))?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()?;
    NAMES
        .into_iter()
        .map(|name| {
            let begins = format!("{name}_");
            let file = all.iter().find(|path| {
                let file = path.file_name().unwrap_or_default().to_string_lossy();
                file.starts_with(&begins) && file.ends_with(".deb")
            });
            let file = file.with_context(|| format!("no package of {name} in {}", folder.display()))?;
            ensure!(file.is_absolute(), "PRILAVOK_DIST_DIR must be absolute");
            Ok(file.clone())
        })
        .collect()
}
