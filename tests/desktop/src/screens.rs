//! Every screen of both apps, at every width, in both palettes: pictured, without sideways scrolling, and by the rules of
//! accessibility.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use crate::artefacts::repository;
use crate::stage::{Side, Stage, Window, until};

/// One width of each layout in the design.
pub const WIDTHS: [u32; 4] = [400, 800, 1280, 1600];
/// Where the rules of accessibility are asked: one pane, and all of them. The widths between show nothing else.
const JUDGED: [u32; 2] = [400, 1280];
const HEIGHT: u32 = 900;
const THEMES: [&str; 2] = ["light", "dark"];

/// A place in an app, and how a person gets there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// The list of threads, or the seller's queue.
    Threads,
    /// An open conversation.
    Thread,
    /// The catalogue.
    Catalogue,
    /// One product.
    Product,
    /// The shops.
    Sellers,
    /// Settings.
    Settings,
}

impl Place {
    /// The places of an app for somebody who is signed in.
    #[must_use]
    pub fn of(side: Side) -> &'static [Self] {
        match side {
            Side::Buyer => &[
                Self::Catalogue,
                Self::Product,
                Self::Sellers,
                Self::Threads,
                Self::Thread,
                Self::Settings,
            ],
            Side::Seller => &[Self::Threads, Self::Thread, Self::Settings],
        }
    }

    /// Walks there, in a window wide enough to have every way in sight.
    ///
    /// # Errors
    /// When the way is not there.
    pub async fn enter(self, window: &Window) -> Result<()> {
        let (way, sign) = match self {
            Self::Threads => ("nav-chats", "thread-row"),
            Self::Thread => ("nav-chats", "thread-row"),
            Self::Catalogue | Self::Product => ("nav-catalogue", "product-card"),
            Self::Sellers => ("nav-sellers", "nav-sellers"),
            Self::Settings => ("nav-settings", "nav-settings"),
        };
        window.click(&named(way)).await?;
        window.wait(&named(sign)).await?;
        match self {
            Self::Thread => {
                window.click(&named("thread-row")).await?;
                window.wait(&named("bubble")).await.map(drop)
            }
            Self::Product => {
                window.click(&named("product-card")).await?;
                window.wait(&named("write-to-seller")).await.map(drop)
            }
            _ => Ok(()),
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Threads => "threads",
            Self::Thread => "thread",
            Self::Catalogue => "catalogue",
            Self::Product => "product",
            Self::Sellers => "sellers",
            Self::Settings => "settings",
        }
    }
}

fn named(testid: &str) -> String {
    format!("[data-testid='{testid}']")
}

/// Looks at one place in every way; gives back one line per fault.
///
/// # Errors
/// When the place cannot be reached or pictured.
pub async fn look(stage: &Stage, window: &Window, place: Place) -> Result<Vec<String>> {
    window.resize(stage, 1280, HEIGHT).await?;
    place
        .enter(window)
        .await
        .with_context(|| format!("{place:?} cannot be reached"))?;
    let mut faults = Vec::new();
    for theme in THEMES {
        let set = "document.documentElement.dataset.theme = arguments[0];";
        window.run(set, vec![json!(theme)]).await?;
        for width in WIDTHS {
            window.resize(stage, width, HEIGHT).await?;
            rest(window).await?;
            let name = format!("{}-{}-{theme}-{width}", window.side.word(), place.word());
            window.picture(&name).await?;
            let is_too_wide = "return document.documentElement.scrollWidth > window.innerWidth + 1;";
            if window.run(is_too_wide, Vec::new()).await? == json!(true) {
                faults.push(format!("{name}: the page scrolls sideways"));
            }
            if !JUDGED.contains(&width) {
                continue;
            }
            faults.extend(
                broken_rules(window)
                    .await?
                    .into_iter()
                    .map(|rule| format!("{name}: {rule}")),
            );
        }
    }
    Ok(faults)
}

/// Waits until nothing moves and every picture is there: what a person sees after a moment.
async fn rest(window: &Window) -> Result<()> {
    let still = "return document.getAnimations().every((it) => it.playState !== 'running' \
        || it.effect?.getTiming().iterations === Infinity) \
        && [...document.images].every((it) => it.complete || it.loading === 'lazy');";
    until("the page comes to rest", || async {
        Ok((window.run(still, Vec::new()).await? == json!(true)).then_some(()))
    })
    .await
}

/// The accessibility rules that the page breaks, with the first elements that break them.
async fn broken_rules(window: &Window) -> Result<Vec<String>> {
    if window.run("return typeof window.axe", Vec::new()).await? == json!("undefined") {
        let path = repository().join("node_modules/axe-core/axe.min.js");
        let axe =
            std::fs::read_to_string(&path).with_context(|| format!("{} is missing: run npm ci", path.display()))?;
        window.run(&axe, Vec::new()).await?;
    }
    let script = "const done = arguments[arguments.length - 1]; \
        axe.run(document, { resultTypes: ['violations'] }).then( \
          (found) => done(found.violations.map((it) => it.id + ' (' + it.help + '): ' + \
            it.nodes.slice(0, 3).map((node) => node.target.join(' ') + ' ' + node.html.slice(0, 160)).join(' | '))), \
          (error) => done('axe failed: ' + error));";
    let found = window.run_async(script, Vec::new()).await?;
    ensure!(found.is_array(), "{}", found.as_str().unwrap_or("axe gave no answer"));
    let lines = found.as_array().into_iter().flatten().filter_map(Value::as_str);
    Ok(lines.map(str::to_owned).collect())
}
