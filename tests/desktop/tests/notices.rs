//! Native notifications, through a real daemon.

use anyhow::{Result, ensure};
use prilavok_desktop_tests::artefacts::Artefacts;
use prilavok_desktop_tests::stage::{ANNA, BORIS, Side, Stage, TEA, until};
use prilavok_protocol::ids::ThreadId;

fn row(thread: ThreadId) -> String {
    format!("[data-testid='thread-row'][data-thread-id='{}']", thread.0)
}

async fn notices(stage: &Stage, count: usize) -> Result<()> {
    until(&format!("{count} notifications are shown"), || async {
        Ok((stage.desktop.notices_shown().await? == count).then_some(()))
    })
    .await
}

#[tokio::test]
async fn the_thread_in_front_of_ones_eyes_raises_no_notice() -> Result<()> {
    let stage = Stage::set(Artefacts::of_test("notice-focus")?).await?;
    let (anna, boris) = (stage.visitor(ANNA).await?, stage.visitor(BORIS).await?);
    let shop = anna.shop("Чайная гора").await?;
    let (open, other) = (anna.start(shop.id).await?, boris.start(shop.id).await?);
    anna.send(open, "Добрый вечер!").await?;

    let seller = stage.open(Side::Seller, Some(TEA)).await?;
    seller.click(&row(open)).await?;
    stage.desktop.bring_to_front(seller.side.title()).await?;
    seller.wait_bubble("Добрый вечер!", &["received"]).await?;
    stage.desktop.put_notices_away().await?;

    anna.send(open, "Это я вижу и так").await?;
    seller.wait_bubble("Это я вижу и так", &["received"]).await?;
    // A notice of another thread comes after it on the same road: when it is there, the first one would be too.
    boris.send(other, "А это — нет").await?;
    notices(&stage, 1).await?;
    stage.desktop.put_notices_away().await?;
    until("the notice is put away", || async {
        Ok(stage
            .desktop
            .remembered()
            .await?
            .iter()
            .any(|shown| shown.body.contains("А это"))
            .then_some(()))
    })
    .await?;
    let seen = stage.desktop.remembered().await?;
    ensure!(
        seen.iter().all(|shown| !shown.body.contains("вижу и так")),
        "a notice was raised for the open thread: {seen:?}"
    );
    Ok(())
}

#[tokio::test]
async fn a_click_brings_a_closed_window_back_and_opens_the_thread() -> Result<()> {
    let stage = Stage::set(Artefacts::of_test("notice-hidden")?).await?;
    let anna = stage.visitor(ANNA).await?;
    let thread = anna.start(anna.shop("Чайная гора").await?.id).await?;
    let seller = stage.open(Side::Seller, Some(TEA)).await?;
    seller.wait("[data-testid='connection'][data-state='online']").await?;

    seller.close_into_tray(&stage).await?;
    anna.send(thread, "Есть кто-нибудь? <b>&</b>").await?;
    notices(&stage, 1).await?;
    stage.picture("уведомление-при-скрытом-окне").await?;
    stage.desktop.click_notice().await?;
    until("the window is back, with the keyboard", || async {
        Ok(stage.desktop.active_window().await?.contains("Продавец").then_some(()))
    })
    .await?;
    until(
        "the thread is in front of the person, and the message is read",
        || async {
            let history = anna.history(thread).await?;
            Ok(history
                .last()
                .is_some_and(|message| message.is_read_by_seller)
                .then_some(()))
        },
    )
    .await?;
    stage.picture("окно-вернулось").await
}

#[tokio::test]
async fn a_notice_goes_away_when_its_thread_is_read() -> Result<()> {
    let stage = Stage::set(Artefacts::of_test("notice-read")?).await?;
    let anna = stage.visitor(ANNA).await?;
    let thread = anna.start(anna.shop("Чайная гора").await?.id).await?;
    let seller = stage.open(Side::Seller, Some(TEA)).await?;
    seller.wait("[data-testid='connection'][data-state='online']").await?;
    anna.send(thread, "Первое").await?;
    notices(&stage, 1).await?;
    // The same thread again replaces the notice instead of stacking another on it.
    anna.send(thread, "Второе").await?;
    until("the app counts both", || async {
        Ok((seller.unread().await? >= 2).then_some(()))
    })
    .await?;
    notices(&stage, 1).await?;
    stage.desktop.bring_to_front(seller.side.title()).await?;
    seller.click(&row(thread)).await?;
    seller.wait_bubble("Второе", &["received"]).await?;
    notices(&stage, 0).await
}
