//! The play: a buyer finds a product and writes, a seller is told and answers, the server is killed in
//! mid-conversation and comes back. Every step is checked; the transcript and the pictures tell it to a reader.

mod talk;
mod trouble;

use anyhow::Result;

use crate::stage::{ANNA, Side, Stage, TEA, Window};

/// The two people and their windows.
pub struct Cast {
    /// Everything around them.
    pub stage: Stage,
    /// Anna's window.
    pub buyer: Window,
    /// The window of the shop «Чайная гора».
    pub seller: Window,
}

impl Cast {
    /// Opens both apps side by side, signed in.
    ///
    /// # Errors
    /// When one of them does not come up or does not connect.
    pub async fn enter(stage: Stage) -> Result<Self> {
        stage
            .artefacts
            .say("Сервер запущен на пустой демонстрационной площадке.");
        let (buyer, seller) =
            tokio::try_join!(stage.open(Side::Buyer, Some(ANNA)), stage.open(Side::Seller, Some(TEA)))?;
        stage.desktop.place(buyer.side.title(), (0, 0), (900, 760)).await?;
        stage.desktop.place(seller.side.title(), (920, 200), (980, 800)).await?;
        for window in [&buyer, &seller] {
            window.wait("[data-testid='connection'][data-state='online']").await?;
        }
        stage
            .artefacts
            .say("Оба приложения открыты и на связи: Анна вошла как покупатель, «Чайная гора» — как продавец.");
        Ok(Self { stage, buyer, seller })
    }
}

/// Plays all of it.
///
/// # Errors
/// With the sentence of the first thing that did not happen.
pub async fn play(stage: Stage) -> Result<()> {
    let artefacts = stage.artefacts.clone();
    let played = act(stage).await;
    if let Err(error) = &played {
        artefacts.say(&format!("Пьеса прервана: {error:#}"));
    }
    artefacts.finish("Покупатель пишет, продавец отвечает")?;
    played
}

async fn act(stage: Stage) -> Result<()> {
    let cast = Cast::enter(stage).await?;
    let thread = talk::buyer_writes(&cast).await?;
    talk::seller_is_told(&cast).await?;
    talk::seller_answers(&cast).await?;
    if let Err(error) = trouble::server_dies(&cast).await {
        cast.stage.picture("99-прервано").await?;
        return Err(error);
    }
    let cast = trouble::app_dies_too(cast).await?;
    trouble::all_returns(&cast).await?;
    trouble::nothing_is_lost(&cast, thread).await
}
