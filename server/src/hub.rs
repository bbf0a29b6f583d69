//! Who is connected to this node. New log entries and signals go to the queues of a party's sockets.
//!
//! The hub never waits and never fails: a socket that cannot keep up is cut off. It holds its lock only to look up.

pub mod packet;
pub mod queue;

use std::hash::Hash;
use std::sync::Arc;
use std::time::Duration;

use prilavok_protocol::error::CloseCode;
use prilavok_protocol::event::Signal;
use prilavok_protocol::ids::{AccountId, DeviceId, Party, SessionId, ThreadId};
use tokio::time::Instant;

use self::packet::{Packet, Whisper};
pub use self::queue::Waiting;
use self::queue::{Bounds, Item, Queue};
use crate::accounts::Signed;
use crate::config::Config;
use crate::faults;
use crate::maps::Map;
use crate::store::Delivery;
use crate::sync::{Mutex, MutexGuard};

/// Per-thread sockets of one account: a page holds one each, and nobody has a hundred pages open.
const ROOMS_PER_ACCOUNT: usize = 100;

/// Through which door a socket came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Door {
    /// The session socket of a device.
    Session(DeviceId),
    /// The per-thread socket.
    Room(ThreadId),
}

/// One open socket.
#[derive(Debug)]
pub struct Socket {
    /// Who is signed in on it.
    pub signed: Signed,
    /// Through which door it came.
    pub door: Door,
    /// What waits to be written to it.
    pub queue: Queue,
}

impl Socket {
    /// True when the socket has to be woken up for it.
    fn push(&self, packet: &Arc<Packet>) -> bool {
        let bytes = match self.door {
            Door::Session(_) => packet.session_frame().len(),
            Door::Room(thread) if packet.thread() == Some(thread) => packet.room_frame().map_or(0, |text| text.len()),
            // Its position counts all the same: a room finds gaps by it.
            Door::Room(_) => 0,
        };
        self.queue.push(Item::Entry(Arc::clone(packet)), bytes)
    }
}

/// Sockets that have something to write. They are woken up when this is dropped: whatever else is to be said to them until
/// then goes out in the same write.
#[derive(Debug, Default)]
#[must_use]
pub struct Called(Vec<Arc<Socket>>);

impl Drop for Called {
    fn drop(&mut self) {
        for socket in &self.0 {
            socket.queue.wake();
        }
    }
}

/// A socket that has been let in.
#[derive(Debug)]
pub struct Opened {
    /// The socket.
    pub socket: Arc<Socket>,
    /// Its party was not there before.
    pub is_arrival: bool,
}

/// Who is connected to this node.
#[derive(Debug)]
pub struct Hub {
    bounds: Bounds,
    sockets_per_account: usize,
    grace: Duration,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    parties: Map<Party, Vec<Arc<Socket>>>,
    accounts: Map<AccountId, Vec<Arc<Socket>>>,
    sessions: Map<SessionId, Vec<Arc<Socket>>>,
    /// Parties whose last socket closed, until when they still count as being there.
    leaving: Map<Party, Instant>,
}

impl Hub {
    /// Nobody is connected yet.
    #[must_use]
    pub fn new(config: &Config) -> Self {
        let limits = &config.limits;
        Self {
            bounds: Bounds {
                events: limits.queue_events as usize,
                bytes: limits.queue_bytes as usize,
            },
            sockets_per_account: limits.sockets_per_account as usize,
            grace: config.sockets.leave_grace,
            state: Mutex::default(),
        }
    }

    /// Lets a socket in. A newer session socket of the same device replaces the older.
    ///
    /// # Errors
    /// The close code for an account that has too many.
    pub fn open(&self, signed: Signed, door: Door) -> Result<Opened, CloseCode> {
        let mut state = self.lock();
        let of_account = state.accounts.get(&signed.account).map_or(&[][..], Vec::as_slice);
        let (is_replaced, limit): (fn(&Socket, Door) -> bool, _) = match door {
            Door::Session(_) => (|old, new| old.door == new, self.sockets_per_account),
            Door::Room(_) => (|_, _| false, ROOMS_PER_ACCOUNT),
        };
        let same_kind = |socket: &&Arc<Socket>| {
            matches!(
                (socket.door, door),
                (Door::Session(_), Door::Session(_)) | (Door::Room(_), Door::Room(_))
            )
        };
        let (old, others): (Vec<_>, Vec<_>) = of_account
            .iter()
            .filter(same_kind)
            .cloned()
            .partition(|socket| is_replaced(socket, door));
        if others.len() >= limit {
            return Err(CloseCode::TOO_MANY_SOCKETS);
        }
        let socket = Arc::new(Socket {
            signed,
            door,
            queue: Queue::new(self.bounds),
        });
        // Whoever is leaving has not left until `has_left` says so, late as it may be: nobody arrives twice in a row.
        let is_leaving = state.leaving.remove(&signed.party).is_some();
        let is_arrival = !is_leaving && !state.parties.contains_key(&signed.party);
        state.parties.entry(signed.party).or_default().push(Arc::clone(&socket));
        state
            .accounts
            .entry(signed.account)
            .or_default()
            .push(Arc::clone(&socket));
        state
            .sessions
            .entry(signed.session)
            .or_default()
            .push(Arc::clone(&socket));
        for socket in &old {
            state.remove(socket);
        }
        drop(state);
        for socket in old {
            socket.queue.cut_off(CloseCode::REPLACED);
        }
        Ok(Opened { socket, is_arrival })
    }

    /// A socket has closed. Returns when its party may be told to have left, if that was its last one.
    pub fn close(&self, socket: &Arc<Socket>) -> Option<Instant> {
        let mut state = self.lock();
        let party = socket.signed.party;
        if !state.remove(socket) || state.parties.contains_key(&party) {
            return None;
        }
        let until = Instant::now() + self.grace;
        state.leaving.insert(party, until);
        Some(until)
    }

    /// Whether the party has really left; true once for each leaving.
    pub fn has_left(&self, party: Party) -> bool {
        let mut state = self.lock();
        let is_over = state.leaving.get(&party).is_some_and(|until| *until <= Instant::now());
        if is_over {
            state.leaving.remove(&party);
        }
        is_over
    }

    /// Whether a socket of the party is open here, or closed only just now.
    #[must_use]
    pub fn is_online(&self, party: Party) -> bool {
        self.lock().is_there(party, Instant::now())
    }

    /// Sockets that are open here.
    #[must_use]
    pub fn sockets(&self) -> usize {
        self.lock().parties.values().map(Vec::len).sum()
    }

    /// The fullest queue of all.
    #[must_use]
    pub fn waiting(&self) -> Waiting {
        let state = self.lock();
        let queues = state.parties.values().flatten().map(|socket| socket.queue.waiting());
        queues.fold(Waiting::default(), |fullest, one| Waiting {
            events: fullest.events.max(one.events),
            bytes: fullest.bytes.max(one.bytes),
        })
    }

    /// Hands new log entries to every socket of their parties.
    pub fn deliver(&self, deliveries: Vec<Delivery>) -> Called {
        let mut called = Called::default();
        for (delivery, sockets) in self.with_sockets(deliveries) {
            let packet = Arc::new(Packet::new(delivery.pos, delivery.event));
            faults::point("hub.before");
            for socket in sockets {
                if socket.push(&packet) {
                    called.0.push(socket);
                }
            }
            faults::point("hub.after");
        }
        called
    }

    /// Hands a signal to every socket of a party.
    pub fn signal(&self, to: Party, signal: Signal) {
        whisper(&self.sockets_of(to), signal);
    }

    /// Hands a signal to every session socket of an account: what is the account's own is no affair of a shop's page.
    pub fn signal_account(&self, to: AccountId, signal: Signal) {
        let mut sockets = self.lock().accounts.get(&to).cloned().unwrap_or_default();
        sockets.retain(|socket| matches!(socket.door, Door::Session(_)));
        whisper(&sockets, signal);
    }

    /// Closes every socket of a session.
    pub fn end_session(&self, session: SessionId, code: CloseCode) {
        let sockets = self.lock().sessions.get(&session).cloned().unwrap_or_default();
        end(&sockets, code);
    }

    /// Closes every socket of an account.
    pub fn end_account(&self, account: AccountId, code: CloseCode) {
        let sockets = self.lock().accounts.get(&account).cloned().unwrap_or_default();
        end(&sockets, code);
    }

    /// Those that anybody is there to hear.
    fn with_sockets(&self, deliveries: Vec<Delivery>) -> Vec<(Delivery, Vec<Arc<Socket>>)> {
        let state = self.lock();
        let heard = deliveries.into_iter().filter_map(|delivery| {
            if faults::planted("bug.foreign_delivery") {
                return Some((delivery, state.parties.values().flatten().cloned().collect()));
            }
            let sockets = state.parties.get(&delivery.party)?.clone();
            Some((delivery, sockets))
        });
        heard.collect()
    }

    fn sockets_of(&self, party: Party) -> Vec<Arc<Socket>> {
        self.lock().parties.get(&party).cloned().unwrap_or_default()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no holder of this lock panics")
    }
}

impl State {
    fn is_there(&self, party: Party, now: Instant) -> bool {
        self.parties.contains_key(&party) || self.leaving.get(&party).is_some_and(|until| *until > now)
    }

    /// False when it was not there any more.
    fn remove(&mut self, socket: &Arc<Socket>) -> bool {
        take(&mut self.accounts, &socket.signed.account, socket);
        take(&mut self.sessions, &socket.signed.session, socket);
        take(&mut self.parties, &socket.signed.party, socket)
    }
}

fn whisper(sockets: &[Arc<Socket>], signal: Signal) {
    if sockets.is_empty() {
        return;
    }
    let whisper = Arc::new(Whisper::new(signal));
    for socket in sockets {
        let bytes = whisper.session_frame().len();
        if socket.queue.push(Item::Signal(Arc::clone(&whisper)), bytes) {
            socket.queue.wake();
        }
    }
}

fn end(sockets: &[Arc<Socket>], code: CloseCode) {
    for socket in sockets {
        socket.queue.cut_off(code);
    }
}

fn take<K: Hash + Eq>(map: &mut Map<K, Vec<Arc<Socket>>>, key: &K, socket: &Arc<Socket>) -> bool {
    let Some(sockets) = map.get_mut(key) else { return false };
    let before = sockets.len();
    sockets.retain(|other| !Arc::ptr_eq(other, socket));
    let was_there = sockets.len() < before;
    if sockets.is_empty() {
        map.remove(key);
    }
    was_there
}

#[cfg(all(test, feature = "explored"))]
mod explored;

#[cfg(all(test, not(feature = "explored")))]
mod tests;
