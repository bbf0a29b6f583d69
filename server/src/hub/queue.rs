//! What waits to be written to one socket. Bounded by entries and by bytes.
//!
//! When it is full the socket is cut off as a slow reader: it will resume from its cursor, and nobody else waits.
//! Signals are just dropped then, since they may be lost.

use std::collections::VecDeque;
use std::sync::Arc;

use prilavok_protocol::error::CloseCode;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::packet::{Packet, Whisper};
use crate::sync::{Mutex, MutexGuard};

/// Something to write.
#[derive(Debug, Clone)]
pub enum Item {
    /// The next entry of the party's log, perhaps.
    Entry(Arc<Packet>),
    /// Something that is true right now.
    Signal(Arc<Whisper>),
}

/// The bounds of a queue.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// Entries.
    pub events: usize,
    /// Bytes of their frames.
    pub bytes: usize,
}

/// The queue of one socket; one task takes from it.
#[derive(Debug)]
pub struct Queue {
    bounds: Bounds,
    waiting: Mutex<Items>,
    wake: Notify,
    cut: CancellationToken,
}

/// How much waits in a queue.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Waiting {
    /// Entries and signals.
    pub events: usize,
    /// Bytes of their frames.
    pub bytes: usize,
}

#[derive(Debug, Default)]
struct Items {
    items: VecDeque<(Item, usize)>,
    bytes: usize,
    end: Option<CloseCode>,
}

impl Queue {
    /// An empty one.
    #[must_use]
    pub fn new(bounds: Bounds) -> Self {
        Self {
            bounds,
            waiting: Mutex::default(),
            wake: Notify::new(),
            cut: CancellationToken::new(),
        }
    }

    /// Adds an item whose frame has so many bytes. Whoever takes them out must be woken up by [`Queue::wake`] when this is
    /// the first one that waits: then it returns true.
    #[must_use]
    pub fn push(&self, item: Item, bytes: usize) -> bool {
        let mut waiting = self.lock();
        if waiting.end.is_some() {
            return false;
        }
        let is_full = waiting.items.len() >= self.bounds.events || waiting.bytes + bytes > self.bounds.bytes;
        if !is_full {
            let is_first = waiting.items.is_empty();
            waiting.bytes += bytes;
            waiting.items.push_back((item, bytes));
            return is_first;
        }
        drop(waiting);
        if matches!(item, Item::Entry(_)) {
            self.cut_off(CloseCode::SLOW_READER);
        }
        false
    }

    /// Wakes up whoever takes the items out.
    pub fn wake(&self) {
        self.wake.notify_one();
    }

    /// The oldest item, once there is one. May be dropped while it waits. It waits only when it has found nothing, so that
    /// only the first item of many has to wake it.
    pub async fn next(&self) -> Item {
        loop {
            let woken = self.wake.notified();
            if let Some(item) = self.take() {
                return item;
            }
            woken.await;
        }
    }

    /// The oldest item, when there is one already.
    #[must_use]
    pub fn ready(&self) -> Option<Item> {
        self.take()
    }

    /// Ends the socket: what waits is dropped, the first code stays.
    pub fn cut_off(&self, code: CloseCode) {
        let mut waiting = self.lock();
        waiting.items.clear();
        waiting.bytes = 0;
        waiting.end.get_or_insert(code);
        drop(waiting);
        self.cut.cancel();
    }

    /// Why the socket was ended; `None` while it is not.
    #[must_use]
    pub fn end(&self) -> Option<CloseCode> {
        self.lock().end
    }

    /// Waits until the socket is ended, and says why.
    pub async fn ended(&self) -> CloseCode {
        self.cut.cancelled().await;
        self.lock().end.unwrap_or(CloseCode::INTERNAL)
    }

    /// Forgets entries that wait, because the store is about to be asked for all of them.
    pub fn skip_entries(&self) {
        let mut waiting = self.lock();
        waiting.items.retain(|(item, _)| matches!(item, Item::Signal(_)));
        waiting.bytes = waiting.items.iter().map(|(_, bytes)| bytes).sum();
    }

    /// How much waits.
    #[must_use]
    pub fn waiting(&self) -> Waiting {
        let waiting = self.lock();
        Waiting {
            events: waiting.items.len(),
            bytes: waiting.bytes,
        }
    }

    fn take(&self) -> Option<Item> {
        let mut waiting = self.lock();
        let (item, bytes) = waiting.items.pop_front()?;
        waiting.bytes -= bytes;
        Some(item)
    }

    fn lock(&self) -> MutexGuard<'_, Items> {
        self.waiting.lock().expect("no holder of this lock panics")
    }
}

#[cfg(all(test, not(feature = "explored")))]
mod tests {
    use super::*;
    use prilavok_protocol::event::{Event, Signal};
    use prilavok_protocol::ids::Pos;

    fn entry(pos: u64) -> Item {
        Item::Entry(Arc::new(Packet::new(Pos(pos), Arc::new(Event::Unknown.into()))))
    }

    fn queue(events: usize, bytes: usize) -> Queue {
        Queue::new(Bounds { events, bytes })
    }

    #[tokio::test]
    async fn items_come_out_in_the_order_they_went_in() {
        let queue = queue(10, 100);
        assert!(queue.push(entry(1), 10), "whoever waits is to be woken up");
        assert!(!queue.push(entry(2), 10), "they are awake already");
        for expected in [1, 2] {
            let Item::Entry(packet) = queue.next().await else {
                panic!("not an entry")
            };
            assert_eq!(packet.pos, Pos(expected));
        }
    }

    #[tokio::test]
    async fn too_many_entries_or_bytes_cut_the_socket_off() {
        let many = queue(1, 100);
        let _ = many.push(entry(1), 1);
        let _ = many.push(entry(2), 1);
        assert_eq!(many.ended().await, CloseCode::SLOW_READER);
        let large = queue(10, 100);
        let _ = large.push(entry(1), 101);
        assert_eq!(large.ended().await, CloseCode::SLOW_READER);
    }

    #[tokio::test]
    async fn a_signal_never_cuts_anybody_off() {
        let queue = queue(1, 100);
        let _ = queue.push(entry(1), 1);
        let _ = queue.push(Item::Signal(Arc::new(Whisper::new(Signal::Unknown))), 1);
        assert!(matches!(queue.next().await, Item::Entry(_)));
        assert!(!queue.cut.is_cancelled());
    }

    #[tokio::test]
    async fn the_first_reason_to_end_stays() {
        let queue = queue(1, 1);
        queue.cut_off(CloseCode::SESSION_REVOKED);
        queue.cut_off(CloseCode::SLOW_READER);
        assert_eq!(queue.ended().await, CloseCode::SESSION_REVOKED);
    }
}
