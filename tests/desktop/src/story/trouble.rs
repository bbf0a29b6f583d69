//! The server dies without a word and comes back: both apps say so, and nothing is lost, doubled or out of order.

use std::collections::HashSet;

use anyhow::{Result, ensure};
use prilavok_protocol::ids::ThreadId;

use super::Cast;
use super::talk::{ANSWER, QUESTION};
use crate::stage::{ANNA, Window};

const IN_THE_DARK: [&str; 3] = [
    "Тогда заеду после работы.",
    "Около семи вечера.",
    "Упакуйте, пожалуйста, как подарок.",
];
const UNSENT: [&str; 3] = ["queued", "sending", "unconfirmed"];
const FROM_THE_SHOP: &str = "Подарочная упаковка бесплатно.";

/// `kill -9`, and both write on.
pub(super) async fn server_dies(cast: &Cast) -> Result<()> {
    let (stage, buyer, seller) = (&cast.stage, &cast.buyer, &cast.seller);
    stage.server.kill();
    stage.artefacts.say("Сервер убит (kill -9).");
    for window in [buyer, seller] {
        let bar = window.wait("[data-testid='offline-bar']").await?.text().await?;
        ensure!(
            bar.to_lowercase().contains("соединени"),
            "the bar says it in plain words, but it said: {bar}"
        );
        stage
            .artefacts
            .say(&format!("{}: «{}»", window.side.title(), bar.replace('\n', " ")));
    }
    for text in IN_THE_DARK {
        write_and_send(buyer, text).await?;
        buyer.wait_bubble(text, &UNSENT).await?;
    }
    write_and_send(seller, FROM_THE_SHOP).await?;
    seller.wait_bubble(FROM_THE_SHOP, &UNSENT).await?;
    stage.picture("08-нет-соединения").await?;
    stage
        .artefacts
        .say("Без связи: Анна написала три сообщения, продавец одно; все ждут в очереди на своих устройствах.");
    Ok(())
}

/// The buyer's app is killed as well, with its messages unsent, and opened again without a server.
pub(super) async fn app_dies_too(cast: Cast) -> Result<Cast> {
    let Cast { stage, buyer, seller } = cast;
    let buyer = buyer.crash_and_start_again(&stage).await?;
    stage
        .artefacts
        .say("Приложение Анны тоже убито (kill -9) и открыто снова, пока сервера нет.");
    stage.desktop.place(buyer.side.title(), (0, 0), (900, 760)).await?;
    buyer.click("[data-testid='nav-chats']").await?;
    buyer
        .click_text("[data-testid='thread-row']", super::talk::SHOP)
        .await?;
    for text in IN_THE_DARK {
        buyer.wait_bubble(text, &UNSENT).await?;
    }
    buyer.picture("09-после-перезапуска").await?;
    stage.artefacts.say("Переписка на месте, неотправленное ждёт.");
    Ok(Cast { stage, buyer, seller })
}

/// The server returns, and with it everything else, by itself.
pub(super) async fn all_returns(cast: &Cast) -> Result<()> {
    let (stage, buyer, seller) = (&cast.stage, &cast.buyer, &cast.seller);
    stage.server.start_again().await?;
    stage.artefacts.say("Сервер запущен снова.");
    for window in [buyer, seller] {
        window.wait("[data-testid='connection'][data-state='online']").await?;
        window.wait_gone("[data-testid='offline-bar']").await?;
    }
    for text in IN_THE_DARK {
        buyer.wait_bubble(text, &["sent", "delivered", "read"]).await?;
        seller.wait_bubble(text, &["received"]).await?;
    }
    seller
        .wait_bubble(FROM_THE_SHOP, &["sent", "delivered", "read"])
        .await?;
    buyer.wait_bubble(FROM_THE_SHOP, &["received"]).await?;
    stage.picture("10-снова-на-связи").await?;
    stage
        .artefacts
        .say("Оба приложения сами восстановили связь и отправили всё, что ждало.");
    Ok(())
}

async fn write_and_send(window: &Window, text: &str) -> Result<()> {
    window.write("[data-testid='composer']", text).await?;
    window.click("[data-testid='send']").await
}

/// The server's history, the buyer's window and the seller's window tell the same story.
pub(super) async fn nothing_is_lost(cast: &Cast, thread: ThreadId) -> Result<()> {
    let history = cast.stage.visitor(ANNA).await?.history(thread).await?;
    let ids: Vec<String> = history.iter().map(|message| message.id.0.to_string()).collect();
    ensure!(
        ids.iter().collect::<HashSet<_>>().len() == ids.len(),
        "the server's history has a message twice"
    );

    let said: Vec<&str> = history.iter().map(|message| message.message.as_str()).collect();
    let place = |text: &str| {
        let places: Vec<usize> = said
            .iter()
            .enumerate()
            .filter(|(_, said)| said.contains(text.trim()))
            .map(|(place, _)| place)
            .collect();
        ensure!(places.len() == 1, "«{text}» is in the history {} times", places.len());
        Ok(places[0])
    };
    let mut written = vec![place(QUESTION)?, place(ANSWER)?];
    for text in IN_THE_DARK {
        written.push(place(text)?);
    }
    ensure!(
        written.is_sorted(),
        "what was written in one order is in the history in another: {written:?}"
    );
    place(FROM_THE_SHOP)?;

    for window in [&cast.buyer, &cast.seller] {
        let shown: Vec<String> = window.bubbles().await?.into_iter().map(|bubble| bubble.id).collect();
        ensure!(
            ids.ends_with(&shown) && !shown.is_empty(),
            "{} shows {shown:?}, but the server's history ends with {ids:?}",
            window.side.title()
        );
    }
    cast.stage
        .artefacts
        .say("Сверено: история сервера и оба окна совпадают — ничего не потеряно, не задвоено, не переставлено.");
    Ok(())
}
