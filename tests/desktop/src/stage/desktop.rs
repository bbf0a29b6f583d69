//! A window manager and a notification daemon, as on a person's desktop.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use serde_json::Value;

use super::bus::Bus;
use super::process::{Process, ask};
use super::screen::Screen;
use super::{surroundings, until};
use crate::artefacts::Artefacts;

/// A notification, as the daemon remembers it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// Who wrote.
    pub title: String,
    /// What.
    pub body: String,
}

/// Window manager and notification daemon.
#[derive(Debug)]
pub struct Desktop {
    environment: Vec<(&'static str, String)>,
    /// What is chosen in the daemon's menu of actions.
    choice: PathBuf,
    _manager: Process,
    _daemon: Process,
}

/// Notices stay until they are clicked, so that no test races with a timer.
const DUNST: &str = "[global]\nmonitor = 0\norigin = top-right\nwidth = 380\nheight = 160\nfont = Noto Sans 11\n\
    history_length = 100\nidle_threshold = 0\nshow_indicators = no\nicon_theme = hicolor\n\
    [urgency_low]\ntimeout = 0\n[urgency_normal]\ntimeout = 0\n[urgency_critical]\ntimeout = 0\n";

/// Between two notches of the wheel, in milliseconds: a quick finger.
const WHEEL_MS: &str = "12";
/// Between two typed letters, in milliseconds: the layout may have to change in between.
const TYPING_MS: &str = "20";
/// Between two repeats of a held key, in milliseconds.
const REPEAT_MS: &str = "33";

impl Desktop {
    pub(super) async fn start(artefacts: &Artefacts, screen: &Screen, bus: &Bus, folder: &Path) -> Result<Self> {
        let environment = surroundings(screen, bus);
        let home = folder.join("desktop");
        std::fs::create_dir_all(&home)?;
        let configuration = home.join("dunstrc");
        let (menu, choice) = (home.join("menu"), home.join("choice"));
        std::fs::write(
            &configuration,
            format!("{DUNST}[global]\ndmenu = \"{}\"\n", menu.display()),
        )?;
        std::fs::write(
            &menu,
            format!("#!/bin/sh\nexec grep -m 1 -F -f \"{}\"\n", choice.display()),
        )?;
        std::fs::set_permissions(&menu, std::fs::Permissions::from_mode(0o755))?;
        let start = |program: &str, arguments: &[PathBuf], package: &str| {
            let mut command = Command::new(program);
            command
                .args(arguments)
                .envs(environment.iter().cloned())
                .env("HOME", &home);
            Process::start(&mut command, package, &artefacts.log(program))
        };
        let manager = start("openbox", &[], "openbox")?;
        let daemon = start("dunst", &["-conf".into(), configuration], "dunst")?;
        let desktop = Self {
            environment,
            choice,
            _manager: manager,
            _daemon: daemon,
        };
        until("the notification daemon answers", || async {
            Ok(desktop.notices_shown().await.ok())
        })
        .await?;
        until("the window manager is there", || async {
            let found = desktop
                .tool("xprop", "x11-utils", &["-root", "_NET_SUPPORTING_WM_CHECK"])
                .await?;
            Ok(found.contains("window id").then_some(()))
        })
        .await?;
        Ok(desktop)
    }

    async fn tool(&self, program: &str, package: &str, arguments: &[&str]) -> Result<String> {
        let mut command = Command::new(program);
        command.args(arguments).envs(self.environment.iter().cloned());
        Ok(String::from_utf8(ask(&mut command, package).await?)?)
    }

    /// How many notifications are on the screen.
    ///
    /// # Errors
    /// When the daemon does not answer.
    pub async fn notices_shown(&self) -> Result<usize> {
        let counted = self.tool("dunstctl", "dunst", &["count", "displayed"]).await?;
        counted.trim().parse().context("the daemon counts in numbers")
    }

    /// Clicks the newest notification, which takes it off the screen.
    ///
    /// # Errors
    /// When there is none, or the daemon does not answer.
    pub async fn click_notice(&self) -> Result<()> {
        anyhow::ensure!(self.notices_shown().await? > 0, "there is no notification to click");
        self.tool("dunstctl", "dunst", &["action", "0"]).await?;
        Ok(())
    }

    /// Presses a button of a notification, by its words.
    ///
    /// # Errors
    /// When there is no notification, or the daemon does not answer.
    pub async fn press_in_notice(&self, words: &str) -> Result<()> {
        anyhow::ensure!(self.notices_shown().await? > 0, "there is no notification to press");
        std::fs::write(&self.choice, words)?;
        self.tool("dunstctl", "dunst", &["context"]).await.map(drop)
    }

    /// Types into the window that has the keyboard.
    ///
    /// # Errors
    /// When the screen is gone.
    pub async fn write(&self, text: &str) -> Result<()> {
        self.tool("xdotool", "xdotool", &["type", "--delay", REPEAT_MS, text])
            .await
            .map(drop)
    }

    /// Puts all notifications away; afterwards [`Self::remembered`] has them.
    ///
    /// # Errors
    /// When the daemon does not answer.
    pub async fn put_notices_away(&self) -> Result<()> {
        self.tool("dunstctl", "dunst", &["close-all"]).await.map(drop)
    }

    /// The notifications that were put away, newest first.
    ///
    /// # Errors
    /// When the daemon does not answer.
    pub async fn remembered(&self) -> Result<Vec<Shown>> {
        let history: Value = serde_json::from_str(&self.tool("dunstctl", "dunst", &["history"]).await?)?;
        let rows = history["data"][0]
            .as_array()
            .context("the daemon's history is a list")?;
        let text = |row: &Value, key: &str| row[key]["data"].as_str().unwrap_or_default().to_owned();
        Ok(rows
            .iter()
            .map(|row| Shown {
                title: text(row, "summary"),
                body: text(row, "body"),
            })
            .collect())
    }

    /// The title of the window that has the keyboard.
    ///
    /// # Errors
    /// When no window has it.
    pub async fn active_window(&self) -> Result<String> {
        let title = self
            .tool("xdotool", "xdotool", &["getactivewindow", "getwindowname"])
            .await?;
        Ok(title.trim().to_owned())
    }

    /// The id of the visible window with this in its title.
    ///
    /// # Errors
    /// When there is none.
    pub async fn window(&self, title: &str) -> Result<String> {
        let found = self
            .tool("xdotool", "xdotool", &["search", "--onlyvisible", "--name", title])
            .await?;
        found
            .lines()
            .last()
            .map(str::to_owned)
            .with_context(|| format!("there is no visible window «{title}»"))
    }

    /// Where a window is on the screen, and how large: x, y, width, height.
    ///
    /// # Errors
    /// When there is no such window.
    pub async fn geometry(&self, title: &str) -> Result<[usize; 4]> {
        let id = self.window(title).await?;
        let told = self
            .tool("xdotool", "xdotool", &["getwindowgeometry", "--shell", &id])
            .await?;
        let number = |name: &str| {
            let line = told.lines().find_map(|line| line.strip_prefix(name));
            line.and_then(|text| text.trim().parse().ok())
                .with_context(|| format!("xdotool names no {name}"))
        };
        Ok([number("X=")?, number("Y=")?, number("WIDTH=")?, number("HEIGHT=")?])
    }

    /// Brings a window to the front and gives it the keyboard.
    ///
    /// # Errors
    /// When there is no such window.
    pub async fn bring_to_front(&self, title: &str) -> Result<()> {
        let id = self.window(title).await?;
        self.tool("xdotool", "xdotool", &["windowactivate", "--sync", &id])
            .await
            .map(drop)
    }

    /// Closes a window as a person does, with Alt+F4.
    ///
    /// # Errors
    /// When there is no such window.
    pub async fn close(&self, title: &str) -> Result<()> {
        self.bring_to_front(title).await?;
        self.tool("xdotool", "xdotool", &["key", "--clearmodifiers", "alt+F4"])
            .await
            .map(drop)
    }

    /// A picture of a window, as PNG.
    ///
    /// # Errors
    /// When there is no such window.
    pub async fn picture(&self, title: &str) -> Result<Vec<u8>> {
        let id = self.window(title).await?;
        let mut command = Command::new("import");
        command
            .args(["-window", &id, "png:-"])
            .envs(self.environment.iter().cloned());
        ask(&mut command, "imagemagick").await
    }

    /// Puts the mouse on a place of a window, and clicks there.
    ///
    /// # Errors
    /// When there is no such window.
    pub async fn point(&self, title: &str, (x, y): (i64, i64)) -> Result<()> {
        let id = self.window(title).await?;
        let (x, y) = (x.to_string(), y.to_string());
        self.tool(
            "xdotool",
            "xdotool",
            &["mousemove", "--window", &id, &x, &y, "click", "1"],
        )
        .await
        .map(drop)
    }

    /// Turns the wheel under the mouse by so many notches: up when negative.
    ///
    /// # Errors
    /// When the screen is gone.
    pub async fn wheel(&self, notches: i32) -> Result<()> {
        let button = if notches < 0 { "4" } else { "5" };
        let count = notches.unsigned_abs().to_string();
        self.tool(
            "xdotool",
            "xdotool",
            &["click", "--repeat", &count, "--delay", WHEEL_MS, button],
        )
        .await
        .map(drop)
    }

    /// Presses a key, by its X name, in the window that has the keyboard.
    ///
    /// # Errors
    /// When the screen is gone.
    pub async fn key(&self, name: &str) -> Result<()> {
        self.tool("xdotool", "xdotool", &["key", "--clearmodifiers", name])
            .await
            .map(drop)
    }

    /// Gives the keyboard a Russian layout, with the Latin one beside it.
    ///
    /// # Errors
    /// When the screen is gone.
    pub async fn russian_keyboard(&self) -> Result<()> {
        self.tool("setxkbmap", "x11-xkb-utils", &["-layout", "ru,us"])
            .await
            .map(drop)
    }

    /// Types a text into the window that has the keyboard.
    ///
    /// # Errors
    /// When the screen is gone.
    pub async fn type_text(&self, text: &str) -> Result<()> {
        self.tool("xdotool", "xdotool", &["type", "--delay", TYPING_MS, text])
            .await
            .map(drop)
    }

    /// Holds a key down for so many repeats, as fast as keyboards repeat.
    ///
    /// # Errors
    /// When the screen is gone.
    pub async fn hold_key(&self, name: &str, repeats: u32) -> Result<()> {
        let count = repeats.to_string();
        self.tool(
            "xdotool",
            "xdotool",
            &["key", "--delay", REPEAT_MS, "--repeat", &count, name],
        )
        .await
        .map(drop)
    }

    /// Takes the right part of the screen away, as if it had been a second one: what is left is so wide.
    ///
    /// # Errors
    /// When the screen is gone.
    pub async fn narrow_screen(&self, (width, height): (u32, u32)) -> Result<()> {
        let area = format!("{width}/{}x{height}/{}+0+0", width / 4, height / 4);
        self.tool(
            "xrandr",
            "x11-xserver-utils",
            &["--setmonitor", "left", &area, "screen"],
        )
        .await
        .map(drop)
    }

    /// Puts a window somewhere.
    ///
    /// # Errors
    /// When there is no such window.
    pub async fn place(&self, title: &str, at: (u32, u32), size: (u32, u32)) -> Result<()> {
        let id = self.window(title).await?;
        let text = |number: u32| number.to_string();
        self.tool("xdotool", "xdotool", &["windowsize", &id, &text(size.0), &text(size.1)])
            .await?;
        self.tool("xdotool", "xdotool", &["windowmove", &id, &text(at.0), &text(at.1)])
            .await
            .map(drop)
    }
}
