//! A real window of one of the apps, in a profile of its own, driven through WebDriver.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use anyhow::{Context, Result};
use fantoccini::elements::Element;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};

use super::process::Process;
use super::profile::{environment, hints};
use super::server::free_port;
use super::{Comer, Crashed, PASSWORD, PATIENCE, Side, Stage, built, until};
use crate::artefacts::Artefacts;

/// The window.
pub struct Window {
    /// Which app it belongs to.
    pub side: Side,
    profile: PathBuf,
    pub(super) client: Client,
    pub(super) environment: Vec<(&'static str, OsString)>,
    pub(super) artefacts: Arc<Artefacts>,
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

    /// Ends the app and its driver.
    pub async fn close(self) {
        // The process group is killed in any case.
        let _ = tokio::time::timeout(PATIENCE, self.client.close()).await;
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
