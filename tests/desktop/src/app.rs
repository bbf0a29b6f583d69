//! One desktop app under WebDriver, with folders of its own.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result};
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::json;

use crate::child::Process;
use crate::screen::Screen;
use crate::wait::until;

/// Which of the two apps, as whom, in which language.
#[derive(Debug, Clone)]
pub struct Cast {
    /// Names its folder and its pictures.
    pub name: String,
    /// The program.
    pub binary: PathBuf,
    /// The beginning of its window's title.
    pub title: String,
    /// The server's address.
    pub server: String,
    /// The demo account's e-mail address.
    pub email: String,
    /// `ru_RU.UTF-8` or `en_US.UTF-8`.
    pub locale: String,
}

/// A running app.
#[derive(Debug)]
pub struct App {
    /// Who it is.
    pub cast: Cast,
    /// Its window, under WebDriver.
    pub client: Client,
    home: PathBuf,
    _driver: Process,
}

impl App {
    /// Starts the app in `home` on this screen; what it stored there before is still there.
    ///
    /// # Errors
    /// When the driver or the app is missing, or no window comes up.
    pub async fn start(screen: &Screen, cast: Cast, home: &Path) -> Result<Self> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        for folder in ["config", "data", "cache"] {
            std::fs::create_dir_all(home.join(folder))?;
        }
        let mut command = Command::new("WebKitWebDriver");
        screen.dress(&mut command);
        command
            .args([&format!("--port={port}"), "--host=127.0.0.1"])
            .env("HOME", home)
            .env("XDG_CONFIG_HOME", home.join("config"))
            .env("XDG_DATA_HOME", home.join("data"))
            .env("XDG_CACHE_HOME", home.join("cache"))
            .env("LANG", &cast.locale)
            .env("LC_ALL", "C.UTF-8")
            .env("LANGUAGE", cast.locale.split('_').next().unwrap_or("ru"))
            .env("TAURI_WEBVIEW_AUTOMATION", "true")
            .env("PRILAVOK_DATA_DIR", home.join("prilavok"))
            .env("PRILAVOK_SERVER", &cast.server)
            .env("PRILAVOK_SIGN_IN", format!("{}:prilavok-demo", cast.email))
            .env(
                "PRILAVOK_LANGUAGE",
                cast.locale.split('_').next().unwrap_or("ru"),
            )
            .stdout(Stdio::null());
        let log = screen.logs().join(format!("{}.log", cast.name));
        let driver = Process::start(&mut command, &log, "webkit2gtk-driver")?;

        let url = format!("http://127.0.0.1:{port}");
        until("WebKitWebDriver", || async {
            Ok(tokio::net::TcpStream::connect(("127.0.0.1", port))
                .await
                .ok())
        })
        .await?;
        let wanted = json!({
            "webkitgtk:browserOptions": {"binary": cast.binary.to_string_lossy(), "args": []},
        });
        let wanted = wanted
            .as_object()
            .cloned()
            .context("capabilities are an object")?;
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(wanted)
            .connect(&url)
            .await
            .with_context(|| {
                format!(
                    "{} did not open its window; see {}",
                    cast.binary.display(),
                    log.display()
                )
            })?;
        Ok(Self {
            cast,
            client,
            home: home.into(),
            _driver: driver,
        })
    }

    /// Kills the app as a power cut does, and starts it again on what is left on its disk.
    ///
    /// # Errors
    /// As [`App::start`].
    pub async fn crash_and_restart(self, screen: &Screen) -> Result<Self> {
        let Self {
            cast,
            client,
            home,
            _driver: mut driver,
        } = self;
        let binary = cast.binary.to_string_lossy().into_owned();
        driver.kill();
        // The app may have left its driver's group; its own path names it.
        let _ = Command::new("pkill")
            .args(["-KILL", "-f", &binary])
            .status();
        drop(client);
        Self::start(screen, cast, &home).await
    }

    /// Brings the window to the front and gives it the keyboard.
    ///
    /// # Errors
    /// When there is no such window.
    pub fn activate(&self, screen: &Screen) -> Result<()> {
        let window = self.window(screen)?;
        screen
            .run(
                "xdotool",
                &["windowmap", &window, "windowactivate", &window],
            )
            .map(drop)
    }

    /// Hides the window as a person does who minimises it.
    ///
    /// # Errors
    /// When there is no such window.
    pub fn minimise(&self, screen: &Screen) -> Result<()> {
        let window = self.window(screen)?;
        screen
            .run("xdotool", &["windowminimize", &window])
            .map(drop)
    }

    /// Gives the window this size and waits until the page has it.
    ///
    /// # Errors
    /// When there is no such window, or it keeps its size.
    pub async fn resize(&self, screen: &Screen, width: u32, height: u32) -> Result<()> {
        let window = self.window(screen)?;
        screen.run(
            "xdotool",
            &[
                "windowsize",
                &window,
                &width.to_string(),
                &height.to_string(),
            ],
        )?;
        until("the window's new size", || async {
            let now = self
                .client
                .execute("return window.innerWidth", vec![])
                .await?;
            Ok((now.as_u64() == Some(u64::from(width))).then_some(()))
        })
        .await
    }

    fn window(&self, screen: &Screen) -> Result<String> {
        let found = screen.run(
            "xdotool",
            &["search", "--name", &format!("{}$", self.cast.title)],
        )?;
        found
            .lines()
            .next_back()
            .map(Into::into)
            .context("the app has no window")
    }
}
