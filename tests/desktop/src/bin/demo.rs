//! `cargo xtask demo` without a screen: plays the story and leaves pictures and a transcript.

use std::path::PathBuf;

use anyhow::Result;
use prilavok_desktop_tests::report::Report;
use prilavok_desktop_tests::stage::Stage;
use prilavok_desktop_tests::story;

#[tokio::main]
async fn main() -> Result<()> {
    let mut args = std::env::args().skip(1);
    let folder = match (args.next().as_deref(), args.next()) {
        (Some("--artefacts"), Some(folder)) => PathBuf::from(folder),
        _ => PathBuf::from("artefacts/demo"),
    };
    let mut report = Report::begin(&folder, "Покупатель спрашивает, продавец отвечает")?;
    story::play(Stage::set("ru_RU.UTF-8").await?, &mut report).await?;
    println!("\n{}", folder.join("transcript.md").display());
    Ok(())
}
