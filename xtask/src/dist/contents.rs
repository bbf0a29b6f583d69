//! What goes into each package, and the facts that fill its papers.

use std::fs;

use anyhow::{Context, Result};

use super::package::Tree;
use crate::process::{self, program};

/// The sizes of icons that desktops look for.
const ICONS: &[u32] = &[16, 22, 24, 32, 48, 64, 96, 128, 256, 512];

/// A package.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The server as a service.
    Server,
    /// The buyer's app.
    Buyer,
    /// The seller's app.
    Seller,
}

impl Part {
    /// The package's name, which is the program's as well.
    pub fn package(self) -> &'static str {
        match self {
            Part::Server => "prilavok-server",
            Part::Buyer => "prilavok-buyer",
            Part::Seller => "prilavok-seller",
        }
    }

    /// Its folder in `packaging/`.
    pub fn folder(self) -> &'static str {
        match self {
            Part::Server => "server",
            Part::Buyer => "buyer",
            Part::Seller => "seller",
        }
    }

    /// What dpkg runs and reads, with modes.
    pub fn scripts(self) -> &'static [(&'static str, u32)] {
        match self {
            Part::Server => &[
                ("conffiles", 0o644),
                ("postinst", 0o755),
                ("prerm", 0o755),
                ("postrm", 0o755),
            ],
            // Icons, desktop files and the URL scheme are taken up by triggers of the desktop's own packages.
            Part::Buyer | Part::Seller => &[],
        }
    }

    /// What lintian is told to be meant so: names of functions for reports of crashes, a file of secrets.
    pub fn overrides(self) -> &'static [&'static str] {
        match self {
            Part::Server => &[
                "unstripped-binary-or-object [usr/bin/prilavok-server]",
                "non-standard-file-perm 0600 != 0644 [etc/prilavok/server.env]",
            ],
            Part::Buyer => &["unstripped-binary-or-object [usr/bin/prilavok-buyer]"],
            Part::Seller => &["unstripped-binary-or-object [usr/bin/prilavok-seller]"],
        }
    }

    /// Puts everything but the program in its place.
    pub fn fill(self, tree: &Tree) -> Result<()> {
        match self {
            Part::Server => fill_server(tree),
            Part::Buyer | Part::Seller => self.fill_app(tree),
        }
    }

    fn fill_app(self, tree: &Tree) -> Result<()> {
        let (folder, name) = (self.folder(), self.package());
        let desktop = format!("{name}.desktop");
        tree.copy(
            &format!("{folder}/{desktop}"),
            &format!("usr/share/applications/{desktop}"),
            0o644,
        )?;
        let metainfo = format!("ru.prilavok.{folder}.metainfo.xml");
        tree.copy(
            &format!("{folder}/{metainfo}"),
            &format!("usr/share/metainfo/{metainfo}"),
            0o644,
        )?;
        let page = fs::read_to_string(process::root().join(format!("packaging/{folder}/{name}.1")))?;
        tree.write_gzipped(&format!("usr/share/man/man1/{name}.1.gz"), &tree.stamp().fill(&page))?;

        let drawing = process::root().join(format!("{folder}-app/src-tauri/icons/icon.svg"));
        let bytes = fs::read(&drawing).with_context(|| format!("{} cannot be read", drawing.display()))?;
        let theme = "usr/share/icons/hicolor";
        tree.write(&format!("{theme}/scalable/apps/{name}.svg"), bytes, 0o644)?;
        for size in ICONS {
            let path = format!("{theme}/{size}x{size}/apps/{name}.png");
            tree.write(&path, [], 0o644)?;
            let side = size.to_string();
            let mut render = program("rsvg-convert", ["--width", &side, "--height", &side, "--output"]);
            render.arg(tree.at(&path)).arg(&drawing);
            process::run(render)?;
        }
        Ok(())
    }
}

fn fill_server(tree: &Tree) -> Result<()> {
    let service = "prilavok-server.service";
    tree.copy(
        "server/prilavok-server.service",
        &format!("lib/systemd/system/{service}"),
        0o644,
    )?;
    tree.copy("server/sysusers.conf", "usr/lib/sysusers.d/prilavok-server.conf", 0o644)?;
    // Only root reads it: systemd does so before it becomes the service's account.
    tree.copy("server/server.env", "etc/prilavok/server.env", 0o600)?;
    let example = fs::read_to_string(process::root().join("server/server.example.toml"))?;
    tree.write("etc/prilavok/server.toml", configured(&example)?, 0o644)?;

    let says = |arguments: &[&str]| {
        let mut server = program("env", ["-i"]);
        server.arg(tree.at("usr/bin/prilavok-server")).args(arguments);
        process::output(server).with_context(|| format!("prilavok-server {} fails", arguments.join(" ")))
    };
    tree.write_gzipped("usr/share/man/man1/prilavok-server.1.gz", &says(&["manual"])?)?;
    for (shell, path) in [
        ("bash", "usr/share/bash-completion/completions/prilavok-server"),
        ("zsh", "usr/share/zsh/vendor-completions/_prilavok-server"),
        ("fish", "usr/share/fish/vendor_completions.d/prilavok-server.fish"),
    ] {
        tree.write(path, says(&["completions", shell])?, 0o644)?;
    }
    Ok(())
}

/// The example with the one key set that a service needs.
fn configured(example: &str) -> Result<String> {
    let commented = "# data_dir = \"/var/lib/prilavok\"\n";
    let place = example
        .find(commented)
        .context("server.example.toml has lost its data_dir")?;
    Ok(format!("{}{}", &example[..place], &example[place + 2..]))
}

/// The facts of this build.
#[derive(Debug, Clone)]
pub struct Stamp {
    /// The workspace's version.
    pub version: String,
    /// dpkg's word for the processor.
    pub architecture: String,
    /// Who answers for the packages: `PRILAVOK_MAINTAINER`, or the project.
    pub maintainer: String,
    /// The commit's time in seconds.
    pub epoch: String,
    /// The same as `2026-11-23`.
    pub date: String,
    /// The same as in mails.
    pub date_of_mail: String,
}

impl Stamp {
    /// Read from git, dpkg and the environment.
    pub fn of_this_commit() -> Result<Self> {
        let epoch = match std::env::var("SOURCE_DATE_EPOCH") {
            Ok(epoch) => epoch,
            Err(_) => process::output(program("git", ["log", "-1", "--format=%ct"])).context("git says no time")?,
        };
        let epoch = epoch.trim().to_owned();
        let at = format!("@{epoch}");
        let date = |format: &str| {
            let mut date = program("date", ["--utc", "--date", &at, format]);
            date.env("LC_ALL", "C");
            Ok::<_, anyhow::Error>(process::output(date).context("date says nothing")?.trim().to_owned())
        };
        let architecture = process::output(program("dpkg", ["--print-architecture"])).context("dpkg says nothing")?;
        Ok(Self {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            architecture: architecture.trim().to_owned(),
            maintainer: std::env::var("PRILAVOK_MAINTAINER")
                .unwrap_or_else(|_| "Prilavok <packages@prilavok.invalid>".to_owned()),
            date: date("+%Y-%m-%d")?,
            date_of_mail: date("+%a, %d %b %Y %H:%M:%S +0000")?,
            epoch,
        })
    }

    /// Fills the `@WORDS@` of a text.
    pub fn fill(&self, text: &str) -> String {
        text.replace("@VERSION@", &self.version)
            .replace("@ARCH@", &self.architecture)
            .replace("@MAINTAINER@", &self.maintainer)
            .replace("@DATE@", &self.date)
    }
}

#[cfg(test)]
mod tests {
    use super::configured;

    #[test]
    fn the_shipped_configuration_is_the_example_with_the_data_directory_set() {
        let example = include_str!("../../../server/server.example.toml");
        let shipped = configured(example).expect("it has the key");
        let set: Vec<_> = shipped
            .lines()
            .filter(|line| !line.is_empty() && !line.starts_with(['#', '[']))
            .collect();
        assert_eq!(set, ["data_dir = \"/var/lib/prilavok\""]);
        assert!(configured("name = \"x\"\n").is_err());
    }
}
