//! One number, four places: the engine's count of unread messages goes to the title, the tray and the dock from here; the
//! list shows the same update.

use std::sync::atomic::{AtomicU32, Ordering};

use tauri::{AppHandle, Manager};

use crate::accounts::Accounts;
use crate::{tray, window};

/// How many messages are unread.
#[derive(Default)]
pub(crate) struct Numbers(AtomicU32);

/// An engine has counted: the sum of all accounts. Two of them may change at once: whoever looked first and shows last looks again.
pub(crate) fn show(app: &AppHandle) {
    let accounts = app.state::<Accounts>();
    loop {
        let total = accounts.unread();
        show_one(app, total);
        if accounts.unread() == total {
            return;
        }
    }
}

fn show_one(app: &AppHandle, total: u32) {
    app.state::<Numbers>().0.store(total, Ordering::Relaxed);
    window::show_unread(app, total);
    tray::show_unread(app, total);
    #[cfg(target_os = "linux")]
    app.state::<crate::launcher::Launcher>().show(total);
    #[cfg(not(target_os = "linux"))]
    on_window(app);
}

/// The number on a window's entry in the task bar, also of a window that was just made.
#[cfg(not(target_os = "linux"))]
pub(crate) fn on_window(app: &AppHandle) {
    let total = app.state::<Numbers>().0.load(Ordering::Relaxed);
    let Some(window) = app.get_webview_window(window::LABEL) else {
        return;
    };
    #[cfg(windows)]
    let shown = match total {
        0 => window.set_overlay_icon(None),
        _ => crate::badge::alone(total).and_then(|mark| window.set_overlay_icon(Some(mark))),
    };
    #[cfg(not(windows))]
    let shown = window.set_badge_count((total > 0).then_some(i64::from(total)));
    if let Err(error) = shown {
        tracing::warn!(%error, "The task bar could not be told of unread messages.");
    }
}
