//! The way to the screen: bounded, and never in the engine's way.
//!
//! When a thousand updates wait, the screen has stopped reading. Then further ones are dropped, and as soon as
//! there is room a single `Reset` says: ask for everything again.

use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::Instant;

use crate::update::Update;

/// Some seconds of a busy shop.
pub(crate) const UPDATES: usize = 1024;
/// How soon to look again for room.
const AGAIN: Duration = Duration::from_millis(200);

pub(super) struct Outlet {
    updates: mpsc::Sender<Update>,
    has_dropped: bool,
}

impl Outlet {
    pub(super) fn new(updates: mpsc::Sender<Update>) -> Self {
        Self {
            updates,
            has_dropped: false,
        }
    }

    /// Hands an update over. Answers when to call [`Self::catch_up`], if something had to be dropped.
    pub(super) fn tell(&mut self, update: Update) -> Option<Instant> {
        let again = self.catch_up();
        if again.is_some() {
            return again;
        }
        match self.updates.try_send(update) {
            Err(mpsc::error::TrySendError::Full(_)) => {
                self.has_dropped = true;
                Some(Instant::now() + AGAIN)
            }
            // Nobody listens any more: fine.
            _ => None,
        }
    }

    /// Says `Reset` once there is room.
    pub(super) fn catch_up(&mut self) -> Option<Instant> {
        if !self.has_dropped {
            return None;
        }
        // Half empty at least: otherwise the next burst overflows at once.
        if self.updates.capacity() < UPDATES / 2 {
            return Some(Instant::now() + AGAIN);
        }
        self.has_dropped = false;
        let _ = self.updates.try_send(Update::Reset);
        None
    }
}

#[cfg(test)]
mod tests {
    use super::{Outlet, UPDATES};
    use crate::update::Update;
    use tokio::sync::mpsc;

    #[tokio::test]
    async fn a_screen_that_stopped_reading_is_told_to_ask_for_everything() {
        let (updates, mut screen) = mpsc::channel(UPDATES);
        let mut outlet = Outlet::new(updates);
        for total in 0..2000 {
            outlet.tell(Update::Unread { total });
        }
        let mut read = Vec::new();
        while let Ok(update) = screen.try_recv() {
            read.push(update);
        }
        assert_eq!(read.len(), UPDATES);
        assert_eq!(outlet.catch_up(), None);
        assert_eq!(screen.try_recv(), Ok(Update::Reset));
    }
}
