//! The Debian packages that building, running and testing need: the one list of them, and how they get installed.

use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::process;
use crate::words::say;

/// To build anything: SQLite and the TLS library are C.
pub const COMPILER: &[&str] = &["build-essential", "pkg-config"];

/// To build and run the desktop apps.
pub const DESKTOP: &[&str] = &[
    "libwebkit2gtk-4.1-dev",
    "libayatana-appindicator3-dev",
    "librsvg2-dev",
    "libxdo-dev",
    "libssl-dev",
    "file",
    "fonts-noto-core",
    "fonts-noto-color-emoji",
    "gstreamer1.0-plugins-base",
    "gstreamer1.0-plugins-good",
];

/// To make packages: icons are drawn from one picture.
pub const PACKAGING: &[&str] = &["dpkg-dev", "librsvg2-bin"];

/// To examine packages and to install them in a clean system in a folder.
pub const CLEAN_SYSTEM: &[&str] = &["appstream", "lintian", "mmdebstrap"];

/// To drive the desktop apps in a virtual screen, with notifications, a keychain and the accessibility bus.
pub const SCREEN: &[&str] = &[
    "xvfb",
    "dbus",
    "dbus-x11",
    "x11-utils",
    "x11-xkb-utils",
    "x11-xserver-utils",
    "xdotool",
    "imagemagick",
    "openbox",
    "webkit2gtk-driver",
    "dunst",
    "libnotify-bin",
    "gnome-keyring",
    "libsecret-tools",
    "at-spi2-core",
    "hunspell-ru",
    "hunspell-en-us",
];

/// To weigh the apps beside another browser.
pub const BENCH: &[&str] = &["chromium"];

/// To count instructions.
pub const COUNTS: &[&str] = &["valgrind"];

/// Installs what is missing of `wanted`; instant when nothing is.
pub fn install(wanted: &[&[&str]]) -> Result<()> {
    let wanted = wanted.concat();
    if process::output(process::program("dpkg-query", ["--version"])).is_none() {
        println!(
            "      {} {}",
            say(
                "Это не Debian, поэтому пакеты ставятся вручную. На Debian они называются:",
                "This is not Debian, so packages are up to you. On Debian they are called:",
            ),
            wanted.join(" "),
        );
        return Ok(());
    }
    let missing = missing(&wanted, &installed(&wanted));
    if missing.is_empty() {
        return Ok(());
    }
    println!(
        "      {} {}",
        say("Ставлю пакеты:", "Installing packages:"),
        missing.join(" ")
    );
    process::run(apt(["update", "-qq"])?)?;
    let mut install = apt(["install", "-y", "-qq", "--no-install-recommends"])?;
    install.args(&missing);
    process::run(install).with_context(|| {
        let advice = say("поставьте сами", "install them yourself");
        format!("{advice}: apt-get install {}", missing.join(" "))
    })
}

/// What dpkg says: a line `name status` for each package that it knows.
fn installed(wanted: &[&str]) -> String {
    let mut query = Command::new("dpkg-query");
    query
        .args(["-W", "-f", "${Package} ${db:Status-Status}\n"])
        .args(wanted);
    // It fails when it does not know one of them, and still tells about the others.
    let output = query.output().map(|output| output.stdout).unwrap_or_default();
    String::from_utf8_lossy(&output).into_owned()
}

fn missing<'a>(wanted: &[&'a str], installed: &str) -> Vec<&'a str> {
    let is_there = |name: &str| {
        installed
            .lines()
            .any(|line| line.split_once(' ') == Some((name, "installed")))
    };
    wanted.iter().copied().filter(|name| !is_there(name)).collect()
}

/// apt-get as root: directly, or through sudo. Another package manager at work is waited for.
fn apt<const N: usize>(arguments: [&str; N]) -> Result<Command> {
    let is_root = process::output(process::program("id", ["-u"])).is_some_and(|id| id.trim() == "0");
    let has_sudo = process::output(process::program("sudo", ["--version"])).is_some();
    if !is_root && !has_sudo {
        bail!(
            "{}",
            say(
                "нужны системные пакеты, но вы не root и команды sudo нет; поставьте их сами",
                "system packages are needed, but you are not root and there is no sudo; install them yourself",
            )
        );
    }
    let mut command = process::program(
        if is_root { "env" } else { "sudo" },
        [
            "DEBIAN_FRONTEND=noninteractive",
            "apt-get",
            "-o",
            "DPkg::Lock::Timeout=300",
        ],
    );
    command.args(arguments);
    Ok(command)
}

#[cfg(test)]
mod tests {
    use super::missing;

    #[test]
    fn a_package_counts_only_when_it_is_fully_installed() {
        let said = "xvfb installed\nopenbox config-files\n";
        assert_eq!(missing(&["xvfb", "openbox", "dunst"], said), ["openbox", "dunst"]);
        assert!(missing(&["xvfb"], said).is_empty());
    }
}
