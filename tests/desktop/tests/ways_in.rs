//! Ways into a running app: links, second starts, the start of the session.

use anyhow::{Result, ensure};
use prilavok_desktop_tests::artefacts::Artefacts;
use prilavok_desktop_tests::stage::{ANNA, Running, Side, Stage, TEA, until};

const ONLINE: &str = "[data-testid='connection'][data-state='online']";
const ASKED: &str = "[data-testid='way-in']";
const FOLLOW: &str = "[data-testid='way-in-open']";

#[tokio::test(flavor = "multi_thread")]
async fn a_link_opens_its_thread_only_after_the_person_was_asked() -> Result<()> {
    let stage = Stage::set(Artefacts::of_test("links")?).await?;
    let anna = stage.visitor(ANNA).await?;
    let thread = anna.start(anna.shop("Чайная гора").await?.id).await?;
    anna.send(thread, "По ссылке меня найдут").await?;
    let link = format!("prilavok-seller://thread/{}", thread.0);
    let seller = stage.open(Side::Seller, Some(TEA)).await?;
    seller.wait(ONLINE).await?;

    seller.start_again(&[&link]).await?;
    seller.wait_text(ASKED, "Анна Соколова").await?;
    ensure!(seller.bubbles().await?.is_empty(), "nothing opens before the answer");
    seller.photograph(&stage, "вопрос").await?;
    seller.click(FOLLOW).await?;
    seller.wait_bubble("По ссылке меня найдут", &["received"]).await?;

    // A thread of others looks like one that never was.
    seller
        .start_again(&["prilavok://thread/01998f4e-0000-7000-8000-00000000000a"])
        .await?;
    seller.wait_text(ASKED, "которого у этой учётной записи нет").await?;
    ensure!(seller.count(FOLLOW).await? == 0, "there is nothing to open");
    seller.photograph(&stage, "нет-такого").await?;
    seller.click_text("dialog[open] button", "Закрыть").await?;
    // Anything else is refused with a sentence.
    seller.start_again(&["file:///etc/passwd"]).await?;
    seller.wait_text("body", "Эта ссылка не ведёт в чат").await?;
    ensure!(
        seller.count(ASKED).await? == 0 || seller.texts(ASKED).await?.concat().is_empty(),
        "nothing is asked"
    );

    // The link that starts the app in the first place.
    let seller = seller.crash_and_start_with(&stage, &[&link]).await?;
    seller.wait_text(ASKED, "Анна Соколова").await?;
    seller.click(FOLLOW).await?;
    seller
        .wait_bubble("По ссылке меня найдут", &["received"])
        .await
        .map(drop)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_started_with_the_session_has_no_window_until_it_is_wanted() -> Result<()> {
    let stage = Stage::set(Artefacts::of_test("hidden")?).await?;
    let anna = stage.visitor(ANNA).await?;
    let thread = anna.start(anna.shop("Чайная гора").await?.id).await?;
    anna.send(thread, "Есть кто-нибудь?").await?;
    let seller = stage.start_hidden(Side::Seller, TEA)?;
    // Whatever was there before it makes a number; what comes now makes a notice.
    let icon = stage.tray.icon(0).await?;
    until("the app has counted", || icon.number()).await?;
    anna.send(thread, "Доброе утро!").await?;
    until("a notification is shown", || async {
        Ok((stage.desktop.notices_shown().await? > 0).then_some(()))
    })
    .await?;
    ensure!(
        !seller.processes()?.iter().any(Running::is_of_webview),
        "there is no webview"
    );
    ensure!(
        stage.desktop.window(Side::Seller.any_title()).await.is_err(),
        "there is no window"
    );
    // The session's own second start changes nothing; a person's does.
    seller.start_again(&["--hidden"]).await?;
    seller.start_again(&[]).await?;
    until("the window is there, with the keyboard", || async {
        Ok(stage.desktop.active_window().await?.contains("Продавец").then_some(()))
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_autostart_switch_shows_what_the_system_has() -> Result<()> {
    let stage = Stage::set(Artefacts::of_test("autostart")?).await?;
    let buyer = stage.open(Side::Buyer, Some(ANNA)).await?;
    buyer.wait(ONLINE).await?;
    let folder = buyer.configuration("autostart");
    let entries =
        || std::fs::read_dir(&folder).map(|found| found.flatten().map(|entry| entry.path()).collect::<Vec<_>>());
    buyer.click("[data-testid='nav-settings']").await?;
    buyer.click_text("label", "Запускать вместе с компьютером").await?;
    let entry = until("the entry is written", || async {
        Ok(entries().ok().and_then(|all| all.into_iter().next()))
    })
    .await?;
    let text = std::fs::read_to_string(&entry)?;
    ensure!(
        text.contains("prilavok-buyer\" --hidden") && text.contains("PRILAVOK_DATA_DIR="),
        "{text}"
    );
    buyer.photograph(&stage, "автозапуск").await?;

    // Switched off by the desktop's own tools, the switch is off when it is looked at again.
    let is_on = "return [...document.querySelectorAll('label')].find((it) => \
        it.innerText.includes('вместе с компьютером'))?.querySelector('input')?.checked ?? null;";
    until("the switch is on", || async {
        Ok(buyer.run(is_on, Vec::new()).await?.as_bool().filter(|on| *on))
    })
    .await?;
    std::fs::write(&entry, format!("{text}Hidden=true\n"))?;
    buyer.click("[data-testid='nav-chats']").await?;
    buyer.click("[data-testid='nav-settings']").await?;
    until("the switch is off", || async {
        Ok(buyer.run(is_on, Vec::new()).await?.as_bool().filter(|on| !*on))
    })
    .await?;
    // Twice the switch: on again, and off for good.
    buyer.click_text("label", "Запускать вместе с компьютером").await?;
    until("the switch is on", || async {
        Ok(buyer.run(is_on, Vec::new()).await?.as_bool().filter(|on| *on))
    })
    .await?;
    buyer.click_text("label", "Запускать вместе с компьютером").await?;
    until("the entry is gone", || async { Ok((!entry.exists()).then_some(())) }).await
}
