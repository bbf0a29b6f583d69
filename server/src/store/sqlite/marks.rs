//! Markers: how far a side has read, how far its devices have the messages. They only move forward.

use std::collections::BTreeMap;
use std::sync::Arc;

use prilavok_protocol::event::Event;
use prilavok_protocol::ids::{Party, Pos, Role, Seq, ThreadId};
use prilavok_protocol::time::Time;
use rusqlite::{Connection, OptionalExtension, params};

use super::counters::{Kind, Mark, PartyRow};
use super::rows::{count, id_of, int, side, side_int};
use super::writer::Writing;
use crate::faults;
use crate::store::{Acting, Change, Delivery, Error, Member, Result, SharedEvent};

/// Up to this many log entries are looked at one by one; a device that comes with more has just taken a snapshot, and
/// then its threads are fewer than its events.
const SCANNED: u64 = 512;

/// Moves the read marker; both sides learn of it.
pub(super) fn read(writing: &mut Writing, member: &Member, up_to: Option<Seq>) -> Result<Change<Seq>> {
    let Writing { db, counters } = writing;
    counters.must_be_open(db, member.session(), Time::from_millis(0))?;
    let mut thread = counters.thread(db, member.thread_id())?;
    let own = side(member.role());
    let target = up_to.map_or(thread.head, |seq| seq.min(thread.head));
    if target <= thread.read[own] {
        return Ok(Change {
            value: thread.read[own],
            deliveries: Vec::new(),
        });
    }
    thread.read[own] = if faults::planted("bug.read_mark_back") {
        Seq(1)
    } else {
        target
    };
    thread.delivered[own] = thread.delivered[own].max(target);
    if !faults::planted("bug.mark_not_stored") {
        counters.put_thread(thread);
    }
    let log = counters.log_mark(
        db,
        &thread,
        Mark {
            kind: Kind::Read,
            role: member.role(),
            seq: target,
        },
    )?;
    let event = Arc::new(SharedEvent::from(Event::Read {
        thread_id: thread.id,
        user_type: member.role(),
        up_to_seq: target,
    }));
    let mut deliveries = Vec::with_capacity(2);
    for role in [Role::Buyer, Role::Seller] {
        let party = thread.party(role);
        let pos = counters.deliver(db, party, log)?;
        deliveries.push(Delivery {
            party,
            pos,
            event: Arc::clone(&event),
        });
    }
    Ok(Change {
        value: target,
        deliveries,
    })
}

/// Moves the delivered markers of a party's threads; the other sides learn of it.
pub(super) fn delivered(writing: &mut Writing, party: Acting<Party>, pos: Pos) -> Result<Change<()>> {
    let Writing { db, counters } = writing;
    counters.must_be_open(db, party.session(), Time::from_millis(0))?;
    let party = party.who();
    let row = counters.party(db, party)?.ok_or(Error::NotFound)?;
    let applied = pos.min(row.head);
    if applied <= row.applied {
        return Ok(Change {
            value: (),
            deliveries: Vec::new(),
        });
    }
    let reached = if applied.0 - row.applied.0 <= SCANNED {
        let mut reached = reached_by_events(db, party.role, &row, applied)?;
        reached.extend(reached_in_tail(
            db,
            party.role,
            counters.tail.told(row.key, (row.applied, applied)),
        )?);
        reached
    } else {
        counters.follow(db)?;
        reached_by_threads(db, party.role, &row, applied)?
    };
    counters.put_party(party, PartyRow { applied, ..row });
    let mut deliveries = Vec::new();
    for (id, seq) in reached {
        let mut thread = counters.thread(db, id)?;
        if seq <= thread.delivered[side(party.role)] {
            continue;
        }
        thread.delivered[side(party.role)] = seq;
        counters.put_thread(thread);
        let log = counters.log_mark(
            db,
            &thread,
            Mark {
                kind: Kind::Delivered,
                role: party.role,
                seq,
            },
        )?;
        let other = thread.party(party.role.other());
        let pos = counters.deliver(db, other, log)?;
        let event = Arc::new(SharedEvent::from(Event::Delivered {
            thread_id: id,
            user_type: party.role,
            up_to_seq: seq,
        }));
        deliveries.push(Delivery {
            party: other,
            pos,
            event,
        });
    }
    Ok(Change { value: (), deliveries })
}

/// The newest message of the other side in each thread among the newly applied events.
fn reached_by_events(db: &Connection, role: Role, row: &PartyRow, applied: Pos) -> Result<BTreeMap<ThreadId, Seq>> {
    let mut query = db.prepare_cached(REACHED_SQL)?;
    let values = params![row.key, int(row.applied.0), int(applied.0), side_int(role)];
    let rows = query.query_map(values, |row| Ok((ThreadId(id_of(row, 0)?), Seq(count(row, 1)?))))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The same among those that `by_party` does not hold yet, and that are newer than all that it holds.
fn reached_in_tail(db: &Connection, role: Role, told: impl Iterator<Item = i64>) -> Result<BTreeMap<ThreadId, Seq>> {
    let sql = "select t.id, l.seq from log l join threads t on t.key = l.thread where l.id = ?1 and l.kind = 0 and l.side <> ?2";
    let mut query = db.prepare_cached(sql)?;
    let mut reached = BTreeMap::new();
    for log in told {
        let found = query
            .query_row(params![log, side_int(role)], |row| {
                Ok((ThreadId(id_of(row, 0)?), Seq(count(row, 1)?)))
            })
            .optional()?;
        reached.extend(found);
    }
    Ok(reached)
}

pub(super) const REACHED_SQL: &str = "select t.id, max(l.seq) from by_party b cross join log l on l.id = b.log \
     cross join threads t on t.key = l.thread \
     where b.party = ?1 and b.pos > ?2 and b.pos <= ?3 and l.kind = 0 and l.side <> ?4 group by l.thread";

/// The same from the threads' side: the last message at or before the applied entry of the log. `by_thread` knows it,
/// because the log is in commit order, and what a side has not received is all from the other one.
fn reached_by_threads(db: &Connection, role: Role, row: &PartyRow, applied: Pos) -> Result<BTreeMap<ThreadId, Seq>> {
    let log: i64 = db
        .prepare_cached("select log from by_party where party = ?1 and pos = ?2")?
        .query_row(params![row.key, int(applied.0)], |row| row.get(0))?;
    let sql = match role {
        Role::Buyer => "select key, id, head_seq, buyer_delivered_seq from threads where buyer = ?1",
        Role::Seller => "select key, id, head_seq, seller_delivered_seq from threads where seller = ?1",
    };
    let mut threads = db.prepare_cached(sql)?;
    let mut last = db.prepare_cached(
        "select seq from by_thread where thread = ?1 and seq > ?2 and log <= ?3 order by seq desc limit 1",
    )?;
    let mut reached = BTreeMap::new();
    let mut rows = threads.query([row.key])?;
    while let Some(row) = rows.next()? {
        let (key, id): (i64, _) = (row.get(0)?, ThreadId(id_of(row, 1)?));
        let delivered = count(row, 3)?;
        let seq = last
            .query_row(params![key, int(delivered), log], |row| count(row, 0))
            .optional()?;
        if let Some(seq) = seq {
            reached.insert(id, Seq(seq));
        }
    }
    Ok(reached)
}
