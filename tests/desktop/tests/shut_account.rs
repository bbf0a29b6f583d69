//! An account whose files cannot be opened: it is shown with its fault, and one more try opens it, without a restart.

use std::collections::BTreeSet;
use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use prilavok_desktop_tests::artefacts::Artefacts;
use prilavok_desktop_tests::stage::{LINEN, PASSWORD, Side, Stage, TEA, Window};

const ONLINE: &str = "[data-testid='connection'][data-state='online']";
const ACCOUNT: &str = "[data-testid='account']";
const FAULTY: &str = "[data-testid='account-row'][data-fault='disk']";

fn folders(window: &Window) -> Result<BTreeSet<PathBuf>> {
    let entries = std::fs::read_dir(window.data("accounts"))?;
    Ok(entries.flatten().map(|entry| entry.path()).collect())
}

async fn is_front(window: &Window, name: &str) -> Result<()> {
    window.wait(&format!("{ACCOUNT}[aria-label*='{name}']")).await?;
    window.wait(ONLINE).await.map(drop)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_that_cannot_be_opened_is_in_the_menu_and_in_front_with_its_fault_and_opens_later() -> Result<()> {
    let stage = Stage::set(Artefacts::of_test("shut-account")?).await?;
    let seller = stage.open(Side::Seller, Some(TEA)).await?;
    seller.wait(ONLINE).await?;
    let before = folders(&seller)?;
    seller.click(ACCOUNT).await?;
    seller.click("[data-testid='account-add']").await?;
    seller.write("[data-testid='sign-in-email']", LINEN).await?;
    seller.write("[data-testid='sign-in-password']", PASSWORD).await?;
    seller.click("[data-testid='sign-in-submit']").await?;
    is_front(&seller, "Льняной").await?;
    let linen = folders(&seller)?;
    let linen = linen.difference(&before).next().context("it has a folder")?.clone();
    let aside = linen.with_extension("aside");

    // A file where the folder was: nothing can be opened in it.
    let crashed = seller.crash();
    std::fs::rename(&linen, &aside)?;
    std::fs::write(&linen, "")?;
    let seller = crashed.start(&stage).await?;
    seller.wait_text("main", "Не удалось открыть: ").await?;
    seller.photograph(&stage, "впереди").await?;
    seller.click("[data-testid='account-retry']").await?;
    seller.wait_text("[role=alert]", "данные на диске").await?;

    // The other one works; in its menu stands what does not.
    seller.click("[data-testid='account-back']").await?;
    is_front(&seller, "Чайная").await?;
    seller.click(ACCOUNT).await?;
    let said = seller.wait_text(FAULTY, "не открылась").await?;
    ensure!(!said.contains("Учётная запись"), "its name is known: {said}");
    seller.photograph(&stage, "меню").await?;
    seller.click(FAULTY).await?;
    seller.wait_text("body", "данные на диске").await?;
    is_front(&seller, "Чайная").await?;

    // The check names both.
    seller.click("[data-testid='nav-settings']").await?;
    seller.click("[data-testid='check-open']").await?;
    let row = |standing: &str| format!("[data-testid='check-row'][data-id='account'][data-standing='{standing}']");
    let address = stage.server.address();
    seller.wait_text(&row("poor"), &address).await?;
    let said = seller.wait_text(&row("bad"), &address).await?;
    ensure!(
        said.contains("Учётная запись 2") && said.contains("данные на диске"),
        "{said}"
    );
    seller.photograph(&stage, "проверка").await?;

    std::fs::remove_file(&linen)?;
    std::fs::rename(&aside, &linen)?;
    seller.click(ACCOUNT).await?;
    seller.click(FAULTY).await?;
    is_front(&seller, "Льняной").await?;
    seller.click(ACCOUNT).await?;
    seller.wait("[data-testid='account-row']").await?;
    ensure!(seller.count(FAULTY).await? == 0, "it works");
    Ok(())
}
