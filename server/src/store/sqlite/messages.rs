//! Messages: append, look up, history.

use std::sync::Arc;

use prilavok_protocol::event::Event;
use prilavok_protocol::ids::{MessageId, Party, Role, Seq};
use prilavok_protocol::limits::MESSAGES_PAGE;
use prilavok_protocol::model::Message;
use prilavok_protocol::rest::HistoryQuery;
use rusqlite::{Connection, OptionalExtension, params};

use super::counters::{Counters, Kind};
use super::rows::{MESSAGE_COLUMNS, Stored, THREAD_COLUMNS, ThreadRow, blob, int, optional_blob, side, side_int};
use super::threads::{self, key_of};
use super::writer::Writing;
use crate::faults;
use crate::store::chat::{Appended, NewMessage};
use crate::store::{Change, Delivery, Error, Member, Result, SharedEvent};

/// Appends, or answers with the original.
pub(super) fn append(writing: &mut Writing, member: &Member, new: &NewMessage) -> Result<Change<Appended>> {
    let Writing { db, counters } = writing;
    counters.must_be_open(db, member.session(), new.at)?;
    let thread = counters.thread(db, member.thread_id())?;
    if !faults::planted("bug.no_unique_ids")
        && !counters.is_new(db, thread.key, new.id)?
        && let Some(stored) = stored(db, counters, &thread, new.id)?
    {
        return repeat(&thread, stored, member.role(), new);
    }
    // Only now, so that a repeat outlives a change of the catalogue.
    if let Some(product) = new.product_id {
        threads::check_product(db, product, thread.parties[1])?;
    }
    let log = counters.next_log(db)?;
    let thread = advance(counters, thread, log, member.role(), new);
    insert(db, &thread, log, member.role(), new)?;
    counters.add_message(db, thread.key, thread.head, new.id, log)?;
    counters.tail.concerns(&thread, log);

    let message = thread.message(Stored {
        id: new.id,
        seq: thread.head,
        sender: member.role(),
        at: new.at,
        text: new.text.clone(),
        product_id: new.product_id,
    });
    let event = Arc::new(SharedEvent::from(Event::Message {
        message: message.clone(),
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
        value: Appended {
            message,
            is_repeat: false,
            event: Some(event),
        },
        deliveries,
    })
}

/// Whoever writes has the thread open: all before it counts as read, and so as delivered.
fn advance(counters: &mut Counters, mut thread: ThreadRow, log: i64, sender: Role, new: &NewMessage) -> ThreadRow {
    thread.head = thread.head.next();
    #[cfg(feature = "faults")]
    if let Some(seq) = super::planted::allocated(new.id) {
        thread.head = seq;
    }
    if !faults::planted("bug.own_is_unread") {
        thread.read[side(sender)] = thread.head;
    }
    thread.delivered[side(sender)] = thread.head;
    thread.last_log = log;
    thread.activity = new.at;
    counters.put_thread(thread);
    thread
}

fn insert(db: &Connection, thread: &ThreadRow, log: i64, sender: Role, new: &NewMessage) -> Result<()> {
    let sql = "insert into log (id, kind, thread, side, seq, at, client_id, product_id, text) \
               values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
    db.prepare_cached(sql)?.execute(params![
        log,
        Kind::Message as i64,
        thread.key,
        side_int(sender),
        int(thread.head.0),
        new.at.millis(),
        blob(&new.id.0),
        optional_blob(new.product_id),
        new.text,
    ])?;
    Ok(())
}

/// As [`find`], with what the tables lack still.
fn stored(db: &Connection, counters: &Counters, thread: &ThreadRow, id: MessageId) -> Result<Option<Stored>> {
    let Some(log) = counters.tail.client(thread.key, id) else {
        return find(db, thread, id);
    };
    let sql = format!("select {MESSAGE_COLUMNS} from log l where l.id = ?1");
    Ok(Some(db.prepare_cached(&sql)?.query_row([log], Stored::read)?))
}

fn repeat(thread: &ThreadRow, stored: Stored, sender: Role, new: &NewMessage) -> Result<Change<Appended>> {
    if stored.sender != sender || stored.text != new.text || stored.product_id != new.product_id {
        return Err(Error::Conflict);
    }
    let value = Appended {
        message: thread.message(stored),
        is_repeat: true,
        event: None,
    };
    Ok(Change {
        value,
        deliveries: Vec::new(),
    })
}

/// The stored message with this client id in this thread.
pub(super) fn find(db: &Connection, thread: &ThreadRow, id: MessageId) -> Result<Option<Stored>> {
    let stored = db
        .prepare_cached(&find_sql())?
        .query_row(params![thread.key, blob(&id.0)], Stored::read)
        .optional()?;
    Ok(stored)
}

pub(super) fn find_sql() -> String {
    format!(
        "select {MESSAGE_COLUMNS} from by_client b join log l on l.id = b.log where b.thread = ?1 and b.client_id = ?2"
    )
}

/// A page of history, newest first.
pub(super) fn history(db: &Connection, thread: &ThreadRow, query: HistoryQuery) -> Result<Vec<Message>> {
    let (first, last) = range(query, thread.head);
    let mut statement = db.prepare_cached(&history_sql())?;
    let values = params![thread.key, int(first), int(last)];
    let rows = statement.query_map(values, |row| Ok(thread.message(Stored::read(row)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

pub(super) fn history_sql() -> String {
    format!(
        "select {MESSAGE_COLUMNS} from by_thread b join log l on l.id = b.log \
         where b.thread = ?1 and b.seq between ?2 and ?3 order by b.seq desc"
    )
}

/// `seq` has no holes, so a page is a range; empty when its first is after its last.
fn range(query: HistoryQuery, head: Seq) -> (u64, u64) {
    let limit = u64::from(query.limit.unwrap_or(MESSAGES_PAGE)).max(1);
    if let Some(Seq(around)) = query.around_seq {
        let last = around.saturating_add((limit - 1) / 2).max(limit).min(head.0);
        return (last.saturating_sub(limit - 1).max(1), last);
    }
    let newest = query
        .before_seq
        .map_or(head.0, |before| head.0.min(before.0.saturating_sub(1)));
    match query.after_seq {
        Some(Seq(after)) => (after.saturating_add(1), newest.min(after.saturating_add(limit))),
        None => (newest.saturating_sub(limit - 1).max(1), newest),
    }
}

/// The newest messages of all threads of a party, and how many there are.
pub(super) fn of_party(db: &Connection, party: Party, offset: u32, limit: u32) -> Result<(Vec<Message>, u64)> {
    let Some(key) = key_of(db, party)? else {
        return Ok((Vec::new(), 0));
    };
    let total = match party.role {
        Role::Buyer => "select coalesce(sum(head_seq), 0) from threads where buyer = ?1",
        Role::Seller => "select coalesce(sum(head_seq), 0) from threads where seller = ?1",
    };
    let total = db
        .prepare_cached(total)?
        .query_row([key], |row| super::rows::count(row, 0))?;
    let mut statement = db.prepare_cached(&of_party_sql())?;
    let rows = statement.query_map(params![key, limit, offset], |row| {
        let thread = ThreadRow::read(row)?;
        Ok(thread.message(Stored::read_at(row, 15)?))
    })?;
    Ok((rows.collect::<rusqlite::Result<_>>()?, total))
}

pub(super) fn of_party_sql() -> String {
    format!(
        "select {THREAD_COLUMNS}, {MESSAGE_COLUMNS} from by_party b cross join log l on l.id = b.log \
         cross join threads t on t.key = l.thread join parties pb on pb.key = t.buyer join parties ps on ps.key = t.seller \
         where b.party = ?1 and l.kind = 0 order by b.pos desc limit ?2 offset ?3"
    )
}

#[cfg(test)]
mod tests {
    use prilavok_protocol::ids::Seq;
    use prilavok_protocol::rest::HistoryQuery;

    use super::range;

    #[test]
    fn a_page_of_history_is_a_range_of_seq() {
        let page = |before: Option<u64>, after: Option<u64>, around: Option<u64>| HistoryQuery {
            before_seq: before.map(Seq),
            after_seq: after.map(Seq),
            around_seq: around.map(Seq),
            limit: Some(5),
        };
        for (query, head, expected) in [
            (page(None, None, None), 20, (16, 20)),
            (page(None, None, None), 3, (1, 3)),
            (page(Some(16), None, None), 20, (11, 15)),
            (page(Some(3), None, None), 20, (1, 2)),
            (page(Some(100), None, None), 20, (16, 20)),
            (page(None, Some(4), None), 20, (5, 9)),
            (page(None, Some(18), None), 20, (19, 20)),
            (page(Some(7), Some(4), None), 20, (5, 6)),
            (page(None, None, Some(10)), 20, (8, 12)),
            (page(None, None, Some(1)), 20, (1, 5)),
            (page(None, None, Some(20)), 20, (16, 20)),
            (page(None, None, Some(99)), 3, (1, 3)),
        ] {
            assert_eq!(range(query, Seq(head)), expected, "{query:?} of {head}");
        }
        let (first, last) = range(page(Some(1), None, None), Seq(20));
        assert!(first > last, "nothing is before the first");
        let (first, last) = range(page(None, Some(u64::MAX), None), Seq(20));
        assert!(first > last, "nothing is after the last");
    }
}
