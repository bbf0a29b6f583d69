//! The end of the log that the tables derived from it have not reached yet.
//!
//! A commit appends to `log`, and that is all that makes an entry durable. What points into the log (`by_thread`,
//! `by_client`, `by_party`) follows later, many entries at a time and sorted, so that a page is written once for many of
//! them: what has gathered settles as a whole ([`settling`]), in slices between the commits, while the next is gathering. Until
//! then the writer holds it here, and [`Lagging`] says whom it concerns: whoever reads that waits until the tables have
//! followed. Nothing here is lost with the process: a start reads the log on from where they stand.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use prilavok_protocol::ids::{MessageId, Party, Pos, Role, Seq, ThreadId};
use rusqlite::Connection;

use self::settling::{Settling, Told};
use super::counters::{Counters, Kind, PartyRow};
use super::rows::{PartyKey, ThreadRow, count, optional_id, role, side, time};
use crate::faults;
use crate::maps::{Map, Set};
use crate::store::Result;

mod settling;

/// Entries that are let gather at least.
const FEW: usize = 64;
/// Entries at most: some ten megabytes of memory, and a tenth of a second for whoever reads meanwhile.
const MANY: usize = 32_768;
/// So many times the entries of a commit: the more often a page is written to, the longer it waits to be written.
const COMMITS: usize = 256;
/// Rows that are worth a transaction of their own.
const SLICE: usize = 1_024;
/// The same for the fault suite, whose stores are small.
const SLICE_WHEN_SHORT: usize = 7;
/// Rows that may be written for each job that was committed. A message makes four; what settles must be done before as much
/// has gathered again.
const PACE: usize = 6;

/// What is not in the tables yet.
#[derive(Debug, Default)]
pub(super) struct Tail {
    gathering: Gathering,
    settling: Option<Settling>,
    /// Rows that may be written by now.
    owed: usize,
    /// Some of it has come into the tables with this transaction.
    has_settled: bool,
    /// Not said to the readers yet.
    fresh: Vec<(ThreadId, [Party; 2])>,
}

/// What has come since the last settled.
#[derive(Debug, Default)]
struct Gathering {
    by_thread: Vec<(i64, Seq, i64)>,
    by_client: Map<(i64, MessageId), i64>,
    /// In the order of the positions.
    by_party: Map<PartyKey, Vec<Told>>,
    /// The newest entry of all; `None` when there is none.
    newest: Option<i64>,
    entries: usize,
    concerned: Concerned,
}

/// What an entry is about, for whoever looks for it before it is in the tables.
#[derive(Debug, Default)]
struct Concerned {
    is_all: bool,
    threads: Set<ThreadId>,
    parties: Set<Party>,
}

impl Tail {
    /// A message's place in its thread, and its id there.
    pub(super) fn add_message(&mut self, thread: i64, (seq, id): (Seq, MessageId), log: i64) {
        self.gathering.by_thread.push((thread, seq, log));
        self.gathering.by_client.insert((thread, id), log);
    }

    /// The next entry of a party's log.
    pub(super) fn add_told(&mut self, party: PartyKey, pos: Pos, log: i64) {
        let told = Told { party, pos: pos.0, log };
        self.gathering.by_party.entry(party).or_default().push(told);
    }

    /// An entry of the log, and the thread whose row it changes.
    pub(super) fn concerns(&mut self, row: &ThreadRow, log: i64) {
        let gathering = &mut self.gathering;
        gathering.newest = Some(log);
        gathering.entries += 1;
        if gathering.concerned.threads.insert(row.id) {
            let parties = [row.party(Role::Buyer), row.party(Role::Seller)];
            gathering.concerned.parties.extend(parties);
            self.fresh.push((row.id, parties));
        }
    }

    /// The entry of the log with this client id, if it is here.
    pub(super) fn client(&self, thread: i64, id: MessageId) -> Option<i64> {
        let settling = || self.settling.as_ref()?.client(thread, id);
        self.gathering.by_client.get(&(thread, id)).copied().or_else(settling)
    }

    /// What a party was told after one position of its log and up to another, in order.
    pub(super) fn told(&self, party: PartyKey, (after, up_to): (Pos, Pos)) -> impl Iterator<Item = i64> {
        let settling = self.settling.as_ref().map_or(&[][..], |settling| settling.told(party));
        let gathering = self.gathering.by_party.get(&party).map_or(&[][..], Vec::as_slice);
        [settling, gathering].into_iter().flat_map(move |told| {
            let first = told.partition_point(|told| told.pos <= after.0);
            let behind = told.partition_point(|told| told.pos <= up_to.0);
            told.get(first..behind).into_iter().flatten().map(|told| told.log)
        })
    }

    /// Whether it is time that the tables follow a little, when so many jobs share a commit.
    pub(super) fn is_due(&mut self, jobs: usize) -> bool {
        if self.settling.is_some() {
            self.owed += jobs * PACE;
        } else if self.is_long(jobs) {
            self.owed = SLICE;
        } else {
            self.owed = 0;
        }
        let has_any = self.settling.is_some() || self.gathering.entries > 0;
        self.owed >= SLICE || faults::planted("tail.short") && has_any
    }

    fn is_long(&self, jobs: usize) -> bool {
        self.gathering.entries >= (jobs * COMMITS).clamp(FEW, MANY)
    }

    /// Whether something is settling: it has to come into the tables before what has gathered since.
    pub(super) fn is_settling(&self) -> bool {
        self.settling.is_some()
    }

    /// What has gathered begins to settle, together with the rows as they are now.
    pub(super) fn settle(&mut self, threads: Vec<ThreadRow>, parties: Vec<PartyRow>) {
        let gathering = std::mem::take(&mut self.gathering);
        self.settling = Some(Settling::of(gathering, threads, parties));
    }

    /// Writes on what settles, as far as it may by now.
    pub(super) fn write_slice(&mut self, db: &Connection) -> Result<()> {
        let most = std::mem::take(&mut self.owed);
        let few = faults::planted("tail.short").then_some(SLICE_WHEN_SHORT);
        self.write(db, few.unwrap_or(most))
    }

    /// Writes on what settles: so many rows.
    pub(super) fn write(&mut self, db: &Connection, most: usize) -> Result<()> {
        if let Some(settling) = &mut self.settling
            && settling.write(db, most)?
        {
            self.settling = None;
            self.has_settled = true;
        }
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

    /// Says to the readers that the tables have followed, once that is committed: what they lack now has gathered since.
    pub(super) fn has_followed(&mut self, lagging: &Lagging) {
        if std::mem::take(&mut self.has_settled) {
            let Concerned { threads, parties, .. } = &self.gathering.concerned;
            *lagging.lock() = Concerned {
                is_all: false,
                threads: threads.clone(),
                parties: parties.clone(),
            };
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
                    counters.add_message(db, thread.key, seq, MessageId(id), log)?;
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
