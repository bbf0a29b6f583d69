//! A real window of one of the apps, in a profile of its own, driven through WebDriver.

use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use anyhow::{Context, Result};
use fantoccini::elements::Element;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use prilavok_protocol::ids::Role;
use serde_json::{Value, json};

use super::process::Process;
use super::server::free_port;
use super::{PASSWORD, PATIENCE, Stage, built, until};
use crate::artefacts::Artefacts;

/// Which app.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The buyer's.
    Buyer,
    /// The seller's.
    Seller,
}

impl Side {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Buyer => "buyer",
            Self::Seller => "seller",
        }
    }

    /// Who uses it.
    pub(crate) fn role(self) -> Role {
        match self {
            Self::Buyer => Role::Buyer,
            Self::Seller => Role::Seller,
        }
    }

    /// A part of the window's title that the other app does not have.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Buyer => "Прилавок — Покупатель",
            Self::Seller => "Прилавок — Продавец",
        }
    }

    /// The window's title in either language, as a pattern.
    #[must_use]
    pub fn any_title(self) -> &'static str {
        match self {
            Self::Buyer => "Прилавок — Покупатель|Prilavok — Buyer",
            Self::Seller => "Прилавок — Продавец|Prilavok — Seller",
        }
    }
}

/// Who comes to a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comer<'a> {
    /// The app knows no server yet, and its hints were never seen. Comes once to a profile.
    Stranger,
    /// The app knows the server, and nobody is signed in unless the profile says so.
    Guest,
    /// Signed in with this account.
    Account(&'a str),
    /// The same, over a line with this address.
    Over(&'a str, &'a str),
}

/// A message, as a window shows it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
pub struct Bubble {
    /// The message's id.
    pub id: String,
    /// How far it got.
    pub state: String,
    /// Everything that can be read in it.
    pub text: String,
}

/// The window.
pub struct Window {
    /// Which app it belongs to.
    pub side: Side,
    profile: PathBuf,
    client: Client,
    pub(super) environment: Vec<(&'static str, OsString)>,
    artefacts: Arc<Artefacts>,
    pub(super) driver: Process,
}

impl Window {
    pub(super) async fn open(
        stage: &Stage,
        side: Side,
        comer: Comer<'_>,
        profile: PathBuf,
        arguments: &[&str],
    ) -> Result<Self> {
        let binary = built(&format!("prilavok-{}", side.word()))?;
        let port = free_port()?;
        let mut command = Command::new("WebKitWebDriver");
        command.args([format!("--port={port}"), "--host=127.0.0.1".to_owned()]);
        let environment = environment(stage, &profile)?;
        if comer == Comer::Stranger {
            fs::remove_file(hints(&profile))?;
        }
        command.envs(environment.iter().cloned());
        command.env("TAURI_WEBVIEW_AUTOMATION", "true");
        match comer {
            Comer::Stranger => {}
            Comer::Over(_, address) => _ = command.env("PRILAVOK_SERVER", address),
            Comer::Guest | Comer::Account(_) => _ = command.env("PRILAVOK_SERVER", stage.server.address()),
        }
        if let Comer::Account(account) | Comer::Over(account, _) = comer {
            command.env("PRILAVOK_SIGN_IN", format!("{account}:{PASSWORD}"));
        }
        let log = stage
            .artefacts
            .log(&profile.file_name().unwrap_or_default().to_string_lossy());
        let driver = Process::start(&mut command, "webkit2gtk-driver", &log)?;
        let client = tokio::time::timeout(PATIENCE, connect(port, &binary, arguments)).await;
        let client = client.with_context(|| format!("{} does not come up", binary.display()))??;
        let window = Self {
            side,
            profile,
            client,
            environment,
            artefacts: stage.artefacts.clone(),
            driver,
        };
        window
            .wait("[data-testid='connection']")
            .await
            .context("the app does not show its first page")?;
        Ok(window)
    }

    /// `kill -9` for the app, and a new start in the same profile. Nobody signs in again.
    ///
    /// # Errors
    /// When it does not come up.
    pub async fn crash_and_start_again(self, stage: &Stage) -> Result<Self> {
        self.crash_and_start_with(stage, &[]).await
    }

    /// The same, with these arguments.
    ///
    /// # Errors
    /// When it does not come up.
    pub async fn crash_and_start_with(self, stage: &Stage, arguments: &[&str]) -> Result<Self> {
        self.crash().start_with(stage, arguments).await
    }

    /// `kill -9` for the app, and nothing more for now.
    #[must_use]
    pub fn crash(self) -> Crashed {
        let Self { side, profile, .. } = self;
        Crashed { side, profile }
    }

    /// A file of the person's own configuration, which other programs read too.
    #[must_use]
    pub fn configuration(&self, name: &str) -> PathBuf {
        self.profile.join("config").join(name)
    }

    /// A file of the app's data, wherever that is.
    #[must_use]
    pub fn data(&self, name: &str) -> PathBuf {
        self.profile.join("data").join(name)
    }

    /// Runs a function body in the page.
    ///
    /// # Errors
    /// When the page throws.
    pub async fn run(&self, script: &str, arguments: Vec<Value>) -> Result<Value> {
        let answer = tokio::time::timeout(PATIENCE, self.client.execute(script, arguments)).await;
        Ok(answer.context("the page does not answer")??)
    }

    /// Runs a function body in the page; its last argument is the callback for the answer.
    ///
    /// # Errors
    /// When the page throws.
    pub async fn run_async(&self, script: &str, arguments: Vec<Value>) -> Result<Value> {
        let answer = tokio::time::timeout(PATIENCE, self.client.execute_async(script, arguments)).await;
        Ok(answer.context("the page does not answer")??)
    }

    /// Waits for an element.
    ///
    /// # Errors
    /// When it does not come.
    pub async fn wait(&self, css: &str) -> Result<Element> {
        let what = format!("{} shows {css}", self.side.title());
        until(&what, || async {
            Ok(self.client.find_all(Locator::Css(css)).await?.into_iter().next())
        })
        .await
    }

    /// Waits until no such element is left.
    ///
    /// # Errors
    /// When it stays.
    pub async fn wait_gone(&self, css: &str) -> Result<()> {
        let what = format!("{} no longer shows {css}", self.side.title());
        until(&what, || async { Ok(self.count(css).await?.eq(&0).then_some(())) }).await
    }

    /// Waits until an element's text contains something; gives back the whole text.
    ///
    /// # Errors
    /// When it does not.
    pub async fn wait_text(&self, css: &str, part: &str) -> Result<String> {
        let what = format!("{} shows «{part}» in {css}", self.side.title());
        until(&what, || async {
            Ok(self.texts(css).await?.into_iter().find(|text| text.contains(part)))
        })
        .await
    }

    /// How many elements there are.
    ///
    /// # Errors
    /// When the page does not answer.
    pub async fn count(&self, css: &str) -> Result<usize> {
        Ok(self.client.find_all(Locator::Css(css)).await?.len())
    }

    /// The texts of all such elements; of fields, what stands in them.
    ///
    /// # Errors
    /// When the page does not answer.
    pub async fn texts(&self, css: &str) -> Result<Vec<String>> {
        let script = "return [...document.querySelectorAll(arguments[0])]\
            .map((it) => it.matches('input, textarea') ? it.value : it.innerText);";
        Ok(serde_json::from_value(self.run(script, vec![json!(css)]).await?)?)
    }

    /// Clicks an element as soon as it can be clicked.
    ///
    /// # Errors
    /// When it cannot.
    pub async fn click(&self, css: &str) -> Result<()> {
        let what = format!("{} can be clicked on {css}", self.side.title());
        until(&what, || async {
            let Some(element) = self.client.find_all(Locator::Css(css)).await?.into_iter().next() else {
                return Ok(None);
            };
            element.click().await?;
            Ok(Some(()))
        })
        .await
    }

    /// Clicks the first such element that contains a text.
    ///
    /// # Errors
    /// When it does not come.
    pub async fn click_text(&self, css: &str, text: &str) -> Result<()> {
        let what = format!("{} can be clicked on «{text}» in {css}", self.side.title());
        until(&what, || async {
            let texts = self.texts(css).await?;
            let Some(place) = texts.iter().position(|shown| shown.contains(text)) else {
                return Ok(None);
            };
            let found = self.client.find_all(Locator::Css(css)).await?;
            let Some(element) = found.into_iter().nth(place) else {
                return Ok(None);
            };
            element.click().await?;
            Ok(Some(()))
        })
        .await
    }

    /// Types into a field, at the end of what stands there. Any character works, emoji too.
    ///
    /// # Errors
    /// When the field does not come.
    pub async fn write(&self, css: &str, text: &str) -> Result<()> {
        self.wait(css).await?;
        let script = "const field = document.querySelector(arguments[0]); field.focus(); \
            try { field.setSelectionRange(field.value.length, field.value.length); } catch { /* one for addresses has none */ } \
            document.execCommand('insertText', false, arguments[1]);";
        self.run(script, vec![json!(css), json!(text)]).await.map(drop)
    }

    /// Presses keys in a field, one after the other.
    ///
    /// # Errors
    /// When the field does not come.
    pub async fn press(&self, css: &str, keys: &str) -> Result<()> {
        Ok(self.wait(css).await?.send_keys(keys).await?)
    }

    /// The messages that the page holds now, top to bottom.
    ///
    /// # Errors
    /// When the page does not answer.
    pub async fn bubbles(&self) -> Result<Vec<Bubble>> {
        let script = "return [...document.querySelectorAll(\"[data-testid='bubble']\")].map((it) => \
            ({ id: it.dataset.messageId ?? '', state: it.dataset.state ?? '', text: it.innerText }));";
        Ok(serde_json::from_value(self.run(script, Vec::new()).await?)?)
    }

    /// Waits for a message with this text in one of these states.
    ///
    /// # Errors
    /// When it does not come.
    pub async fn wait_bubble(&self, text: &str, states: &[&str]) -> Result<Bubble> {
        let what = format!(
            "{} shows the message «{text}» as {}",
            self.side.title(),
            states.join(" or ")
        );
        until(&what, || async {
            let fits = |bubble: &Bubble| bubble.text.contains(text) && states.contains(&bubble.state.as_str());
            Ok(self.bubbles().await?.into_iter().find(fits))
        })
        .await
    }

    /// The number of all unread messages, as the page says it.
    ///
    /// # Errors
    /// When the page does not answer.
    pub async fn unread(&self) -> Result<u32> {
        let texts = self.texts("[data-testid='unread-total']").await?;
        let digits: String = texts
            .first()
            .map(|text| text.chars().filter(char::is_ascii_digit).collect())
            .unwrap_or_default();
        Ok(digits.parse().unwrap_or(0))
    }

    /// A picture of the page.
    ///
    /// # Errors
    /// When it cannot be taken.
    pub async fn picture(&self, name: &str) -> Result<()> {
        let taken = tokio::time::timeout(PATIENCE, self.client.screenshot()).await;
        let png = taken.with_context(|| format!("no picture {name} came from the window"))??;
        self.artefacts.picture(name, &png)
    }

    /// A picture of the page as the screen shows it. [`Self::picture`] waits for a frame that a page at rest may never
    /// draw; this one makes it draw, and looks from outside. No other window may be in front.
    ///
    /// # Errors
    /// When the page does not draw, or the picture cannot be taken.
    pub async fn photograph(&self, stage: &Stage, name: &str) -> Result<()> {
        let drawn = "const done = arguments[arguments.length - 1]; \
            requestAnimationFrame(() => requestAnimationFrame(() => done(true)));";
        self.run_async(drawn, Vec::new()).await?;
        let png = stage.desktop.picture(self.side.any_title()).await?;
        self.artefacts.picture(name, &png)
    }

    /// Gives the page this width and height, and waits until it has drawn itself anew.
    ///
    /// # Errors
    /// When the window does not take the size.
    pub async fn resize(&self, stage: &Stage, width: u32, height: u32) -> Result<()> {
        stage
            .desktop
            .place(self.side.any_title(), (0, 0), (width, height))
            .await?;
        let what = format!("{} is {width} pixels wide", self.side.title());
        until(&what, || async {
            let inner = self.run("return window.innerWidth", Vec::new()).await?;
            Ok((inner.as_u64() == Some(u64::from(width))).then_some(()))
        })
        .await
    }

    /// Ends the app and its driver.
    pub async fn close(self) {
        // The process group is killed in any case.
        let _ = tokio::time::timeout(PATIENCE, self.client.close()).await;
    }
}

/// What a killed app leaves: its profile on the disk.
#[derive(Debug)]
pub struct Crashed {
    side: Side,
    profile: PathBuf,
}

impl Crashed {
    /// A new start in the same profile. Nobody signs in again.
    ///
    /// # Errors
    /// When it does not come up.
    pub async fn start(self, stage: &Stage) -> Result<Window> {
        self.start_with(stage, &[]).await
    }

    async fn start_with(self, stage: &Stage, arguments: &[&str]) -> Result<Window> {
        Window::open(stage, self.side, Comer::Guest, self.profile, arguments).await
    }

    /// A file of the app's data, wherever that is.
    #[must_use]
    pub fn data(&self, name: &str) -> PathBuf {
        self.profile.join("data").join(name)
    }
}

async fn connect(port: u16, binary: &Path, arguments: &[&str]) -> Result<Client> {
    let mut capabilities = serde_json::Map::new();
    capabilities.insert(
        "webkitgtk:browserOptions".to_owned(),
        json!({ "binary": binary, "args": arguments }),
    );
    let address = format!("http://127.0.0.1:{port}");
    let ready = format!("{address}/status");
    until("WebKitWebDriver listens", || async {
        Ok(reqwest::get(&ready).await.ok())
    })
    .await?;
    let mut builder = ClientBuilder::new(HttpConnector::new());
    let connecting = tokio::time::timeout(PATIENCE, builder.capabilities(capabilities).connect(&address));
    let client = connecting
        .await
        .context("WebKitWebDriver takes too long to open the app")?;
    client.context("WebKitWebDriver does not open the app")
}

pub(super) fn environment(stage: &Stage, profile: &Path) -> Result<Vec<(&'static str, OsString)>> {
    let around = stage
        .surroundings()
        .into_iter()
        .map(|(name, value)| (name, value.into()));
    let own = profile_folders(profile)?
        .into_iter()
        .map(|(name, folder)| (name, folder.into()));
    Ok(around.chain(own).collect())
}

fn hints(profile: &Path) -> PathBuf {
    profile.join("data").join("hints.json")
}

/// Folders of its own, so that nothing of the machine's user is read or written.
pub(super) fn profile_folders(profile: &Path) -> Result<Vec<(&'static str, PathBuf)>> {
    let folders = vec![
        ("HOME", profile.join("home")),
        ("XDG_CONFIG_HOME", profile.join("config")),
        ("XDG_DATA_HOME", profile.join("share")),
        ("XDG_CACHE_HOME", profile.join("cache")),
        ("XDG_RUNTIME_DIR", profile.join("run")),
        ("PRILAVOK_DATA_DIR", profile.join("data")),
    ];
    let is_new = !profile.exists();
    for (_, folder) in &folders {
        fs::create_dir_all(folder)?;
        fs::set_permissions(folder, fs::Permissions::from_mode(0o700))?;
    }
    if is_new {
        // Whoever is on the stage knows the app; a stranger is told what there is to know.
        fs::write(hints(profile), "[\"notices\",\"keys\",\"tray\"]")?;
    }
    Ok(folders)
}
