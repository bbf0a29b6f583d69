//! The window among screens, trays and keys: where it comes back to, and when closing it is quitting.

use anyhow::{Result, ensure};
use prilavok_desktop_tests::artefacts::Artefacts;
use prilavok_desktop_tests::stage::{Side, Stage, TEA, until};

const ONLINE: &str = "[data-testid='connection'][data-state='online']";
/// What is left of the screen when its right part is gone.
const LEFT: (u32, u32) = (960, 1200);

/// What the window manager draws around a window, in pixels.
const FRAME: usize = 8;

#[tokio::test(flavor = "multi_thread")]
async fn a_window_keeps_its_tab_quits_by_key_and_is_found_when_its_screen_is_gone() -> Result<()> {
    let stage = Stage::set(Artefacts::of_test("window-screens")?).await?;
    let seller = stage.open(Side::Seller, Some(TEA)).await?;
    seller.wait(ONLINE).await?;
    stage
        .desktop
        .place(seller.side.any_title(), (900, 200), (760, 600))
        .await?;
    seller.click_text(".tabs button", "Ждут ответа").await?;

    seller.wait("[data-testid='thread-row']").await?;
    stage.desktop.bring_to_front(seller.side.any_title()).await?;
    let before = seller.still(&stage).await?;
    let place = stage.desktop.geometry(seller.side.any_title()).await?;
    // Of this place only the left edge, too small to be taken hold of, will be on a screen.
    ensure!((880..960).contains(&place[0]), "it was put there: {place:?}");

    seller.close_into_tray(&stage).await?;
    stage.tray.icon(0).await?.choose("Открыть Прилавок").await?;
    until("the window is back where it was, with the keyboard", || async {
        ensure!(
            stage.desktop.active_window().await?.contains("Продавец"),
            "another window has it"
        );
        let now = stage.desktop.geometry(seller.side.any_title()).await?;
        ensure!(now == place, "it was at {place:?} and is at {now:?}");
        Ok(Some(()))
    })
    .await?;
    seller.wait_alike(&stage, &before).await?;
    stage.picture("справа").await?;

    seller.quit_by(&stage, "ctrl+q").await?;
    stage.desktop.narrow_screen(LEFT).await?;
    let seller = seller.crash_and_start_again(&stage).await?;
    seller.wait(ONLINE).await?;
    until("the window is on the screen that is left", || async {
        let [x, y, width, height] = stage.desktop.geometry(seller.side.any_title()).await?;
        let (right, below) = (LEFT.0 as usize + FRAME, LEFT.1 as usize);
        let is_in = x + width <= right && y + height <= below;
        ensure!(is_in, "it is at {x}, {y} and {width} by {height}");
        Ok(Some(()))
    })
    .await?;
    stage.picture("осталась-левая").await
}

#[tokio::test(flavor = "multi_thread")]
async fn where_no_tray_shows_icons_the_check_says_so_and_closing_the_window_quits() -> Result<()> {
    let stage = Stage::set(Artefacts::of_test("window-no-tray")?).await?;
    stage.tray.leave().await?;
    let seller = stage.open(Side::Seller, Some(TEA)).await?;
    seller.wait(ONLINE).await?;
    seller.click("[data-testid='nav-settings']").await?;
    seller
        .wait_text("main", "пока это так, закрыть окно — значит выйти")
        .await?;
    seller.click("[data-testid='check-open']").await?;
    seller
        .wait_text(
            "[data-testid='check-row'][data-id='tray'][data-standing='poor']",
            "закрыть окно — значит выйти",
        )
        .await?;
    seller.photograph(&stage, "без-трея").await?;
    seller.quit_by(&stage, "alt+F4").await
}
