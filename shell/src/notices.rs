//! Native notifications: who wrote what, in the person's language; a click opens the thread, and it can be answered or
//! marked as read without any window.
//!
//! Whether somebody should be told is the engine's decision. A missing, hanging or restarted daemon costs no message:
//! what could not be shown is shown by the next daemon, and the person is told once that there is none.

pub(crate) mod answer;
pub(crate) mod check;
mod deeds;
mod order;
mod sound;
pub(crate) mod text;

#[cfg(target_os = "linux")]
mod linux;
#[cfg(target_os = "linux")]
mod record;

#[cfg(any(test, not(target_os = "linux")))]
mod centre;
#[cfg(target_os = "macos")]
mod macos;
#[cfg(any(test, windows))]
mod toast;
#[cfg(windows)]
mod windows;

use std::path::Path;
use std::sync::atomic::AtomicBool;

use prilavok_client::{Client, Notice, SeatId, Settings};
use prilavok_protocol::time::Time;
use tauri::{AppHandle, Manager};
use tokio::sync::{mpsc, oneshot, watch};

use crate::App;
use crate::accounts::Accounts;
use crate::place::Place;
use order::{Deed, Order, Show};
pub(crate) use order::{Described, Topic};
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
        let icon = if cfg!(target_os = "linux") {
            format!("prilavok-{}", app.state::<App>().role.as_str())
        } else {
            app.config().identifier.clone()
        };
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
    pub(crate) fn show(&self, app: &AppHandle, seat: SeatId, notice: &Notice) {
        let accounts = app.state::<Accounts>();
        let Some(client) = accounts.ready_of(seat) else {
            return;
        };
        let settings = client.settings();
        if !settings.notices {
            return;
        }
        self.order(Order::Show(Show {
            topic: Topic {
                seat,
                thread_id: notice.thread_id,
            },
            up_to: notice.up_to_seq,
            words: text::put(notice, &manner(&settings, accounts.addressee(seat))),
            sounds: settings.sounds && !notice.is_again,
            is_of_thread: true,
        }));
    }

    /// Takes the thread's notice away: it was read.
    pub(crate) fn close(&self, topic: Topic) {
        self.order(Order::Close { topic });
    }

    /// Takes all notices of an account away: it is not here any more.
    pub(crate) fn leave(&self, seat: SeatId) {
        self.order(Order::Leave { seat });
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

    /// Shows a notice about the app itself; false when no daemon takes it.
    pub(crate) async fn tell(&self, words: text::Words) -> bool {
        self.ask(|answer| Order::Tell { words, answer }).await
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
pub(crate) fn settle(app: &AppHandle, seat: SeatId, settings: &Settings) {
    let (notices, now) = (app.state::<Notices>(), Time::now());
    for mute in settings.muted.iter().filter(|mute| mute.holds(now)) {
        let thread_id = mute.thread_id;
        notices.close(Topic { seat, thread_id });
    }
}

/// The engine is open: it judges the notices that an earlier run of the app left.
pub(crate) async fn take_over(app: AppHandle, seat: SeatId, client: Client) {
    let notices = app.state::<Notices>();
    let standing = notices.ask(|answer| Order::Standing { answer }).await;
    let of_seat = standing.into_iter().filter(|topic| topic.seat == seat);
    let standing: Vec<_> = of_seat.map(|topic| topic.thread_id).collect();
    if standing.is_empty() {
        return;
    }
    if let Err(error) = client.stand_again(standing).await {
        tracing::warn!(%error, "The notices of the last run could not be taken over.");
    }
}

fn manner(settings: &Settings, addressee: Option<String>) -> Manner {
    Manner {
        addressee,
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

#[cfg(windows)]
async fn work(
    name: String,
    _folder: impl AsRef<Path>,
    _player: Player,
    orders: mpsc::Receiver<Order>,
    done: impl Fn(Deed) + Send + Sync + 'static,
) {
    let (heard, hears) = mpsc::channel(QUEUE);
    centre::serve(&windows::Toasts::new(&name, heard), hears, orders, done).await;
}

#[cfg(target_os = "macos")]
async fn work(
    _name: String,
    _folder: impl AsRef<Path>,
    _player: Player,
    orders: mpsc::Receiver<Order>,
    done: impl Fn(Deed) + Send + Sync + 'static,
) {
    let (heard, hears) = mpsc::channel(QUEUE);
    centre::serve(&macos::Center::new(heard), hears, orders, done).await;
}
