//! The counters that the writer owns: heads of threads and parties, markers, the log's next id.
//!
//! They are read once, kept in memory, and each changed row is written together with the [`tail`](super::tail) of the log that
//! has changed it. Nothing here outlives an undone transaction, nor a write by another process: it is read anew then.

use std::collections::hash_map::Entry;

use prilavok_protocol::ids::{MessageId, Party, Pos, Role, Seq, SessionId, ThreadId};
use prilavok_protocol::time::Time;
use rusqlite::{Connection, OptionalExtension, params};

use super::rows::{
    PartyKey, THREAD_COLUMNS, THREAD_TABLES, ThreadRow, blob, count, int, optional_blob, optional_id, side_int,
};
use super::sessions;
use super::tail::{self, Tail};
use crate::faults;
use crate::maps::{Map, Set};
use crate::store::{Error, Result};

/// Rows kept in memory; at some 300 bytes each, 30 MB at most. Beyond it the cache starts anew.
const KEPT: usize = 100_000;

/// What the writer knows without asking the file.
#[derive(Debug, Default)]
pub(super) struct Counters {
    threads: Map<ThreadId, ThreadRow>,
    parties: Map<Party, PartyRow>,
    changed_threads: Set<ThreadId>,
    changed_parties: Set<Party>,
    /// The highest client id of each thread, by its key: one above it is new, and is not looked for.
    highest: Map<i64, Option<MessageId>>,
    /// What the tables lack still.
    pub(super) tail: Tail,
    /// Sessions that are open, and until when.
    sessions: Map<SessionId, Time>,
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
            self.highest.clear();
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

    /// Whether no message of the thread can have this client id. Devices make ids that grow, so that it mostly says so.
    pub(super) fn is_new(&mut self, db: &Connection, thread: i64, id: MessageId) -> Result<bool> {
        Ok(self.highest(db, thread)?.is_none_or(|highest| id > highest))
    }

    /// A message of the thread.
    pub(super) fn add_message(
        &mut self,
        db: &Connection,
        thread: i64,
        seq: Seq,
        id: MessageId,
        log: i64,
    ) -> Result<()> {
        let highest = self.highest(db, thread)?;
        *highest = Some(id).max(*highest);
        self.tail.add_message(thread, (seq, id), log);
        Ok(())
    }

    fn highest(&mut self, db: &Connection, thread: i64) -> Result<&mut Option<MessageId>> {
        match self.highest.entry(thread) {
            Entry::Occupied(known) => Ok(known.into_mut()),
            Entry::Vacant(unknown) => {
                let highest = db
                    .prepare_cached(HIGHEST_SQL)?
                    .query_row([thread], |row| optional_id(row, 0))?;
                Ok(unknown.insert(highest.map(MessageId)))
            }
        }
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
        self.tail.add_told(row.key, row.head, log);
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
        faults::point("tail.begun");
        self.tail.write(db, usize::MAX)?;
        self.settle();
        self.tail.write(db, usize::MAX)?;
        faults::point("tail.full");
        Ok(())
    }

    /// Brings the tables nearer to where the log stands, as far as it is due.
    pub(super) fn follow_a_little(&mut self, db: &Connection) -> Result<()> {
        faults::point("tail.begun");
        if !self.tail.is_settling() {
            self.settle();
        }
        self.tail.write_slice(db)?;
        faults::point("tail.full");
        Ok(())
    }

    /// What has gathered begins to settle, with every changed row as it is now.
    pub(super) fn settle(&mut self) {
        let changed = self.changed_threads.drain();
        let threads = changed.filter_map(|id| self.threads.get(&id).copied()).collect();
        let changed = self.changed_parties.drain();
        let parties = changed.filter_map(|party| self.parties.get(&party).copied()).collect();
        self.tail.settle(threads, parties);
    }
}

pub(super) const HIGHEST_SQL: &str = "select max(client_id) from by_client where thread = ?1";

/// A log entry that is not a message.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mark {
    pub kind: Kind,
    pub role: Role,
    pub seq: Seq,
}
