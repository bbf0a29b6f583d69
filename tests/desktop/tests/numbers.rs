//! One number of unread messages: in the list, the title, the tray icon and the dock.

use anyhow::{Result, ensure};
use prilavok_desktop_tests::artefacts::Artefacts;
use prilavok_desktop_tests::stage::{ANNA, BORIS, Dock, Side, Stage, TEA, Window, until};

const ONLINE: &str = "[data-testid='connection'][data-state='online']";

/// Tray and dock, which are there without a window too.
async fn outside_say(stage: &Stage, dock: &Dock, total: u32) -> Result<()> {
    let icon = stage.tray.icon(0).await?;
    until(&format!("the tray icon and the dock say {total}"), || async {
        let drawn = icon.number().await?;
        let wanted = (total > 0).then_some(usize::try_from(total.min(10))?);
        let on_dock = dock.number("prilavok-seller.desktop");
        ensure!(
            drawn == wanted && on_dock == i64::from(total),
            "drawn {drawn:?}, on the dock {on_dock}"
        );
        Ok(Some(()))
    })
    .await
}

async fn all_say(stage: &Stage, (dock, seller): (&Dock, &Window), total: u32) -> Result<()> {
    until(&format!("the list says {total}"), || async {
        Ok((seller.unread().await? == total).then_some(()))
    })
    .await?;
    let title = if total == 0 {
        "^Прилавок — Продавец$".to_owned()
    } else {
        format!("^\\({total}\\) Прилавок — Продавец$")
    };
    until(&format!("the title says {total}"), || async {
        Ok(stage.desktop.window(&title).await.ok().map(drop))
    })
    .await?;
    outside_say(stage, dock, total).await
}

#[tokio::test(flavor = "multi_thread")]
async fn list_title_tray_and_dock_say_the_same_number() -> Result<()> {
    let stage = Stage::set(Artefacts::of_test("numbers")?).await?;
    let dock = stage.dock().await?;
    let (anna, boris) = (stage.visitor(ANNA).await?, stage.visitor(BORIS).await?);
    let shop = anna.shop("Чайная гора").await?.id;
    let (one, other) = (anna.start(shop).await?, boris.start(shop).await?);
    let seller = stage.open(Side::Seller, Some(TEA)).await?;
    seller.wait(ONLINE).await?;
    let before = seller.unread().await?;
    all_say(&stage, (&dock, &seller), before).await?;
    for _ in 0..3 {
        anna.send(one, "Здравствуйте").await?;
    }
    all_say(&stage, (&dock, &seller), before + 3).await?;
    for _ in 0..4 {
        anna.send(one, "Вы здесь?").await?;
        boris.send(other, "Добрый день").await?;
    }
    all_say(&stage, (&dock, &seller), before + 11).await?;

    // Read in the window: the number falls everywhere.
    stage.desktop.bring_to_front(seller.side.any_title()).await?;
    seller
        .click(&format!("[data-testid='thread-row'][data-thread-id='{}']", one.0))
        .await?;
    all_say(&stage, (&dock, &seller), before + 4).await?;
    // And it goes on being said without one.
    seller.close_into_tray(&stage).await?;
    boris.send(other, "Ещё вопрос").await?;
    outside_say(&stage, &dock, before + 5).await
}
