//! The app's life around its window: closed into the tray no webview is alive, and everything else lives on.

use anyhow::{Result, ensure};
use prilavok_desktop_tests::artefacts::Artefacts;
use prilavok_desktop_tests::stage::{ANNA, LINEN, Running, Side, Stage, TEA, Window, saying, until};
use prilavok_protocol::ids::ThreadId;

const ONLINE: &str = "[data-testid='connection'][data-state='online']";
const COMPOSER: &str = "[data-testid='composer']";

fn row(thread: ThreadId) -> String {
    format!("[data-testid='thread-row'][data-thread-id='{}']", thread.0)
}

fn say_memory(stage: &Stage, when: &str, window: &Window) -> Result<()> {
    let processes = window.processes()?;
    let total: u64 = processes.iter().map(|process| process.pss_kib).sum();
    let parts: Vec<String> = processes
        .iter()
        .map(|process| format!("{} {}", process.name, process.pss_kib / 1024))
        .collect();
    stage
        .artefacts
        .say(&format!("{when}: {} МБ PSS ({})", total / 1024, parts.join(", ")));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_window_closed_into_the_tray_leaves_no_webview_and_comes_back_where_it_was() -> Result<()> {
    let stage = Stage::set(Artefacts::of_test("life")?).await?;
    let anna = stage.visitor(ANNA).await?;
    let shop = anna.shop("Льняной двор").await?.id;
    let thread = anna.start(shop).await?;
    stage.server.fill(thread, (anna.buyer_id()?, shop), 300).await?;
    let seller = stage.open(Side::Seller, Some(LINEN)).await?;
    seller.wait(ONLINE).await?;
    seller.click(&row(thread)).await?;
    seller
        .wait_bubble(&saying(300), &["received", "read", "sent", "delivered"])
        .await?;
    stage.desktop.place(seller.side.title(), (140, 90), (1100, 700)).await?;
    seller.write(COMPOSER, "Начало ответа").await?;
    let further_up = "const log = document.querySelector('[role=log]'); log.scrollTop -= 2000; return log.scrollTop;";
    seller.run(further_up, Vec::new()).await?;
    seller.wait("[data-testid='jump']").await?;
    stage.desktop.bring_to_front(seller.side.title()).await?;
    let before = seller.still(&stage).await?;
    stage.picture("до-закрытия").await?;
    say_memory(&stage, "Окно открыто", &seller)?;

    seller.close_into_tray(&stage).await?;
    say_memory(&stage, "Окно закрыто", &seller)?;
    stage.tray.icon(0).await?.choose("Открыть Прилавок").await?;
    until("the window is back, with the keyboard", || async {
        Ok(stage.desktop.active_window().await?.contains("Продавец").then_some(()))
    })
    .await?;
    seller.wait_alike(&stage, &before).await?;
    stage.picture("снова-открыто").await?;
    say_memory(&stage, "Окно снова открыто", &seller)?;

    // Quit from the tray is quit.
    stage.tray.icon(0).await?.choose("Выйти").await?;
    until("the app has ended", || async {
        Ok(seller.processes()?.is_empty().then_some(()))
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_window_messages_go_out_and_a_notice_opens_their_thread() -> Result<()> {
    let stage = Stage::set(Artefacts::of_test("life-notice")?).await?;
    let anna = stage.visitor(ANNA).await?;
    let thread = anna.start(anna.shop("Чайная гора").await?.id).await?;
    anna.send(thread, "Добрый день!").await?;
    let seller = stage.open(Side::Seller, Some(TEA)).await?;
    seller.wait(ONLINE).await?;
    seller.click(&row(thread)).await?;
    seller.wait_bubble("Добрый день!", &["received"]).await?;

    // Written while nothing can be sent, and the window goes.
    stage.server.kill();
    seller.wait_gone(ONLINE).await?;
    seller.write(COMPOSER, "Ответ из закрытого окна").await?;
    seller.click("[data-testid='send']").await?;
    seller
        .wait_bubble("Ответ из закрытого окна", &["queued", "sending", "unconfirmed"])
        .await?;
    seller.close_into_tray(&stage).await?;
    stage.server.start_again().await?;
    until("the message goes out without a window", || async {
        let history = anna.history(thread).await?;
        Ok(history
            .iter()
            .any(|message| message.message.contains("закрытого окна"))
            .then_some(()))
    })
    .await?;

    // The thread was open when the window went: nobody looks at it now, so there is a notice.
    anna.send(thread, "Есть кто-нибудь?").await?;
    until("a notification is shown", || async {
        Ok((stage.desktop.notices_shown().await? == 1).then_some(()))
    })
    .await?;
    ensure!(
        !seller.processes()?.iter().any(Running::is_of_webview),
        "all that happened without a webview"
    );
    let is_read = || async {
        let history = anna.history(thread).await?;
        anyhow::Ok(history.last().is_some_and(|message| message.is_read_by_seller))
    };
    ensure!(!is_read().await?, "nobody has read it yet");
    stage.desktop.click_notice().await?;
    until("the window is back at the thread, and the message is read", || async {
        Ok(is_read().await?.then_some(()))
    })
    .await?;
    stage.picture("окно-вернулось").await
}
