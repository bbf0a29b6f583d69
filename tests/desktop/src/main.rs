//! Plays the story in a virtual screen and leaves pictures and a transcript: `demo --artefacts <folder>`.

use std::path::PathBuf;

use anyhow::{Result, bail, ensure};
use prilavok_desktop_tests::artefacts::Artefacts;
use prilavok_desktop_tests::stage::Stage;
use prilavok_desktop_tests::story;

#[tokio::main]
async fn main() -> Result<()> {
    let mut arguments = std::env::args_os().skip(1);
    let (Some(option), Some(folder)) = (arguments.next(), arguments.next()) else {
        bail!("usage: demo --artefacts <folder for pictures and transcript>");
    };
    ensure!(option == "--artefacts", "the only option is --artefacts");
    let folder = PathBuf::from(folder);
    let artefacts = Artefacts::in_folder(&folder)?;
    let play = async { story::play(Stage::set(artefacts).await?).await };
    // On Ctrl+C the play is dropped, and with it every process it started.
    tokio::select! {
        played = play => played?,
        _ = tokio::signal::ctrl_c() => bail!("interrupted"),
    }
    println!("Снимки и запись: {}", folder.display());
    Ok(())
}
