//! Several accounts in one app: the one behind is heard too, and what is done with its notices lands where it belongs.

use anyhow::{Result, ensure};
use prilavok_desktop_tests::artefacts::Artefacts;
use prilavok_desktop_tests::stage::{ANNA, Comer, LINEN, PASSWORD, Shown, Side, Stage, TEA, Visitor, Window, until};
use prilavok_protocol::ids::ThreadId;

const ONLINE: &str = "[data-testid='connection'][data-state='online']";
const ACCOUNT: &str = "[data-testid='account']";
const ROW: &str = "[data-testid='account-row']";
const EMAIL: &str = "[data-testid='sign-in-email']";
const COMPOSER: &str = "[data-testid='composer']";

/// Opens the menu of accounts, and chooses an entry of it.
async fn choose(window: &Window, entry: &str) -> Result<()> {
    window.click(ACCOUNT).await?;
    window.click(&format!("[data-testid='{entry}']")).await
}

async fn sign_in(window: &Window, email: &str) -> Result<()> {
    window.wait(EMAIL).await?;
    window.write(EMAIL, email).await?;
    window.write("[data-testid='sign-in-password']", PASSWORD).await?;
    window.click("[data-testid='sign-in-submit']").await
}

/// Waits until this account is in front.
async fn is_front(window: &Window, name: &str) -> Result<()> {
    window.wait(&format!("{ACCOUNT}[aria-label*='{name}']")).await.map(drop)
}

async fn notices(stage: &Stage, count: usize) -> Result<()> {
    until(&format!("{count} notifications are shown"), || async {
        Ok((stage.desktop.notices_shown().await? == count).then_some(()))
    })
    .await
}

/// Waits until a notification that is put away by now said this.
async fn was_said(stage: &Stage, title: &str, part: &str) -> Result<()> {
    until(&format!("«{title}» was said"), || async {
        let said = stage.desktop.remembered().await?;
        let is_it = |it: &Shown| it.title == title && it.body.contains(part);
        ensure!(said.iter().any(is_it), "{said:?}");
        Ok(Some(()))
    })
    .await
}

async fn arrives(visitor: &Visitor, thread: ThreadId, text: &str) -> Result<()> {
    until(&format!("«{text}» has arrived"), || async {
        let history = visitor.history(thread).await?;
        Ok(history.iter().any(|message| message.message == text).then_some(()))
    })
    .await
}

/// Waits until the menu says so many unread messages of this account.
async fn waits_for(window: &Window, shop: &str, count: u32) -> Result<()> {
    let wanted = if count == 0 { String::new() } else { count.to_string() };
    let script = "const row = [...document.querySelectorAll(arguments[0])].find((row) => \
        row.innerText.includes(arguments[1])); \
        return row === undefined ? 'no row' : (row.querySelector('.badge')?.textContent.trim() ?? '');";
    until(&format!("{count} wait at {shop}"), || async {
        let said = window.run(script, vec![ROW.into(), shop.into()]).await?;
        ensure!(said == wanted.as_str(), "it says {said}");
        Ok(Some(()))
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn two_shops_in_one_app_are_both_heard_answered_from_the_right_one_and_there_after_a_restart() -> Result<()> {
    let stage = Stage::set(Artefacts::of_test("accounts")?).await?;
    let anna = stage.visitor(ANNA).await?;
    let (tea, linen) = (anna.shop("Чайная гора").await?.id, anna.shop("Льняной двор").await?.id);
    let (of_tea, of_linen) = (anna.start(tea).await?, anna.start(linen).await?);
    let seller = stage.open(Side::Seller, Some(TEA)).await?;
    seller.wait(ONLINE).await?;
    let before = seller.unread().await?;

    // One more account, on the same server without asking for it again; the same one a second time is refused.
    choose(&seller, "account-add").await?;
    seller.wait(EMAIL).await?;
    seller.photograph(&stage, "ещё-одна").await?;
    sign_in(&seller, TEA).await?;
    seller.wait_text("[role=alert]", "уже открыта").await?;
    seller.photograph(&stage, "уже-открыта").await?;
    seller.click("[data-testid='account-back']").await?;
    is_front(&seller, "Чайная").await?;
    choose(&seller, "account-add").await?;
    sign_in(&seller, LINEN).await?;
    is_front(&seller, "Льняной").await?;
    seller.wait(ONLINE).await?;
    ensure!(
        seller.bubbles().await?.is_empty(),
        "nothing of the other account is on the page"
    );

    // A message for the account behind: the notice says for whom, and the menu how many.
    anna.send(of_tea, "Есть ли улун?").await?;
    notices(&stage, 1).await?;
    stage.picture("уведомление").await?;
    seller.click(ACCOUNT).await?;
    waits_for(&seller, "Чайная гора", before + 1).await?;
    seller.photograph(&stage, "меню").await?;
    stage.desktop.click_notice().await?;
    is_front(&seller, "Чайная").await?;
    seller.wait_bubble("Есть ли улун?", &["received"]).await?;
    was_said(&stage, "Анна Соколова → Чайная гора", "Есть ли улун?").await?;
    seller.write(COMPOSER, "Есть, тёмный").await?;
    seller.click("[data-testid='send']").await?;
    arrives(&anna, of_tea, "Есть, тёмный").await?;
    ensure!(
        anna.history(of_linen)
            .await?
            .iter()
            .all(|it| it.message != "Есть, тёмный"),
        "the other shop is silent"
    );

    // What is done in a notice is done by the account that it was for, which need not be in front.
    anna.send(of_linen, "Есть скатерть?").await?;
    notices(&stage, 1).await?;
    seller.click(ACCOUNT).await?;
    waits_for(&seller, "Льняной двор", 1).await?;
    stage.desktop.press_in_notice("Прочитано").await?;
    notices(&stage, 0).await?;
    waits_for(&seller, "Льняной двор", 0).await?;
    seller.press("[data-testid='account-menu'] button", "\u{e00c}").await?;

    // A draft stays with its account; the key and the palette change places.
    seller.write(COMPOSER, "Недописан").await?;
    seller.press(COMPOSER, "\u{e009}\u{e008}2\u{e000}").await?;
    is_front(&seller, "Льняной").await?;
    seller.press("body", "\u{e009}k\u{e000}").await?;
    seller.write("[data-testid='palette-field']", "чайная").await?;
    seller.click("[data-testid='palette-row'][data-id='account-1']").await?;
    is_front(&seller, "Чайная").await?;
    seller.wait_text(COMPOSER, "Недописан").await?;

    // A restart brings both back, with the last one in front.
    choose(&seller, "account-row").await?;
    seller.press(COMPOSER, "\u{e009}\u{e008}2\u{e000}").await?;
    is_front(&seller, "Льняной").await?;
    let seller = seller.crash_and_start_again(&stage).await?;
    is_front(&seller, "Льняной").await?;
    seller.wait(ONLINE).await?;
    anna.send(of_tea, "Вы ещё здесь?").await?;
    notices(&stage, 1).await?;

    // Whoever signs out of one is led to the other.
    choose(&seller, "account-leave").await?;
    seller.click("[data-testid='sign-out-surely']").await?;
    is_front(&seller, "Чайная").await?;
    seller.wait(ONLINE).await?;
    seller.click(ACCOUNT).await?;
    seller.wait(ROW).await?;
    ensure!(seller.count(ROW).await? == 1, "one account is left");
    seller.photograph(&stage, "одна").await
}

/// Signs somebody new in, from the first page on.
async fn come_in(stage: &Stage, window: &Window) -> Result<()> {
    window.wait_text(".purpose", "Чат с магазинами").await?;
    window.photograph(stage, "знакомство").await?;
    window
        .write("[data-testid='server-address']", &stage.server.address())
        .await?;
    window.click("[data-testid='server-submit']").await?;
    sign_in(window, ANNA).await?;
    window.wait(ONLINE).await.map(drop)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_person_is_told_three_things_each_once_and_a_link_names_a_server_without_asking_it() -> Result<()> {
    let stage = Stage::set(Artefacts::of_test("first-start")?).await?;
    let buyer = stage.open_to(Side::Buyer, Comer::Stranger).await?;
    buyer.start_again(&["prilavok://server/chat.example.ru"]).await?;
    buyer
        .wait_text("[data-testid='server-address']", "https://chat.example.ru")
        .await?;
    buyer.wait_text("form", "пришёл по ссылке").await?;
    buyer.photograph(&stage, "адрес-из-ссылки").await?;
    let clear = "const field = document.querySelector(\"[data-testid='server-address']\"); field.focus(); \
        field.select(); document.execCommand('delete');";
    buyer.run(clear, Vec::new()).await?;
    come_in(&stage, &buyer).await?;

    // One hint at a time, put away for good.
    buyer.click("[data-testid='nav-chats']").await?;
    buyer.wait("[data-testid='hint'][data-hint='notices']").await?;
    buyer.photograph(&stage, "подсказка").await?;
    buyer.click("[data-testid='hint-put-away']").await?;
    buyer.wait_gone("[data-testid='hint']").await?;

    // The window is closed for the first time: a notice says that the app is not, and a click on it brings it back.
    buyer.close_into_tray(&stage).await?;
    notices(&stage, 1).await?;
    stage.picture("в-трее").await?;
    stage.desktop.click_notice().await?;
    was_said(&stage, "Прилавок продолжает работать", "«Выйти»").await?;
    until("the window is back", || async {
        Ok(stage
            .desktop
            .active_window()
            .await?
            .contains("Покупатель")
            .then_some(()))
    })
    .await?;
    let seen = || std::fs::read_to_string(buyer.data("hints.json")).unwrap_or_default();
    ensure!(seen() == "[\"notices\",\"tray\"]", "{}", seen());

    // The second time there is nothing new to say: what comes next is a message.
    buyer.close_into_tray(&stage).await?;
    let shop = stage.visitor(TEA).await?;
    let thread = stage
        .visitor(ANNA)
        .await?
        .start(stage.visitor(ANNA).await?.shop("Чайная гора").await?.id)
        .await?;
    shop.send(thread, "Добрый день!").await?;
    notices(&stage, 1).await?;
    stage.desktop.click_notice().await?;
    was_said(&stage, "Чайная гора", "Добрый день!").await?;
    ensure!(stage.desktop.remembered().await?.len() == 2, "nothing else was said");
    Ok(())
}
