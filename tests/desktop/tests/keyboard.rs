//! Both apps by keyboard alone, with real key events and a Russian layout: a whole conversation without a click, and a focus
//! that is always somewhere.

use anyhow::{Context, Result};
use prilavok_desktop_tests::artefacts::Artefacts;
use prilavok_desktop_tests::stage::{ANNA, Side, Stage, TEA, Window, until};
use serde_json::json;

const SHOP: &str = "Чайная гора";
/// The key with «л» and K on it, by its place: what a person presses, whatever the layout is.
const CTRL_F: &str = "ctrl+41";
/// The key with «.» and / on it.
const CTRL_SLASH: &str = "ctrl+61";
/// The key with «б» and the comma on it.
const CTRL_COMMA: &str = "ctrl+59";
/// The key with «ш» and I on it.
const CTRL_I: &str = "ctrl+31";
/// Counts the keys that came up.
const COUNT: &str = "if (window.keysUp === undefined) { window.keysUp = 0; \
    addEventListener('keyup', () => (window.keysUp += 1), true); }";
/// More presses than there are controls before anything on any page.
const FAR: usize = 60;

/// Somebody without a mouse.
struct Hands<'a> {
    stage: &'a Stage,
    window: &'a Window,
}

impl<'a> Hands<'a> {
    async fn on(stage: &'a Stage, window: &'a Window) -> Result<Self> {
        stage.desktop.bring_to_front(window.side.title()).await?;
        window.run(COUNT, Vec::new()).await?;
        Ok(Self { stage, window })
    }

    /// Presses a key, and waits until the page has seen it come up again: what is looked at next is its effect.
    async fn press(&self, key: &str) -> Result<()> {
        let count = async || self.window.run("return window.keysUp;", Vec::new()).await;
        let keys = key.split('+').count() as u64;
        let before = count().await?.as_u64().unwrap_or_default();
        self.stage.desktop.key(key).await?;
        let what = format!("{} has seen {key}", self.window.side.title());
        until(&what, || async {
            Ok((count().await?.as_u64() >= Some(before + keys)).then_some(()))
        })
        .await
    }

    async fn type_text(&self, text: &str) -> Result<()> {
        self.stage.desktop.type_text(text).await
    }

    async fn is_on(&self, css: &str) -> Result<bool> {
        let script = "return document.activeElement?.matches(arguments[0]) === true;";
        Ok(self.window.run(script, vec![json!(css)]).await? == json!(true))
    }

    /// Waits until the focus is there.
    async fn wait_on(&self, css: &str) -> Result<()> {
        let what = format!("{} has the focus on {css}", self.window.side.title());
        until(&what, || async {
            if self.is_on(css).await? {
                return Ok(Some(()));
            }
            let script = "return document.activeElement?.outerHTML.slice(0, 120) ?? 'nothing';";
            anyhow::bail!("it is on {}", self.window.run(script, Vec::new()).await?)
        })
        .await
    }

    /// Presses the key until the focus is there.
    async fn go(&self, key: &str, css: &str) -> Result<()> {
        self.window.wait(css).await?;
        for _ in 0..FAR {
            if self.is_on(css).await? {
                return Ok(());
            }
            self.press(key).await?;
            self.is_somewhere().await?;
        }
        anyhow::bail!("{key} never comes to {css}")
    }

    /// The focus is on something that is to be seen.
    async fn is_somewhere(&self) -> Result<()> {
        let script = "const it = document.activeElement; \
            return it && it !== document.body && it !== document.documentElement && it.checkVisibility();";
        let what = format!("{} has the focus on something", self.window.side.title());
        until(&what, || async {
            Ok((self.window.run(script, Vec::new()).await? == json!(true)).then_some(()))
        })
        .await
    }

    /// Presses a key; afterwards the focus is there, for the page and for a screen reader.
    async fn press_to(&self, key: &str, css: &str) -> Result<()> {
        self.press(key).await?;
        self.wait_on(css).await.with_context(|| format!("after {key}"))?;
        let what = format!("after {key} the accessibility tree has the focus as well");
        until(&what, || async {
            let things = self.stage.assistive()?.page(self.window.side).await?;
            Ok(things.iter().any(|thing| thing.is_focused()).then_some(()))
        })
        .await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_whole_conversation_needs_no_mouse() -> Result<()> {
    let stage = Stage::set_for_listening(Artefacts::of_test("keyboard")?).await?;
    stage.desktop.russian_keyboard().await?;
    let visitor = stage.visitor(ANNA).await?;
    let shop = visitor.shop(SHOP).await?;
    let product = visitor.product_of(shop.id).await?;
    let thread = visitor.start(shop.id).await?;
    let (buyer, seller) = tokio::try_join!(stage.open(Side::Buyer, Some(ANNA)), stage.open(Side::Seller, Some(TEA)))?;
    for window in [&buyer, &seller] {
        window.wait("[data-testid='thread-row']").await?;
    }

    let anna = Hands::on(&stage, &buyer).await?;
    anna.press("F6").await?;
    anna.go("Tab", "[data-testid='nav-catalogue']").await?;
    anna.press("Return").await?;
    buyer.wait("[data-testid='product-card']").await?;
    anna.press(CTRL_F).await?;
    anna.wait_on("input[type='search']").await?;
    anna.type_text(&product.title).await?;
    let card = "[data-testid='product-card']";
    until("the search has found it alone", || async {
        let found = buyer.texts(card).await?;
        let is_it = found.len() < 5 && found.first().is_some_and(|first| first.contains(&product.title));
        Ok(is_it.then_some(()))
    })
    .await?;
    anna.go("Tab", card).await?;
    anna.press("Return").await?;
    anna.go("Tab", "[data-testid='write-to-seller']").await?;
    anna.press("Return").await?;
    anna.wait_on("[data-testid='composer']").await?;
    anna.type_text(" А можно забрать сегодня?").await?;
    anna.press("Return").await?;
    buyer
        .wait_bubble("А можно забрать сегодня?", &["sent", "delivered"])
        .await?;
    stage.artefacts.say("Анна нашла товар и написала без мыши.");

    let tea = Hands::on(&stage, &seller).await?;
    tea.go("F6", "[role='listbox']").await?;
    let row = "const list = document.activeElement; \
        return document.getElementById(list.getAttribute('aria-activedescendant'))?.dataset.threadId ?? '';";
    tea.press("Home").await?;
    let mut presses = 0;
    while seller.run(row, Vec::new()).await? != json!(thread.0.to_string()) {
        presses += 1;
        anyhow::ensure!(presses < FAR, "the arrow never comes to the thread");
        tea.press("Down").await?;
    }
    tea.press("Return").await?;
    tea.wait_on("[data-testid='composer']").await?;
    seller.wait_bubble("А можно забрать сегодня?", &["received"]).await?;
    tea.type_text("Да, до восьми вечера!").await?;
    tea.press("Return").await?;
    seller
        .wait_bubble("Да, до восьми вечера!", &["sent", "delivered"])
        .await?;
    stage.artefacts.say("Продавец открыл чат из списка и ответил без мыши.");

    let _anna = Hands::on(&stage, &buyer).await?;
    buyer.wait_bubble("Да, до восьми вечера!", &["received"]).await?;
    seller.wait_bubble("Да, до восьми вечера!", &["read"]).await?;
    stage.artefacts.finish("Разговор с одной клавиатурой")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_focus_is_never_lost() -> Result<()> {
    let stage = Stage::set_for_listening(Artefacts::of_test("focus")?).await?;
    stage.desktop.russian_keyboard().await?;
    let window = stage.open(Side::Buyer, Some(ANNA)).await?;
    window.resize(&stage, 1280, 900).await?;
    window.wait("[data-testid='thread-row']").await?;
    let hands = Hands::on(&stage, &window).await?;
    let (composer, list) = ("[data-testid='composer']", "[role='listbox']");

    // A thread is opened, left and opened again; another takes its place.
    hands.go("F6", list).await?;
    hands.press_to("Return", composer).await?;
    hands.press_to("Escape", list).await?;
    hands.press_to("Return", composer).await?;
    hands.press_to("alt+Down", composer).await?;
    // A dialog comes and goes.
    hands.press_to(CTRL_SLASH, "dialog, dialog *").await?;
    hands.press_to("Escape", composer).await?;
    // What is known about the shop is closed by its own cross, and by the key while one is in it.
    let (cross, opener) = (
        "[data-pane='info'] button",
        "[data-testid='chat-header'] [aria-pressed]",
    );
    hands.go("F6", cross).await?;
    hands.press_to("Return", opener).await?;
    hands.press_to(CTRL_I, opener).await?;
    hands.go("F6", cross).await?;
    hands.press_to(CTRL_I, opener).await?;
    // Pages.
    hands.press_to(CTRL_COMMA, "[data-pane='page'] *").await?;
    hands.press_to("alt+Left", composer).await?;
    hands.go("F6", "[data-testid='nav-catalogue']").await?;
    hands.press_to("Return", "[data-testid='nav-catalogue']").await?;
    hands
        .go("Tab", "li:nth-child(3) > [data-testid='product-card']")
        .await?;
    hands.press_to("Return", "[data-pane='page'] [data-pane-focus]").await?;
    hands
        .press_to("alt+Left", "li:nth-child(3) > [data-testid='product-card']")
        .await?;
    // A question that is not answered, and the way out.
    hands.press_to(CTRL_COMMA, "[data-pane='page'] *").await?;
    let out = "[data-testid='sign-out']";
    hands.go("Tab", out).await?;
    hands.press_to("Return", "dialog *").await?;
    hands.press_to("Escape", out).await?;
    hands.press_to("Return", "dialog *").await?;
    hands.go("Tab", "[data-testid='sign-out-surely']").await?;
    hands.press_to("Return", "[data-testid='sign-in-email']").await?;
    stage.artefacts.finish("Фокус не теряется")
}
