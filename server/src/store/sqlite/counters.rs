//! The counters that the writer owns: heads of threads and parties, markers, the log's next id.
//!
//! They are read once, kept in memory, and each changed row is written together with the [`tail`](super::tail) of the log that
//! has changed it. Nothing here outlives an undone transaction, nor a write by another process: it is read anew then.

use std::collections::{HashMap, HashSet};

use prilavok_protocol::ids::{Party, Pos, Role, Seq, SessionId, ThreadId};
use prilavok_protocol::time::Time;
use rusqlite::{Connection, OptionalExtension, params};

use super::rows::{
    PartyKey, THREAD_COLUMNS, THREAD_TABLES, ThreadRow, blob, count, int, optional_blob, side, side_int,
};
use super::sessions;
use super::tail::{self, Tail, Told};
use crate::faults;
use crate::store::{Error, Result};

/// Rows kept in memory; at some 300 bytes each, 30 MB at most. Beyond it the cache starts anew.
const KEPT: usize = 100_000;

/// What the writer knows without asking the file.
#[derive(Debug, Default)]
pub(super) struct Counters {
    threads: HashMap<ThreadId, ThreadRow>,
    parties: HashMap<Party, PartyRow>,
    changed_threads: HashSet<ThreadId>,
    changed_parties: HashSet<Party>,
    /// What the tables lack still.
    pub(super) tail: Tail,
    /// Sessions that are open, and until when.
    sessions: HashMap<SessionId, Time>,
    /// The end of the log has been read.
    is_whole: bool,
    last_log: Option<i64>,
    /// SQLite's number for "another connection has committed".
    data_version: i64,
}

/// A party's counters.
#[derive(Debug, Clone, Copy)]
pub(super) struct PartyRow {
    pub key: PartyKey,
    /// The newest event.
    pub head: Pos,
    /// A device has stored everything up to here.
    pub applied: Pos,
}

/// The kinds of log entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Message = 0,
    Read = 1,
    Delivered = 2,
    ThreadStarted = 3,
}

impl Kind {
    /// As the log keeps it.
    pub(super) fn of(kind: i64) -> Option<Self> {
        [Self::Message, Self::Read, Self::Delivered, Self::ThreadStarted]
            .into_iter()
            .find(|known| *known as i64 == kind)
    }

    /// Whose logs such an entry goes into, when it is of this side.
    pub(super) fn hearers(self, of: Role) -> &'static [Role] {
        match (self, of) {
            (Self::Delivered, Role::Buyer) => &[Role::Seller],
            (Self::Delivered, Role::Seller) => &[Role::Buyer],
            _ => &[Role::Buyer, Role::Seller],
        }
    }
}

impl Counters {
    /// Called at the start of each transaction.
    pub(super) fn begin(&mut self, db: &Connection) -> Result<()> {
        let version = db
            .prepare_cached("pragma data_version")?
            .query_row([], |row| row.get(0))?;
        if version != self.data_version {
            self.forget();
            self.data_version = version;
        }
        if !self.is_whole {
            tail::read_on(self, db)?;
            self.is_whole = true;
        }
        if self.sessions.len() > KEPT {
            self.sessions.clear();
        }
        if self.threads.len() > KEPT || self.parties.len() > KEPT {
            self.follow(db)?;
            self.threads.clear();
            self.parties.clear();
        }
        Ok(())
    }

    /// Drops everything, to be read again.
    pub(super) fn forget(&mut self) {
        *self = Self {
            data_version: self.data_version,
            ..Self::default()
        };
    }

    /// `SessionEnded` when the session is over at this moment. What was found is remembered until somebody else than a chat
    /// writes, in this process or in another.
    pub(super) fn must_be_open(&mut self, db: &Connection, session: Option<SessionId>, at: Time) -> Result<()> {
        let Some(id) = session else { return Ok(()) };
        let until = match self.sessions.get(&id) {
            Some(until) => *until,
            None => {
                let until = sessions::open_until(db, id)?.ok_or(Error::SessionEnded)?;
                self.sessions.insert(id, until);
                until
            }
        };
        if until > at { Ok(()) } else { Err(Error::SessionEnded) }
    }

    /// Sessions or accounts may have been changed.
    pub(super) fn forget_sessions(&mut self) {
        self.sessions.clear();
    }

    /// A thread's row as of now, changes of this transaction included.
    pub(super) fn thread(&mut self, db: &Connection, id: ThreadId) -> Result<ThreadRow> {
        if let Some(row) = self.threads.get(&id) {
            return Ok(*row);
        }
        let row = db
            .prepare_cached(&format!("select {THREAD_COLUMNS} from {THREAD_TABLES} where t.id = ?1"))?
            .query_row([blob(&id.0)], ThreadRow::read)
            .optional()?
            .ok_or(Error::NotFound)?;
        self.threads.insert(id, row);
        Ok(row)
    }

    /// Remembers a changed row; the log has the change.
    pub(super) fn put_thread(&mut self, row: ThreadRow) {
        self.threads.insert(row.id, row);
        self.changed_threads.insert(row.id);
    }

    /// A party's row; `None` when nobody by that id is known.
    pub(super) fn party(&mut self, db: &Connection, party: Party) -> Result<Option<PartyRow>> {
        if let Some(row) = self.parties.get(&party) {
            return Ok(Some(*row));
        }
        let sql = "select key, head, applied from parties where role = ?1 and id = ?2";
        let row = db
            .prepare_cached(sql)?
            .query_row(params![side_int(party.role), blob(&party.id)], |row| {
                Ok(PartyRow {
                    key: row.get(0)?,
                    head: Pos(count(row, 1)?),
                    applied: Pos(count(row, 2)?),
                })
            })
            .optional()?;
        if let Some(row) = row {
            self.parties.insert(party, row);
        }
        Ok(row)
    }

    /// Remembers a changed row. How far a device has stored its log may be lost: it will say so again.
    pub(super) fn put_party(&mut self, party: Party, row: PartyRow) {
        self.parties.insert(party, row);
        self.changed_parties.insert(party);
    }

    /// The id that the next log entry gets.
    pub(super) fn next_log(&mut self, db: &Connection) -> Result<i64> {
        let last = match self.last_log {
            Some(last) => last,
            None => db.query_row("select coalesce(max(id), 0) from log", [], |row| row.get(0))?,
        };
        self.last_log = Some(last + 1);
        Ok(last + 1)
    }

    /// Puts a log entry into a party's log.
    pub(super) fn deliver(&mut self, db: &Connection, party: Party, log: i64) -> Result<Pos> {
        let mut row = self
            .party(db, party)?
            .ok_or_else(|| Error::Internal("a thread's party is missing".into()))?;
        row.head = row.head.next();
        self.tail.add_told(Told {
            party: row.key,
            pos: row.head.0,
            log,
        });
        self.put_party(party, row);
        Ok(row.head)
    }

    /// Writes an entry that is not a message.
    pub(super) fn log_mark(&mut self, db: &Connection, thread: &ThreadRow, mark: Mark) -> Result<i64> {
        let log = self.next_log(db)?;
        let sql = "insert into log (id, kind, thread, side, seq, at, product_id) values (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
        db.prepare_cached(sql)?.execute(params![
            log,
            mark.kind as i64,
            thread.key,
            side_int(mark.role),
            int(mark.seq.0),
            thread.activity.millis(),
            optional_blob(thread.product_id),
        ])?;
        self.tail.concerns(thread, log);
        Ok(log)
    }

    /// Brings the tables to where the log stands.
    pub(super) fn follow(&mut self, db: &Connection) -> Result<()> {
        self.flush(db)?;
        faults::point("tail.begun");
        self.tail.write(db)?;
        faults::point("tail.full");
        Ok(())
    }

    /// Writes every changed row, once and in the order of the keys.
    fn flush(&mut self, db: &Connection) -> Result<()> {
        let sql = "update threads set head_seq = ?2, buyer_read_seq = ?3, seller_read_seq = ?4, \
                   buyer_delivered_seq = ?5, seller_delivered_seq = ?6, last_log = ?7, activity = ?8, product_id = ?9 \
                   where key = ?1";
        let mut update = db.prepare_cached(sql)?;
        let changed = self.changed_threads.drain();
        let mut rows: Vec<&ThreadRow> = changed.filter_map(|id| self.threads.get(&id)).collect();
        rows.sort_unstable_by_key(|row| row.key);
        for row in rows {
            let [buyer, seller] = [Role::Buyer, Role::Seller].map(side);
            update.execute(params![
                row.key,
                int(row.head.0),
                int(row.read[buyer].0),
                int(row.read[seller].0),
                int(row.delivered[buyer].0),
                int(row.delivered[seller].0),
                row.last_log,
                row.activity.millis(),
                optional_blob(row.product_id),
            ])?;
        }
        let mut update = db.prepare_cached("update parties set head = ?2, applied = ?3 where key = ?1")?;
        let changed = self.changed_parties.drain();
        let mut rows: Vec<&PartyRow> = changed.filter_map(|party| self.parties.get(&party)).collect();
        rows.sort_unstable_by_key(|row| row.key);
        for row in rows {
            update.execute(params![row.key, int(row.head.0), int(row.applied.0)])?;
        }
        Ok(())
    }
}

/// A log entry that is not a message.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mark {
    pub kind: Kind,
    pub role: Role,
    pub seq: Seq,
}
