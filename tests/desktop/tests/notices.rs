//! Native notifications, through a real daemon: not for what is in front of one's eyes, and a click opens the thread.

use anyhow::{Result, ensure};
use prilavok_desktop_tests::stage::Stage;
use prilavok_desktop_tests::wait::until;

async fn write(stage: &Stage, text: &str) -> Result<()> {
    stage.buyer.type_into("composer", text).await?;
    stage.buyer.click("send").await?;
    stage
        .buyer
        .bubble(text, &["sent", "delivered", "read"])
        .await
        .map(drop)
}

#[tokio::test]
async fn a_notice_comes_only_for_what_one_does_not_see_and_its_click_opens_the_thread_of_a_hidden_window()
-> Result<()> {
    let stage = Stage::set("ru_RU.UTF-8").await?;
    for app in [&stage.buyer, &stage.seller] {
        app.is_connection("online").await?;
    }
    stage.buyer.click("nav-chats").await?;
    stage.buyer.click_with("thread-row", "Чайная гора").await?;
    let buyer = "Анна";
    stage.seller.click_with("thread-row", buyer).await?;
    stage.seller.activate(&stage.screen)?;

    // In front of the seller's eyes: it arrives, is read, and nothing is raised.
    write(&stage, "Это видно и без уведомления").await?;
    stage
        .seller
        .bubble("Это видно и без уведомления", &["received"])
        .await?;
    stage
        .buyer
        .bubble("Это видно и без уведомления", &["read"])
        .await?;
    ensure!(
        !stage.screen.notice_history()?.contains("видно и без"),
        "raised for the thread in front of one's eyes"
    );
    ensure!(
        stage.screen.notices_shown()? == 0,
        "a notification is shown for the open thread"
    );

    // Another page, and the window hidden: it is raised, says who and what, and the click brings the thread back.
    stage.seller.click("nav-settings").await?;
    stage.seller.minimise(&stage.screen)?;
    write(&stage, "А это — нет").await?;
    until("the notification", || async {
        Ok((stage.screen.notices_shown()? == 1).then_some(()))
    })
    .await?;
    stage.screen.click_notice()?;
    stage.seller.bubble("А это — нет", &["received"]).await?;
    stage.buyer.bubble("А это — нет", &["read"]).await?;
    let history = stage.screen.notice_history()?;
    ensure!(
        history.contains(buyer) && history.contains("А это"),
        "the notification does not say who and what"
    );
    Ok(())
}
