//! The conversation: a question about a product, a notification, a click, an answer.

use anyhow::{Context, Result, ensure};
use prilavok_protocol::ids::ThreadId;

use super::Cast;
use crate::stage::{ANNA, until};

pub(super) const SHOP: &str = "Чайная гора";
/// What Anna adds to the line that the app typed for her.
pub(super) const QUESTION: &str = " И можно ли забрать сегодня? 🚚";
pub(super) const ANSWER: &str = "Здравствуйте! Да, до 20:00 — отложили для вас.";

/// The catalogue, the product, the button, the chat with a line already typed, send.
pub(super) async fn buyer_writes(cast: &Cast) -> Result<ThreadId> {
    let (stage, buyer) = (&cast.stage, &cast.buyer);
    let visitor = stage.visitor(ANNA).await?;
    let shop = visitor.shop(SHOP).await?;
    let product = visitor.product_of(shop.id).await?;
    let thread = visitor.start(shop.id).await?;

    stage.desktop.bring_to_front(buyer.side.title()).await?;
    buyer.click("[data-testid='nav-catalogue']").await?;
    buyer.wait("[data-testid='product-card']").await?;
    buyer.picture("01-каталог").await?;
    buyer.write("input[type='search']", &product.title).await?;
    buyer.wait_text("[data-testid='product-card']", &product.title).await?;
    buyer.click_text("[data-testid='product-card']", &product.title).await?;
    buyer.wait("[data-testid='write-to-seller']").await?;
    buyer.picture("02-товар").await?;
    stage
        .artefacts
        .say(&format!("Анна нашла «{}» и открыла страницу товара.", product.title));

    buyer.click("[data-testid='write-to-seller']").await?;
    buyer.wait_text("[data-testid='chat-header']", SHOP).await?;
    let typed = until("a line about the product is already typed", || async {
        Ok(buyer
            .texts("[data-testid='composer']")
            .await?
            .into_iter()
            .find(|text| !text.is_empty()))
    })
    .await?;
    stage.artefacts.say(&format!(
        "Нажата «Написать продавцу»: открылся чат с магазином, в поле уже стоит: «{typed}»"
    ));
    buyer.picture("03-чат-с-заготовкой").await?;
    buyer.write("[data-testid='composer']", QUESTION).await?;
    buyer.click("[data-testid='send']").await?;
    buyer.wait_bubble(QUESTION.trim(), &["sent", "delivered"]).await?;
    stage.artefacts.say("Анна отправила сообщение; сервер его подтвердил.");
    Ok(thread)
}

/// A native notification with the buyer's name and words; a click on it opens the thread.
pub(super) async fn seller_is_told(cast: &Cast) -> Result<()> {
    let (stage, seller) = (&cast.stage, &cast.seller);
    until("a notification is on the screen", || async {
        Ok((stage.desktop.notices_shown().await? > 0).then_some(()))
    })
    .await?;
    ensure!(seller.unread().await? > 0, "the seller's app counts the unread message");
    stage.picture("04-уведомление").await?;
    stage.artefacts.say("У продавца всплыло системное уведомление.");

    stage.desktop.click_notice().await?;
    seller.wait_bubble(QUESTION.trim(), &["received"]).await?;
    until("the seller's window has come to the front", || async {
        let title = stage.desktop.active_window().await?;
        Ok(title.contains("Продавец").then_some(()))
    })
    .await?;
    let history = stage.desktop.remembered().await?;
    let newest = history
        .first()
        .context("the clicked notification is in the daemon's history")?;
    ensure!(
        newest.body.contains(QUESTION.trim()),
        "the notification says what was written, but it said: {newest:?}"
    );
    stage.artefacts.say(&format!(
        "В уведомлении: «{}» — «{}». Щелчок открыл этот чат в окне продавца.",
        newest.title, newest.body
    ));
    cast.buyer.wait_bubble(QUESTION.trim(), &["read"]).await?;
    stage.artefacts.say("Анна видит, что её сообщение прочитано.");
    seller.picture("05-чат-у-продавца").await
}

/// Typing, presence, the answer, ticks, the unread count.
pub(super) async fn seller_answers(cast: &Cast) -> Result<()> {
    let (stage, buyer, seller) = (&cast.stage, &cast.buyer, &cast.seller);
    seller.write("[data-testid='composer']", ANSWER).await?;
    buyer.wait("[data-testid='typing']").await?;
    buyer.picture("06-печатает").await?;
    stage.artefacts.say("Анна видит, что продавец печатает.");
    buyer.wait_text("[data-testid='chat-header']", "печатает").await?;
    seller.click("[data-testid='send']").await?;
    buyer.wait_bubble(ANSWER, &["received"]).await?;
    buyer.wait_gone("[data-testid='typing']").await?;
    buyer.wait_text("[data-testid='chat-header']", "в сети").await?;
    seller.wait_bubble(ANSWER, &["delivered"]).await?;
    until("the buyer's app counts the answer as unread", || async {
        Ok((buyer.unread().await? > 0).then_some(()))
    })
    .await?;
    stage
        .artefacts
        .say("Ответ пришёл: у Анны он непрочитан (окно не в фокусе), у продавца — две галочки.");

    stage.desktop.bring_to_front(buyer.side.title()).await?;
    seller.wait_bubble(ANSWER, &["read"]).await?;
    stage
        .artefacts
        .say("Анна посмотрела в окно: у продавца сообщение прочитано.");
    buyer.picture("07-ответ").await
}
