//! The outbox against a model of the server and of a line that loses whatever it likes.
//!
//! The rows stand for the file: a crash leaves them and nothing else.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use prilavok_protocol::error::{ErrorCode, Fault};
use prilavok_protocol::ids::{MessageId, ThreadId};
use prilavok_protocol::time::Time;
use proptest::prelude::*;
use uuid::Uuid;

use super::{Entry, Outbox, Stage, Verdict, judge};

/// Every code of the contract, with whether its status makes it final.
const CODES: [(ErrorCode, bool); 14] = [
    (ErrorCode::Malformed, true),
    (ErrorCode::BadRequest, true),
    (ErrorCode::Forbidden, true),
    (ErrorCode::NotFound, true),
    (ErrorCode::Conflict, true),
    (ErrorCode::TooLarge, true),
    (ErrorCode::Invalid, true),
    (ErrorCode::Unauthorized, false),
    (ErrorCode::RateLimited, false),
    (ErrorCode::Unavailable, false),
    (ErrorCode::Timeout, false),
    (ErrorCode::Internal, false),
    (ErrorCode::Unknown, false),
    (ErrorCode::MethodNotAllowed, false),
];

#[derive(Debug, Clone)]
enum Step {
    /// A person writes in this thread.
    Write(u8),
    /// The engine sends all that may go.
    Pump,
    /// The server takes the oldest frame and its answer arrives.
    Answer,
    /// The server takes the oldest frame, and the line breaks before the answer.
    LoseAnswer,
    /// The server refuses the oldest frame.
    Refuse(usize),
    /// The line breaks with all frames on it.
    Cut,
    /// The process dies; the rows stay.
    Crash,
    /// A person takes a message back.
    Cancel(usize),
    /// A person tries a failed message again.
    Retry(usize),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (0u8..3).prop_map(Step::Write),
        4 => Just(Step::Pump),
        4 => Just(Step::Answer),
        1 => Just(Step::LoseAnswer),
        2 => (0..CODES.len()).prop_map(Step::Refuse),
        1 => Just(Step::Cut),
        1 => Just(Step::Crash),
        2 => any::<usize>().prop_map(Step::Cancel),
        1 => any::<usize>().prop_map(Step::Retry),
    ]
}

#[derive(Debug, Default)]
struct World {
    outbox: Outbox,
    rows: BTreeMap<i64, Entry>,
    places: i64,
    ids: u128,
    written: Vec<MessageId>,
    wire: VecDeque<Entry>,
    stored: Vec<(ThreadId, i64, MessageId)>,
    confirmed: BTreeSet<MessageId>,
    cancelled: BTreeSet<MessageId>,
}

impl World {
    fn take(&mut self, step: &Step) {
        match step {
            Step::Write(thread) => self.write(ThreadId(Uuid::from_u128(u128::from(*thread) + 1))),
            Step::Pump => self.pump(),
            Step::Answer => self.answer(),
            Step::LoseAnswer => {
                if let Some(entry) = self.wire.front().cloned() {
                    self.store(&entry);
                }
                self.cut();
            }
            Step::Refuse(at) => self.refuse(CODES[*at]),
            Step::Cut => self.cut(),
            Step::Crash => {
                self.wire.clear();
                self.outbox = Outbox::new(self.rows.values().cloned().collect());
            }
            Step::Cancel(at) => self.cancel(*at),
            Step::Retry(at) => self.retry(*at),
        }
    }

    fn write(&mut self, thread_id: ThreadId) {
        self.places += 1;
        self.ids += 1;
        let entry = Entry {
            place: self.places,
            thread_id,
            id: MessageId(Uuid::from_u128(self.ids)),
            message: "чай есть?".into(),
            product_id: None,
            created_at: Time::from_millis(0),
            stage: Stage::Queued,
            is_uncertain: false,
        };
        self.written.push(entry.id);
        self.rows.insert(entry.place, entry.clone());
        self.outbox.put(entry);
    }

    fn pump(&mut self) {
        while let Some(id) = self.outbox.next().map(|entry| entry.id) {
            let before = self.outbox.find(id).expect("it is there").stage.clone();
            assert!(
                matches!(before, Stage::Queued | Stage::Unconfirmed),
                "{before:?} is sent"
            );
            let entry = self.outbox.sending(id).expect("it is there").clone();
            assert!(!self.cancelled.contains(&id), "a cancelled message is sent");
            assert!(!self.confirmed.contains(&id), "a confirmed message is sent");
            assert!(
                self.wire.iter().all(|other| other.thread_id != entry.thread_id),
                "two messages of one thread are on the wire"
            );
            self.rows.insert(entry.place, entry.clone());
            self.wire.push_back(entry);
        }
    }

    fn store(&mut self, entry: &Entry) {
        if self.stored.iter().all(|(_, _, id)| *id != entry.id) {
            self.stored.push((entry.thread_id, entry.place, entry.id));
        }
    }

    fn answer(&mut self) {
        let Some(entry) = self.wire.pop_front() else { return };
        self.store(&entry);
        let removed = self
            .outbox
            .remove(entry.id)
            .expect("what is on the wire is in the outbox");
        assert_eq!(removed.stage, Stage::Sending);
        self.rows.remove(&removed.place);
        self.confirmed.insert(entry.id);
    }

    fn refuse(&mut self, (code, is_final): (ErrorCode, bool)) {
        let Some(entry) = self.wire.pop_front() else { return };
        if self.stored.iter().any(|(_, _, id)| *id == entry.id) {
            // What is stored is answered, whatever stands in the way of new messages.
            self.wire.push_front(entry);
            return self.answer();
        }
        let verdict = judge(&Fault {
            code,
            detail: String::new(),
            retry_after_ms: None,
        });
        assert_eq!(matches!(verdict, Verdict::Final(_)), is_final, "{code:?}");
        let after = self.outbox.refused(entry.id, &verdict).expect("it is there").clone();
        match after.stage {
            Stage::Failed(_) => assert!(is_final, "{code:?} is tried again"),
            Stage::Unconfirmed => assert!(!is_final && after.is_uncertain),
            Stage::Queued => assert!(!is_final && !after.is_uncertain && !entry.is_uncertain),
            Stage::Sending => panic!("a refused message is on the wire"),
        }
        self.rows.insert(after.place, after);
    }

    fn cut(&mut self) {
        let on_wire: BTreeSet<_> = self.wire.drain(..).map(|entry| entry.id).collect();
        let touched: BTreeSet<_> = self.outbox.interrupt().into_iter().collect();
        assert_eq!(
            touched, on_wire,
            "whoever was on the wire is unconfirmed, and nobody else"
        );
        for id in touched {
            let entry = self.outbox.find(id).expect("it is there").clone();
            assert_eq!((&entry.stage, entry.is_uncertain), (&Stage::Unconfirmed, true));
            self.rows.insert(entry.place, entry);
        }
    }

    fn cancel(&mut self, at: usize) {
        let Some(id) = pick(&self.written, at) else { return };
        if !self.outbox.can_cancel(id) {
            return;
        }
        let gone = self.outbox.remove(id).expect("only what waits can be cancelled");
        self.rows.remove(&gone.place);
        self.cancelled.insert(id);
    }

    fn retry(&mut self, at: usize) {
        let Some(id) = pick(&self.written, at) else { return };
        let Some(Stage::Failed(_)) = self.outbox.find(id).map(|entry| &entry.stage) else {
            return;
        };
        let mut entry = self.outbox.remove(id).expect("it is there");
        self.rows.remove(&entry.place);
        self.places += 1;
        entry.place = self.places;
        entry.stage = Stage::Queued;
        entry.is_uncertain = false;
        self.rows.insert(entry.place, entry.clone());
        self.outbox.put(entry);
    }

    fn check(&self) {
        for (_, _, id) in &self.stored {
            assert!(!self.cancelled.contains(id), "a cancelled message was stored");
        }
        for id in &self.written {
            let is_over = self.confirmed.contains(id) || self.cancelled.contains(id);
            assert_ne!(is_over, self.outbox.find(*id).is_some(), "lost, or kept after its end");
        }
        for thread in 1..=3 {
            let of = |(t, place, _): &(ThreadId, i64, MessageId)| (t.0.as_u128() == thread).then_some(*place);
            let places: Vec<_> = self.stored.iter().filter_map(of).collect();
            assert!(places.is_sorted(), "out of order in thread {thread}: {places:?}");
        }
    }
}

fn pick(ids: &[MessageId], at: usize) -> Option<MessageId> {
    ids.get(at.checked_rem(ids.len())?).copied()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1024))]

    #[test]
    fn every_message_is_sent_in_order_cancelled_or_failed_whatever_happens(
        steps in prop::collection::vec(step(), 0..80),
    ) {
        let mut world = World::default();
        for step in &steps {
            world.take(step);
            world.check();
        }
        // A good line: what may still go arrives, and only what was refused for good stays.
        world.cut();
        for _ in &world.written.clone() {
            world.pump();
            while !world.wire.is_empty() {
                world.answer();
            }
        }
        world.check();
        for entry in world.outbox.entries.values() {
            prop_assert!(matches!(entry.stage, Stage::Failed(_)), "{:?} for ever", entry.stage);
        }
    }
}
