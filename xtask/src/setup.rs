//! What must be there before anything is built: system packages, Node.js and its modules.

use std::fs;

use anyhow::{Context, Result, bail};

use crate::packages;
use crate::process::{self, program};
use crate::steps::Steps;
use crate::words::say;

/// The oldest Node.js that Vite 8 runs on.
const NODE: (u32, u32) = (20, 19);

/// `cargo xtask setup`.
pub fn run() -> Result<()> {
    let mut steps = Steps::of(2);
    steps.must(system_packages(), || {
        packages::install(&[packages::COMPILER, packages::DESKTOP, packages::SCREEN])
    })?;
    steps.must(npm_modules(), modules)?;
    steps.finish()
}

/// The name of the step that installs system packages.
pub fn system_packages() -> &'static str {
    say("Проверяю системные пакеты", "Checking the system packages")
}

/// The name of the step that installs npm modules.
pub fn npm_modules() -> &'static str {
    say("Проверяю модули npm", "Checking the npm modules")
}

/// Runs `npm ci` unless the modules are those of the lock file already.
pub fn modules() -> Result<()> {
    check_node()?;
    let lock =
        fs::read_to_string(process::root().join("package-lock.json")).context("package-lock.json cannot be read")?;
    let stamp = process::root().join("node_modules/.installed-for");
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    process::run(program("npm", ["ci", "--no-audit", "--no-fund"]))?;
    fs::write(&stamp, lock).with_context(|| format!("cannot write {}", stamp.display()))
}

fn check_node() -> Result<()> {
    let advice = say(
        "нужен Node.js 20.19 или новее (и npm): https://nodejs.org",
        "Node.js 20.19 or newer (and npm) is needed: https://nodejs.org",
    );
    let version = process::output(program("node", ["--version"])).context(advice)?;
    process::output(program("npm", ["--version"])).context(advice)?;
    match parse(&version) {
        Some(version) if version >= NODE => Ok(()),
        _ => bail!("{advice}; {} {}", say("сейчас", "this is"), version.trim()),
    }
}

/// `v20.19.2` → `(20, 19)`
fn parse(version: &str) -> Option<(u32, u32)> {
    let mut numbers = version.trim().strip_prefix('v')?.split('.');
    Some((numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn a_node_version_is_understood() {
        assert_eq!(parse("v20.19.2\n"), Some((20, 19)));
        assert_eq!(parse("v22.1.0"), Some((22, 1)));
        assert_eq!(parse("what"), None);
        assert!(parse("v20.9.0") < Some((20, 19)));
    }
}
