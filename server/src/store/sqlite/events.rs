//! A party's log, rebuilt from the one log of the store.

use prilavok_protocol::event::Event;
use prilavok_protocol::ids::{Cursor, Epoch, Party, Pos, Role};
use prilavok_protocol::rest::Snapshot;
use rusqlite::{Connection, Row, params};

use super::rows::{MESSAGE_COLUMNS, Stored, THREAD_COLUMNS, ThreadRow, count, int, optional_id, role};
use super::threads;
use crate::store::Result;

/// What follows a position, in order.
pub(super) fn after(db: &Connection, party: Party, pos: Pos, limit: u32) -> Result<Vec<(Pos, Event)>> {
    let Some(key) = threads::key_of(db, party)? else {
        return Ok(Vec::new());
    };
    let mut query = db.prepare_cached(&after_sql())?;
    let mut rows = query.query(params![key, int(pos.0), limit])?;
    let mut events = Vec::new();
    while let Some(row) = rows.next()? {
        events.push((Pos(count(row, 21)?), event(db, row, party.role)?));
    }
    Ok(events)
}

pub(super) fn after_sql() -> String {
    format!(
        "select {THREAD_COLUMNS}, {MESSAGE_COLUMNS}, b.pos, l.kind from by_party b cross join log l on l.id = b.log \
         cross join threads t on t.key = l.thread \
         join parties pb on pb.key = t.buyer join parties ps on ps.key = t.seller \
         where b.party = ?1 and b.pos > ?2 order by b.pos limit ?3"
    )
}

/// All threads of a party, and the cursor of the same moment.
pub(super) fn snapshot(db: &Connection, party: Party, epoch: Epoch) -> Result<Snapshot> {
    let cursor = Cursor {
        epoch,
        pos: threads::head(db, party)?,
    };
    Ok(Snapshot {
        cursor,
        threads: threads::list(db, party, None, None)?,
    })
}

fn event(db: &Connection, row: &Row<'_>, viewer: Role) -> Result<Event> {
    let thread = ThreadRow::read(row)?;
    let (side, up_to_seq) = (role(row, 17)?, prilavok_protocol::ids::Seq(count(row, 16)?));
    Ok(match row.get::<_, i64>(22)? {
        // As of its append: nobody but the sender has read it.
        0 => Event::Message {
            message: thread.at_start(None).message(Stored::read_at(row, 15)?),
        },
        1 => Event::Read {
            thread_id: thread.id,
            user_type: side,
            up_to_seq,
        },
        2 => Event::Delivered {
            thread_id: thread.id,
            user_type: side,
            up_to_seq,
        },
        3 => {
            let start = thread.at_start(optional_id(row, 20)?.map(prilavok_protocol::ids::ProductId));
            Event::ThreadStarted {
                thread: start.summary(viewer, None, threads::face(db, &thread, viewer)?),
            }
        }
        _ => Event::Unknown,
    })
}
