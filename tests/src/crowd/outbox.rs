//! What a client of the crowd has sent and not been answered: repeated in order, under the same id, until it is.

use std::collections::VecDeque;
use std::sync::Arc;

use prilavok_protocol::error::ErrorCode;
use prilavok_protocol::ids::{MessageId, Seq, ThreadId};

use super::orders::Orders;
use crate::history::{Canary, Scribe, What, hash};

/// A thread that one may write into.
#[derive(Debug, Clone, Copy)]
pub struct Desk {
    /// The thread.
    pub thread: ThreadId,
    /// Stands in each of its texts.
    pub canary: Canary,
}

/// A message on its way.
#[derive(Debug, Clone)]
pub struct Pending {
    /// Where to.
    pub thread: ThreadId,
    /// Under which id.
    pub id: MessageId,
    /// The words.
    pub text: String,
    /// It was written to the line that is open now.
    pub is_on_the_line: bool,
}

/// The messages on their way, the oldest first.
#[derive(Debug)]
pub struct Outbox {
    scribe: Scribe,
    orders: Arc<Orders>,
    pending: VecDeque<Pending>,
    count: u64,
}

impl Outbox {
    /// An empty one.
    pub fn new(scribe: Scribe, orders: Arc<Orders>) -> Self {
        Self {
            scribe,
            orders,
            pending: VecDeque::new(),
            count: 0,
        }
    }

    /// How many are on their way.
    pub fn len(&self) -> usize {
        self.pending.len()
    }

    /// How many were composed so far.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// A new message, unless nothing new begins any more.
    pub fn compose(&mut self, desk: Desk) -> bool {
        if !self.orders.begin() {
            return false;
        }
        self.count += 1;
        let id = MessageId::mint();
        let Desk { thread, canary } = desk;
        self.pending.push_back(Pending {
            thread,
            id,
            text: format!("{canary} № {} {id}", self.count),
            is_on_the_line: false,
        });
        true
    }

    /// Another message under an id that is taken: it must be refused.
    pub fn contradict(&mut self, desk: Desk, id: MessageId) {
        if self.orders.begin() {
            let Desk { thread, canary } = desk;
            self.pending.push_back(Pending {
                thread,
                id,
                text: format!("{canary} не то {id}"),
                is_on_the_line: false,
            });
        }
    }

    /// What is to be written to the line now; it counts as sent from here on.
    pub fn write(&mut self) -> Option<Pending> {
        let next = self.pending.iter_mut().find(|pending| !pending.is_on_the_line)?;
        next.is_on_the_line = true;
        self.scribe.note(What::Invoked {
            thread: next.thread,
            id: next.id,
            hash: hash(&next.text),
        });
        Some(next.clone())
    }

    /// Acknowledged.
    pub fn acked(&mut self, id: MessageId, seq: Seq) {
        if let Some(Pending { thread, .. }) = self.settle(id) {
            self.scribe.note(What::Acked { thread, id, seq });
            self.orders.acked();
            self.orders.end();
        }
    }

    /// Refused, for good or for now.
    pub fn refused(&mut self, id: MessageId, code: ErrorCode) {
        if code.is_retryable() {
            let waiting = self
                .pending
                .iter_mut()
                .find(|pending| pending.id == id && pending.is_on_the_line);
            if let Some(pending) = waiting {
                pending.is_on_the_line = false;
                let thread = pending.thread;
                self.scribe.note(What::Deferred { thread, id, code });
            }
        } else if let Some(Pending { thread, text, .. }) = self.settle(id) {
            let hash = hash(&text);
            self.scribe.note(What::Refused { thread, id, hash, code });
            self.orders.end();
        }
    }

    /// The line is gone: whatever was on it is unknown, and will be asked for again.
    pub fn cut(&mut self) {
        for pending in self.pending.iter_mut().filter(|pending| pending.is_on_the_line) {
            pending.is_on_the_line = false;
            let Pending { thread, id, .. } = *pending;
            self.scribe.note(What::Unknown { thread, id });
        }
    }

    fn settle(&mut self, id: MessageId) -> Option<Pending> {
        let at = self
            .pending
            .iter()
            .position(|pending| pending.id == id && pending.is_on_the_line)?;
        self.pending.remove(at)
    }
}
