//! What a person does with a notification without opening the app: answer it, mark it as read; and what they ask for: a
//! thread that is silent, and proof that notifications come.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use prilavok_desktop_tests::artefacts::Artefacts;
use prilavok_desktop_tests::stage::{ANNA, BORIS, Side, Stage, TEA, Visitor, Window, until};
use prilavok_protocol::ids::ThreadId;

async fn notices(stage: &Stage, count: usize) -> Result<()> {
    until(&format!("{count} notifications are shown"), || async {
        Ok((stage.desktop.notices_shown().await? == count).then_some(()))
    })
    .await
}

async fn hide(stage: &Stage, window: &Window) -> Result<()> {
    window
        .insist(stage, "alt+F4", "the window is hidden", || async {
            Ok(stage.desktop.window(window.side.title()).await.err().map(drop))
        })
        .await
}

/// Whether these words lie on the app's disk: what stands in the field is kept there while it is written. The page cannot
/// be asked, since there is none.
fn is_on_disk(folder: &Path, words: &str) -> Result<bool> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            if is_on_disk(&path, words)? {
                return Ok(true);
            }
        // A file of the database may go between two looks.
        } else if let Ok(bytes) = std::fs::read(&path)
            && bytes.windows(words.len()).any(|window| window == words.as_bytes())
        {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Presses «Ответить», writes into the small window that comes, and sends it with Enter.
async fn answer(stage: &Stage, seller: &Window, text: &str) -> Result<()> {
    stage.desktop.press_in_notice("Ответить").await?;
    until("the field for an answer has the keyboard", || async {
        let active = stage.desktop.active_window().await;
        Ok(active.is_ok_and(|title| title.starts_with("Ответить: ")).then_some(()))
    })
    .await?;
    let (looks, accounts) = (std::cell::Cell::new(0), seller.data("accounts"));
    let kept = until("the answer is kept as it is written", || async {
        // The page takes the keyboard a moment after its window: a person who sees nothing writes it again.
        if looks.get() % 40 == 0 {
            stage.desktop.key("ctrl+a").await?;
            stage.desktop.write(text).await?;
        }
        looks.set(looks.get() + 1);
        Ok(is_on_disk(&accounts, text)?.then_some(()))
    })
    .await;
    stage.picture(&format!("ответ «{text}»")).await?;
    kept?;
    stage.desktop.key("Return").await
}

async fn arrives(visitor: &Visitor, thread: ThreadId, text: &str) -> Result<()> {
    until(&format!("«{text}» has arrived"), || async {
        let history = visitor.history(thread).await?;
        Ok(history.iter().any(|message| message.message == text).then_some(()))
    })
    .await
}

#[tokio::test]
async fn a_notice_is_answered_without_a_window_and_read_after_a_crash() -> Result<()> {
    let stage = Stage::set(Artefacts::of_test("notice-answer")?).await?;
    let (anna, boris) = (stage.visitor(ANNA).await?, stage.visitor(BORIS).await?);
    let shop = anna.shop("Чайная гора").await?;
    let (thread, other) = (anna.start(shop.id).await?, boris.start(shop.id).await?);
    let seller = stage.open(Side::Seller, Some(TEA)).await?;
    seller.wait("[data-testid='connection'][data-state='online']").await?;
    hide(&stage, &seller).await?;

    anna.send(thread, "Есть ли улун?").await?;
    notices(&stage, 1).await?;
    answer(&stage, &seller, "Da, est").await?;
    arrives(&anna, thread, "Da, est").await?;
    // The answer says that the question was read.
    notices(&stage, 0).await?;
    ensure!(
        stage.desktop.window(seller.side.title()).await.is_err(),
        "the main window came by itself"
    );

    anna.send(thread, "А пуэр?").await?;
    boris.send(other, "Здравствуйте!").await?;
    notices(&stage, 2).await?;
    let seller = seller.crash_and_start_again(&stage).await?;
    seller.wait("[data-testid='connection'][data-state='online']").await?;
    notices(&stage, 2).await?;
    let before = until("the app counts both as unread", || async {
        Ok(Some(seller.unread().await?).filter(|count| *count >= 2))
    })
    .await?;
    stage.desktop.press_in_notice("Прочитано").await?;
    notices(&stage, 1).await?;
    until("the app counts it as read", || async {
        Ok((seller.unread().await? < before).then_some(()))
    })
    .await?;
    answer(&stage, &seller, "Posle padeniya").await?;
    notices(&stage, 0).await?;
    until("one of the two got the answer", || async {
        let said = |history: Vec<prilavok_protocol::model::Message>| {
            history
                .iter()
                .filter(|message| message.message == "Posle padeniya")
                .count()
        };
        let count = said(anna.history(thread).await?) + said(boris.history(other).await?);
        ensure!(count <= 1, "the answer was sent {count} times");
        Ok((count == 1).then_some(()))
    })
    .await
}

#[tokio::test]
async fn a_muted_thread_is_silent_and_counted_and_the_check_proves_that_notices_come() -> Result<()> {
    let stage = Stage::set(Artefacts::of_test("notice-check")?).await?;
    let (anna, boris) = (stage.visitor(ANNA).await?, stage.visitor(BORIS).await?);
    let shop = anna.shop("Чайная гора").await?;
    let (muted, loud) = (anna.start(shop.id).await?, boris.start(shop.id).await?);
    anna.send(muted, "Здравствуйте").await?;
    let seller = stage.open(Side::Seller, Some(TEA)).await?;
    seller
        .click(&format!("[data-testid='thread-row'][data-thread-id='{}']", muted.0))
        .await?;
    seller.wait_bubble("Здравствуйте", &["received"]).await?;
    seller.click("[data-testid='chat-header'] .menu button").await?;
    seller.click("[data-testid='mute-forever']").await?;
    seller.click("[data-testid='nav-settings']").await?;
    stage.desktop.put_notices_away().await?;

    let before = seller.unread().await?;
    anna.send(muted, "Этого не слышно").await?;
    // Comes after it on the same road.
    boris.send(loud, "А это слышно").await?;
    notices(&stage, 1).await?;
    until("both are counted", || async {
        Ok((seller.unread().await? == before + 2).then_some(()))
    })
    .await?;
    stage.desktop.put_notices_away().await?;
    notices(&stage, 0).await?;
    let shown = stage.desktop.remembered().await?;
    ensure!(
        shown.iter().all(|it| !it.body.contains("не слышно")),
        "a muted thread was heard: {shown:?}"
    );

    seller.click("[data-testid='check-open']").await?;
    seller
        .wait("[data-testid='check-row'][data-id='daemon'][data-standing='good']")
        .await?;
    seller
        .wait_text("[data-testid='check-row'][data-id='daemon']", "dunst")
        .await?;
    seller
        .wait("[data-testid='check-row'][data-id='server'][data-standing='good']")
        .await?;
    seller.click("[data-testid='check-show']").await?;
    notices(&stage, 1).await?;
    stage.picture("пробное-уведомление").await?;
    stage.desktop.click_notice().await?;
    seller.wait("[data-testid='check-trial'][data-state='clicked']").await?;
    let faults = seller.texts("[data-testid='check-row'][data-standing='bad']").await?;
    ensure!(faults.is_empty(), "this desktop is whole, and yet: {faults:?}");
    let report = seller.texts("[data-testid='check-copy']").await?;
    report.first().context("there is a report to copy").map(drop)
}
