//! `cargo xtask test`: every test there is. A failed step does not hide the ones after it.

use std::path::Path;

use anyhow::Result;

use crate::process::{self, cargo, program};
use crate::steps::Steps;
use crate::words::say;
use crate::{Part, builds, dist, packages, retold, setup, types};

/// Runs the tests, or a part of them.
pub fn run(only: Option<Part>) -> Result<()> {
    let wants = |part| only.is_none_or(|only| only == part);
    let (rust, web, desktop) = (wants(Part::Rust), wants(Part::Web), wants(Part::Desktop));
    let packaged = wants(Part::Packages);
    let windows = desktop || packaged;
    let count = [
        (rust || windows, 1),
        (web || windows, 1),
        (rust, 5),
        (web, 2),
        (windows, 2),
        (desktop, 2),
        (packaged, 2),
    ];
    let total = count.iter().filter(|(wanted, _)| *wanted).map(|(_, steps)| steps).sum();
    let mut steps = Steps::of(total);

    if rust || windows {
        let mut wanted = vec![packages::COMPILER];
        if windows {
            wanted.extend([packages::DESKTOP, packages::SCREEN]);
        }
        if packaged {
            wanted.extend([packages::PACKAGING, packages::CLEAN_SYSTEM]);
        }
        steps.must(setup::system_packages(), || packages::install(&wanted))?;
    }
    if web || windows {
        steps.must(setup::npm_modules(), setup::modules)?;
    }
    if rust {
        check_rust(&mut steps, windows);
    }
    if web {
        steps.try_to(
            say("Проверяю код экранов", "Checking the screens' code"),
            || npm("check"),
        );
        steps.try_to(say("Испытываю экраны", "Testing the screens"), || {
            npm("test")
        });
    }
    if windows {
        steps.try_to(builds::pages_step(), builds::pages);
        steps.try_to(builds::programs_step(), || builds::programs(false, None));
    }
    if desktop {
        check_desktop(&mut steps);
    }
    if packaged {
        check_packages(&mut steps);
    }
    steps.finish()
}

fn check_rust(steps: &mut Steps, with_desktop: bool) {
    steps.try_to(
        say("Проверяю оформление", "Checking the format"),
        || process::run(cargo(["fmt", "--all", "--check"])),
    );
    steps.try_to(say("Спрашиваю clippy", "Asking clippy"), || {
        let mut clippy = cargo(["clippy", "--all-targets", "--features=prilavok-protocol/schema"]);
        clippy.arg("--features=xtask/schema");
        if with_desktop {
            clippy.arg("--workspace");
        }
        clippy.args(["--", "--deny=warnings"]);
        process::run(clippy)?;
        // What only the fault suite builds.
        let mut clippy = cargo(["clippy", "--package=prilavok-server", "--package=prilavok-client"]);
        clippy.arg("--features=prilavok-server/faults,prilavok-client/faults");
        clippy.args(["--", "--deny=warnings"]);
        process::run(clippy)
    });
    let stale = say("Сверяю порождённые файлы", "Comparing the generated files");
    steps.try_to(stale, || types::run(true));
    let stories = say(
        "Испытываю сервер, движок и истории",
        "Testing server, engine and stories",
    );
    steps.try_to(stories, || {
        retold::run(cargo(["test", "--no-fail-fast", "--features=prilavok-protocol/schema"]))
    });
    let schedules = say(
        "Перебираю порядки событий в сервере",
        "Exploring the schedules of the server's hub",
    );
    steps.try_to(schedules, || {
        // A build of its own: its locks are the explorer's, and nothing but these tests may run with them.
        retold::run(cargo([
            "test",
            "--package=prilavok-server",
            "--features=explored",
            "--lib",
            "hub::explored",
        ]))
    });
}

fn check_desktop(steps: &mut Steps) {
    steps.try_to(
        say("Испытываю оболочку приложений", "Testing the apps' shell"),
        || {
            retold::run(cargo([
                "test",
                "--no-fail-fast",
                "--package=prilavok-shell",
                "--package=prilavok-buyer",
                "--package=prilavok-seller",
            ]))
        },
    );
    let windows = say("Испытываю настоящие окна", "Testing the real windows");
    steps.try_to(windows, || {
        // One stage at a time: each has a screen, a server and browsers of its own.
        let mut tests = cargo(["test", "--no-fail-fast", "--package=prilavok-desktop-tests"]);
        tests.args(["--", "--test-threads=1"]);
        tests.env("PRILAVOK_BIN_DIR", process::binaries()?);
        retold::run(tests)
    });
}

fn check_packages(steps: &mut Steps) {
    let out = Path::new("artefacts/dist-debug");
    // Of the build that the windows were tested with: a release build would cost ten minutes more.
    steps.try_to(say("Складываю пакеты", "Making the packages"), || {
        dist::make(true, out)
    });
    let installed = say(
        "Ставлю пакеты в чистую систему и запускаю",
        "Installing the packages in a clean system, and running them",
    );
    steps.try_to(installed, || {
        let mut tests = cargo(["test", "--no-fail-fast", "--package=prilavok-packages-tests"]);
        tests.args(["--", "--test-threads=1"]);
        tests.env("PRILAVOK_DIST_DIR", process::root().join(out));
        retold::run(tests)
    });
}

fn npm(script: &str) -> Result<()> {
    process::run(program("npm", ["run", "--silent", script]))
}
