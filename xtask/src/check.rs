//! `cargo xtask test`: every test there is. A failed step does not hide the ones after it.

use anyhow::Result;

use crate::process::{self, cargo, program};
use crate::steps::Steps;
use crate::words::say;
use crate::{Part, builds, packages, setup, types};

/// Runs the tests, or a part of them.
pub fn run(only: Option<Part>) -> Result<()> {
    let wants = |part| only.is_none_or(|only| only == part);
    let (rust, web, desktop) = (wants(Part::Rust), wants(Part::Web), wants(Part::Desktop));
    let count = [
        (rust || desktop, 1),
        (web || desktop, 1),
        (rust, 5),
        (web, 2),
        (desktop, 4),
    ];
    let total = count.iter().filter(|(wanted, _)| *wanted).map(|(_, steps)| steps).sum();
    let mut steps = Steps::of(total);

    if rust || desktop {
        let screen = [packages::COMPILER, packages::DESKTOP, packages::SCREEN];
        let wanted = if desktop { &screen[..] } else { &screen[..1] };
        steps.must(setup::system_packages(), || packages::install(wanted))?;
    }
    if web || desktop {
        steps.must(setup::npm_modules(), setup::modules)?;
    }
    if rust {
        check_rust(&mut steps, desktop);
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
    if desktop {
        check_desktop(&mut steps);
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
        process::run(cargo(["test", "--no-fail-fast", "--features=prilavok-protocol/schema"]))
    });
    let schedules = say(
        "Перебираю порядки событий в сервере",
        "Exploring the schedules of the server's hub",
    );
    steps.try_to(schedules, || {
        // A build of its own: its locks are the explorer's, and nothing but these tests may run with them.
        process::run(cargo([
            "test",
            "--package=prilavok-server",
            "--features=explored",
            "--lib",
            "hub::explored",
        ]))
    });
}

fn check_desktop(steps: &mut Steps) {
    steps.try_to(builds::pages_step(), builds::pages);
    steps.try_to(builds::programs_step(), builds::programs);
    steps.try_to(
        say("Испытываю оболочку приложений", "Testing the apps' shell"),
        || {
            process::run(cargo([
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
        process::run(tests)
    });
}

fn npm(script: &str) -> Result<()> {
    process::run(program("npm", ["run", "--silent", script]))
}
