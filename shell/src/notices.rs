//! Native notifications: who wrote what, in the person's language; a click shows the window and opens the thread.
//!
//! Whether somebody should be told is the engine's decision. A missing, hanging or restarted daemon costs the notice and
//! nothing else.

mod text;

#[cfg(target_os = "linux")]
mod linux;

use prilavok_client::Notice;
use prilavok_protocol::ids::ThreadId;
use tauri::{AppHandle, Manager};
use tokio::sync::mpsc;

use crate::engine::Engine;
use text::{Manner, Words};

/// A burst of threads after a resume; when the daemon is slower than that, more pop-ups would help nobody.
const QUEUE: usize = 64;

/// What the daemon's task is asked to do.
#[derive(Debug)]
enum Order {
    Show { thread_id: ThreadId, words: Words },
    Close { thread_id: ThreadId },
}

/// The way to the daemon's task.
pub(crate) struct Notices(mpsc::Sender<Order>);

impl Notices {
    /// Starts the task. `icon` is the name under which the desktop knows the app; `clicked` is called with the thread.
    pub(crate) fn start(icon: String, clicked: impl Fn(ThreadId) + Send + Sync + 'static) -> Self {
        let (sender, orders) = mpsc::channel(QUEUE);
        tauri::async_runtime::spawn(work(icon, orders, clicked));
        Self(sender)
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
        let manner = Manner {
            language: settings.language,
            shows_text: settings.notice_text,
        };
        self.order(Order::Show {
            thread_id: notice.thread_id,
            words: text::put(notice, &manner),
        });
    }

    /// Takes the thread's notice away: it was read.
    pub(crate) fn close(&self, thread_id: ThreadId) {
        self.order(Order::Close { thread_id });
    }

    fn order(&self, order: Order) {
        if self.0.try_send(order).is_err() {
            tracing::warn!("A notice was dropped: the notification daemon does not keep up.");
        }
    }
}

#[cfg(target_os = "linux")]
async fn work(icon: String, orders: mpsc::Receiver<Order>, clicked: impl Fn(ThreadId) + Send + Sync + 'static) {
    linux::work(zbus::connection::Builder::session, &icon, orders, clicked).await;
}

/// Not written yet for this system: the unread counts in title and tray speak alone.
#[cfg(not(target_os = "linux"))]
async fn work(_icon: String, mut orders: mpsc::Receiver<Order>, _clicked: impl Fn(ThreadId) + Send + Sync + 'static) {
    while orders.recv().await.is_some() {}
}
