//! What the screen is told: one channel, in batches, about one a frame.
//!
//! Each batch costs one script in the page, so single updates would make a busy resume slow. What the shell itself must
//! hear (notices, the unread count) is taken out of the stream here.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use prilavok_client::{SeatId, Update};
use tauri::ipc::Channel;
use tauri::{AppHandle, Manager};
use tokio::sync::mpsc;

use crate::accounts::rows;
use crate::notices::{Notices, Topic};
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
    /// Whose page listens, and how it is told.
    page: Option<(SeatId, Channel<Vec<Update>>)>,
    /// Said before the account's page listened. Only what cannot be asked for later is kept.
    kept: Vec<(Option<SeatId>, Update)>,
}

impl Screen {
    /// A page listens from now on; it takes the place of an older one, of the same account or of another.
    pub(crate) fn listen(&self, seat: SeatId, channel: Channel<Vec<Update>>) {
        let mut ear = self.ear();
        ear.page = Some((seat, channel));
        let for_it = |whose: Option<SeatId>| whose.is_none_or(|whose| whose == seat);
        let kept = ear.kept.extract_if(.., |(whose, _)| for_it(*whose));
        let kept: Vec<Update> = kept.map(|(_, update)| update).collect();
        send(&ear, kept);
    }

    /// No page listens any more.
    pub(crate) fn deafen(&self) {
        self.ear().page = None;
    }

    /// Tells the account's page, in order.
    pub(crate) fn tell(&self, seat: SeatId, updates: Vec<Update>) {
        self.hand_over(Some(seat), updates);
    }

    /// Tells whichever page is there.
    pub(crate) fn say(&self, update: Update) {
        self.hand_over(None, vec![update]);
    }

    fn hand_over(&self, whose: Option<SeatId>, updates: Vec<Update>) {
        let mut ear = self.ear();
        let is_there = |page: &SeatId| whose.is_none_or(|whose| whose == *page);
        if ear.page.as_ref().is_some_and(|(page, _)| is_there(page)) {
            send(&ear, updates);
            return;
        }
        let lasting = |update: &Update| {
            matches!(
                update,
                Update::OpenThread { .. }
                    | Update::AskThread { .. }
                    | Update::AskServer { .. }
                    | Update::Warning { .. }
            )
        };
        let kept = updates.into_iter().filter(lasting).map(|update| (whose, update));
        ear.kept.extend(kept);
        // Whatever can be said from outside can be said without end; the last words count.
        let surplus = ear.kept.len().saturating_sub(KEPT);
        ear.kept.drain(..surplus);
    }

    fn ear(&self) -> MutexGuard<'_, Ear> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn send(ear: &Ear, updates: Vec<Update>) {
    let Some((_, channel)) = &ear.page else { return };
    if !updates.is_empty()
        && let Err(error) = channel.send(updates)
    {
        tracing::warn!(%error, "The page could not be told of updates.");
    }
}

/// Carries updates from an engine to its page until the engine ends.
pub(crate) async fn pump(app: AppHandle, seat: SeatId, mut updates: mpsc::Receiver<Update>) {
    let mut batch = Vec::new();
    while updates.recv_many(&mut batch, BATCH).await > 0 {
        tokio::time::sleep(FRAME).await;
        while batch.len() < BATCH
            && let Ok(update) = updates.try_recv()
        {
            batch.push(update);
        }
        let for_screen = batch
            .drain(..)
            .filter(|update| !is_for_shell(&app, seat, update))
            .collect();
        app.state::<Screen>().tell(seat, for_screen);
    }
}

/// Does the shell's part; true when the screen need not hear of it.
fn is_for_shell(app: &AppHandle, seat: SeatId, update: &Update) -> bool {
    match update {
        Update::Notice { notice } => app.state::<Notices>().show(app, seat, notice),
        Update::NoticeClosed { thread_id } => {
            let thread_id = *thread_id;
            app.state::<Notices>().close(Topic { seat, thread_id });
        }
        Update::Unread { .. } => {
            numbers::show(app);
            rows::changed(app);
            return false;
        }
        Update::Connection { .. } | Update::Identity { .. } => {
            rows::changed(app);
            tauri::async_runtime::spawn(rows::learn_shop(app.clone(), seat));
            return false;
        }
        _ => return false,
    }
    true
}
