//! Native notifications: who wrote what, in the person's language; a click opens the thread, and it can be answered or
//! marked as read without any window.
//!
//! Whether somebody should be told is the engine's decision. A missing, hanging or restarted daemon costs no message:
//! what could not be shown is shown by the next daemon, and the person is told once that there is none.

pub(crate) mod answer;
pub(crate) mod check;
mod deeds;
mod order;
mod record;
mod sound;
mod text;

#[cfg(target_os = "linux")]
mod linux;

use std::path::Path;
use std::sync::atomic::AtomicBool;

use prilavok_client::{Client, Notice, Settings};
use prilavok_protocol::ids::ThreadId;
use prilavok_protocol::time::Time;
use tauri::{AppHandle, Manager};
use tokio::sync::{mpsc, oneshot, watch};

use crate::App;
use crate::engine::Engine;
use crate::place::Place;
pub(crate) use order::Described;
use order::{Deed, Order, Show};
use sound::Player;
use text::Manner;

/// A burst of threads after a resume; when the daemon is slower than that, more pop-ups would help nobody.
const QUEUE: usize = 64;

/// The way to the daemon's task.
pub(crate) struct Notices {
    orders: mpsc::Sender<Order>,
    player: Player,
    /// How often the notice that tries the daemon was clicked.
    tried: watch::Sender<u32>,
    /// The person knows that there is no daemon.
    is_lamented: AtomicBool,
}

impl Notices {
    /// Starts the task. What the person does with a notice is done without a window, but for opening a thread.
    pub(crate) fn start(app: &AppHandle) -> Self {
        let (orders, taken) = mpsc::channel(QUEUE);
        // The name under which the desktop knows the app.
        let icon = format!("prilavok-{}", app.state::<App>().role.as_str());
        let folder = app.state::<Place>().data_dir.clone();
        let player = Player::find(&folder);
        let done = {
            let app = app.clone();
            move |deed| deeds::follow(&app, deed)
        };
        tauri::async_runtime::spawn(work(icon, folder, player.clone(), taken, done));
        Self {
            orders,
            player,
            tried: watch::Sender::new(0),
            is_lamented: AtomicBool::new(false),
        }
    }

    /// Shows a notice, or replaces the older one of the same thread.
    pub(crate) fn show(&self, app: &AppHandle, notice: &Notice) {
        let Some(client) = app.state::<Engine>().ready() else {
            return;
        };
        let settings = client.settings();
        if !settings.notices {
            return;
        }
        self.order(Order::Show(Show {
            thread_id: notice.thread_id,
            up_to: notice.up_to_seq,
            words: text::put(notice, &manner(&settings)),
            sounds: settings.sounds && !notice.is_again,
            is_of_thread: true,
        }));
    }

    /// Takes the thread's notice away: it was read.
    pub(crate) fn close(&self, thread_id: ThreadId) {
        self.order(Order::Close { thread_id });
    }

    fn order(&self, order: Order) {
        if self.orders.try_send(order).is_err() {
            tracing::warn!("A notice was dropped: the notification daemon does not keep up.");
        }
    }

    /// What is known of the daemon.
    pub(crate) async fn describe(&self) -> Described {
        self.ask(|answer| Order::Describe { answer }).await
    }

    /// The player that sounds for daemons that cannot.
    pub(crate) fn player(&self) -> Option<String> {
        self.player.name()
    }

    /// Plays the sound; false when nothing can.
    pub(crate) fn play(&self) -> bool {
        self.player.play();
        self.player.name().is_some()
    }

    /// Shows a notice of no thread; false when no daemon takes it.
    pub(crate) async fn try_out(&self, settings: &Settings) -> bool {
        let (words, sounds) = (text::trial(&settings.language), settings.sounds);
        self.ask(|answer| Order::Try { words, sounds, answer }).await
    }

    /// How often that notice was clicked; changes with each click.
    pub(crate) fn tried(&self) -> watch::Receiver<u32> {
        self.tried.subscribe()
    }

    async fn ask<T: Default>(&self, order: impl FnOnce(oneshot::Sender<T>) -> Order) -> T {
        let (answer, wait) = oneshot::channel();
        if self.orders.send(order(answer)).await.is_err() {
            return T::default();
        }
        wait.await.unwrap_or_default()
    }
}

/// The person changed what they want to be told: notices that are no longer wanted go.
pub(crate) fn settle(app: &AppHandle, settings: &Settings) {
    let (notices, now) = (app.state::<Notices>(), Time::now());
    for mute in settings.muted.iter().filter(|mute| mute.holds(now)) {
        notices.close(mute.thread_id);
    }
}

/// The engine is open: it judges the notices that an earlier run of the app left.
pub(crate) async fn take_over(app: AppHandle, client: Client) {
    let notices = app.state::<Notices>();
    let standing = notices.ask(|answer| Order::Standing { answer }).await;
    if standing.is_empty() {
        return;
    }
    if let Err(error) = client.stand_again(standing).await {
        tracing::warn!(%error, "The notices of the last run could not be taken over.");
    }
}

fn manner(settings: &Settings) -> Manner {
    Manner {
        language: settings.language.clone(),
        shows_text: settings.notice_text,
    }
}

#[cfg(target_os = "linux")]
async fn work(
    icon: String,
    folder: impl AsRef<Path>,
    player: Player,
    orders: mpsc::Receiver<Order>,
    done: impl Fn(Deed) + Send + Sync + 'static,
) {
    let record = record::Record::open(folder.as_ref().join("notices.json"));
    let desk = linux::Desk {
        icon,
        record,
        player,
        done,
    };
    linux::work(zbus::connection::Builder::session, desk, orders).await;
}

/// Not written yet for this system: the unread counts in title and tray speak alone.
#[cfg(not(target_os = "linux"))]
async fn work(
    _icon: String,
    _folder: impl AsRef<Path>,
    _player: Player,
    mut orders: mpsc::Receiver<Order>,
    _done: impl Fn(Deed) + Send + Sync + 'static,
) {
    while orders.recv().await.is_some() {}
}
