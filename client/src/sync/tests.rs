//! Any interleaving of repeats, losses and reconnects ends in the state that the log describes.

use std::collections::BTreeMap;

use prilavok_protocol::event::Event;
use prilavok_protocol::ids::{Cursor, Epoch, Pos, Role, Seq, ThreadId};
use prilavok_protocol::model::Message;
use proptest::prelude::*;
use uuid::Uuid;

use super::{Arrival, Counted, Counts, Held, apply, arrival, fixtures, read_seq, thread_of};

const ME: Role = Role::Buyer;

/// A device in memory: what the cache does on disk.
#[derive(Debug, Clone, PartialEq)]
struct Device {
    cursor: Cursor,
    threads: BTreeMap<ThreadId, Held>,
    messages: BTreeMap<(ThreadId, Seq), Message>,
}

impl Device {
    fn new() -> Self {
        let cursor = Cursor {
            epoch: Epoch(Uuid::nil()),
            pos: Pos(0),
        };
        Self {
            cursor,
            threads: BTreeMap::new(),
            messages: BTreeMap::new(),
        }
    }

    fn count(&self, thread: ThreadId, after: Seq, up_to: Seq) -> Counted {
        let all = self
            .messages
            .values()
            .filter(|m| m.thread_id == thread && m.seq > after && m.seq <= up_to);
        all.fold(Counted::default(), |sum, m| Counted {
            known: sum.known + 1,
            theirs: sum.theirs + u64::from(m.sender_type != ME),
        })
    }

    /// True when the entry was beyond a gap.
    fn receive(&mut self, pos: Pos, event: &Event) -> bool {
        match arrival(self.cursor, pos) {
            Arrival::Gap => return true,
            Arrival::Repeat => return false,
            Arrival::Next => {}
        }
        if let Some(id) = thread_of(event) {
            let held = self.threads.get(&id).cloned();
            let counts = match (event, &held) {
                (Event::Read { up_to_seq, .. }, Some(held)) => Counts {
                    passed: self.count(id, read_seq(&held.summary.thread, ME), *up_to_seq),
                    left: self.count(id, *up_to_seq, held.summary.thread.head_seq),
                },
                _ => Counts::default(),
            };
            let held = apply(ME, held.as_ref(), event, counts).expect("the log starts each thread first");
            self.threads.insert(id, held);
        }
        if let Event::Message { message } = event {
            self.messages.insert((message.thread_id, message.seq), message.clone());
        }
        self.cursor.pos = pos;
        false
    }
}

/// A log of two threads from a list of dice.
fn log(dice: &[(u8, bool, u8)]) -> Vec<Event> {
    let mut log = Vec::new();
    let mut heads = [None::<u64>; 2];
    for &(kind, second, up_to) in dice {
        let n = usize::from(second);
        let summary = fixtures::summary(n as u128 + 1, 0, ME);
        let Some(head) = heads[n].as_mut() else {
            heads[n] = Some(0);
            log.push(Event::ThreadStarted { thread: summary });
            continue;
        };
        let side = if kind % 2 == 0 { Role::Buyer } else { Role::Seller };
        let thread_id = summary.thread.id;
        let up_to_seq = Seq(u64::from(up_to) % (*head + 1));
        log.push(match kind / 2 {
            0 => Event::Read {
                thread_id,
                user_type: side,
                up_to_seq,
            },
            1 => Event::Delivered {
                thread_id,
                user_type: side,
                up_to_seq,
            },
            2 => Event::Unknown,
            _ => {
                *head += 1;
                Event::Message {
                    message: fixtures::message(&summary.thread, *head, side),
                }
            }
        });
    }
    log
}

fn straight(log: &[Event]) -> Device {
    let mut device = Device::new();
    for (at, event) in log.iter().enumerate() {
        assert!(!device.receive(Pos(at as u64 + 1), event));
    }
    device
}

proptest! {
    #[test]
    fn any_interleaving_of_repeats_and_gaps_gives_the_same_state(
        dice in prop::collection::vec((0u8..12, any::<bool>(), any::<u8>()), 0..60),
        frames in prop::collection::vec(any::<u16>(), 0..120),
    ) {
        let log = log(&dice);
        let mut device = Device::new();
        for frame in frames {
            if log.is_empty() {
                break;
            }
            let at = usize::from(frame) % log.len();
            if device.receive(Pos(at as u64 + 1), &log[at]) {
                // A gap: connect again with the cursor, and lose the connection once more on the way.
                let from = usize::try_from(device.cursor.pos.0).unwrap();
                for (i, event) in log.iter().enumerate().skip(from).take(usize::from(frame % 5)) {
                    prop_assert!(!device.receive(Pos(i as u64 + 1), event));
                }
            }
        }
        for (at, event) in log.iter().enumerate() {
            prop_assert!(!device.receive(Pos(at as u64 + 1), event));
        }
        prop_assert_eq!(device, straight(&log));
    }

    #[test]
    fn the_counter_is_what_can_be_counted(
        dice in prop::collection::vec((0u8..12, any::<bool>(), any::<u8>()), 0..60),
    ) {
        let device = straight(&log(&dice));
        for (id, held) in &device.threads {
            let thread = &held.summary.thread;
            let counted = device.count(*id, read_seq(thread, ME), thread.head_seq);
            prop_assert_eq!(u64::from(held.summary.unread_count), counted.theirs);
        }
    }
}

#[test]
fn a_buyer_waits_from_the_first_unanswered_message() {
    let summary = fixtures::summary(1, 0, Role::Seller);
    let mut held = Held {
        summary: summary.clone(),
        waiting_ms: None,
    };
    let cases = [
        (1, Role::Buyer, Some(10_001)),
        (2, Role::Buyer, Some(10_001)),
        (3, Role::Seller, None),
        (4, Role::Buyer, Some(10_004)),
    ];
    for (seq, sender, waiting) in cases {
        let message = fixtures::message(&summary.thread, seq, sender);
        held = apply(
            Role::Seller,
            Some(&held),
            &Event::Message { message },
            Counts::default(),
        )
        .unwrap();
        assert_eq!(held.waiting_ms, waiting, "{seq}");
    }
}

#[test]
fn an_event_of_a_thread_that_should_be_here_and_is_not_asks_for_a_snapshot() {
    let summary = fixtures::summary(1, 0, ME);
    let message = fixtures::message(&summary.thread, 1, Role::Seller);
    assert_eq!(apply(ME, None, &Event::Message { message }, Counts::default()), None);
}

#[test]
fn a_mark_over_unknown_history_is_exact_where_one_side_is_known() {
    let mut summary = fixtures::summary(1, 10, ME);
    summary.unread_count = 7;
    let counted = |known, theirs| Counted { known, theirs };
    // up to, in what is passed, in what is left, unread
    let cases = [
        (10, counted(0, 0), counted(0, 0), 0),
        (6, counted(0, 0), counted(4, 3), 3),
        (6, counted(6, 5), counted(0, 0), 2),
        (6, counted(1, 1), counted(1, 0), 3),
    ];
    for (up_to, passed, left, unread) in cases {
        let mut held = Held {
            summary: summary.clone(),
            waiting_ms: None,
        };
        super::read_up_to(ME, &mut held, Seq(up_to), Counts { passed, left });
        assert_eq!(held.summary.unread_count, unread, "{up_to} {passed:?} {left:?}");
    }
}
