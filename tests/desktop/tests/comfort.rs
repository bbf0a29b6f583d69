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

/// WebKitGTK's line under a word that no dictionary has.
fn is_line(pixel: &[u8]) -> bool {
    matches!(pixel, [red, green, blue] if *red > 230 && *green < 150 && *blue < 150)
}

#[tokio::test(flavor = "multi_thread")]
async fn misspelt_words_of_both_languages_are_underlined_and_right_ones_are_not() -> Result<()> {
    let stage = Stage::set(Artefacts::of_test("comfort-spelling")?).await?;
    let seller = stage.open(Side::Seller, Some(TEA)).await?;
    online(&seller).await?;
    seller.resize(&stage, 1280, 800).await?;
    seller.click("[data-testid='thread-row']").await?;
    seller.wait("[data-testid='bubble']").await?;
    stage.desktop.russian_keyboard().await?;
    stage.desktop.bring_to_front(seller.side.any_title()).await?;
    seller.click(COMPOSER).await?;
    for (words, is_wrong) in [
        ("Здраствуйте, ", true),
        ("Здравствуйте, ", false),
        ("We recieve it ", true),
        ("We receive it ", false),
    ] {
        stage.desktop.key("ctrl+a").await?;
        stage.desktop.key("BackSpace").await?;
        stage.desktop.type_text(words).await?;
        seller.wait_text(COMPOSER, words).await?;
        seller.still(&stage).await?;
        let what = format!("«{words}» is underlined: {is_wrong}");
        until(&what, || async {
            let found = seller.count_pixels(&stage, COMPOSER, is_line).await?;
            ensure!((found > 10) == is_wrong, "{found} pixels of a red line");
            Ok(Some(()))
        })
        .await?;
        seller.photograph(&stage, words.trim()).await?;
    }
    Ok(())
}
