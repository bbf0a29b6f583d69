//! The transcript of a run and its pictures.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::Result;

use crate::app::App;
use crate::screen::Screen;

/// Collects what happened; every line is on the disk at once.
#[derive(Debug)]
pub struct Report {
    folder: PathBuf,
    begun: Instant,
    lines: Vec<String>,
    pictures: u32,
}

impl Report {
    /// A new report in `folder`, whose old pictures go.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub fn begin(folder: &Path, title: &str) -> Result<Self> {
        let _ = fs::remove_dir_all(folder);
        fs::create_dir_all(folder)?;
        Ok(Self {
            folder: folder.into(),
            begun: Instant::now(),
            lines: vec![format!("# {title}"), String::new()],
            pictures: 0,
        })
    }

    /// One more line, also on the terminal.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn say(&mut self, line: &str) -> Result<()> {
        let line = format!("- {:6.1} s — {line}", self.begun.elapsed().as_secs_f32());
        println!("{line}");
        self.lines.push(line);
        fs::write(
            self.folder.join("transcript.md"),
            self.lines.join("\n") + "\n",
        )?;
        Ok(())
    }

    /// A picture of an app's page.
    ///
    /// # Errors
    /// When the page cannot be pictured.
    pub async fn picture(&mut self, app: &App, what: &str) -> Result<()> {
        let path = self.next(what);
        fs::write(self.folder.join(&path), app.client.screenshot().await?)?;
        self.lines.push(format!("\n  ![{what}]({path})\n"));
        Ok(())
    }

    /// A picture of the whole screen.
    ///
    /// # Errors
    /// When the screen cannot be pictured.
    pub fn screen(&mut self, screen: &Screen, what: &str) -> Result<()> {
        let path = self.next(what);
        screen.picture(&self.folder.join(&path))?;
        self.lines.push(format!("\n  ![{what}]({path})\n"));
        Ok(())
    }

    fn next(&mut self, what: &str) -> String {
        self.pictures += 1;
        format!("{:02}-{what}.png", self.pictures)
    }
}
