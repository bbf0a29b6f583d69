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
/// High enough for most of a page.
pub const HEIGHT: u32 = 900;
const THEMES: [&str; 2] = ["light", "dark"];

/// In how many ways a place is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// The language of the product: every width.
    Russian,
    /// The same layout with other words: one pane, and all of them.
    English,
}

impl Language {
    fn widths(self) -> &'static [u32] {
        match self {
            Self::Russian => &WIDTHS,
            Self::English => &JUDGED,
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Russian => "ru",
            Self::English => "en",
        }
    }

    /// Speaks it from now on, by the switch in settings.
    ///
    /// # Errors
    /// When the switch is not there or does nothing.
    pub async fn choose(self, window: &Window) -> Result<()> {
        Place::Settings.enter(window).await?;
        let name = match self {
            Self::Russian => "Русский",
            Self::English => "English",
        };
        window.click_text(".segments label", name).await?;
        window.wait(&format!("html[lang='{}']", self.word())).await.map(drop)
    }
}

/// A place in an app, and how a person gets there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Before anybody signed in.
    SignIn,
    /// A new account.
    SignUp,
    /// Another server.
    Server,
    /// The list of threads, or the seller's queue.
    Threads,
    /// An open conversation.
    Thread,
    /// What is known about the other side: a page, a drawer over the conversation, or a pane beside it.
    Info,
    /// The catalogue.
    Catalogue,
    /// One product.
    Product,
    /// The shops.
    Sellers,
    /// Settings.
    Settings,
    /// The check of notifications and connection.
    Check,
}

impl Place {
    /// The places for somebody who is not signed in, in the order in which they are reached.
    pub const OUTSIDE: [Self; 3] = [Self::SignIn, Self::SignUp, Self::Server];

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
                Self::Info,
                Self::Settings,
                Self::Check,
            ],
            Side::Seller => &[Self::Threads, Self::Thread, Self::Info, Self::Settings, Self::Check],
        }
    }

    /// Walks there, in a window wide enough to have every way in sight.
    ///
    /// # Errors
    /// When the way is not there.
    pub async fn enter(self, window: &Window) -> Result<()> {
        let way = match self {
            Self::SignIn => return window.wait(&named("sign-in-email")).await.map(drop),
            Self::SignUp => {
                window.click(&named("sign-up")).await?;
                return window.wait("[autocomplete='name']").await.map(drop);
            }
            // At first start this is what comes by itself.
            Self::Server if window.count(&named("server-address")).await? > 0 => return Ok(()),
            Self::Server => {
                window.click(&named("change-server")).await?;
                return window.wait(&named("server-address")).await.map(drop);
            }
            Self::Threads | Self::Thread | Self::Info => "nav-chats",
            Self::Catalogue | Self::Product => "nav-catalogue",
            Self::Sellers => "nav-sellers",
            Self::Settings | Self::Check => "nav-settings",
        };
        window.click(&named(way)).await?;
        // The thread that was open stays open; at this width the list stands beside it.
        window.wait(&format!("{}[aria-current]", named(way))).await?;
        let (card, sign) = match self {
            Self::Thread | Self::Info => ("thread-row", "bubble"),
            Self::Product => ("product-card", "write-to-seller"),
            Self::Threads => return window.wait(&named("thread-row")).await.map(drop),
            Self::Catalogue => return window.wait(&named("product-card")).await.map(drop),
            Self::Check => {
                window.click(&named("check-open")).await?;
                return window.wait(&named("check-row")).await.map(drop);
            }
            _ => return Ok(()),
        };
        window.click(&named(card)).await?;
        window.wait(&named(sign)).await.map(drop)
    }

    /// Opens or closes the info pane where it is not simply beside the conversation.
    async fn unfold(self, window: &Window) -> Result<()> {
        let pane = "[data-pane='info']";
        let is_shown = window.count(pane).await? > 0;
        match self {
            Self::Info if !is_shown => {
                window.run(TOGGLE_INFO, Vec::new()).await?;
                window.wait(pane).await.map(drop)
            }
            Self::Thread if window.count(&format!("{pane}:not(.column)")).await? > 0 => {
                window.run(TOGGLE_INFO, Vec::new()).await?;
                window.wait_gone(pane).await
            }
            _ => Ok(()),
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::SignIn => "sign-in",
            Self::SignUp => "sign-up",
            Self::Server => "server",
            Self::Threads => "threads",
            Self::Thread => "thread",
            Self::Info => "info",
            Self::Catalogue => "catalogue",
            Self::Product => "product",
            Self::Sellers => "sellers",
            Self::Settings => "settings",
            Self::Check => "check",
        }
    }
}

const TOGGLE_INFO: &str = "document.querySelector(\"[data-testid='chat-header'] button[aria-pressed]\").click();";

fn named(testid: &str) -> String {
    format!("[data-testid='{testid}']")
}

/// Looks at one place in every way; gives back one line per fault.
///
/// # Errors
/// When the place cannot be reached or pictured.
pub async fn look(stage: &Stage, window: &Window, place: Place, language: Language) -> Result<Vec<String>> {
    window.resize(stage, 1280, HEIGHT).await?;
    place
        .enter(window)
        .await
        .with_context(|| format!("{place:?} cannot be reached"))?;
    let mut faults = Vec::new();
    for width in language.widths() {
        window.resize(stage, *width, HEIGHT).await?;
        place.unfold(window).await?;
        let (side, place, language) = (window.side.word(), place.word(), language.word());
        faults.extend(see(stage, window, &format!("{side}-{place}-{language}"), *width).await?);
    }
    Ok(faults)
}

/// Looks at what is in front now, in both palettes; the window has this width already. Gives back one line per fault.
///
/// # Errors
/// When it cannot be pictured.
pub async fn see(stage: &Stage, window: &Window, what: &str, width: u32) -> Result<Vec<String>> {
    let mut faults = Vec::new();
    for theme in THEMES {
        let set = "document.documentElement.dataset.theme = arguments[0];";
        window.run(set, vec![json!(theme)]).await?;
        rest(window).await?;
        let name = format!("{what}-{theme}-{width}");
        window.photograph(stage, &name).await?;
        let is_too_wide = "return document.documentElement.scrollWidth > window.innerWidth + 1;";
        if window.run(is_too_wide, Vec::new()).await? == json!(true) {
            faults.push(format!("{name}: the page scrolls sideways"));
        }
        if JUDGED.contains(&width) {
            let broken = broken_rules(window).await?;
            faults.extend(broken.into_iter().map(|rule| format!("{name}: {rule}")));
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

/// The accessibility rules that the page breaks, with the first elements that break them. One rule is left out, an experimental
/// one: a row of a list is called by what it shows, but in the order of speech, which is not that of the eye.
async fn broken_rules(window: &Window) -> Result<Vec<String>> {
    if window.run("return typeof window.axe", Vec::new()).await? == json!("undefined") {
        let path = repository().join("node_modules/axe-core/axe.min.js");
        let axe =
            std::fs::read_to_string(&path).with_context(|| format!("{} is missing: run npm ci", path.display()))?;
        window.run(&axe, Vec::new()).await?;
    }
    let script = "const done = arguments[arguments.length - 1]; \
        axe.run(document, { resultTypes: ['violations'], rules: { 'label-content-name-mismatch': { enabled: false } } }).then( \
          (found) => done(found.violations.map((it) => it.id + ' (' + it.help + '): ' + \
            it.nodes.slice(0, 3).map((node) => node.target.join(' ') + ' ' + node.html.slice(0, 160)).join(' | '))), \
          (error) => done('axe failed: ' + error));";
    let found = window.run_async(script, Vec::new()).await?;
    ensure!(found.is_array(), "{}", found.as_str().unwrap_or("axe gave no answer"));
    let lines = found.as_array().into_iter().flatten().filter_map(Value::as_str);
    Ok(lines.map(str::to_owned).collect())
}
