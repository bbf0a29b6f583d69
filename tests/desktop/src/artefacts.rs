//! What a run leaves behind: pictures, a transcript, logs of every process.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use anyhow::{Context, Result};

/// A folder for one run.
#[derive(Debug)]
pub struct Artefacts {
    folder: PathBuf,
    transcript: Mutex<String>,
}

impl Artefacts {
    /// Makes the folder, or uses what is there.
    ///
    /// # Errors
    /// When the folder cannot be made.
    pub fn in_folder(folder: &Path) -> Result<Self> {
        fs::create_dir_all(folder.join("logs")).with_context(|| format!("{} cannot be made", folder.display()))?;
        let folder = fs::canonicalize(folder)?;
        Ok(Self {
            folder,
            transcript: Mutex::default(),
        })
    }

    /// `artefacts/desktop/<name>` in the repository, or under `PRILAVOK_ARTEFACTS`.
    ///
    /// # Errors
    /// When the folder cannot be made.
    pub fn of_test(name: &str) -> Result<Self> {
        let base = std::env::var_os("PRILAVOK_ARTEFACTS")
            .map_or_else(|| repository().join("artefacts/desktop"), PathBuf::from);
        Self::in_folder(&base.join(name))
    }

    /// A path in the folder.
    #[must_use]
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Where a process writes what it says.
    #[must_use]
    pub fn log(&self, process: &str) -> PathBuf {
        self.folder.join("logs").join(format!("{process}.log"))
    }

    /// Keeps a picture, and shows it in the transcript.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn picture(&self, name: &str, png: &[u8]) -> Result<()> {
        let file = format!("{name}.png");
        fs::write(self.path(&file), png).with_context(|| format!("{file} cannot be written"))?;
        self.write(&format!("\n![{name}]({file})\n"));
        Ok(())
    }

    /// A sentence of the transcript; also printed, so that whoever runs the play sees it move.
    pub fn say(&self, sentence: &str) {
        println!("{sentence}");
        self.write(&format!("- {sentence}"));
    }

    fn write(&self, line: &str) {
        let mut transcript = self.transcript.lock().expect("nobody panics while writing");
        writeln!(transcript, "{line}").expect("a string takes everything");
    }

    /// Writes `transcript.md`.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn finish(&self, title: &str) -> Result<()> {
        let transcript = self.transcript.lock().expect("nobody panics while writing");
        fs::write(self.path("transcript.md"), format!("# {title}\n\n{transcript}"))?;
        Ok(())
    }
}

/// The repository's folder.
#[must_use]
pub fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}
