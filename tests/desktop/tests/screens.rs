//! Every screen of both apps: every width, both palettes, both languages. The pictures stay in the artefacts, to be looked at.

use anyhow::{Result, bail};
use prilavok_desktop_tests::artefacts::Artefacts;
use prilavok_desktop_tests::screens::{Language, Place, look};
use prilavok_desktop_tests::stage::{ANNA, Comer, Side, Stage, TEA};

async fn every_screen_of(side: Side, account: &str, run: &str) -> Result<()> {
    let stage = Stage::set(Artefacts::of_test(run)?).await?;
    let mut faults = Vec::new();

    let guest = stage.open_to(side, Comer::Stranger).await?;
    faults.extend(look(&stage, &guest, Place::Server, Language::Russian).await?);
    let address = "[data-testid='server-address']";
    guest.write(address, &stage.server.address()).await?;
    guest.click("[data-testid='server-submit']").await?;
    for place in [Place::SignIn, Place::SignUp] {
        faults.extend(look(&stage, &guest, place, Language::Russian).await?);
    }
    guest.close().await;

    let window = stage.open(side, Some(account)).await?;
    window.wait("[data-testid='connection'][data-state='online']").await?;
    for language in [Language::Russian, Language::English] {
        language.choose(&window).await?;
        for place in Place::of(side) {
            faults.extend(look(&stage, &window, *place, language).await?);
        }
    }
    // The language stays with the app, also when nobody is signed in.
    Place::Settings.enter(&window).await?;
    window.click("[data-testid='sign-out']").await?;
    window.click("[data-testid='sign-out-surely']").await?;
    for place in Place::OUTSIDE {
        faults.extend(look(&stage, &window, place, Language::English).await?);
    }
    stage
        .artefacts
        .finish("Каждый экран, каждая ширина, обе палитры, оба языка")?;
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
