//! What to send next, and what an answer means for it. Pure; the rows live in the cache.
//!
//! In each thread one message is on the wire at a time, in the order of writing. A message that the server
//! refused for good steps aside and lets the later ones pass.

use std::collections::{BTreeMap, HashSet};
use std::time::Duration;

use prilavok_protocol::error::Fault;
use prilavok_protocol::ids::{MessageId, ProductId, ThreadId};
use prilavok_protocol::time::Time;

use crate::error::code_word;
use crate::update::MessageState;

/// A message that the server has not confirmed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Order of writing.
    pub place: i64,
    /// Where to.
    pub thread_id: ThreadId,
    /// Stays the same over all tries.
    pub id: MessageId,
    /// The text.
    pub message: String,
    /// What it is about.
    pub product_id: Option<ProductId>,
    /// This device's clock.
    pub created_at: Time,
    /// How far it got.
    pub stage: Stage,
    /// An earlier try may have reached the server: it can no longer be cancelled.
    pub is_uncertain: bool,
}

/// How far an entry got.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stage {
    /// Waits.
    Queued,
    /// On the wire.
    Sending,
    /// The answer was lost; it goes again under the same id.
    Unconfirmed,
    /// Refused for good: the code.
    Failed(String),
}

impl Stage {
    /// As a screen shows it.
    #[must_use]
    pub fn state(&self) -> MessageState {
        match self {
            Self::Queued => MessageState::Queued,
            Self::Sending => MessageState::Sending,
            Self::Unconfirmed => MessageState::Unconfirmed,
            Self::Failed(reason) => MessageState::Failed { reason: reason.clone() },
        }
    }
}

/// What a refusal means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// The same message will always be refused, with this code.
    Final(String),
    /// It was not taken. Try again, after the server's hint if it gave one.
    Later(Option<Duration>),
    /// Nobody knows whether it was stored. Try again under the same id, after the server's hint if it gave one.
    Unknown(Option<Duration>),
}

/// What a refusal means for the message: 400, 403, 404, 409, 413 and 422 are final, all else is tried again.
#[must_use]
pub fn judge(fault: &Fault) -> Verdict {
    if matches!(fault.code.status(), 400 | 403 | 404 | 409 | 413 | 422) {
        return Verdict::Final(code_word(fault.code));
    }
    let hint = fault.retry_after_ms.map(|ms| Duration::from_millis(ms.into()));
    match fault.code.status() {
        // Refused at the door.
        401 | 429 => Verdict::Later(hint),
        // The server may have failed after the commit: a cancel that is confirmed now would be a lie.
        _ => Verdict::Unknown(hint),
    }
}

/// All entries of one account, in the order of writing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outbox {
    entries: BTreeMap<i64, Entry>,
}

impl Outbox {
    /// From the rows. What was on the wire when the process died is unconfirmed.
    #[must_use]
    pub fn new(rows: Vec<Entry>) -> Self {
        let mut outbox = Self {
            entries: rows.into_iter().map(|entry| (entry.place, entry)).collect(),
        };
        outbox.interrupt();
        outbox
    }

    /// Adds or replaces an entry.
    pub fn put(&mut self, entry: Entry) {
        self.entries.insert(entry.place, entry);
    }

    /// The entry with this id.
    #[must_use]
    pub fn find(&self, id: MessageId) -> Option<&Entry> {
        self.entries.values().find(|entry| entry.id == id)
    }

    /// Takes the entry out: confirmed, or cancelled.
    pub fn remove(&mut self, id: MessageId) -> Option<Entry> {
        let place = self.find(id)?.place;
        self.entries.remove(&place)
    }

    /// The next to send: the first of its thread, with nothing of that thread on the wire.
    #[must_use]
    pub fn next(&self) -> Option<&Entry> {
        let mut busy = HashSet::new();
        self.entries.values().find(|entry| match entry.stage {
            Stage::Failed(_) => false,
            Stage::Sending => {
                busy.insert(entry.thread_id);
                false
            }
            Stage::Queued | Stage::Unconfirmed => busy.insert(entry.thread_id),
        })
    }

    /// It goes on the wire.
    pub fn sending(&mut self, id: MessageId) -> Option<&Entry> {
        self.change(id, |entry| entry.stage = Stage::Sending)
    }

    /// The server refused it. `is_uncertain` stays: an earlier try may still have arrived.
    pub fn refused(&mut self, id: MessageId, verdict: &Verdict) -> Option<&Entry> {
        self.change(id, |entry| match verdict {
            Verdict::Final(reason) => entry.stage = Stage::Failed(reason.clone()),
            Verdict::Unknown(_) => {
                entry.stage = Stage::Unconfirmed;
                entry.is_uncertain = true;
            }
            Verdict::Later(_) if entry.is_uncertain => entry.stage = Stage::Unconfirmed,
            Verdict::Later(_) => entry.stage = Stage::Queued,
        })
    }

    /// The connection is gone: whoever was on the wire is unconfirmed. Says whom that touched.
    pub fn interrupt(&mut self) -> Vec<MessageId> {
        let mut touched = Vec::new();
        for entry in self.entries.values_mut() {
            if entry.stage == Stage::Sending {
                entry.stage = Stage::Unconfirmed;
                entry.is_uncertain = true;
                touched.push(entry.id);
            }
        }
        touched
    }

    /// Whether it can still be taken back so that it is never sent.
    #[must_use]
    pub fn can_cancel(&self, id: MessageId) -> bool {
        self.find(id).is_some_and(|entry| match entry.stage {
            Stage::Failed(_) => true,
            Stage::Queued => !entry.is_uncertain,
            Stage::Sending | Stage::Unconfirmed => false,
        })
    }

    fn change(&mut self, id: MessageId, change: impl FnOnce(&mut Entry)) -> Option<&Entry> {
        let entry = self.entries.values_mut().find(|entry| entry.id == id)?;
        change(entry);
        Some(entry)
    }
}

#[cfg(test)]
mod model;

#[cfg(test)]
mod tests {
    use super::{Entry, Outbox, Stage, Verdict, judge};
    use prilavok_protocol::error::{ErrorCode, Fault};
    use prilavok_protocol::ids::{MessageId, ThreadId};
    use prilavok_protocol::time::Time;
    use proptest::prelude::*;
    use std::time::Duration;
    use uuid::Uuid;

    fn entry(place: i64, thread: u128) -> Entry {
        Entry {
            place,
            thread_id: ThreadId(Uuid::from_u128(thread)),
            id: MessageId(Uuid::from_u128(place as u128)),
            message: "чай есть?".into(),
            product_id: None,
            created_at: Time::from_millis(0),
            stage: Stage::Queued,
            is_uncertain: false,
        }
    }

    fn id(n: u128) -> MessageId {
        MessageId(Uuid::from_u128(n))
    }

    #[test]
    fn only_what_no_retry_can_change_is_final() {
        use ErrorCode as E;
        let cases = [
            (E::BadRequest, true),
            (E::Malformed, true),
            (E::Forbidden, true),
            (E::NotFound, true),
            (E::Conflict, true),
            (E::TooLarge, true),
            (E::Invalid, true),
            (E::AccountDisabled, true),
            (E::Removed, true),
            (E::RateLimited, false),
            (E::Unavailable, false),
            (E::Internal, false),
            (E::Timeout, false),
            (E::Unauthorized, false),
            (E::Unknown, false),
        ];
        for (code, is_final) in cases {
            let fault = Fault {
                code,
                detail: String::new(),
                retry_after_ms: Some(700),
            };
            match judge(&fault) {
                Verdict::Final(_) => assert!(is_final, "{code:?}"),
                Verdict::Later(hint) | Verdict::Unknown(hint) => {
                    assert!(!is_final, "{code:?}");
                    assert_eq!(hint, Some(Duration::from_millis(700)));
                }
            }
        }
    }

    #[test]
    fn a_thread_waits_for_its_first_message_and_others_do_not() {
        let mut outbox = Outbox::new(vec![entry(1, 1), entry(2, 1), entry(3, 2)]);
        assert_eq!(outbox.next().map(|e| e.place), Some(1));
        outbox.sending(id(1));
        assert_eq!(outbox.next().map(|e| e.place), Some(3));
        outbox.sending(id(3));
        assert_eq!(outbox.next(), None);
        outbox.refused(id(1), &Verdict::Final("conflict".into()));
        assert_eq!(outbox.next().map(|e| e.place), Some(2), "what failed steps aside");
    }

    #[test]
    fn what_the_server_may_have_stored_cannot_be_taken_back() {
        use ErrorCode as E;
        for (code, can_cancel) in [
            (E::RateLimited, true),
            (E::Unauthorized, true),
            (E::NotFound, true),
            (E::Unavailable, false),
            (E::Internal, false),
            (E::Timeout, false),
            (E::Unknown, false),
        ] {
            let mut outbox = Outbox::new(vec![entry(1, 1)]);
            outbox.sending(id(1));
            let fault = Fault {
                code,
                detail: String::new(),
                retry_after_ms: None,
            };
            outbox.refused(id(1), &judge(&fault));
            assert_eq!(outbox.can_cancel(id(1)), can_cancel, "{code:?}");
            // A later refusal at the door says nothing about the earlier try.
            outbox.refused(id(1), &Verdict::Later(None));
            assert_eq!(outbox.can_cancel(id(1)), can_cancel, "{code:?}");
        }
    }

    #[test]
    fn what_was_on_the_wire_goes_again_and_cannot_be_taken_back() {
        let mut outbox = Outbox::new(vec![entry(1, 1)]);
        assert!(outbox.can_cancel(id(1)));
        outbox.sending(id(1));
        assert!(!outbox.can_cancel(id(1)));
        assert_eq!(outbox.interrupt(), [id(1)]);
        assert!(!outbox.can_cancel(id(1)));
        assert_eq!(outbox.next().map(|e| e.id), Some(id(1)));
        outbox.sending(id(1));
        let later = outbox.refused(id(1), &Verdict::Later(None)).map(|e| e.stage.clone());
        assert_eq!(later, Some(Stage::Unconfirmed), "the first try may still have arrived");
    }

    proptest! {
        /// Whatever the network does, each thread's messages are confirmed once each and in order.
        #[test]
        fn order_is_kept_per_thread_over_any_losses(
            threads in prop::collection::vec(1u128..4, 1..12),
            dice in prop::collection::vec(0u8..5, 0..200),
        ) {
            let rows: Vec<_> = threads.iter().enumerate().map(|(at, t)| entry(at as i64 + 1, *t)).collect();
            let mut outbox = Outbox::new(rows);
            let mut wire: Vec<MessageId> = Vec::new();
            let mut stored: Vec<(ThreadId, i64)> = Vec::new();
            let mut store = |entry: &Entry| {
                if !stored.contains(&(entry.thread_id, entry.place)) {
                    stored.push((entry.thread_id, entry.place));
                }
            };
            for die in dice.into_iter().chain(std::iter::repeat_n(4, 60)) {
                while let Some(next) = outbox.next().cloned() {
                    outbox.sending(next.id);
                    wire.push(next.id);
                }
                match die {
                    0 => { wire.clear(); outbox.interrupt(); }
                    1 => { if let Some(lost) = wire.pop() { store(outbox.find(lost).unwrap()); wire.clear(); outbox.interrupt(); } }
                    2 => { if let Some(busy) = wire.pop() { outbox.refused(busy, &Verdict::Later(None)); } }
                    _ => { if let Some(done) = wire.pop() { store(outbox.find(done).unwrap()); outbox.remove(done); } }
                }
            }
            prop_assert_eq!(outbox.next(), None);
            prop_assert_eq!(stored.len(), threads.len());
            for thread in 1u128..4 {
                let of: Vec<_> = stored.iter().filter(|(t, _)| t.0.as_u128() == thread).map(|(_, p)| *p).collect();
                prop_assert!(of.is_sorted());
            }
        }
    }
}
