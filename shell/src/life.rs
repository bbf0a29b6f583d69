//! The window's life: closed into the tray no webview is left of it, opened again it stands where it stood.
//!
//! The engine, the outbox and the notices never notice. What only the page knew (which page, which thread, how far
//! scrolled) it says here from time to time, and once more when it is asked to leave.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use prilavok_client::{Focus, Update};
use serde_json::Value;
use tauri::{AppHandle, Manager};
use tauri_plugin_window_state::AppHandleExt;
use tokio::sync::oneshot;

use crate::accounts::Accounts;
use crate::updates::Screen;
#[cfg(target_os = "linux")]
use crate::webkit;
use crate::{run, tray, window};

/// Writing a draft down takes milliseconds. A page that hangs is not waited for: its draft was written while typing.
const LEAVING: Duration = Duration::from_millis(500);
/// The system takes a window down at once; more means that the event loop stands.
const GOING: Duration = Duration::from_secs(3);
/// WebKit writes what a page has stored within half a second.
const STORING: Duration = Duration::from_secs(1);
/// A panel is up some seconds after the session begins: 40 × 500 ms.
const PANEL_TRIES: u32 = 40;
const PANEL_PAUSE: Duration = Duration::from_millis(500);
/// A page that dies more often than this within [`LATELY`] is not built again by itself.
const DEATHS: usize = 3;
const LATELY: Duration = Duration::from_secs(60);
/// A page's place is a few hundred bytes; more is not a place.
const PLACE_LIMIT: usize = 16 * 1024;
/// The event that asks the page to leave; `ui/src/bridge/tauri.ts` listens to it.
const LEAVE: &str = "window.dispatchEvent(new Event('prilavok-leave'))";

/// What is kept of the window while there is none.
#[derive(Default)]
pub(crate) struct Life {
    /// Opening and closing wait for each other.
    turn: tokio::sync::Mutex<()>,
    /// There is no page, or it is about to go: what it still says about the person's eyes is stale.
    is_resting: AtomicBool,
    place: Mutex<Value>,
    left: Mutex<Option<oneshot::Sender<()>>>,
    gone: Mutex<Option<oneshot::Sender<()>>>,
    began: Mutex<Option<Instant>>,
    deaths: Mutex<Vec<Instant>>,
}

impl Life {
    /// Whether no page is there to be looked at.
    pub(crate) fn is_resting(&self) -> bool {
        self.is_resting.load(Ordering::Acquire)
    }

    /// The app starts without a window.
    pub(crate) fn rest(&self) {
        self.is_resting.store(true, Ordering::Release);
    }

    /// The page says where it is; `is_last` when it was asked to leave and has written everything down.
    pub(crate) fn keep(&self, place: Value, is_last: bool) {
        if place.to_string().len() <= PLACE_LIMIT {
            *held(&self.place) = place;
        }
        if is_last {
            answer(&self.left);
        }
    }

    /// Where the last page was, as a script that tells the next one before it begins.
    pub(crate) fn script(&self) -> String {
        format!("window.__PRILAVOK_PLACE__ = {};", *held(&self.place))
    }

    /// How often a page has died of late, this time included.
    fn count_death(&self) -> usize {
        let mut deaths = held(&self.deaths);
        deaths.retain(|death| death.elapsed() < LATELY);
        deaths.push(Instant::now());
        deaths.len()
    }

    /// The system has taken the window down.
    pub(crate) fn gone(&self) {
        answer(&self.gone);
    }

    /// Whether there is a page and it has painted.
    pub(crate) fn has_painted(&self) -> bool {
        !self.is_resting() && held(&self.began).is_none()
    }

    /// The page has painted what the person will see first.
    pub(crate) fn painted(&self) {
        if let Some(began) = held(&self.began).take() {
            let milliseconds = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
            tracing::info!(milliseconds, "The window has painted.");
        }
    }
}

/// Brings the window to the front, and makes one if there is none.
pub(crate) fn open_soon(app: &AppHandle) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move { open(&app).await });
}

/// The same, and waits for it.
pub(crate) async fn open(app: &AppHandle) {
    let life = app.state::<Life>();
    let _turn = life.turn.lock().await;
    if let Some(window) = app.get_webview_window(window::LABEL) {
        window::raise(&window);
        return;
    }
    begin(&life);
    match window::build(app) {
        Ok(window) => window::raise(&window),
        Err(error) => {
            life.rest();
            tracing::error!(%error, "The window could not be built.");
        }
    }
}

/// A page begins from here on.
pub(crate) fn begin(life: &Life) {
    *held(&life.began) = Some(Instant::now());
    life.is_resting.store(false, Ordering::Release);
}

/// Takes the window down; the app lives on in the tray.
pub(crate) async fn close(app: &AppHandle) {
    let life = app.state::<Life>();
    let _turn = life.turn.lock().await;
    let Some(window) = app.get_webview_window(window::LABEL) else {
        return;
    };
    // What the person sees is that it is gone at once.
    if let Err(error) = window.hide() {
        tracing::warn!(%error, "The window could not be hidden.");
    }
    life.rest();
    leave(app).await;
    take_down(app, &life).await;
    if let Err(error) = app.save_window_state(run::REMEMBERED) {
        tracing::warn!(%error, "The window's place could not be written down.");
    }
    tauri::async_runtime::spawn(clear_away(app.clone()));
}

/// What a page stores is written by a process of its own; it is given time, and nobody waits for it.
pub(crate) async fn clear_away(app: AppHandle) {
    tokio::time::sleep(STORING).await;
    let life = app.state::<Life>();
    let _turn = life.turn.lock().await;
    if app.webview_windows().is_empty() {
        #[cfg(target_os = "linux")]
        webkit::end_network_process();
    }
}

/// The page, if there is one, writes down what it has not yet.
pub(crate) async fn leave(app: &AppHandle) {
    let Some(window) = app.get_webview_window(window::LABEL) else {
        return;
    };
    let left = expect(&app.state::<Life>().left);
    if window.eval(LEAVE).is_ok() && tokio::time::timeout(LEAVING, left).await.is_err() {
        tracing::warn!("The page did not say where it was.");
    }
}

/// Started with the session, without a window. Where nobody shows the icon, there must be one after all.
pub(crate) async fn stay_hidden(app: AppHandle) {
    for _ in 0..PANEL_TRIES {
        if tray::is_seen(&app).await {
            return;
        }
        tokio::time::sleep(PANEL_PAUSE).await;
    }
    tracing::info!("There is no place for an icon: the window is opened.");
    open(&app).await;
}

/// The page's process has died: a new page takes its place, where the old one stood.
pub(crate) async fn rebuild(app: AppHandle) {
    let life = app.state::<Life>();
    let turn = life.turn.lock().await;
    if life.is_resting() || app.get_webview_window(window::LABEL).is_none() {
        return;
    }
    life.rest();
    let deaths = life.count_death();
    take_down(&app, &life).await;
    drop(turn);
    if deaths > DEATHS {
        tracing::error!("The page dies again and again: the window stays closed.");
        if !tray::is_seen(&app).await {
            app.exit(1);
        }
        return;
    }
    if deaths > 1 {
        // It may be the place itself that kills it.
        *held(&life.place) = Value::Null;
    }
    let key = "page".to_owned();
    app.state::<Screen>().say(Update::Warning { key });
    open(&app).await;
}

/// Nobody looks at anything any more, and nobody listens.
async fn take_down(app: &AppHandle, life: &Life) {
    let Some(window) = app.get_webview_window(window::LABEL) else {
        return;
    };
    let gone = expect(&life.gone);
    app.state::<Screen>().deafen();
    if let Err(error) = window.destroy() {
        tracing::error!(%error, "The window could not be taken down.");
        return;
    }
    drop(window);
    if tokio::time::timeout(GOING, gone).await.is_err() {
        tracing::error!("The window did not go in time.");
    }
    window::forget_eyes(app);
    if let Some(client) = app.state::<Accounts>().ready()
        && let Err(error) = client.look(Focus::default()).await
    {
        tracing::warn!(%error, "The engine was not told that the window is gone.");
    }
}

fn expect(slot: &Mutex<Option<oneshot::Sender<()>>>) -> oneshot::Receiver<()> {
    let (sender, receiver) = oneshot::channel();
    *held(slot) = Some(sender);
    receiver
}

fn answer(slot: &Mutex<Option<oneshot::Sender<()>>>) {
    if let Some(sender) = held(slot).take() {
        // Nobody waits any longer when it came too late.
        let _ = sender.send(());
    }
}

fn held<T>(slot: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    slot.lock().unwrap_or_else(PoisonError::into_inner)
}
