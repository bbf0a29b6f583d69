//! The icon beside the clock: open, quit, and a mark when something is unread.
//!
//! Not every desktop has a place for it. Then closing the window quits, instead of hiding it where nobody finds it.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::OnceLock;

use fluent_bundle::FluentArgs;
use tauri::image::Image;
use tauri::menu::{Menu, MenuItem};
use tauri::tray::{TrayIcon, TrayIconBuilder};
use tauri::{AppHandle, Manager, Wry};

use crate::{App, life, words};

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
    let made = catch_unwind(AssertUnwindSafe(|| attempt(app, language)));
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

/// Marks the icon while anything is unread.
pub(crate) fn show_unread(app: &AppHandle, total: u32) {
    let tray = app.state::<Tray>();
    let Some(made) = tray.0.get() else { return };
    let drawn = Image::from_bytes(app.state::<App>().tray_icon)
        .map(|plain| if total == 0 { plain } else { marked(&plain) })
        .and_then(|image| made.icon.set_icon(Some(image)));
    if let Err(error) = drawn {
        tracing::warn!(%error, "The icon beside the clock could not be drawn.");
    }
}

/// The icon with a red dot in its lower right corner.
fn marked(plain: &Image<'_>) -> Image<'static> {
    let (width, height) = (plain.width(), plain.height());
    let mut pixels = plain.rgba().to_vec();
    let radius = i64::from(width.min(height)) / 4;
    let (centre_x, centre_y) = (i64::from(width) - radius, i64::from(height) - radius);
    for (index, pixel) in pixels.chunks_exact_mut(4).enumerate() {
        let index = i64::try_from(index).expect("an icon has few pixels");
        let (x, y) = (index % i64::from(width), index / i64::from(width));
        let distance = (x - centre_x).pow(2) + (y - centre_y).pow(2);
        if distance <= (radius - 2).pow(2) {
            pixel.copy_from_slice(&[0xE0, 0x24, 0x1B, 0xFF]);
        } else if distance <= radius.pow(2) {
            pixel.copy_from_slice(&[0xFF, 0xFF, 0xFF, 0xFF]);
        }
    }
    Image::new_owned(pixels, width, height)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mark_is_red_and_in_the_corner() {
        let plain = Image::new_owned(vec![0; 64 * 64 * 4], 64, 64);
        let image = marked(&plain);
        let at = |x: usize, y: usize| image.rgba()[(y * 64 + x) * 4..][..4].to_vec();
        assert_eq!(at(48, 48), [0xE0, 0x24, 0x1B, 0xFF]);
        assert_eq!(at(4, 4), [0, 0, 0, 0]);
    }
}
