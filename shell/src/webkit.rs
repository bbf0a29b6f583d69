//! What WebKitGTK needs said that Tauri has no word for.

use std::cell::Cell;
use std::fs;
use std::path::Path;
use std::rc::Rc;
use std::time::Duration;

use gtk::glib::object::ObjectExt;
use gtk::glib::{Propagation, timeout_add_local_once};
use gtk::prelude::WidgetExt;
use rustix::process::{Pid, Signal, kill_process};
use tauri::{Manager, WebviewWindow};
use webkit2gtk::{LoadEvent, WebViewExt};

use crate::life;
use crate::place::asked;

/// Has the window built anew when its page's process dies: otherwise it would stay white.
pub(crate) fn watch(window: &WebviewWindow) -> tauri::Result<()> {
    let app = window.app_handle().clone();
    window.with_webview(move |view| {
        view.inner().connect_web_process_terminated(move |_, reason| {
            tracing::error!(?reason, "The page's process has died.");
            tauri::async_runtime::spawn(life::rebuild(app.clone()));
        });
    })
}

/// So long may a page take to load before it is drawn nonetheless: one that never ends loading is better seen half than not.
/// Ours takes a tenth of it.
const LOADING: Duration = Duration::from_secs(1);

/// Keeps GTK from drawing the page before it has been loaded. Where nothing is drawn by the graphics card, WebKit answers GTK
/// only with a picture of the size that the window has now, holds the whole program for up to half a second to wait for
/// it, and the page's process, whose first files this program brings, cannot paint one meanwhile: half of all starts took
/// that much longer. Until then the window shows its own background, of the page's colour.
pub(crate) fn draw_once_loaded(window: &WebviewWindow) -> tauri::Result<()> {
    window.with_webview(|view| {
        let page = view.inner();
        let may_draw = Rc::new(Cell::new(false));
        page.connect_draw({
            let may_draw = may_draw.clone();
            move |_, _| match may_draw.get() {
                true => Propagation::Proceed,
                false => Propagation::Stop,
            }
        });
        let closed_or_open = page.downgrade();
        let draw = move || {
            if !may_draw.replace(true)
                && let Some(page) = closed_or_open.upgrade()
            {
                page.queue_draw();
            }
        };
        timeout_add_local_once(LOADING, draw.clone());
        page.connect_load_changed(move |_, event| {
            if event == LoadEvent::Finished {
                draw();
            }
        });
    })
}

/// What the kernel keeps of the name of the process that speaks to the network for pages.
const NETWORK_PROCESS: &str = "WebKitNetworkPr";

/// Ends the process that speaks to the network for pages. Only while there are none: WebKit keeps it for as long as the
/// app lives, though nobody needs it, and starts another with the next page.
pub(crate) fn end_network_process() {
    let Ok(entries) = fs::read_dir("/proc") else { return };
    let own = std::process::id();
    for entry in entries.flatten() {
        let id = entry.file_name().to_string_lossy().parse().ok().and_then(Pid::from_raw);
        let Some(id) = id.filter(|_| is_network_process_of(&entry.path(), own)) else {
            continue;
        };
        if let Err(error) = kill_process(id, Signal::TERM) {
            tracing::warn!(%error, "WebKit's network process could not be ended.");
        }
    }
}

fn is_network_process_of(process: &Path, parent: u32) -> bool {
    // It may have ended meanwhile.
    let Ok(status) = fs::read_to_string(process.join("status")) else {
        return false;
    };
    let says = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name));
        line.map(str::trim)
    };
    says("Name:") == Some(NETWORK_PROCESS) && says("PPid:") == Some(parent.to_string().as_str())
}

/// WebKit's DMABUF renderer shows a blank window on some drivers, and the switch must be in the environment before GTK
/// starts. Setting a variable of a running process is unsafe, so the program starts itself again with it.
pub(crate) fn prepare() -> Result<(), &'static str> {
    use std::os::unix::process::CommandExt;
    const SWITCH: &str = "WEBKIT_DISABLE_DMABUF_RENDERER";
    if asked("DISPLAY").is_none() && asked("WAYLAND_DISPLAY").is_none() {
        return Err("Прилавку нужен графический экран: ни DISPLAY, ни WAYLAND_DISPLAY не заданы.");
    }
    if std::env::var_os(SWITCH).is_some() {
        return Ok(());
    }
    let Ok(program) = std::env::current_exe() else {
        return Ok(());
    };
    // Returns only when it failed; then the app runs without the switch, which most machines do not need.
    let _error = std::process::Command::new(program)
        .args(std::env::args_os().skip(1))
        .env(SWITCH, "1")
        .exec();
    Ok(())
}
