//! The icon beside the clock: open, quit, and the number of unread messages.
//!
//! Not every desktop has a place for it. Then closing the window quits, instead of hiding it where nobody finds it.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::OnceLock;

use fluent_bundle::FluentArgs;
use tauri::image::Image;
use tauri::menu::{Menu, MenuItem};
use tauri::tray::{TrayIcon, TrayIconBuilder};
use tauri::{AppHandle, Manager, Wry};

use crate::place::Place;
use crate::{App, badge, crash, life, words};

/// The icon and its menu, where the system could make one.
#[derive(Default)]
pub(crate) struct Tray(OnceLock<Made>);

struct Made {
    icon: TrayIcon,
    open: MenuItem<Wry>,
    quit: MenuItem<Wry>,
}

/// Makes the icon. Call on the main thread.
pub(crate) fn make(app: &AppHandle, language: &str) {
    // Without its library the tray crate panics while loading it; the app is whole without an icon.
    let made = crash::expected(|| catch_unwind(AssertUnwindSafe(|| attempt(app, language))));
    match made {
        Ok(Ok(made)) => drop(app.state::<Tray>().0.set(made)),
        Ok(Err(error)) => tracing::warn!(%error, "There is no icon beside the clock."),
        Err(_) => tracing::warn!("There is no icon beside the clock: libayatana-appindicator3-1 is not installed."),
    }
}

fn attempt(app: &AppHandle, language: &str) -> tauri::Result<Made> {
    let open = MenuItem::with_id(app, "open", say(language, "tray-open"), true, None::<&str>)?;
    let quit = MenuItem::with_id(app, "quit", say(language, "tray-quit"), true, None::<&str>)?;
    let menu = Menu::with_items(app, &[&open, &quit])?;
    let icon = TrayIconBuilder::with_id("main")
        // Every app and profile has its own file: otherwise they would draw over each other's numbers.
        .temp_dir_path(app.state::<Place>().data_dir.join("tray"))
        .icon(Image::from_bytes(app.state::<App>().tray_icon)?)
        .menu(&menu)
        .on_menu_event(|app, event| match event.id().as_ref() {
            "open" => life::open_soon(app),
            "quit" => app.exit(0),
            _ => {}
        })
        .build(app)?;
    Ok(Made { icon, open, quit })
}

fn say(language: &str, key: &str) -> String {
    words::say(language, key, &FluentArgs::new())
}

/// Puts the menu into another language.
pub(crate) fn speak(app: &AppHandle, language: &str) {
    let tray = app.state::<Tray>();
    let Some(made) = tray.0.get() else { return };
    let said = made
        .open
        .set_text(say(language, "tray-open"))
        .and_then(|()| made.quit.set_text(say(language, "tray-quit")));
    if let Err(error) = said {
        tracing::warn!(%error, "The tray menu could not change its language.");
    }
}

/// Draws the number of unread messages into the icon.
pub(crate) fn show_unread(app: &AppHandle, total: u32) {
    let tray = app.state::<Tray>();
    let Some(made) = tray.0.get() else { return };
    let drawn = Image::from_bytes(app.state::<App>().tray_icon)
        .and_then(|plain| badge::drawn(&plain, total))
        .and_then(|image| made.icon.set_icon(Some(image)));
    if let Err(error) = drawn {
        tracing::warn!(%error, "The icon beside the clock could not be drawn.");
    }
}

/// Whether the person can see the icon right now.
pub(crate) async fn is_seen(app: &AppHandle) -> bool {
    app.state::<Tray>().0.get().is_some() && has_place().await
}

/// Whether this desktop shows such icons: somebody must host them on the session bus.
#[cfg(target_os = "linux")]
async fn has_place() -> bool {
    let ask = async {
        let bus = zbus::Connection::session().await?;
        let watcher = zbus::Proxy::new(
            &bus,
            "org.kde.StatusNotifierWatcher",
            "/StatusNotifierWatcher",
            "org.kde.StatusNotifierWatcher",
        )
        .await?;
        watcher.get_property::<bool>("IsStatusNotifierHostRegistered").await
    };
    // The bus answers in milliseconds; a person who closes a window waits for nothing longer.
    let answer = tokio::time::timeout(std::time::Duration::from_secs(1), ask).await;
    matches!(answer, Ok(Ok(true)))
}

#[cfg(not(target_os = "linux"))]
async fn has_place() -> bool {
    true
}
