//! Plays the story in a virtual screen and leaves pictures and a transcript: `demo <folder>`.

use std::path::PathBuf;

use anyhow::{Context, Result};
use prilavok_desktop_tests::artefacts::Artefacts;
use prilavok_desktop_tests::stage::Stage;
use prilavok_desktop_tests::story;

#[tokio::main]
async fn main() -> Result<()> {
    let folder: PathBuf = std::env::args_os()
        .nth(1)
        .context("usage: demo <folder for pictures and transcript>")?
        .into();
    let artefacts = Artefacts::in_folder(&folder)?;
    let play = async { story::play(Stage::set(artefacts).await?).await };
    // On Ctrl+C the play is dropped, and with it every process it started.
    tokio::select! {
        played = play => played?,
        _ = tokio::signal::ctrl_c() => anyhow::bail!("interrupted"),
    }
    println!("Снимки и запись: {}", folder.display());
    Ok(())
}
