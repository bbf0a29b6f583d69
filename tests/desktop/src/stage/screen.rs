//! A virtual screen on a display number that nobody uses.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use super::process::{Process, ask};
use crate::artefacts::Artefacts;

/// Room for the widest window of the tests beside nothing else.
const SIZE: &str = "1920x1200x24";

/// The screen.
#[derive(Debug)]
pub(super) struct Screen {
    /// `:<number>`.
    pub(super) display: String,
    /// The file in which its pixels lie, as an XWD picture.
    pub(super) glass: PathBuf,
    _process: Process,
}

impl Screen {
    pub(super) fn start(artefacts: &Artefacts, folder: &Path) -> Result<Self> {
        let mut command = Command::new("Xvfb");
        command.arg("-fbdir").arg(folder);
        command.args(["-displayfd", "1", "-screen", "0", SIZE, "-nolisten", "tcp", "-noreset"]);
        let mut process = Process::start(&mut command, "xvfb", &artefacts.log("screen"))?;
        let display = format!(":{}", process.first_line()?);
        Ok(Self {
            display,
            glass: folder.join("Xvfb_screen0"),
            _process: process,
        })
    }

    /// A picture of all of it, as PNG.
    pub(super) async fn picture(&self) -> Result<Vec<u8>> {
        let mut command = Command::new("import");
        command.args(["-window", "root", "png:-"]).env("DISPLAY", &self.display);
        ask(&mut command, "imagemagick").await
    }
}
