//! The app's one window: built with the right palette, kept on the app's own pages, raised when a notice is clicked.

use std::sync::{Mutex, PoisonError};

use fluent_bundle::FluentArgs;
use prilavok_client::{Error, Focus, SeatId, Settings, Theme};
use prilavok_protocol::ids::Role;
use tauri::utils::config::Color;
use tauri::webview::{NewWindowResponse, PermissionResponse};
use tauri::{AppHandle, Manager, PhysicalPosition, PhysicalSize, WebviewWindow, WebviewWindowBuilder};
use url::Url;

use crate::accounts::Accounts;
use crate::life::Life;
use crate::place::{Place, asked};
use crate::{App, comfort, screens, theme, tray, words};

/// The window's label in `tauri.conf.json` and in the capability file.
pub(crate) const LABEL: &str = "main";

/// What the page last said it shows; the window's own focus is added to it.
#[derive(Default)]
pub(crate) struct Eyes(Mutex<Focus>);

/// Builds the window that `tauri.conf.json` describes.
pub(crate) fn build(app: &AppHandle) -> tauri::Result<WebviewWindow> {
    let place = app.state::<Place>();
    let theme = theme::remembered(&place.data_dir);
    let config = app
        .config()
        .app
        .windows
        .iter()
        .find(|window| window.label == LABEL)
        .expect("tauri.conf.json describes the main window");
    let dev = app.config().build.dev_url.clone();
    let window = WebviewWindowBuilder::from_config(app, config)?
        .data_directory(place.data_dir.join("webview"))
        .background_color(background(app.state::<App>().role, theme))
        .initialization_script(theme::script(theme))
        .initialization_script(app.state::<Life>().script())
        .initialization_script(seat_script(app.state::<Accounts>().front()))
        .on_navigation(move |url| is_own(url, dev.as_ref()))
        .on_new_window(|_, _| NewWindowResponse::Deny)
        .on_download(|_, _| false)
        .on_permission_request(|_, _| PermissionResponse::Deny)
        .build()?;
    screens::bring_in(&window)?;
    scroll_at_once(&window)?;
    #[cfg(target_os = "linux")]
    {
        crate::webkit::draw_once_loaded(&window)?;
        crate::webkit::watch(&window)?;
    }
    retitle(app, |_| {});
    #[cfg(not(target_os = "linux"))]
    crate::numbers::on_window(app);
    comfort::begin(&window);
    if let Some(side) = asked("PRILAVOK_WINDOW_SIDE") {
        stand(&window, &side)?;
    }
    Ok(window)
}

/// Tells a page whose it is before it begins.
pub(crate) fn seat_script(seat: SeatId) -> String {
    format!("window.__PRILAVOK_SEAT__ = {};", seat.0)
}

/// A wheel's notch is answered at once. WebKitGTK would glide to where it leads, and gives up gliding whenever the list
/// corrects its place for a row that has just been measured: a fast wheel upwards then got nowhere.
#[cfg(target_os = "linux")]
fn scroll_at_once(window: &WebviewWindow) -> tauri::Result<()> {
    use webkit2gtk::{SettingsExt, WebViewExt};
    window.with_webview(|view| {
        if let Some(settings) = view.inner().settings() {
            settings.set_enable_smooth_scrolling(false);
        }
    })
}

#[cfg(not(target_os = "linux"))]
fn scroll_at_once(_window: &WebviewWindow) -> tauri::Result<()> {
    Ok(())
}

/// Takes the `left` or the `right` half of the screen, so that the demo's two windows do not hide each other.
fn stand(window: &WebviewWindow, side: &str) -> tauri::Result<()> {
    let Some(monitor) = window.primary_monitor()? else {
        return Ok(());
    };
    let room = monitor.work_area();
    // A title bar, which the size does not count.
    let bar = (32.0 * monitor.scale_factor()) as u32;
    let (width, height) = (room.size.width / 2, room.size.height.saturating_sub(bar));
    let right = room.position.x + i32::try_from(width).unwrap_or_default();
    let x = if side == "right" { right } else { room.position.x };
    window.set_size(PhysicalSize::new(width, height))?;
    window.set_position(PhysicalPosition::new(x, room.position.y))
}

/// The page lives at Tauri's own address, or, while developing, at the development server's.
pub(crate) fn is_own(url: &Url, dev: Option<&Url>) -> bool {
    let built_in = match url.scheme() {
        "tauri" => url.host_str() == Some("localhost"),
        "http" | "https" => url.host_str() == Some("tauri.localhost"),
        _ => false,
    };
    built_in || (tauri::is_dev() && dev.is_some_and(|dev| dev.origin() == url.origin()))
}

/// `--bg-app` of the four palettes, so that the moment before the first paint has the page's colour.
pub(crate) fn background(role: Role, theme: Theme) -> Color {
    match (role, theme) {
        (Role::Buyer, Theme::Dark) => Color(0x1A, 0x15, 0x12, 0xFF),
        (Role::Buyer, _) => Color(0xFB, 0xF6, 0xF0, 0xFF),
        (Role::Seller, Theme::Dark) => Color(0x0F, 0x14, 0x1A, 0xFF),
        (Role::Seller, _) => Color(0xF2, 0xF4, 0xF7, 0xFF),
    }
}

/// Brings the window to the front, wherever it hides.
pub(crate) fn raise(window: &WebviewWindow) {
    let raised = window
        .show()
        .and_then(|()| window.unminimize())
        .and_then(|()| window.set_focus());
    if let Err(error) = raised {
        tracing::warn!(%error, "The window could not be raised.");
    }
}

/// What the title says besides the app's name: known at different moments.
#[derive(Default)]
pub(crate) struct Title(Mutex<(Option<String>, u32)>);

/// Puts the number of unread messages before the title, where task bars show it.
pub(crate) fn show_unread(app: &AppHandle, total: u32) {
    retitle(app, |title| title.1 = total);
}

fn retitle(app: &AppHandle, change: impl FnOnce(&mut (Option<String>, u32))) {
    let (language, total) = {
        let title = app.state::<Title>();
        let mut title = title.0.lock().unwrap_or_else(PoisonError::into_inner);
        change(&mut title);
        title.clone()
    };
    let Some(window) = app.get_webview_window(LABEL) else {
        return;
    };
    let key = match app.state::<App>().role {
        Role::Buyer => "window-title-buyer",
        Role::Seller => "window-title-seller",
    };
    let plain = words::say(&language.unwrap_or_else(words::of_system), key, &FluentArgs::new());
    let title = if total == 0 {
        plain
    } else {
        format!("({total}) {plain}")
    };
    if let Err(error) = window.set_title(&title) {
        tracing::warn!(%error, "The window's title could not be set.");
    }
}

/// The page says what it shows. A page that is about to go says nothing that still holds.
/// Nor does the page of an account that is not in front any more.
pub(crate) async fn look(app: &AppHandle, seat: SeatId, focus: Focus) -> Result<(), Error> {
    let accounts = app.state::<Accounts>();
    if app.state::<Life>().is_resting() || accounts.front() != seat {
        return Ok(());
    }
    *app.state::<Eyes>().0.lock().unwrap_or_else(PoisonError::into_inner) = focus;
    accounts.client_of(seat).await?.look(focus).await
}

/// There is no page any more: nothing is in front of anybody's eyes.
pub(crate) fn forget_eyes(app: &AppHandle) {
    *app.state::<Eyes>().0.lock().unwrap_or_else(PoisonError::into_inner) = Focus::default();
}

/// Another account is in front: its engine learns whether the window has the keyboard.
pub(crate) fn look_around(app: &AppHandle) {
    let window = app.get_webview_window(LABEL);
    let is_focused = window.is_some_and(|window| window.is_focused().unwrap_or(false));
    focused(app, is_focused);
}

/// The window lost the keyboard or got it back. A hidden page does not always say so itself.
pub(crate) fn focused(app: &AppHandle, is_focused: bool) {
    if app.state::<Life>().is_resting() {
        return;
    }
    let seen = *app.state::<Eyes>().0.lock().unwrap_or_else(PoisonError::into_inner);
    let Some(client) = app.state::<Accounts>().ready() else {
        return;
    };
    tauri::async_runtime::spawn(async move {
        if let Err(error) = client.look(Focus { is_focused, ..seen }).await {
            tracing::warn!(%error, "The engine was not told of the window's focus.");
        }
    });
}

/// Applies settings that concern the shell.
pub(crate) fn settle(app: &AppHandle, settings: &Settings) {
    theme::remember(&app.state::<Place>().data_dir, settings.theme);
    tray::speak(app, &settings.language);
    comfort::settle(app, settings);
    retitle(app, |title| title.0 = Some(settings.language.clone()));
}

#[cfg(test)]
mod tests {
    use super::is_own;

    #[test]
    fn the_window_stays_on_the_apps_own_pages() {
        let own = |url: &str| is_own(&url.parse().expect("an address"), None);
        assert!(own("tauri://localhost/index.html"));
        assert!(own("http://tauri.localhost/"));
        for foreign in [
            "https://example.org/",
            "http://localhost:5173/",
            "file:///etc/passwd",
            "data:text/html,x",
        ] {
            assert!(!own(foreign), "{foreign}");
        }
    }
}
