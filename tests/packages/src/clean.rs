//! Debian in a folder, unpacked afresh for each test, gone afterwards.
//!
//! The base and the packages that apt has fetched stay beside it for the next run. Every command in it runs in its own
//! namespaces of mounts and processes, so nothing that it started outlives it and nothing stays mounted.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, ensure};

use crate::tool::{as_root, said};

/// The Debian that the packages are made on and for.
const SUITE: &str = "bookworm";
const SOURCES: [&str; 2] = [
    "deb http://deb.debian.org/debian bookworm main",
    "deb http://deb.debian.org/debian-security bookworm-security main",
];

/// `$1` the folder, `$2` apt's cache, the rest is what to run in it.
const ENTER: &str = r#"
set -eu
root=$1 cache=$2
shift 2
mount --rbind /dev "$root/dev"
mount -t proc proc "$root/proc"
mount --bind "$cache" "$root/var/cache/apt/archives"
mkdir -p "$root/tmp/.X11-unix" /tmp/.X11-unix
mount --bind /tmp/.X11-unix "$root/tmp/.X11-unix"
exec chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 \
    DEBIAN_FRONTEND=noninteractive "$@"
"#;

/// The system.
pub struct Clean {
    root: PathBuf,
    cache: PathBuf,
}

impl Clean {
    /// Unpacks a system; `shelf` is a folder that stays between runs.
    ///
    /// # Errors
    /// When there is no base yet and the mirror does not give it.
    pub fn system(shelf: &Path) -> Result<Self> {
        let shelf = shelf.join("clean-system");
        let (base, root) = (shelf.join(format!("{SUITE}.tar")), shelf.join("root"));
        let cache = shelf.join("archives");
        fs::create_dir_all(cache.join("partial"))?;
        let clean = Self { root, cache };
        clean.clear()?;
        if !base.exists() {
            fetch(&base)?;
        }
        fs::create_dir_all(&clean.root)?;
        let mut unpack = as_root("tar");
        unpack.arg("--extract").arg("--file").arg(&base);
        // The devices are those of the machine.
        unpack
            .args(["--exclude=./dev/*", "--numeric-owner", "--directory"])
            .arg(&clean.root);
        said(unpack)?;
        let mut resolver = as_root("cp");
        resolver
            .args(["--dereference", "/etc/resolv.conf"])
            .arg(clean.root.join("etc/resolv.conf"));
        said(resolver)?;
        clean.run("apt-get update -qq")?;
        Ok(clean)
    }

    /// Brings a file into it.
    ///
    /// # Errors
    /// When it cannot be copied.
    pub fn bring(&self, file: &Path, to: &str) -> Result<()> {
        let mut copy = as_root("install");
        copy.args(["-D", "--mode=0644"]).arg(file).arg(self.at(to));
        said(copy).map(drop)
    }

    /// Runs a script of the shell in it, as root.
    ///
    /// # Errors
    /// When a line of the script fails.
    pub fn run(&self, script: &str) -> Result<String> {
        said(self.enter(script))
    }

    /// Starts a script that goes on until the value is dropped.
    ///
    /// # Errors
    /// When it does not start.
    pub fn start(&self, script: &str) -> Result<Running> {
        let mut command = self.enter(script);
        let child = command.stdout(Stdio::piped()).spawn().context("it does not start")?;
        Ok(Running { child })
    }

    fn enter(&self, script: &str) -> Command {
        let mut command = as_root("unshare");
        command.args(["--mount", "--pid", "--fork", "--kill-child", "--propagation=private"]);
        command.args(["sh", "-c", ENTER, "sh"]).arg(&self.root).arg(&self.cache);
        command.args(["sh", "-euc", script]);
        command
    }

    fn at(&self, path: &str) -> PathBuf {
        self.root.join(path.trim_start_matches('/'))
    }

    fn clear(&self) -> Result<()> {
        let mut remove = as_root("rm");
        remove
            .args(["--recursive", "--force", "--one-file-system"])
            .arg(&self.root);
        said(remove).map(drop)
    }
}

impl Drop for Clean {
    fn drop(&mut self) {
        // The next run clears it as well.
        let _ = self.clear();
    }
}

/// A program in the system; it ends with this value.
pub struct Running {
    child: Child,
}

impl Running {
    /// The first line it prints.
    ///
    /// # Errors
    /// When it ends without one.
    pub fn first_line(&mut self) -> Result<String> {
        let output = self.child.stdout.take().context("it has printed its line already")?;
        let mut line = String::new();
        BufReader::new(output).read_line(&mut line)?;
        ensure!(!line.is_empty(), "it ended before it was ready");
        Ok(line.trim().to_owned())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // SIGTERM, which `timeout` and sudo hand on to `unshare`; a killed one could not.
        let _ = Command::new("kill").arg(self.child.id().to_string()).status();
        let _ = self.child.wait();
    }
}

/// Under a name that only a finished base has.
fn fetch(base: &Path) -> Result<()> {
    let unfinished = base.with_extension("part.tar");
    let mut make = as_root("mmdebstrap");
    make.args([
        "--variant=apt",
        "--dpkgopt=force-unsafe-io",
        "--aptopt=Acquire::Languages \"none\"",
    ]);
    make.args([
        SUITE,
        unfinished.to_str().context("the target folder has a plain name")?,
    ])
    .args(SOURCES);
    said(make)?;
    fs::rename(&unfinished, base).context("the base cannot be put in its place")
}
