//! A piece of the log on its way into the tables, in slices: each is written in the order of the tables' keys.
//!
//! How far the tables are said to stand, and the rows of threads and parties, change with the last slice. Whoever starts in
//! between finds some of the rows there already.

use std::ops::Range;

use prilavok_protocol::ids::{MessageId, Role, Seq};
use rusqlite::{Connection, Statement, ToSql, params};

use super::Gathering;
use crate::faults;
use crate::store::sqlite::counters::PartyRow;
use crate::store::sqlite::rows::{PartyKey, ThreadRow, blob, int, optional_blob, side};
use crate::store::{Error, Result};

/// What settles, and how much of it has.
#[derive(Debug)]
pub(super) struct Settling {
    by_thread: Vec<(i64, Seq, i64)>,
    by_client: Vec<((i64, MessageId), i64)>,
    by_party: Vec<Told>,
    threads: Vec<ThreadRow>,
    parties: Vec<PartyRow>,
    newest: Option<i64>,
    /// Rows that are in the three tables already.
    written: usize,
}

/// An entry of a party's log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Told {
    pub party: PartyKey,
    pub pos: u64,
    pub log: i64,
}

impl Settling {
    /// What has gathered, with the rows that it has changed.
    pub(super) fn of(gathering: Gathering, mut threads: Vec<ThreadRow>, mut parties: Vec<PartyRow>) -> Self {
        let Gathering {
            mut by_thread,
            by_client,
            by_party,
            newest,
            ..
        } = gathering;
        by_thread.sort_unstable();
        let mut by_client: Vec<_> = by_client.into_iter().collect();
        by_client.sort_unstable();
        let mut by_party: Vec<Told> = by_party.into_values().flatten().collect();
        by_party.sort_unstable();
        threads.sort_unstable_by_key(|row| row.key);
        parties.sort_unstable_by_key(|row| row.key);
        Self {
            by_thread,
            by_client,
            by_party,
            threads,
            parties,
            newest,
            written: 0,
        }
    }

    /// The entry of the log with this client id.
    pub(super) fn client(&self, thread: i64, id: MessageId) -> Option<i64> {
        let found = self.by_client.binary_search_by_key(&(thread, id), |row| row.0).ok()?;
        self.by_client.get(found).map(|row| row.1)
    }

    /// What a party was told, in order.
    pub(super) fn told(&self, party: PartyKey) -> &[Told] {
        let first = self.by_party.partition_point(|told| told.party < party);
        let behind = self.by_party.partition_point(|told| told.party <= party);
        &self.by_party[first..behind]
    }

    /// Writes so many more rows of the three tables, and with the last of them all the rest. True when that is done.
    pub(super) fn write(&mut self, db: &Connection, most: usize) -> Result<bool> {
        let [threads, clients, parties] = [self.by_thread.len(), self.by_client.len(), self.by_party.len()];
        let all = threads + clients + parties;
        let slice = self.written..all.min(self.written.saturating_add(most));
        self.write_threads(db, within(&slice, 0..threads))?;
        faults::point("tail.half");
        self.write_clients(db, within(&slice, threads..threads + clients))?;
        self.write_parties(db, within(&slice, threads + clients..all))?;
        self.written = slice.end;
        if self.written < all {
            return Ok(false);
        }
        self.write_rows(db)?;
        if let Some(newest) = self.newest {
            db.prepare_cached("update indexed set log = ?1")?.execute([newest])?;
        }
        Ok(true)
    }

    fn write_threads(&self, db: &Connection, slice: Range<usize>) -> Result<()> {
        let table = Table {
            columns: "by_thread (thread, seq, log)",
            there: "select log from by_thread where thread = ?1 and seq = ?2",
            on_conflict: DO_NOTHING,
        };
        let row = |(thread, seq, log): &(i64, Seq, i64)| (*thread, int(seq.0), *log);
        table.put(db, &self.by_thread[slice], row)
    }

    fn write_clients(&self, db: &Connection, slice: Range<usize>) -> Result<()> {
        let table = Table {
            columns: "by_client (thread, client_id, log)",
            there: "select log from by_client where thread = ?1 and client_id = ?2",
            on_conflict: if faults::planted("bug.no_unique_ids") {
                "on conflict do update set log = excluded.log"
            } else {
                DO_NOTHING
            },
        };
        table.put(db, &self.by_client[slice], |((thread, id), log)| {
            (*thread, blob(&id.0), *log)
        })
    }

    fn write_parties(&self, db: &Connection, slice: Range<usize>) -> Result<()> {
        let table = Table {
            columns: "by_party (party, pos, log)",
            there: "select log from by_party where party = ?1 and pos = ?2",
            on_conflict: DO_NOTHING,
        };
        let row = |told: &Told| (told.party, int(told.pos), told.log);
        table.put(db, &self.by_party[slice], row)
    }

    fn write_rows(&self, db: &Connection) -> Result<()> {
        let sql = "update threads set head_seq = ?2, buyer_read_seq = ?3, seller_read_seq = ?4, \
                   buyer_delivered_seq = ?5, seller_delivered_seq = ?6, last_log = ?7, activity = ?8, product_id = ?9 \
                   where key = ?1";
        let mut update = db.prepare_cached(sql)?;
        let [buyer, seller] = [Role::Buyer, Role::Seller].map(side);
        for row in &self.threads {
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
        for row in &self.parties {
            update.execute(params![row.key, int(row.head.0), int(row.applied.0)])?;
        }
        Ok(())
    }
}

/// A table that leads to the log by two columns.
struct Table {
    columns: &'static str,
    /// What the log's entry is for a key.
    there: &'static str,
    on_conflict: &'static str,
}

const DO_NOTHING: &str = "on conflict do nothing";
/// Rows of one statement: starting and ending one costs as much as a row.
const TOGETHER: usize = 32;

impl Table {
    /// Rows that may be there already, from before a start; then they say the same.
    fn put<'a, T, K: ToSql + 'a>(
        &self,
        db: &Connection,
        rows: &'a [T],
        row: impl Fn(&'a T) -> (i64, K, i64),
    ) -> Result<()> {
        let (many, few) = rows.as_chunks::<TOGETHER>();
        let mut insert = db.prepare_cached(&self.insert(TOGETHER))?;
        for chunk in many {
            self.put_chunk(db, &mut insert, chunk, &row)?;
        }
        let mut insert = db.prepare_cached(&self.insert(1))?;
        for chunk in few.chunks(1) {
            self.put_chunk(db, &mut insert, chunk, &row)?;
        }
        Ok(())
    }

    fn insert(&self, rows: usize) -> String {
        let (columns, on_conflict) = (self.columns, self.on_conflict);
        let values = vec!["(?, ?, ?)"; rows].join(", ");
        format!("insert into {columns} values {values} {on_conflict}")
    }

    fn put_chunk<'a, T, K: ToSql + 'a>(
        &self,
        db: &Connection,
        insert: &mut Statement<'_>,
        chunk: &'a [T],
        row: &impl Fn(&'a T) -> (i64, K, i64),
    ) -> Result<()> {
        for (number, of) in chunk.iter().enumerate() {
            let (of, key, log) = row(of);
            insert.raw_bind_parameter(number * 3 + 1, of)?;
            insert.raw_bind_parameter(number * 3 + 2, key)?;
            insert.raw_bind_parameter(number * 3 + 3, log)?;
        }
        if insert.raw_execute()? == chunk.len() {
            return Ok(());
        }
        for (of, key, log) in chunk.iter().map(row) {
            let found: i64 = db
                .prepare_cached(self.there)?
                .query_row(params![of, key], |row| row.get(0))?;
            if found != log {
                let problem = format!("the tables lead to entry {found} of the log where {log} belongs");
                return Err(Error::Internal(problem));
            }
        }
        Ok(())
    }
}

/// The part of a slice that lies in a table, counted from the table's beginning.
fn within(slice: &Range<usize>, table: Range<usize>) -> Range<usize> {
    let clamp = |at: usize| at.clamp(table.start, table.end) - table.start;
    clamp(slice.start)..clamp(slice.end)
}

#[cfg(test)]
mod tests {
    use super::within;

    #[test]
    fn a_slice_is_cut_at_the_ends_of_the_tables() {
        assert_eq!(within(&(0..10), 0..4), 0..4);
        assert_eq!(within(&(0..10), 4..20), 0..6);
        assert_eq!(within(&(10..30), 4..20), 6..16);
        assert_eq!(within(&(10..12), 20..30), 0..0);
        assert_eq!(within(&(25..30), 4..20), 16..16);
    }
}
