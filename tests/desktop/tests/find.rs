//! The search within a chat, by keyboard and in the real window: word forms, hits far away, the way back to writing.

use anyhow::Result;
use prilavok_desktop_tests::artefacts::Artefacts;
use prilavok_desktop_tests::stage::{ANNA, Side, Stage, Window, until};
use serde_json::{Value, json};

const CTRL: &str = "\u{E009}";
const SHIFT: &str = "\u{E008}";
const RELEASE: &str = "\u{E000}";
const ENTER: &str = "\u{E007}";
const ESCAPE: &str = "\u{E00C}";

const FIELD: &str = "[data-testid='find-field']";
const STATUS: &str = "[data-testid='find-status']";
const COMPOSER: &str = "[data-testid='composer']";

/// The words that are marked in what stands in the window, and whether the message with this text is one of them.
const SEEN: &str = "const log = document.querySelector('[role=log]').getBoundingClientRect(); \
    return [...document.querySelectorAll('[role=log] mark')].filter((mark) => { \
      const box = mark.getBoundingClientRect(); \
      return box.top >= log.top && box.bottom <= log.bottom && box.width > 0; \
    }).map((mark) => mark.closest(\"[data-testid='bubble']\")?.textContent ?? '');";

async fn search(window: &Window, text: &str, status: &str) -> Result<()> {
    window.press(FIELD, &format!("{CTRL}a{RELEASE}")).await?;
    window.press(FIELD, text).await?;
    window.wait_text(STATUS, status).await.map(drop)
}

async fn sees_marked(window: &Window, text: &str) -> Result<()> {
    until(&format!("«{text}» stands marked in the window"), || async {
        let seen: Vec<String> = serde_json::from_value(window.run(SEEN, Vec::new()).await?)?;
        Ok(seen.iter().any(|bubble| bubble.contains(text)).then_some(()))
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn ctrl_f_finds_word_forms_and_leads_to_the_beginning_of_a_long_chat() -> Result<()> {
    let stage = Stage::set(Artefacts::of_test("find")?).await?;
    let anna = stage.visitor(ANNA).await?;
    let shop = anna.shop("Льняной двор").await?.id;
    let thread = anna.start(shop).await?;
    stage.server.fill(thread, (anna.buyer_id()?, shop), 400).await?;
    anna.send(thread, "Сколько стоит доставка до Твери?").await?;
    anna.send(thread, "Без доставки заберу сама").await?;
    let buyer = stage.open(Side::Buyer, Some(ANNA)).await?;
    buyer.wait("[data-testid='connection'][data-state='online']").await?;
    buyer.click("[data-testid='nav-chats']").await?;
    buyer
        .click(&format!("[data-testid='thread-row'][data-thread-id='{}']", thread.0))
        .await?;
    buyer
        .wait_bubble("Без доставки заберу сама", &["sent", "delivered"])
        .await?;

    buyer.press(COMPOSER, &format!("{CTRL}f{RELEASE}")).await?;
    buyer.wait(&format!("{FIELD}:focus")).await?;
    search(&buyer, "доставку", "1 из 2").await?;
    sees_marked(&buyer, "Без доставки заберу сама").await?;
    buyer.press(FIELD, ENTER).await?;
    buyer.wait_text(STATUS, "2 из 2").await?;
    sees_marked(&buyer, "Сколько стоит доставка").await?;
    buyer.photograph(&stage, "рядом").await?;

    // 17 and 170 to 179: the oldest is the one after the newest.
    search(&buyer, "17", "1 из 11").await?;
    buyer.press(FIELD, &format!("{SHIFT}{ENTER}{RELEASE}")).await?;
    buyer.wait_text(STATUS, "11 из 11").await?;
    sees_marked(&buyer, "№ 17.").await?;
    buyer.photograph(&stage, "далеко").await?;
    buyer.resize(&stage, 400, 700).await?;
    sees_marked(&buyer, "№ 17.").await?;
    buyer.photograph(&stage, "узко").await?;
    search(&buyer, "ничегоподобного", "Ничего не найдено").await?;

    buyer.press(FIELD, ESCAPE).await?;
    buyer.wait_gone(FIELD).await?;
    buyer.wait(&format!("{COMPOSER}:focus")).await?;
    let marks = buyer.run("return document.querySelectorAll('mark').length;", Vec::<Value>::new());
    anyhow::ensure!(marks.await? == json!(0), "marks stay after the search");
    Ok(())
}
