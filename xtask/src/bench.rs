//! `cargo xtask bench desktop`, `bench server` and `bench micro`: build everything as it is released, measure it, and write the report.

use std::path::Path;

use anyhow::{Context, Result};

use crate::process::{self, cargo};
use crate::steps::Steps;
use crate::words::say;
use crate::{builds, packages, setup};

/// Weighs the buyer's app beside an empty window and Chromium.
pub fn desktop(report: &Path) -> Result<()> {
    let mut steps = Steps::of(5);
    let wanted = [packages::COMPILER, packages::DESKTOP, packages::SCREEN, packages::BENCH];
    steps.must(setup::system_packages(), || packages::install(&wanted))?;
    steps.must(setup::npm_modules(), setup::modules)?;
    steps.must(builds::pages_step(), builds::pages)?;
    let releases = say(
        "Собираю выпуски (в первый раз это много минут)",
        "Building the releases (many minutes, the first time)",
    );
    steps.must(releases, || {
        process::run(cargo([
            "build",
            "--release",
            "--package=prilavok-server",
            "--package=prilavok-buyer",
            "--package=prilavok-seller",
            "--package=prilavok-empty-window",
            "--features=prilavok-buyer/custom-protocol,prilavok-seller/custom-protocol",
            "--features=prilavok-empty-window/custom-protocol",
        ]))
    })?;
    steps.must(say("Взвешиваю", "Weighing"), || weigh(report))?;
    steps.finish()
}

/// Measures the server beside its physical references, with the generator's own arguments.
pub fn server(report: &Path, arguments: &[String]) -> Result<()> {
    let packages = ["--package=prilavok-server", "--package=prilavok-bench"];
    process::run(cargo(["build", "--release", "--bins"].into_iter().chain(packages)))?;
    let generator = process::target()?.join("release/prilavok-bench");
    let mut generator = process::program(&generator.to_string_lossy(), ["run"]);
    generator
        .args(arguments)
        .arg("--out")
        .arg(std::env::current_dir()?.join(report));
    process::run(generator)
}

/// Times each step of a message's way, counts its instructions, and writes both down.
pub fn micro(report: &Path) -> Result<()> {
    packages::install(&[packages::COMPILER, packages::COUNTS])?;
    let bench = |arguments: &[&str]| {
        let bench = [
            "bench",
            "--quiet",
            "--package=prilavok-server",
            "--bench=hot_path",
            "--",
        ];
        process::output(cargo(bench.into_iter().chain(arguments.iter().copied())))
            .context("the benchmark failed; run it by `cargo bench -p prilavok-server --bench hot_path`")
    };
    let times = bench(&[])?;
    println!("{times}");
    let counts = bench(&["--count"])?;
    println!("{counts}");
    let text = format!(
        "# What each step of a message's way costs\n\nWritten by `cargo xtask bench micro`: one thread, release build, with a message of a \
         line. The instructions are counted by callgrind and hardly depend on what \
         else the machine does: a later change shows in them. The times drift with the machine.\n\n{counts}\n```text\n{}\n```\n",
        times.trim_end()
    );
    std::fs::write(report, text).with_context(|| format!("{} cannot be written", report.display()))
}

fn weigh(report: &Path) -> Result<()> {
    let scales = [
        "run",
        "--quiet",
        "--package=prilavok-desktop-tests",
        "--bin=weigh",
        "--",
    ];
    let mut scales = cargo(scales);
    scales.arg("--report").arg(std::env::current_dir()?.join(report));
    scales.env("PRILAVOK_BIN_DIR", process::binaries()?.with_file_name("release"));
    process::run(scales)
}
