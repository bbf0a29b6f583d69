//! Ended sessions, in the order of their ends, for every process that serves the same file: its sockets hang on them.

use prilavok_protocol::ids::SessionId;
use rusqlite::{Connection, params};

use super::rows::{blob, count, id_of, int};
use crate::store::Result;
use crate::store::accounts::{Revocation, Why};

/// Rows that are kept. A server looks several times a second, and nobody ends ten thousand sessions between two looks; if
/// somebody did, the checks of each socket would find them.
const KEPT: i64 = 10_000;

/// Writes the ends down, in the transaction that makes them.
pub(super) fn note(db: &Connection, sessions: &[SessionId], why: Why) -> Result<()> {
    let mut insert = db.prepare_cached("insert into revocations (session, why) values (?1, ?2)")?;
    for session in sessions {
        insert.execute(params![blob(&session.0), number(why)])?;
    }
    // The newest row always stays, so its number is never given away again.
    db.prepare_cached("delete from revocations where key <= (select max(key) from revocations) - ?1")?
        .execute([KEPT])?;
    Ok(())
}

/// What follows a number.
pub(super) fn after(db: &Connection, number: u64) -> Result<Vec<Revocation>> {
    let mut query = db.prepare_cached("select key, session, why from revocations where key > ?1 order by key")?;
    let rows = query.query_map([int(number)], |row| {
        Ok(Revocation {
            number: count(row, 0)?,
            session: SessionId(id_of(row, 1)?),
            why: why(row.get(2)?),
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn number(why: Why) -> i64 {
    match why {
        Why::SignedOut => 0,
        Why::Closed => 1,
        Why::Removed => 2,
    }
}

/// The table holds no others.
fn why(number: i64) -> Why {
    match number {
        1 => Why::Closed,
        2 => Why::Removed,
        _ => Why::SignedOut,
    }
}
