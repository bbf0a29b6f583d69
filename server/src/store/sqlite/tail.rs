//! The end of the log that the tables derived from it have not reached yet.
//!
//! A commit appends to `log`, and that is all that makes an entry durable. What points into the log (`by_thread`,
//! `by_client`, `by_party`) follows later, many entries in one transaction and sorted, so that a page is written once for
//! many of them. Until then the writer holds it here, and [`Lagging`] says whom it concerns: whoever reads that waits until
//! the tables have followed. Nothing here is lost with the process: a start reads the log on from where they stand.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use prilavok_protocol::ids::{MessageId, Party, Pos, Role, Seq, ThreadId};
use rusqlite::{Connection, params};

use super::counters::{Counters, Kind};
use super::rows::{PartyKey, ThreadRow, blob, count, int, optional_id, role, side, time};
use crate::faults;
use crate::store::Result;

/// Entries that are let pile up at least. They cost about as much time as a commit.
const FEW: usize = 64;
/// Entries at most: some tens of milliseconds of writing, and a megabyte of memory.
const MANY: usize = 8_192;
/// Commits that one such step is worth: what a message waits for it stays in proportion to what it waits anyway.
const COMMITS: usize = 16;

/// What is not in the tables yet.
#[derive(Debug, Default)]
pub(super) struct Tail {
    by_thread: Vec<(i64, Seq, i64)>,
    by_client: HashMap<(i64, MessageId), i64>,
    by_party: Vec<Told>,
    /// The newest entry of all; `None` when the tables stand where the log does.
    newest: Option<i64>,
    entries: usize,
    concerned: Concerned,
    /// Not said to the readers yet.
    fresh: Vec<(ThreadId, [Party; 2])>,
}

/// An entry of a party's log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Told {
    pub party: PartyKey,
    pub pos: u64,
    pub log: i64,
}

/// What an entry is about, for whoever looks for it before it is in the tables.
#[derive(Debug, Default)]
struct Concerned {
    is_all: bool,
    threads: HashSet<ThreadId>,
    parties: HashSet<Party>,
}

impl Tail {
    /// The tables stand where the log does.
    pub(super) fn is_empty(&self) -> bool {
        self.newest.is_none()
    }

    /// A message's place in its thread, and its id there.
    pub(super) fn add_message(&mut self, thread: i64, (seq, id): (Seq, MessageId), log: i64) {
        self.by_thread.push((thread, seq, log));
        self.by_client.insert((thread, id), log);
    }

    /// An entry of a party's log.
    pub(super) fn add_told(&mut self, told: Told) {
        self.by_party.push(told);
    }

    /// An entry of the log, and the thread whose row it changes.
    pub(super) fn concerns(&mut self, row: &ThreadRow, log: i64) {
        self.newest = Some(log);
        self.entries += 1;
        if self.concerned.threads.insert(row.id) {
            let parties = [row.party(Role::Buyer), row.party(Role::Seller)];
            self.concerned.parties.extend(parties);
            self.fresh.push((row.id, parties));
        }
    }

    /// The entry of the log with this client id, if it is here.
    pub(super) fn client(&self, thread: i64, id: MessageId) -> Option<i64> {
        self.by_client.get(&(thread, id)).copied()
    }

    /// What a party was told after one position of its log and up to another, in order.
    pub(super) fn told(&self, party: PartyKey, (after, up_to): (Pos, Pos)) -> impl Iterator<Item = i64> {
        self.by_party
            .iter()
            .filter(move |told| told.party == party && told.pos > after.0 && told.pos <= up_to.0)
            .map(|told| told.log)
    }

    /// Whether it is time that the tables follow, when so many jobs share a commit.
    pub(super) fn is_long(&self, jobs: usize) -> bool {
        self.entries >= (jobs * COMMITS).clamp(FEW, MANY) || faults::planted("tail.short") && !self.is_empty()
    }

    /// Writes it into the tables, in the order of their keys.
    pub(super) fn write(&mut self, db: &Connection) -> Result<()> {
        let Some(newest) = self.newest else { return Ok(()) };
        self.by_thread.sort_unstable();
        let mut insert = db.prepare_cached("insert into by_thread (thread, seq, log) values (?1, ?2, ?3)")?;
        for (thread, seq, log) in &self.by_thread {
            insert.execute(params![thread, int(seq.0), log])?;
        }
        faults::point("tail.half");
        let mut clients: Vec<_> = self.by_client.iter().collect();
        clients.sort_unstable();
        let sql = if faults::planted("bug.no_unique_ids") {
            "insert or replace into by_client (thread, client_id, log) values (?1, ?2, ?3)"
        } else {
            "insert into by_client (thread, client_id, log) values (?1, ?2, ?3)"
        };
        let mut insert = db.prepare_cached(sql)?;
        for ((thread, id), log) in clients {
            insert.execute(params![thread, blob(&id.0), log])?;
        }
        self.by_party.sort_unstable();
        let mut insert = db.prepare_cached("insert into by_party (party, pos, log) values (?1, ?2, ?3)")?;
        for Told { party, pos, log } in &self.by_party {
            insert.execute(params![party, int(*pos), log])?;
        }
        db.prepare_cached("update indexed set log = ?1")?.execute([newest])?;
        *self = Self::default();
        Ok(())
    }

    /// Says to the readers what has been added, once it is committed. Who reads meanwhile has read before the commit.
    pub(super) fn announce(&mut self, lagging: &Lagging) {
        if self.fresh.is_empty() {
            return;
        }
        let mut concerned = lagging.lock();
        for (thread, parties) in self.fresh.drain(..) {
            concerned.threads.insert(thread);
            concerned.parties.extend(parties);
        }
    }

    /// Says to the readers that the tables have followed, once that is committed.
    pub(super) fn has_followed(&self, lagging: &Lagging) {
        if self.is_empty() {
            *lagging.lock() = Concerned::default();
        }
    }
}

/// What readers cannot see in the tables yet. It may name too much, never too little.
#[derive(Debug, Clone, Default)]
pub(super) struct Lagging(Arc<Mutex<Concerned>>);

/// What somebody wants to read.
#[derive(Debug, Clone, Copy)]
pub(super) enum Of {
    /// One thread.
    Thread(ThreadId),
    /// All of a party's threads, or its log.
    Party(Party),
    /// The whole store.
    All,
}

impl Lagging {
    /// Whether the tables may lack something of it.
    pub(super) fn is(&self, of: Of) -> bool {
        let concerned = self.lock();
        concerned.is_all
            || match of {
                Of::Thread(thread) => concerned.threads.contains(&thread),
                Of::Party(party) => concerned.parties.contains(&party),
                Of::All => true,
            }
    }

    /// Nobody knows how far the tables are behind the log.
    pub(super) fn everything(&self) {
        self.lock().is_all = true;
    }

    fn lock(&self) -> MutexGuard<'_, Concerned> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Reads the log on from where the tables stand: after a start, and whenever what was held in memory is not to be trusted.
pub(super) fn read_on(counters: &mut Counters, db: &Connection) -> Result<()> {
    let sql = "select l.id, l.kind, t.id, l.side, l.seq, l.at, l.client_id from log l join threads t on t.key = l.thread \
               where l.id > (select log from indexed) order by l.id";
    let mut query = db.prepare_cached(sql)?;
    let mut rows = query.query([])?;
    while let Some(row) = rows.next()? {
        let log: i64 = row.get(0)?;
        let kind = Kind::of(row.get(1)?);
        let mut thread = counters.thread(db, ThreadId(super::rows::id_of(row, 2)?))?;
        let (who, seq) = (role(row, 3)?, Seq(count(row, 4)?));
        let own = side(who);
        match kind {
            Some(Kind::Message) => {
                thread.head = seq;
                thread.read[own] = seq;
                thread.delivered[own] = seq;
                thread.last_log = log;
                thread.activity = time(row, 5)?;
                if let Some(id) = optional_id(row, 6)? {
                    counters.tail.add_message(thread.key, (seq, MessageId(id)), log);
                }
            }
            Some(Kind::Read) => {
                thread.read[own] = thread.read[own].max(seq);
                thread.delivered[own] = thread.delivered[own].max(seq);
            }
            Some(Kind::Delivered) => thread.delivered[own] = thread.delivered[own].max(seq),
            Some(Kind::ThreadStarted) | None => {}
        }
        counters.put_thread(thread);
        counters.tail.concerns(&thread, log);
        for hearer in kind.map_or(&[][..], |kind| kind.hearers(who)) {
            counters.deliver(db, thread.party(*hearer), log)?;
        }
    }
    Ok(())
}
