//! The conversation: a buyer asks about a product, the shop answers, the server dies and comes back.

use std::collections::HashSet;

use anyhow::{Context, Result, ensure};
use fantoccini::Locator;

use crate::report::Report;
use crate::stage::Stage;
use crate::wait::until;

/// A product of «Чайная гора» in the demo marketplace.
pub const PRODUCT: &str = "чай";
const QUESTION: &str = "Подойдёт для улуна?";
const ANSWER: &str = "Да, подойдёт. Отправим сегодня.";
const OFFLINE: &str = "Тогда беру две штуки!";
const AFTER: &str = "Записали, спасибо за заказ.";

/// Plays the whole story in the real windows and checks every step.
///
/// # Errors
/// When a step does not happen.
pub async fn play(mut stage: Stage, report: &mut Report) -> Result<Stage> {
    open(&stage, report).await?;
    ask(&stage, report).await?;
    answer(&stage, report).await?;
    outage(&mut stage, report).await?;
    let stage = crash(stage, report).await?;
    check_history(&stage, report).await?;
    Ok(stage)
}

async fn open(stage: &Stage, report: &mut Report) -> Result<()> {
    stage.buyer.is_connection("online").await?;
    stage.seller.is_connection("online").await?;
    report.say("оба приложения открыты и на связи")?;
    report.picture(&stage.seller, "seller-queue").await?;
    stage.buyer.activate(&stage.screen)?;
    stage.buyer.click("nav-catalogue").await?;
    stage.buyer.find("product-card").await?;
    report.picture(&stage.buyer, "buyer-catalogue").await
}

async fn ask(stage: &Stage, report: &mut Report) -> Result<()> {
    let buyer = &stage.buyer;
    let search = buyer
        .client
        .find(Locator::Css("main input[type=search]"))
        .await
        .context("the catalogue's search")?;
    search.send_keys(PRODUCT).await?;
    buyer.click_with("product-card", "Чайная гора").await?;
    buyer.find("write-to-seller").await?;
    report.picture(buyer, "buyer-product").await?;
    buyer.click("write-to-seller").await?;
    let field = buyer.find("composer").await?;
    let typed = until("the line about the product", || async {
        let text = field.prop("value").await?.unwrap_or_default();
        Ok((!text.trim().is_empty()).then_some(text))
    })
    .await?;
    report.say(&format!(
        "покупатель нажал «Написать продавцу»; в поле уже стоит: «{}»",
        typed.trim()
    ))?;
    report.picture(buyer, "buyer-prefilled").await?;
    buyer.type_into("composer", &format!(" {QUESTION}")).await?;
    buyer.click("send").await?;
    buyer.bubble(QUESTION, &["sent", "delivered"]).await?;
    report.say("вопрос отправлен и записан на сервере")
}

async fn answer(stage: &Stage, report: &mut Report) -> Result<()> {
    let Stage {
        buyer,
        seller,
        screen,
        ..
    } = stage;
    until("the seller's notification", || async {
        Ok((screen.notices_shown()? > 0).then_some(()))
    })
    .await?;
    report.screen(screen, "notification")?;
    screen.click_notice()?;
    seller.bubble(QUESTION, &["received"]).await?;
    report.say("у продавца всплыло системное уведомление; нажатие открыло этот чат")?;
    seller.activate(screen)?;
    buyer.bubble(QUESTION, &["read"]).await?;
    report.say("покупатель видит, что вопрос прочитан")?;
    seller.type_into("composer", ANSWER).await?;
    buyer.find("typing").await?;
    report.picture(buyer, "buyer-sees-typing").await?;
    seller.click("send").await?;
    buyer.bubble(ANSWER, &["received"]).await?;
    report.say("покупатель видел «печатает…» и получил ответ")?;
    report.picture(seller, "seller-thread").await?;
    buyer.activate(screen)?;
    seller.bubble(ANSWER, &["read"]).await?;
    report.say("продавец видит, что ответ прочитан")
}

async fn outage(stage: &mut Stage, report: &mut Report) -> Result<()> {
    stage.server.kill();
    stage.buyer.find("offline-bar").await?;
    stage.seller.find("offline-bar").await?;
    report.say("сервер убит (kill -9): оба приложения сказали об этом словами")?;
    stage.buyer.type_into("composer", OFFLINE).await?;
    stage.buyer.click("send").await?;
    stage
        .buyer
        .bubble(OFFLINE, &["queued", "sending", "unconfirmed"])
        .await?;
    report.say("покупатель написал без связи: сообщение ждёт в очереди")?;
    report.picture(&stage.buyer, "buyer-offline").await?;
    report.picture(&stage.seller, "seller-offline").await
}

/// The buyer's app dies with the message still unsent, while the server is away.
async fn crash(stage: Stage, report: &mut Report) -> Result<Stage> {
    let Stage {
        buyer,
        seller,
        screen,
        mut server,
        _home,
    } = stage;
    let buyer = buyer.crash_and_restart(&screen).await?;
    report.say("приложение покупателя убито и открыто снова, сервера всё ещё нет")?;
    buyer.click("nav-chats").await?;
    buyer.click_with("thread-row", "Чайная гора").await?;
    buyer
        .bubble(OFFLINE, &["queued", "sending", "unconfirmed"])
        .await?;
    report.picture(&buyer, "buyer-restarted-offline").await?;
    server.restart()?;
    buyer.is_connection("online").await?;
    seller.is_connection("online").await?;
    buyer
        .bubble(OFFLINE, &["sent", "delivered", "read"])
        .await?;
    seller.bubble(OFFLINE, &["received"]).await?;
    report.say("сервер запущен снова: оба приложения вернулись сами, очередь ушла")?;
    seller.type_into("composer", AFTER).await?;
    seller.click("send").await?;
    buyer.bubble(AFTER, &["received"]).await?;
    Ok(Stage {
        buyer,
        seller,
        screen,
        server,
        _home,
    })
}

async fn check_history(stage: &Stage, report: &mut Report) -> Result<()> {
    let at_buyer = stage.buyer.bubbles().await?;
    let at_seller = stage.seller.bubbles().await?;
    for shown in [&at_buyer, &at_seller] {
        let ids: HashSet<_> = shown.iter().map(|b| &b.id).collect();
        ensure!(
            ids.len() == shown.len(),
            "a message is shown twice: {shown:?}"
        );
        let place = |text: &str| {
            shown
                .iter()
                .position(|b| b.text.contains(text))
                .context(text.to_owned())
        };
        let places = [
            place(QUESTION)?,
            place(ANSWER)?,
            place(OFFLINE)?,
            place(AFTER)?,
        ];
        ensure!(places.is_sorted(), "out of order: {shown:?}");
    }
    let tail = |shown: &[crate::page::Shown]| {
        shown
            .iter()
            .rev()
            .take(4)
            .map(|b| b.id.clone())
            .collect::<Vec<_>>()
    };
    ensure!(
        tail(&at_buyer) == tail(&at_seller),
        "the two windows differ"
    );
    report.say("ничего не потеряно, не удвоено и не переставлено")?;
    report.picture(&stage.buyer, "buyer-end").await?;
    report.picture(&stage.seller, "seller-end").await
}
