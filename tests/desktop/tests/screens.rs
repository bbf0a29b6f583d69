//! Every screen of both apps at every width in both palettes.

use anyhow::{Result, bail};
use prilavok_desktop_tests::artefacts::Artefacts;
use prilavok_desktop_tests::screens::{Place, look};
use prilavok_desktop_tests::stage::{ANNA, Side, Stage, TEA};

async fn every_screen_of(side: Side, account: &str, run: &str) -> Result<()> {
    let stage = Stage::set(Artefacts::of_test(run)?).await?;
    let guest = stage.open(side, None).await?;
    let mut faults = look(&stage, &guest, Place::SignIn).await?;
    guest.close().await;
    let window = stage.open(side, Some(account)).await?;
    window.wait("[data-testid='connection'][data-state='online']").await?;
    for place in Place::of(side) {
        faults.extend(look(&stage, &window, *place).await?);
    }
    stage.artefacts.finish("Каждый экран, каждая ширина, обе палитры")?;
    if !faults.is_empty() {
        bail!("{} faults:\n{}", faults.len(), faults.join("\n"));
    }
    Ok(())
}

#[tokio::test]
async fn every_screen_of_the_buyer_fits_and_is_accessible() -> Result<()> {
    every_screen_of(Side::Buyer, ANNA, "screens-buyer").await
}

#[tokio::test]
async fn every_screen_of_the_seller_fits_and_is_accessible() -> Result<()> {
    every_screen_of(Side::Seller, TEA, "screens-seller").await
}
