//! The life of an app around its window: its processes, a window that was made anew, a second start.

use std::collections::HashMap;
use std::ffi::OsString;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use super::process::{Process, ask};
use super::profile::environment;
use super::{PASSWORD, Stage, built, until};
use super::{Side, Window};

/// The share of pixels in which two looks at the same place may differ.
const ALIKE: f64 = 0.01;
/// A blinking caret's share of a window.
const CARET: f64 = 0.0005;

/// A process of an app.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Running {
    /// Its number.
    pub id: u32,
    /// Its name, cut by the kernel to 15 letters.
    pub name: String,
    /// Its share of memory, in KiB.
    pub pss_kib: u64,
}

impl Running {
    /// A process of the browser engine.
    #[must_use]
    pub fn is_of_webview(&self) -> bool {
        self.name.starts_with("WebKitWebProces") || self.name.starts_with("WebKitNetworkPr")
    }
}

impl Window {
    /// The app and every process it has started.
    ///
    /// # Errors
    /// When the kernel does not say.
    pub fn processes(&self) -> Result<Vec<Running>> {
        family(self.driver.id())
    }

    /// Closes the window as a person does, and waits until no process of the browser engine is left.
    ///
    /// # Errors
    /// When one stays.
    pub async fn close_into_tray(&self, stage: &Stage) -> Result<()> {
        self.insist(stage, "alt+F4", "no webview is alive", || async {
            let alive: Vec<Running> = self.processes()?.into_iter().filter(Running::is_of_webview).collect();
            anyhow::ensure!(alive.is_empty(), "still there: {alive:?}");
            Ok(Some(()))
        })
        .await
    }

    /// Presses the key by which the app ends, and waits until none of its processes is left.
    ///
    /// # Errors
    /// When one stays.
    pub async fn quit_by(&self, stage: &Stage, key: &str) -> Result<()> {
        self.insist(stage, key, "the app has ended", || async {
            Ok(self.processes()?.is_empty().then_some(()))
        })
        .await
    }

    /// Presses a key until it has worked. One is lost when the window manager is just moving the focus: a person presses
    /// it again.
    ///
    /// # Errors
    /// When it does not work.
    pub async fn insist<Asking>(&self, stage: &Stage, key: &str, what: &str, ask: impl Fn() -> Asking) -> Result<()>
    where
        Asking: Future<Output = Result<Option<()>>>,
    {
        let title = self.side.any_title();
        let looks = std::cell::Cell::new(0);
        stage.desktop.bring_to_front(title).await?;
        stage.desktop.key(key).await?;
        until(what, || async {
            if let Ok(Some(())) = ask().await {
                return Ok(Some(()));
            }
            looks.set(looks.get() + 1);
            if looks.get() % 40 == 0 && stage.desktop.window(title).await.is_ok() {
                stage.desktop.bring_to_front(title).await?;
                stage.desktop.key(key).await?;
            }
            ask().await
        })
        .await
    }

    /// A picture of the window, once nothing in it moves any more.
    ///
    /// # Errors
    /// When it goes on moving.
    pub async fn still(&self, stage: &Stage) -> Result<Vec<u8>> {
        let last = tokio::sync::Mutex::new(Vec::new());
        let what = format!("{} is at rest", self.side.title());
        until(&what, || async {
            let shown = stage.desktop.picture(self.side.any_title()).await?;
            let mut last = last.lock().await;
            let is_still = !last.is_empty() && difference(stage, &last, &shown).await? <= CARET;
            last.clone_from(&shown);
            Ok(is_still.then_some(shown))
        })
        .await
    }

    /// How many pixels of an element are of such a colour.
    ///
    /// # Errors
    /// When there is no such element.
    pub async fn count_pixels(&self, stage: &Stage, css: &str, fits: impl Fn(&[u8]) -> bool) -> Result<usize> {
        let place = "const it = document.querySelector(arguments[0]).getBoundingClientRect(); \
            return [innerWidth, it.left, it.right, it.top, it.bottom].map(Math.round);";
        let [width, left, right, top, bottom]: [usize; 5] =
            serde_json::from_value(self.run(place, vec![css.into()]).await?)?;
        let shown = stage.desktop.picture(self.side.any_title()).await?;
        let colours = pixels(stage, "colours", &shown).await?;
        let is_inside =
            |place: usize| (left..right).contains(&(place % width)) && (top..bottom).contains(&(place / width));
        let inside = colours
            .chunks_exact(3)
            .enumerate()
            .filter(|(place, _)| is_inside(*place));
        Ok(inside.filter(|(_, pixel)| fits(pixel)).count())
    }

    /// Waits until the window shows what a picture shows. What differs between two looks
    /// at the same place (a caret that blinks, a clock) is far less than a line of text.
    ///
    /// # Errors
    /// When it does not.
    pub async fn wait_alike(&self, stage: &Stage, wanted: &[u8]) -> Result<()> {
        let what = format!("{} shows again what it showed", self.side.title());
        until(&what, || async {
            let shown = stage.desktop.picture(self.side.any_title()).await?;
            let share = difference(stage, wanted, &shown).await?;
            anyhow::ensure!(share <= ALIKE, "{share:.4} of it is different");
            Ok(Some(()))
        })
        .await
    }

    /// Starts the app a second time in the same profile, and waits until that start has ended.
    ///
    /// # Errors
    /// When it does not end by itself.
    pub async fn start_again(&self, arguments: &[&str]) -> Result<()> {
        start_again(self.side, &self.environment, arguments).await
    }
}

/// An app without a window.
pub struct Hidden {
    side: Side,
    environment: Vec<(&'static str, OsString)>,
    process: Process,
}

impl Hidden {
    pub(super) fn start(stage: &Stage, side: Side, account: &str, profile: &Path) -> Result<Self> {
        let environment = environment(stage, profile)?;
        let mut command = Command::new(built(&format!("prilavok-{}", side.word()))?);
        command.arg("--hidden").envs(environment.iter().cloned());
        command.env("PRILAVOK_SERVER", stage.server.address());
        command.env("PRILAVOK_SIGN_IN", format!("{account}:{PASSWORD}"));
        let process = Process::start(&mut command, "", &stage.artefacts.log("hidden"))?;
        Ok(Self {
            side,
            environment,
            process,
        })
    }

    /// Every process that it has started, but not itself.
    ///
    /// # Errors
    /// When the kernel does not say.
    pub fn processes(&self) -> Result<Vec<Running>> {
        family(self.process.id())
    }

    /// Starts the app a second time in the same profile, and waits until that start has ended.
    ///
    /// # Errors
    /// When it does not end by itself.
    pub async fn start_again(&self, arguments: &[&str]) -> Result<()> {
        start_again(self.side, &self.environment, arguments).await
    }
}

async fn start_again(side: Side, environment: &[(&'static str, OsString)], arguments: &[&str]) -> Result<()> {
    let mut command = Command::new(built(&format!("prilavok-{}", side.word()))?);
    command.args(arguments).envs(environment.iter().cloned());
    ask(&mut command, "").await.map(drop)
}

/// Ends a process without a warning.
///
/// # Errors
/// When it is not there.
pub async fn kill(running: &Running) -> Result<()> {
    let mut command = Command::new("sh");
    command.args(["-c", &format!("kill -KILL {}", running.id)]);
    ask(&mut command, "").await.map(drop)
}

/// All that descends from a process.
fn family(root: u32) -> Result<Vec<Running>> {
    let all = parents()?;
    let descends = |id: u32| {
        let mut at = id;
        while let Some((parent, _)) = all.get(&at) {
            if *parent == root {
                return true;
            }
            at = *parent;
        }
        false
    };
    let mut found: Vec<Running> = all
        .iter()
        .filter(|(id, (_, state))| *state != 'Z' && descends(**id))
        .filter_map(|(id, _)| running(*id))
        .collect();
    found.sort_by_key(|process| process.id);
    Ok(found)
}

/// The share of pixels in which two pictures differ; all of it when they have not even the same size.
async fn difference(stage: &Stage, left: &[u8], right: &[u8]) -> Result<f64> {
    let (left, right) = (pixels(stage, "left", left).await?, pixels(stage, "right", right).await?);
    if left.len() != right.len() || left.is_empty() {
        return Ok(1.0);
    }
    let differ = |(left, right): (&[u8], &[u8])| left.iter().zip(right).any(|(left, right)| left.abs_diff(*right) > 16);
    let count = left
        .chunks_exact(3)
        .zip(right.chunks_exact(3))
        .filter(|pair| differ(*pair))
        .count();
    Ok(count as f64 / (left.len() / 3) as f64)
}

async fn pixels(stage: &Stage, name: &str, png: &[u8]) -> Result<Vec<u8>> {
    let path = stage.artefacts.path(&format!("{name}.png"));
    std::fs::write(&path, png)?;
    let mut command = Command::new("convert");
    command.arg(&path).args(["-depth", "8", "rgb:-"]);
    ask(&mut command, "imagemagick").await
}

/// Every process of the machine: its parent and its state.
fn parents() -> Result<HashMap<u32, (u32, char)>> {
    let mut all = HashMap::new();
    for entry in std::fs::read_dir("/proc").context("/proc cannot be read")? {
        let entry = entry?;
        let Ok(id) = entry.file_name().to_string_lossy().parse() else {
            continue;
        };
        // It may have ended meanwhile.
        let Ok(stat) = std::fs::read_to_string(entry.path().join("stat")) else {
            continue;
        };
        let Some((_, rest)) = stat.rsplit_once(") ") else {
            continue;
        };
        let mut fields = rest.split(' ');
        let state = fields.next().and_then(|field| field.chars().next()).unwrap_or('?');
        let Some(parent) = fields.next().and_then(|field| field.parse().ok()) else {
            continue;
        };
        all.insert(id, (parent, state));
    }
    Ok(all)
}

fn running(id: u32) -> Option<Running> {
    let name = std::fs::read_to_string(format!("/proc/{id}/comm")).ok()?;
    let rollup = std::fs::read_to_string(format!("/proc/{id}/smaps_rollup")).ok()?;
    let pss_kib = rollup
        .lines()
        .find_map(|line| line.strip_prefix("Pss:"))
        .and_then(|rest| rest.trim().trim_end_matches("kB").trim().parse().ok())
        .unwrap_or(0);
    Some(Running {
        id,
        name: name.trim().to_owned(),
        pss_kib,
    })
}
