//! A tiny post office that is right by construction, and the histories of its clients: what the checker must find good.

mod rest;

use prilavok_protocol::error::ErrorCode;
use prilavok_protocol::ids::{BuyerId, Cursor, Epoch, MessageId, Party, Pos, Role, SellerId, Seq, ThreadId};

use super::index::side;
use super::marks::{mark, own};
use crate::history::{Canary, Entry, History, Kind, Line, Marks, Place, Scribe, What};

/// One step of a run; the number chooses who does it.
#[derive(Debug, Clone, Copy)]
pub enum Step {
    /// Sends, and is answered.
    Send(usize),
    /// Sends, is stored, hears nothing, asks again under the same id.
    Repeat(usize),
    /// Sends, is not stored, hears nothing, never asks again.
    Unknown(usize),
    /// Is refused.
    Refused(usize),
    /// Writes and takes it back.
    Cancelled(usize),
    /// Two sends cross: the one that began later is answered first.
    Cross(usize),
    /// Hears everything that is new.
    Hear(usize),
    /// Is cut off and comes back.
    Cut(usize),
    /// Reads everything.
    Read(usize),
    /// Has stored everything that it was told.
    Applied(usize),
    /// Takes a snapshot.
    Snapshot(usize),
    /// An engine sends.
    Engine(usize),
}

struct Pair {
    canary: Canary,
    parties: [Party; 2],
    rows: Vec<Line>,
    marks: Marks,
    logs: [Vec<Entry>; 2],
    devices: [(Scribe, usize); 2],
    rooms: [Scribe; 2],
    rests: [Scribe; 2],
    engine: (Scribe, usize),
}

/// The post office.
pub struct Model {
    history: History,
    epoch: Epoch,
    pairs: Vec<Pair>,
    words: u64,
}

impl Model {
    /// With so many pairs.
    pub fn new(pairs: usize) -> Self {
        let mut model = Self {
            history: History::new(),
            epoch: Epoch::mint(),
            pairs: Vec::new(),
            words: 0,
        };
        model.pairs = (0..pairs).map(|_| model.pair()).collect();
        model
    }

    fn pair(&self) -> Pair {
        let parties = [Party::buyer(BuyerId::mint()), Party::seller(SellerId::mint())];
        let join = |name: &str, kind, role: usize| self.history.join(name, kind, Some(parties[role]));
        let thread = ThreadId::mint();
        let canary = Canary::mint();
        let pair = Pair {
            canary,
            parties,
            rows: Vec::new(),
            marks: Marks {
                thread,
                head: Seq(0),
                read: [Seq(0); 2],
                delivered: [Seq(0); 2],
            },
            logs: [vec![Entry::Started { thread }], vec![Entry::Started { thread }]],
            devices: [0, 1].map(|role| (join("device", Kind::Device, role), 0)),
            rooms: [0, 1].map(|role| join("room", Kind::Room, role)),
            rests: [0, 1].map(|role| join("rest", Kind::Rest, role)),
            engine: (join("engine", Kind::Engine, 0), 0),
        };
        pair.rests[0].note(What::Thread {
            thread,
            parties,
            canary,
        });
        for (device, _) in &pair.devices {
            device.note(What::Connected { cursor: None });
            device.note(What::Welcome { epoch: self.epoch });
        }
        for room in &pair.rooms {
            room.note(What::Connected { cursor: None });
        }
        pair
    }

    /// Does one step.
    pub fn step(&mut self, step: Step) {
        let sides = [Role::Buyer, Role::Seller];
        match step {
            Step::Send(n) => {
                let (pair, role) = (self.at(n), sides[n % 2]);
                let (scribe, key) = (self.pairs[pair].rests[n % 2].clone(), self.invoke(n));
                let line = self.commit(pair, role, key);
                ack(&scribe, line);
            }
            Step::Cross(n) => {
                let pair = self.at(n);
                let scribes = [0, 1].map(|role| self.pairs[pair].rests[role].clone());
                let (first, second) = (self.invoke(n - n % 2), self.invoke(n - n % 2 + 1));
                let second = self.commit(pair, Role::Seller, second);
                ack(&scribes[1], second);
                let first = self.commit(pair, Role::Buyer, first);
                ack(&scribes[0], first);
            }
            Step::Repeat(n) => {
                let (pair, role) = (self.at(n), sides[n % 2]);
                let (scribe, key) = (self.pairs[pair].rests[n % 2].clone(), self.invoke(n));
                let (thread, (id, hash)) = (self.pairs[pair].marks.thread, key);
                let line = self.commit(pair, role, key);
                scribe.note(What::Unknown { thread, id });
                scribe.note(What::Invoked { thread, id, hash });
                ack(&scribe, line);
            }
            Step::Unknown(n) => {
                let pair = self.at(n);
                let (scribe, (id, _)) = (self.pairs[pair].rests[n % 2].clone(), self.invoke(n));
                let thread = self.pairs[pair].marks.thread;
                scribe.note(What::Unknown { thread, id });
            }
            Step::Refused(n) => {
                let pair = self.at(n);
                let (scribe, (id, hash)) = (self.pairs[pair].rests[n % 2].clone(), self.invoke(n));
                let (thread, code) = (self.pairs[pair].marks.thread, ErrorCode::Forbidden);
                scribe.note(What::Refused { thread, id, hash, code });
            }
            Step::Cancelled(n) => {
                let pair = self.at(n);
                let (scribe, thread) = (self.pairs[pair].engine.0.clone(), self.pairs[pair].marks.thread);
                let (id, hash) = (MessageId::mint(), self.word());
                scribe.note(What::Composed { thread, hash });
                scribe.note(What::Invoked { thread, id, hash });
                scribe.note(What::Cancelled { thread, id });
            }
            Step::Engine(n) => {
                let pair = self.at(n);
                let (scribe, thread) = (self.pairs[pair].engine.0.clone(), self.pairs[pair].marks.thread);
                let (id, hash) = (MessageId::mint(), self.word());
                scribe.note(What::Composed { thread, hash });
                let line = self.commit(pair, Role::Buyer, (id, hash));
                scribe.note(What::Invoked { thread, id, hash });
                ack(&scribe, line);
            }
            Step::Hear(n) => self.hear(self.at(n), n % 2),
            Step::Cut(n) => self.cut(self.at(n), n % 2),
            Step::Read(n) => self.read(self.at(n), sides[n % 2]),
            Step::Applied(n) => self.applied(self.at(n), sides[n % 2]),
            Step::Snapshot(n) => self.snapshot(self.at(n), n % 2),
        }
    }

    fn at(&self, n: usize) -> usize {
        n / 2 % self.pairs.len()
    }

    fn word(&mut self) -> u64 {
        self.words += 1;
        self.words
    }

    fn invoke(&mut self, n: usize) -> (MessageId, u64) {
        let (id, hash) = (MessageId::mint(), self.word());
        let pair = &self.pairs[self.at(n)];
        let thread = pair.marks.thread;
        pair.rests[n % 2].note(What::Invoked { thread, id, hash });
        (id, hash)
    }

    /// The transaction: the row, an entry for each party, the counters; then both pages are told.
    fn commit(&mut self, pair: usize, sender: Role, (id, hash): (MessageId, u64)) -> Line {
        let pair = &mut self.pairs[pair];
        let thread = pair.marks.thread;
        let seq = Seq(pair.rows.len() as u64 + 1);
        let line = Line {
            thread,
            id,
            seq,
            hash,
            sender,
        };
        pair.rows.push(line);
        own(&mut pair.marks, sender, seq);
        pair.logs.iter_mut().for_each(|log| log.push(Entry::Message(line)));
        for room in &pair.rooms {
            room.note(What::Shown(line));
            if seq == Seq(1) {
                let (place, canary) = (Place::Socket, pair.canary);
                room.note(What::Saw { place, canary });
            }
        }
        line
    }

    fn hear(&mut self, pair: usize, role: usize) {
        let pair = &mut self.pairs[pair];
        let (device, pos) = &mut pair.devices[role];
        for entry in &pair.logs[role][*pos..] {
            *pos += 1;
            let (pos, entry) = (Pos(*pos as u64), *entry);
            device.note(What::Event { pos, entry });
        }
        device.note(What::Head { pos: Pos(*pos as u64) });
        let (engine, shown) = &mut pair.engine;
        for row in &pair.rows[*shown..] {
            engine.note(What::Shown(*row));
        }
        *shown = pair.rows.len();
    }

    fn cut(&mut self, pair: usize, role: usize) {
        let (epoch, pair) = (self.epoch, &self.pairs[pair]);
        let (device, pos) = &pair.devices[role];
        let pos = Pos(*pos as u64);
        device.note(What::Cut { code: 0 });
        device.note(What::Connected {
            cursor: Some(Cursor { epoch, pos }),
        });
        device.note(What::Welcome { epoch });
        pair.rooms[role].note(What::Cut { code: 1012 });
        pair.rooms[role].note(What::Connected { cursor: None });
    }

    fn read(&mut self, pair: usize, role: Role) {
        let pair = &mut self.pairs[pair];
        let (thread, up_to) = (pair.marks.thread, pair.marks.head);
        if up_to > pair.marks.read[side(role)] {
            mark(&mut pair.marks, role, up_to, true);
            let entry = Entry::Read {
                thread,
                side: role,
                up_to,
            };
            pair.logs.iter_mut().for_each(|log| log.push(entry));
        }
        pair.devices[side(role)].0.note(What::Marked { thread, up_to });
    }

    fn applied(&mut self, pair: usize, role: Role) {
        let pair = &mut self.pairs[pair];
        let told = &pair.logs[side(role)][..pair.devices[side(role)].1];
        let up_to = told.iter().rev().find_map(|entry| match entry {
            Entry::Message(line) if line.sender != role => Some(line.seq),
            _ => None,
        });
        let thread = pair.marks.thread;
        let Some(up_to) = up_to.filter(|up_to| *up_to > pair.marks.delivered[side(role)]) else {
            return;
        };
        mark(&mut pair.marks, role, up_to, false);
        pair.logs[side(role.other())].push(Entry::Delivered {
            thread,
            side: role,
            up_to,
        });
    }

    fn snapshot(&mut self, pair: usize, role: usize) {
        let (epoch, pair) = (self.epoch, &self.pairs[pair]);
        let pos = Pos(pair.logs[role].len() as u64);
        pair.rests[role].note(What::Snapshot {
            cursor: Cursor { epoch, pos },
            threads: Box::new([pair.listed(role)]),
        });
    }
}

fn ack(scribe: &Scribe, Line { thread, id, seq, .. }: Line) {
    scribe.note(What::Acked { thread, id, seq });
}
