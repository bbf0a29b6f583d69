//! How far one socket has been told its party's log, and the telling. Repeats are dropped, gaps are filled from the store.

use std::sync::Arc;

use prilavok_protocol::ids::{Party, Pos};

use super::ending::Ending;
use crate::app::{App, SharedApp};
use crate::error::Error;
use crate::hub::packet::Packet;
use crate::hub::queue::Queue;

/// Entries read from the store at once: some 100 KiB of frames.
const PAGE: u32 = 200;

/// What to do with an entry that the hub hands over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// It has been told before.
    Repeat,
    /// It is the next one: tell it.
    Next,
    /// Others are missing before it: ask the store.
    Gap,
}

/// The place of one socket in its party's log.
#[derive(Debug)]
pub struct Follow {
    party: Party,
    pos: Pos,
}

/// What follows the place.
pub struct Page {
    /// The entries, in order.
    pub packets: Vec<Arc<Packet>>,
    /// Nothing followed them when the store was asked.
    pub is_last: bool,
}

impl Follow {
    /// From this place on.
    #[must_use]
    pub fn from(party: Party, pos: Pos) -> Self {
        Self { party, pos }
    }

    /// The last entry told.
    #[must_use]
    pub fn pos(&self) -> Pos {
        self.pos
    }

    /// Judges an entry, and counts it as told when it is the next.
    pub fn step(&mut self, pos: Pos) -> Step {
        if pos <= self.pos {
            return Step::Repeat;
        }
        if pos != self.pos.next() {
            return Step::Gap;
        }
        self.pos = pos;
        Step::Next
    }

    /// Reads what follows, and counts it as told.
    ///
    /// # Errors
    /// What the store says; `Internal` when the log has a hole, which it never may.
    pub async fn page(&mut self, app: &App) -> Result<Page, Error> {
        let entries = app.store.events_after(self.party, self.pos, PAGE).await?;
        let is_last = entries.len() < PAGE as usize;
        let mut packets = Vec::with_capacity(entries.len());
        for (pos, event) in entries {
            if self.step(pos) != Step::Next {
                return Err(Error::internal(format!("the log has a hole before {pos}")));
            }
            packets.push(Arc::new(Packet::new(pos, Arc::new(event.into()))));
        }
        Ok(Page { packets, is_last })
    }
}

/// A socket that tells a party's log to its peer.
pub(crate) trait Teller {
    /// Where the log is.
    fn app(&self) -> SharedApp;

    /// How far it has been told.
    fn follow(&mut self) -> &mut Follow;

    /// What waits for it, and whether it may hear anything still.
    fn queue(&self) -> &Queue;

    /// Tells one entry, or passes over it when it does not concern the peer.
    async fn write(&mut self, packet: &Packet) -> Result<(), Ending>;

    /// Tells an entry that the hub hands over, after whatever is missing before it.
    async fn entry(&mut self, packet: &Packet) -> Result<(), Ending> {
        match self.follow().step(packet.pos) {
            Step::Repeat => Ok(()),
            Step::Next => self.write(packet).await,
            Step::Gap => Box::pin(self.catch_up()).await,
        }
    }

    /// Tells everything that follows, from the store.
    async fn catch_up(&mut self) -> Result<(), Ending> {
        let app = self.app();
        loop {
            let page = self.follow().page(&app).await.map_err(|error| Ending::fault(&error))?;
            // The page may hold what was written after the socket had lost its right to hear it.
            if let Some(code) = self.queue().end() {
                return Err(Ending::cut_off(code));
            }
            for packet in &page.packets {
                self.write(packet).await?;
            }
            if page.is_last {
                return Ok(());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use prilavok_protocol::ids::BuyerId;

    #[test]
    fn only_the_next_entry_is_told() {
        let mut follow = Follow::from(Party::buyer(BuyerId::mint()), Pos(4));
        assert_eq!(follow.step(Pos(4)), Step::Repeat);
        assert_eq!(follow.step(Pos(6)), Step::Gap);
        assert_eq!(follow.pos(), Pos(4), "a gap moves nothing");
        assert_eq!(follow.step(Pos(5)), Step::Next);
        assert_eq!(follow.step(Pos(5)), Step::Repeat);
        assert_eq!(follow.step(Pos(6)), Step::Next);
    }
}
