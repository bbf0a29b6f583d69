//! A virtual screen on a display number that nobody uses, and what is seen on it.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};

use crate::tool::{program, said};

/// A page lives in another process, which cannot wake us: its picture is taken this often.
const PAUSE: Duration = Duration::from_millis(200);
/// Within two seconds on an idle machine.
const PATIENCE: Duration = Duration::from_secs(90);
/// A blank window has one colour; one with a broken page a few; text with soft edges has hundreds.
const COLOURS: u32 = 150;

/// The screen.
pub struct Screen {
    /// `:<number>`
    pub display: String,
    child: Child,
}

impl Screen {
    /// Starts it.
    ///
    /// # Errors
    /// When Xvfb is missing.
    pub fn start() -> Result<Self> {
        let mut child = Command::new("Xvfb")
            .args([
                "-displayfd",
                "1",
                "-screen",
                "0",
                "1600x1000x24",
                "-nolisten",
                "tcp",
                "-noreset",
            ])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .context("Xvfb does not start; the package xvfb brings it")?;
        let output = child.stdout.take().context("its output is a pipe")?;
        let mut number = String::new();
        BufReader::new(output).read_line(&mut number)?;
        ensure!(!number.is_empty(), "Xvfb ended before it was ready");
        Ok(Self {
            display: format!(":{}", number.trim()),
            child,
        })
    }

    /// Waits for a window of this class, and says which it is.
    ///
    /// # Errors
    /// When none comes.
    pub fn window(&self, class: &str) -> Result<String> {
        let mut search = Command::new("timeout");
        search.arg(PATIENCE.as_secs().to_string());
        search.args(["xdotool", "search", "--sync", "--onlyvisible", "--class", class]);
        search.env("DISPLAY", &self.display);
        let found = said(search).with_context(|| format!("no window of {class} has come"))?;
        found.lines().last().map(str::to_owned).context("it has a number")
    }

    /// What the window says of itself.
    ///
    /// # Errors
    /// When it is gone.
    pub fn property(&self, window: &str, name: &str) -> Result<String> {
        let mut ask = program("xprop");
        ask.args(["-id", window, name]).env("DISPLAY", &self.display);
        said(ask)
    }

    /// Waits until the window shows a page, and leaves its picture.
    ///
    /// # Errors
    /// When it stays blank.
    pub fn picture(&self, window: &str, to: &Path) -> Result<()> {
        let deadline = Instant::now() + PATIENCE;
        let mut seen = 0;
        while Instant::now() < deadline {
            let mut import = program("import");
            import.args(["-window", window]).arg(to).env("DISPLAY", &self.display);
            said(import)?;
            let mut count = program("identify");
            count.args(["-format", "%k"]).arg(to);
            seen = said(count)?.trim().parse().context("a number of colours")?;
            if seen >= COLOURS {
                return Ok(());
            }
            std::thread::sleep(PAUSE);
        }
        bail!("the window stays blank: {seen} colours in {}", to.display())
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
