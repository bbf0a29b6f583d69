//! A device against a model of its log: frames repeated, reordered and lost, snapshots and heartbeats in any order.
//!
//! The model folds the log from its beginning each time and knows nothing of cursors, gaps or holes.

use std::collections::{BTreeMap, BTreeSet};

use prilavok_protocol::event::Event;
use prilavok_protocol::ids::{Cursor, Epoch, Pos, Role, Seq, ThreadId};
use prilavok_protocol::model::{Message, ThreadSummary};
use proptest::prelude::*;
use uuid::Uuid;

use super::{Arrival, Counted, Counts, Held, apply, arrival, fixtures, merge, read_seq, thread_of};

const ME: Role = Role::Buyer;

#[derive(Debug, Clone)]
enum Step {
    /// Something happens on the server: thread, side, kind and how far a mark goes.
    Happen(bool, bool, u8, u8),
    /// Any entry that exists arrives.
    Arrive(u8),
    /// So many entries after the cursor arrive, before the line breaks again.
    Resume(u8),
    /// A heartbeat: behind its head, the device resumes.
    Beat,
    /// A snapshot instead of the log, with the history of its threads or without.
    Snapshot { with_history: bool },
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => (any::<bool>(), any::<bool>(), 0u8..8, any::<u8>()).prop_map(|(t, s, k, u)| Step::Happen(t, s, k, u)),
        6 => any::<u8>().prop_map(Step::Arrive),
        2 => (0u8..6).prop_map(Step::Resume),
        1 => Just(Step::Beat),
        1 => any::<bool>().prop_map(|with_history| Step::Snapshot { with_history }),
    ]
}

/// The server's side: the log, and what it amounts to.
#[derive(Debug, Default)]
struct Server {
    log: Vec<Event>,
}

impl Server {
    fn happen(&mut self, second: bool, by_me: bool, kind: u8, up_to: u8) {
        let summary = fixtures::summary(u128::from(second) + 1, 0, ME);
        let thread_id = summary.thread.id;
        let user_type = if by_me { ME } else { ME.other() };
        let Some(now) = self.fold(self.log.len()).remove(&thread_id) else {
            return self.log.push(Event::ThreadStarted { thread: summary });
        };
        let head = now.thread.head_seq.0;
        let up_to_seq = Seq(u64::from(up_to) % (head + 1));
        self.log.push(match kind {
            0 => Event::Read {
                thread_id,
                user_type,
                up_to_seq,
            },
            1 => Event::Delivered {
                thread_id,
                user_type,
                up_to_seq,
            },
            2 => Event::Unknown,
            _ => Event::Message {
                message: fixtures::message(&summary.thread, head + 1, user_type),
            },
        });
    }

    fn messages(&self, pos: usize) -> impl Iterator<Item = &Message> {
        self.log[..pos].iter().filter_map(|event| match event {
            Event::Message { message } => Some(message),
            _ => None,
        })
    }

    /// All threads after so many entries, by definition and not by steps.
    fn fold(&self, pos: usize) -> BTreeMap<ThreadId, ThreadSummary> {
        let mut threads = BTreeMap::new();
        for event in &self.log[..pos] {
            let Event::ThreadStarted { thread } = event else {
                continue;
            };
            let (id, mut summary) = (thread.thread.id, thread.clone());
            let of: Vec<_> = self.messages(pos).filter(|message| message.thread_id == id).collect();
            let mark = |side: Role, with_delivered: bool| {
                let written = of.iter().filter(|m| m.sender_type == side).map(|m| m.seq);
                let marked = self.log[..pos].iter().filter_map(move |event| match event {
                    Event::Read {
                        thread_id,
                        user_type,
                        up_to_seq,
                    } if (*thread_id, *user_type) == (id, side) => Some(*up_to_seq),
                    Event::Delivered {
                        thread_id,
                        user_type,
                        up_to_seq,
                    } if with_delivered && (*thread_id, *user_type) == (id, side) => Some(*up_to_seq),
                    _ => None,
                });
                written.chain(marked).max().unwrap_or(Seq(0))
            };
            let t = &mut summary.thread;
            t.head_seq = of.last().map_or(Seq(0), |message| message.seq);
            (t.buyer_read_seq, t.seller_read_seq) = (mark(Role::Buyer, false), mark(Role::Seller, false));
            (t.buyer_delivered_seq, t.seller_delivered_seq) = (mark(Role::Buyer, true), mark(Role::Seller, true));
            let read = read_seq(t, ME);
            let unread = of.iter().filter(|m| m.sender_type != ME && m.seq > read).count();
            summary.unread_count = u32::try_from(unread).unwrap();
            if let Some(last) = of.last() {
                summary.last_message = Some(last.message.clone());
                summary.last_message_time = Some(last.created_at);
                summary.last_sender_type = Some(last.sender_type);
            }
            threads.insert(id, summary);
        }
        threads
    }
}

#[derive(Debug)]
struct Device {
    cursor: Cursor,
    threads: BTreeMap<ThreadId, Held>,
    messages: BTreeMap<(ThreadId, Seq), Message>,
    shown: BTreeSet<(ThreadId, Seq)>,
}

impl Device {
    fn count(&self, thread: ThreadId, after: Seq, up_to: Seq) -> Counted {
        let all = self.messages.values();
        let of = all.filter(|m| m.thread_id == thread && m.seq > after && m.seq <= up_to);
        of.fold(Counted::default(), |sum, m| Counted {
            known: sum.known + 1,
            theirs: sum.theirs + u64::from(m.sender_type != ME),
        })
    }

    /// False beyond a gap.
    fn receive(&mut self, pos: Pos, event: &Event) -> bool {
        match arrival(self.cursor, pos) {
            Arrival::Gap => return false,
            Arrival::Repeat => return true,
            Arrival::Next => {}
        }
        if let Some(id) = thread_of(event) {
            let held = self.threads.get(&id);
            let counts = match (event, held) {
                (Event::Read { up_to_seq, .. }, Some(held)) => Counts {
                    passed: self.count(id, read_seq(&held.summary.thread, ME), *up_to_seq),
                    left: self.count(id, *up_to_seq, held.summary.thread.head_seq),
                },
                _ => Counts::default(),
            };
            let held = apply(ME, held, event, counts).expect("the log starts each thread first");
            self.threads.insert(id, held);
        }
        if let Event::Message { message } = event {
            let place = (message.thread_id, message.seq);
            assert!(self.shown.insert(place), "shown twice: {place:?}");
            self.messages.insert(place, message.clone());
        }
        self.cursor.pos = pos;
        true
    }

    fn resume(&mut self, server: &Server, most: usize) {
        let from = usize::try_from(self.cursor.pos.0).unwrap();
        for (at, event) in server.log.iter().enumerate().skip(from).take(most) {
            assert!(self.receive(Pos(at as u64 + 1), event), "a resume has a gap");
        }
    }

    fn replace(&mut self, server: &Server, with_history: bool) {
        let head = server.log.len();
        for (id, summary) in server.fold(head) {
            let held = merge(ME, self.threads.get(&id), summary, None);
            self.threads.insert(id, held);
        }
        if with_history {
            for message in server.messages(head) {
                let place = (message.thread_id, message.seq);
                self.shown.insert(place);
                self.messages.insert(place, message.clone());
            }
        }
        self.cursor.pos = Pos(head as u64);
    }

    /// The device is exactly what the log up to its cursor says.
    fn check(&self, server: &Server) {
        let pos = usize::try_from(self.cursor.pos.0).unwrap();
        assert!(pos <= server.log.len(), "past the head");
        let known: BTreeSet<_> = server.messages(pos).map(|m| (m.thread_id, m.seq)).collect();
        assert!(self.shown.is_subset(&known), "shown early");
        let model = server.fold(pos);
        assert!(self.threads.keys().eq(model.keys()), "other threads than the log's");
        for (id, expected) in model {
            let mut summary = self.threads[&id].summary.clone();
            let held = self.count(id, Seq(0), expected.thread.head_seq).known;
            if held < expected.thread.head_seq.0 {
                // Holes in the history: the counter may be too high until a snapshot, and never too low.
                assert!(summary.unread_count >= expected.unread_count, "too few unread");
                summary.unread_count = expected.unread_count;
            }
            assert_eq!(summary, expected);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn a_device_is_always_what_the_log_up_to_its_cursor_says(steps in prop::collection::vec(step(), 0..90)) {
        let mut server = Server::default();
        let mut device = Device {
            cursor: Cursor { epoch: Epoch(Uuid::nil()), pos: Pos(0) },
            threads: BTreeMap::new(),
            messages: BTreeMap::new(),
            shown: BTreeSet::new(),
        };
        for step in steps {
            let before = device.cursor.pos;
            match step {
                Step::Happen(second, by_me, kind, up_to) => server.happen(second, by_me, kind, up_to),
                Step::Arrive(at) => {
                    if let Some(at) = usize::from(at).checked_rem(server.log.len()) {
                        device.receive(Pos(at as u64 + 1), &server.log[at]);
                    }
                }
                Step::Resume(most) => device.resume(&server, most.into()),
                Step::Beat => {
                    if device.cursor.pos < Pos(server.log.len() as u64) {
                        device.resume(&server, usize::MAX);
                    }
                }
                Step::Snapshot { with_history } => device.replace(&server, with_history),
            }
            prop_assert!(device.cursor.pos >= before, "the cursor went back");
            device.check(&server);
        }
        device.resume(&server, usize::MAX);
        prop_assert_eq!(device.cursor.pos, Pos(server.log.len() as u64));
        device.check(&server);
    }
}
