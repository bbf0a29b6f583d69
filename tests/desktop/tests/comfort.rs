//! What makes the app pleasant to sit at, in the real windows: the palette, emoji, zoom, the right mouse button.

use anyhow::{Result, ensure};
use prilavok_desktop_tests::artefacts::Artefacts;
use prilavok_desktop_tests::stage::{ANNA, Side, Stage, TEA, Window, until};
use serde_json::json;

const CTRL: &str = "\u{E009}";
const RELEASE: &str = "\u{E000}";
const ENTER: &str = "\u{E007}";
const ESCAPE: &str = "\u{E00C}";

const PALETTE: &str = "[data-testid='palette-field']";
const COMPOSER: &str = "[data-testid='composer']";

async fn online(window: &Window) -> Result<()> {
    let online = "[data-testid='connection'][data-state='online']";
    window.wait(online).await.map(drop)
}

async fn chord(window: &Window, css: &str, key: &str) -> Result<()> {
    window.press(css, &format!("{CTRL}{key}{RELEASE}")).await
}

async fn width(window: &Window) -> Result<f64> {
    let inner = window.run("return window.innerWidth", Vec::new()).await?;
    Ok(inner.as_f64().unwrap_or_default())
}

/// Goes to a chat through the palette, typed on the wrong keyboard layout.
async fn jump(stage: &Stage, window: &Window, (typed, name): (&str, &str)) -> Result<()> {
    window.wait("[data-testid='thread-row']").await?;
    chord(window, "body", "k").await?;
    window.press(PALETTE, typed).await?;
    window
        .wait_text("[data-testid='palette-row'][aria-selected='true']", name)
        .await?;
    window.photograph(stage, "palette").await?;
    window.press(PALETTE, ENTER).await?;
    window.wait_text("[data-testid='chat-header']", name).await?;
    window.wait_gone(PALETTE).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_jumps_writes_an_emoji_zooms_and_copies() -> Result<()> {
    let stage = Stage::set(Artefacts::of_test("comfort-buyer")?).await?;
    let buyer = stage.open(Side::Buyer, Some(ANNA)).await?;
    online(&buyer).await?;
    jump(&stage, &buyer, ("xfqyfz", "Чайная гора")).await?;

    chord(&buyer, COMPOSER, "e").await?;
    buyer.press("[data-testid='emoji-field']", "новогодняя ёлка").await?;
    buyer
        .wait_text("[data-testid='emoji'][aria-selected='true']", "🎄")
        .await?;
    buyer.photograph(&stage, "emoji").await?;
    buyer.press("[data-testid='emoji-field']", ENTER).await?;
    buyer.wait_gone("[data-testid='emoji-picker']").await?;
    let script = "return document.querySelector(arguments[0]).value";
    let written = buyer.run(script, vec![json!(COMPOSER)]).await?;
    ensure!(written == json!("🎄"), "the field says {written}");

    buyer.wait("[data-testid='bubble']").await?;
    let menu = "document.querySelector(\"[data-testid='bubble']\").dispatchEvent(new MouseEvent('contextmenu', \
        { bubbles: true, cancelable: true, clientX: 500, clientY: 300 }))";
    buyer.run(menu, Vec::new()).await?;
    buyer.wait("[data-testid='menu-copy-text']").await?;
    buyer.photograph(&stage, "menu").await?;
    buyer.press("[data-testid='menu-copy-text']", ESCAPE).await?;
    buyer.wait_gone("[data-testid='context-menu']").await?;

    let before = width(&buyer).await?;
    for _ in 0..5 {
        chord(&buyer, COMPOSER, "=").await?;
    }
    let is_doubled = |now: f64| (now * 2.0 - before).abs() <= 2.0;
    until("the window draws twice as large", || async {
        Ok(is_doubled(width(&buyer).await?).then_some(()))
    })
    .await?;
    let wide = buyer
        .run("return document.documentElement.scrollWidth - innerWidth", Vec::new())
        .await?;
    ensure!(
        wide.as_f64().unwrap_or(1.0) <= 0.0,
        "the page scrolls sideways by {wide}"
    );
    buyer.photograph(&stage, "zoom").await?;

    let buyer = buyer.crash_and_start_again(&stage).await?;
    online(&buyer).await?;
    until("the size is kept over a restart", || async {
        Ok(is_doubled(width(&buyer).await?).then_some(()))
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_seller_has_the_palette_too() -> Result<()> {
    let stage = Stage::set(Artefacts::of_test("comfort-seller")?).await?;
    let seller = stage.open(Side::Seller, Some(TEA)).await?;
    online(&seller).await?;
    jump(&stage, &seller, ("fyyf", "Анна")).await
}
