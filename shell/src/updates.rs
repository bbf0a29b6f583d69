//! What the screen is told: one channel, in batches, about one a frame.
//!
//! Each batch costs one script in the page, so single updates would make a busy resume slow. What the shell itself must
//! hear (notices, the unread count) is taken out of the stream here.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use prilavok_client::Update;
use tauri::ipc::Channel;
use tauri::{AppHandle, Manager};
use tokio::sync::mpsc;

use crate::notices::Notices;
use crate::numbers;

/// One frame at 60 Hz.
const FRAME: Duration = Duration::from_millis(16);
/// The engine's channel is bounded; a larger batch would only delay the first paint.
const BATCH: usize = 512;

/// What a page that comes late is still told.
const KEPT: usize = 16;

/// The screen's end of the stream.
#[derive(Default)]
pub(crate) struct Screen(Mutex<Ear>);

#[derive(Default)]
struct Ear {
    channel: Option<Channel<Vec<Update>>>,
    /// Said before the page listened. Only what cannot be asked for later is kept.
    kept: Vec<Update>,
}

impl Screen {
    /// A page listens from now on; after a reload the newer page takes the older one's place.
    pub(crate) fn listen(&self, channel: Channel<Vec<Update>>) {
        let mut ear = self.ear();
        let kept = std::mem::take(&mut ear.kept);
        ear.channel = Some(channel);
        drop(ear);
        self.tell(kept);
    }

    /// No page listens any more.
    pub(crate) fn deafen(&self) {
        self.ear().channel = None;
    }

    /// Tells the page, in order.
    pub(crate) fn tell(&self, updates: Vec<Update>) {
        if updates.is_empty() {
            return;
        }
        let mut ear = self.ear();
        let Some(channel) = &ear.channel else {
            let lasting = |update: &Update| {
                matches!(
                    update,
                    Update::OpenThread { .. } | Update::AskThread { .. } | Update::Warning { .. }
                )
            };
            ear.kept.extend(updates.into_iter().filter(lasting));
            // Whatever can be said from outside can be said without end; the last words count.
            let surplus = ear.kept.len().saturating_sub(KEPT);
            ear.kept.drain(..surplus);
            return;
        };
        if let Err(error) = channel.send(updates) {
            tracing::warn!(%error, "The page could not be told of updates.");
        }
    }

    fn ear(&self) -> MutexGuard<'_, Ear> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Carries updates from the engine to the page until the engine ends.
pub(crate) async fn pump(app: AppHandle, mut updates: mpsc::Receiver<Update>) {
    let mut batch = Vec::new();
    while updates.recv_many(&mut batch, BATCH).await > 0 {
        tokio::time::sleep(FRAME).await;
        while batch.len() < BATCH
            && let Ok(update) = updates.try_recv()
        {
            batch.push(update);
        }
        let for_screen = batch.drain(..).filter(|update| !is_for_shell(&app, update)).collect();
        app.state::<Screen>().tell(for_screen);
    }
}

/// Does the shell's part; true when the screen need not hear of it.
fn is_for_shell(app: &AppHandle, update: &Update) -> bool {
    match update {
        Update::Notice { notice } => app.state::<Notices>().show(app, notice),
        Update::NoticeClosed { thread_id } => app.state::<Notices>().close(*thread_id),
        Update::Unread { total } => {
            numbers::show(app, *total);
            return false;
        }
        _ => return false,
    }
    true
}
