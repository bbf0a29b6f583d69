//! English, in the real windows: every word of the app, and of another language only what people wrote.

use std::collections::BTreeSet;

use anyhow::{Context, Result, ensure};
use prilavok_desktop_tests::artefacts::{Artefacts, repository};
use prilavok_desktop_tests::stage::{ANNA, Side, Stage, TEA, Window, until};
use serde_json::{Value, json};

/// Texts with Russian letters that the page shows or tells a screen reader; whether each is (a part of) a message.
const RUSSIAN: &str = r#"
const found = [];
const note = (element, text) => {
  if (/[а-яё]/i.test(text ?? '')) found.push([text, element.closest("[data-testid='bubble']") !== null]);
};
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walker.nextNode()) {
  const element = walker.currentNode.parentElement;
  if (!['SCRIPT', 'STYLE'].includes(element.tagName)) note(element, walker.currentNode.data);
}
for (const element of document.body.querySelectorAll('*'))
  for (const name of ['aria-label', 'title', 'placeholder', 'alt', 'aria-description', 'value'])
    note(element, element.getAttribute(name));
note(document.documentElement, document.title);
return found;
"#;

/// What the demo marketplace's people, shops and goods are called, and all they ever said.
struct Written(BTreeSet<String>);

impl Written {
    fn of_demo() -> Result<Self> {
        // The server's own name, and the one word that every language shows as it is: how Russians call theirs.
        let mut written = Self(["Прилавок", "Русский"].map(str::to_owned).into());
        for file in ["marketplace.json", "conversations.json"] {
            let path = repository().join("server/demo").join(file);
            let text = std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
            written.learn(&serde_json::from_str(&text)?);
        }
        Ok(written)
    }

    fn learn(&mut self, value: &Value) {
        match value {
            Value::String(text) if is_russian(text) => drop(self.0.insert(plain(text))),
            Value::Array(values) => values.iter().for_each(|value| self.learn(value)),
            Value::Object(fields) => fields.values().for_each(|value| self.learn(value)),
            _ => {}
        }
    }

    /// What is left of a text without what people wrote, if it still has Russian letters.
    fn foreign_in(&self, text: &str, is_message: bool) -> Option<String> {
        let mut left = plain(text);
        if is_message && self.0.iter().any(|written| written.contains(&left)) {
            return None;
        }
        // The initials of somebody without a picture.
        if left.chars().count() <= 2 && left == left.to_uppercase() {
            return None;
        }
        let mut longest: Vec<&String> = self.0.iter().collect();
        longest.sort_by_key(|written| std::cmp::Reverse(written.len()));
        for written in longest {
            left = left.replace(written.as_str(), "…");
        }
        is_russian(&left).then_some(left)
    }
}

fn is_russian(text: &str) -> bool {
    text.chars()
        .any(|letter| matches!(letter, 'а'..='я' | 'А'..='Я' | 'ё' | 'Ё'))
}

fn plain(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Every text of the page is English, people's own words aside.
async fn is_english(stage: &Stage, window: &Window, written: &Written, place: &str) -> Result<()> {
    let found: Vec<(String, bool)> = serde_json::from_value(window.run(RUSSIAN, Vec::new()).await?)?;
    let foreign: BTreeSet<String> = found
        .iter()
        .filter_map(|(text, is_message)| written.foreign_in(text, *is_message))
        .collect();
    stage.picture(place).await?;
    ensure!(
        foreign.is_empty(),
        "{place} of the {:?} is not all English: {foreign:#?}",
        window.side
    );
    let language = window.run("return document.documentElement.lang", Vec::new()).await?;
    ensure!(language == json!("en"), "screen readers are told {language}");
    Ok(())
}

async fn go(window: &Window, way: &str, sign: &str) -> Result<()> {
    window.click(&format!("[data-testid='{way}']")).await?;
    window.wait(&format!("[data-testid='{sign}']")).await.map(drop)
}

/// Every page of the app in turn.
async fn all_is_english(stage: &Stage, window: &Window, written: &Written) -> Result<()> {
    window.click("[data-testid='nav-settings']").await?;
    window.wait_text("main", "Sign-in keys").await?;
    is_english(stage, window, written, "settings").await?;
    if window.side == Side::Buyer {
        go(window, "nav-catalogue", "product-card").await?;
        is_english(stage, window, written, "catalogue").await?;
        go(window, "product-card", "write-to-seller").await?;
        is_english(stage, window, written, "product").await?;
        window.click("[data-testid='nav-sellers']").await?;
        window.wait_text("main", "Воск и фитиль").await?;
        is_english(stage, window, written, "sellers").await?;
    }
    go(window, "nav-chats", "thread-row").await?;
    is_english(stage, window, written, "chats").await?;
    go(window, "thread-row", "bubble").await?;
    is_english(stage, window, written, "thread").await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_buyer_in_english_is_english_everywhere_and_stays_so() -> Result<()> {
    let stage = Stage::set(Artefacts::of_test("language-buyer")?).await?;
    let buyer = choose_english(stage.open(Side::Buyer, Some(ANNA)).await?).await?;
    let written = Written::of_demo()?;
    all_is_english(&stage, &buyer, &written).await?;
    stage.desktop.window("Prilavok — Buyer").await?;

    stage.server.kill();
    let bar = buyer.wait_text("[data-testid='offline-bar']", "server").await?;
    ensure!(!is_russian(&bar), "the bar speaks English: {bar}");
    is_english(&stage, &buyer, &written, "offline").await?;
    stage.server.start_again().await?;

    let buyer = buyer.crash_and_start_again(&stage).await?;
    buyer.wait("[data-testid='connection'][data-state='online']").await?;
    all_is_english(&stage, &buyer, &written).await?;
    until("the title is English from the start", || async {
        Ok(stage.desktop.window("Prilavok — Buyer").await.ok())
    })
    .await
    .map(drop)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_seller_in_english_gets_english_notifications() -> Result<()> {
    let stage = Stage::set(Artefacts::of_test("language-seller")?).await?;
    let seller = choose_english(stage.open(Side::Seller, Some(TEA)).await?).await?;
    let written = Written::of_demo()?;
    all_is_english(&stage, &seller, &written).await?;

    // Back to the list, so that nothing is in front of anybody's eyes.
    seller.click("[data-testid='nav-settings']").await?;
    let anna = stage.visitor(ANNA).await?;
    let thread = anna.start(anna.shop("Чайная гора").await?.id).await?;
    anna.send(thread, "One").await?;
    anna.send(thread, "Two").await?;
    until("the notification counts in English", || async {
        stage.desktop.put_notices_away().await?;
        let shown = stage.desktop.remembered().await?;
        Ok(shown
            .iter()
            .any(|it| it.body.contains("2 unread messages"))
            .then_some(()))
    })
    .await?;
    for shown in stage.desktop.remembered().await? {
        ensure!(written.foreign_in(&shown.title, false).is_none(), "{shown:?}");
        ensure!(written.foreign_in(&shown.body, false).is_none(), "{shown:?}");
    }
    Ok(())
}

async fn choose_english(window: Window) -> Result<Window> {
    window.wait("[data-testid='connection'][data-state='online']").await?;
    window.click("[data-testid='nav-settings']").await?;
    window.click_text("label, button, [role='radio']", "English").await?;
    window.wait_text("main", "Settings").await?;
    Ok(window)
}
