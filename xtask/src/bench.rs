//! `cargo xtask bench desktop`: builds everything as it is released, weighs it, and writes the report.

use std::path::Path;

use anyhow::Result;

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
