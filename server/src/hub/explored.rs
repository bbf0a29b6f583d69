//! The hub under a scheduler that chooses every interleaving of its locks. A failure prints the schedule that repeats it.
//!
//! Run with `cargo test -p prilavok-server --features explored --lib hub::explored`. Locks are explored; the wake-ups
//! are tokio's own, which tokio explores itself.

use std::sync::Arc;

use futures::FutureExt;
use futures::future::{Either, select};
use prilavok_protocol::event::Event;
use prilavok_protocol::ids::{BuyerId, Pos};
use shuttle::future::block_on;
use shuttle::sync::Mutex;
use shuttle::thread::{self, JoinHandle};

use super::*;
use crate::session::follow::{Follow, Step};

/// Half of the schedules are random, half put the rare switches where they hurt.
const SCHEDULES: usize = 1_500;
/// Switches at bad moments in one schedule; the races here need two or three.
const DEPTH: usize = 4;

fn explore(scene: fn()) {
    shuttle::check_random(scene, SCHEDULES);
    shuttle::check_pct(scene, SCHEDULES, DEPTH);
}

fn hub(events: u32, grace: Duration) -> Arc<Hub> {
    let mut config = Config::default();
    config.limits.sockets_per_account = 2;
    config.limits.queue_events = events;
    config.sockets.leave_grace = grace;
    Arc::new(Hub::new(&config))
}

fn person() -> Signed {
    Signed {
        account: AccountId::mint(),
        session: SessionId::mint(),
        party: Party::buyer(BuyerId::mint()),
    }
}

fn door() -> Door {
    Door::Session(DeviceId::mint())
}

fn joined<T: 'static>(threads: Vec<JoinHandle<T>>) -> Vec<T> {
    threads
        .into_iter()
        .map(|thread| thread.join().expect("no panic"))
        .collect()
}

/// A log that several writers append to, each telling the hub after its own commit, as the server does.
#[derive(Clone)]
struct Log {
    head: Arc<Mutex<u64>>,
    hub: Arc<Hub>,
    party: Party,
}

impl Log {
    fn new(hub: &Arc<Hub>, party: Party) -> Self {
        Self {
            head: Arc::new(Mutex::new(0)),
            hub: Arc::clone(hub),
            party,
        }
    }

    fn append(&self) {
        let pos = {
            let mut head = self.head.lock().expect("no panic");
            *head += 1;
            Pos(*head)
        };
        drop(self.hub.deliver(vec![Delivery {
            party: self.party,
            pos,
            event: Arc::new(Event::Unknown.into()),
        }]));
    }

    fn writers(&self, each: usize) -> Vec<JoinHandle<()>> {
        let write = |log: Self| {
            thread::spawn(move || {
                for _ in 0..each {
                    log.append();
                }
            })
        };
        (0..2).map(|_| write(self.clone())).collect()
    }

    /// One page of what follows; true when nothing followed it.
    fn page(&self, follow: &mut Follow, told: &mut Vec<Pos>) -> bool {
        const PAGE: u64 = 2;
        let head = *self.head.lock().expect("no panic");
        let from = follow.pos().0;
        for pos in (from + 1)..=head.min(from + PAGE) {
            assert_eq!(follow.step(Pos(pos)), Step::Next);
            told.push(Pos(pos));
        }
        follow.pos().0 < from + PAGE
    }
}

/// What a session does with its queue, from the first page on, until it has told so many or is cut off.
fn attend(log: &Log, queue: &Queue, follow: &mut Follow, until: u64) -> (Vec<Pos>, Option<CloseCode>) {
    let mut told = Vec::new();
    loop {
        queue.skip_entries();
        if log.page(follow, &mut told) {
            break;
        }
    }
    while follow.pos().0 < until {
        let next = block_on(async {
            match select(Box::pin(queue.ended()), Box::pin(queue.next())).await {
                Either::Left((code, _)) => Err(code),
                Either::Right((item, _)) => Ok(item),
            }
        });
        let packet = match next {
            Err(code) => return (told, Some(code)),
            Ok(Item::Signal(_)) => continue,
            Ok(Item::Entry(packet)) => packet,
        };
        match follow.step(packet.pos) {
            Step::Repeat => {}
            Step::Next => told.push(packet.pos),
            Step::Gap => while !log.page(follow, &mut told) {},
        }
    }
    (told, None)
}

#[test]
fn nothing_is_lost_or_told_twice_between_the_subscription_the_backlog_and_live() {
    explore(|| {
        let (hub, anna) = (hub(256, Duration::ZERO), person());
        let log = Log::new(&hub, anna.party);
        log.append();
        let writers = log.writers(2);
        let socket = hub.open(anna, door()).expect("the first").socket;
        let mut follow = Follow::from(anna.party, Pos(0));
        let (told, cut) = attend(&log, &socket.queue, &mut follow, 5);
        assert_eq!(cut, None);
        assert!(told.iter().map(|pos| pos.0).eq(1..=5), "{told:?}");
        joined(writers);
    });
}

#[test]
fn a_reader_that_falls_behind_is_cut_off_and_resumes_with_everything() {
    explore(|| {
        let (hub, anna) = (hub(1, Duration::ZERO), person());
        let log = Log::new(&hub, anna.party);
        let writers = log.writers(2);
        let (mut pos, mut all) = (Pos(0), Vec::new());
        while pos.0 < 4 {
            let socket = hub.open(anna, door()).expect("there is room").socket;
            let mut follow = Follow::from(anna.party, pos);
            let (told, cut) = attend(&log, &socket.queue, &mut follow, 4);
            assert!(cut.is_none_or(|code| code == CloseCode::SLOW_READER), "{cut:?}");
            all.extend(told);
            pos = follow.pos();
            hub.close(&socket);
        }
        assert!(all.iter().map(|pos| pos.0).eq(1..=4), "{all:?}");
        joined(writers);
    });
}

#[test]
fn a_socket_that_is_ended_wakes_whoever_waits_on_it() {
    explore(|| {
        let (hub, anna) = (hub(256, Duration::ZERO), person());
        let log = Log::new(&hub, anna.party);
        let socket = hub.open(anna, door()).expect("the first").socket;
        let mut threads = log.writers(1);
        let ending = Arc::clone(&hub);
        threads.push(thread::spawn(move || {
            ending.end_session(anna.session, CloseCode::SESSION_REVOKED);
        }));
        let mut follow = Follow::from(anna.party, Pos(0));
        // More than will ever come: only the end lets it go.
        let (told, cut) = attend(&log, &socket.queue, &mut follow, 99);
        assert_eq!(cut, Some(CloseCode::SESSION_REVOKED));
        assert!(told.iter().map(|pos| pos.0).eq(1..=told.len() as u64), "{told:?}");
        joined(threads);
    });
}

#[test]
fn every_arrival_has_one_leaving_and_the_two_take_turns() {
    explore(|| {
        let (hub, anna) = (hub(256, Duration::ZERO), person());
        let anna = move || Signed {
            account: AccountId::mint(),
            ..anna
        };
        let come_and_go = |hub: Arc<Hub>| {
            thread::spawn(move || {
                let (mut arrivals, mut leavings) = (0, 0);
                for _ in 0..2 {
                    let opened = hub.open(anna(), door()).expect("an account of its own");
                    arrivals += i32::from(opened.is_arrival);
                    // The grace is over at once; whoever asks first is told, and nobody else.
                    if hub.close(&opened.socket).is_some() {
                        leavings += i32::from(hub.has_left(anna().party));
                    }
                }
                (arrivals, leavings)
            })
        };
        let counts = joined((0..3).map(|_| come_and_go(Arc::clone(&hub))).collect());
        let (arrivals, leavings) = counts
            .iter()
            .fold((0, 0), |sum, count| (sum.0 + count.0, sum.1 + count.1));
        assert!(arrivals >= 1);
        assert_eq!(arrivals, leavings, "everybody has gone");
        assert!(!hub.is_online(anna().party));
    });
}

#[test]
fn a_session_that_ends_while_its_socket_opens_leaves_no_open_socket() {
    explore(|| {
        let (hub, anna) = (hub(256, Duration::ZERO), person());
        let is_open = Arc::new(Mutex::new(true));
        let (ending, row) = (Arc::clone(&hub), Arc::clone(&is_open));
        let revoke = thread::spawn(move || {
            *row.lock().expect("no panic") = false;
            ending.end_session(anna.session, CloseCode::SESSION_REVOKED);
        });
        // The token was good when the upgrade began; the seat is taken first, the row looked at again after it.
        let socket = hub.open(anna, door()).expect("the first").socket;
        let is_let_in = *is_open.lock().expect("no panic");
        revoke.join().expect("no panic");
        let end = socket.queue.ended().now_or_never();
        assert!(
            !is_let_in || end == Some(CloseCode::SESSION_REVOKED),
            "an open socket of an ended session"
        );
    });
}

#[test]
fn of_two_sockets_of_one_device_one_stays_and_the_other_learns_why() {
    explore(|| {
        let (hub, anna, door) = (hub(256, Duration::ZERO), person(), door());
        let open = |hub: Arc<Hub>| thread::spawn(move || hub.open(anna, door).expect("the same device").socket);
        let sockets = joined((0..3).map(|_| open(Arc::clone(&hub))).collect());
        let ends: Vec<_> = sockets
            .iter()
            .filter_map(|socket| socket.queue.ended().now_or_never())
            .collect();
        assert_eq!(ends, [CloseCode::REPLACED; 2]);
        assert_eq!(hub.sockets(), 1);
    });
}

#[test]
fn an_account_gets_as_many_sockets_as_it_may_however_they_race() {
    explore(|| {
        let (hub, anna) = (hub(256, Duration::ZERO), person());
        let open = |hub: Arc<Hub>| thread::spawn(move || hub.open(anna, door()).is_ok());
        let let_in = joined((0..4).map(|_| open(Arc::clone(&hub))).collect());
        assert_eq!(let_in.into_iter().filter(|is_in| *is_in).count(), 2);
        assert_eq!(hub.sockets(), 2);
    });
}
