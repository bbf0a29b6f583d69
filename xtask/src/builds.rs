//! The pages of both apps, and the programs that are run: the server and the apps with the pages inside.

use anyhow::Result;

use crate::process::{self, cargo, program};
use crate::words::say;

/// The name of the step that builds the pages.
pub fn pages_step() -> &'static str {
    say("Собираю страницы приложений", "Building the apps' pages")
}

/// Builds the pages of both apps.
pub fn pages() -> Result<()> {
    process::run(program("npm", ["run", "build", "--silent"]))
}

/// The name of the step that builds the server and the apps.
pub fn programs_step() -> &'static str {
    say(
        "Собираю сервер и приложения (в первый раз это минуты)",
        "Building the server and the apps (minutes, the first time)",
    )
}

/// Builds the server and both apps; the pages must be there. `config` is merged into that of the apps.
pub fn programs(release: bool, config: Option<&str>) -> Result<()> {
    let mut build = cargo([
        "build",
        "--package=prilavok-server",
        "--package=prilavok-buyer",
        "--package=prilavok-seller",
        "--features=prilavok-buyer/custom-protocol,prilavok-seller/custom-protocol",
    ]);
    if release {
        build.args(["--release", "--locked"]);
    }
    if let Some(config) = config {
        build.env("TAURI_CONFIG", config);
    }
    process::run(build)
}
