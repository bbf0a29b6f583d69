//! Threads: starting one, proving membership, and lists in one indexed query.

use std::sync::Arc;

use prilavok_protocol::event::Event;
use prilavok_protocol::ids::{BuyerId, Party, Pos, ProductId, Role, SellerId, Seq, ThreadId};
use prilavok_protocol::model::ThreadSummary;
use prilavok_protocol::time::Time;
use rusqlite::{Connection, OptionalExtension, Row, ToSql, params};

use super::counters::{Kind, Mark};
use super::rows::{
    Face, Last, THREAD_COLUMNS, THREAD_TABLES, ThreadRow, blob, int, optional_blob, role, side_int, time,
};
use super::sessions;
use super::writer::Writing;
use crate::store::chat::{Started, ThreadsCursor};
use crate::store::{Acting, Change, Delivery, Error, Result, SharedEvent};

/// What `start_thread` is asked for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Start {
    pub buyer: Acting<BuyerId>,
    pub seller: SellerId,
    pub product: Option<ProductId>,
    pub at: Time,
}

/// Finds or makes the one thread of a pair.
pub(super) fn start(writing: &mut Writing, start: Start) -> Result<Change<Started>> {
    let Writing { db, counters } = writing;
    sessions::must_be_open(db, start.buyer.session(), start.at)?;
    let buyer = counters
        .party(db, Party::buyer(start.buyer.who()))?
        .ok_or(Error::NotFound)?;
    let seller = counters
        .party(db, Party::seller(start.seller))?
        .ok_or(Error::NotFound)?;
    if let Some(product) = start.product {
        check_product(db, product, seller.key)?;
    }
    let sql = "select id from threads where buyer = ?1 and seller = ?2";
    let found = db
        .prepare_cached(sql)?
        .query_row(params![buyer.key, seller.key], |row| super::rows::id_of(row, 0))
        .optional()?;
    if let Some(id) = found {
        let mut row = counters.thread(db, ThreadId(id))?;
        if start.product.is_some() && start.product != row.product_id {
            row.product_id = start.product;
            counters.put_thread(row);
            // The log says nothing of it, so it cannot wait until the tables follow.
            let sql = "update threads set product_id = ?2 where key = ?1";
            db.prepare_cached(sql)?
                .execute(params![row.key, optional_blob(row.product_id)])?;
        }
        let thread = summary_of(db, &row, Role::Buyer)?;
        return Ok(Change {
            value: Started { thread, is_new: false },
            deliveries: Vec::new(),
        });
    }

    let id = ThreadId::mint();
    let sql =
        "insert into threads (id, buyer, seller, product_id, created_at, activity) values (?1, ?2, ?3, ?4, ?5, ?5)";
    let product = optional_blob(start.product);
    db.prepare_cached(sql)?
        .execute(params![blob(&id.0), buyer.key, seller.key, product, start.at.millis()])?;
    let row = counters.thread(db, id)?;
    let log = counters.log_mark(
        db,
        &row,
        Mark {
            kind: Kind::ThreadStarted,
            role: Role::Buyer,
            seq: Seq(0),
        },
    )?;
    let mut deliveries = Vec::with_capacity(2);
    for role in [Role::Buyer, Role::Seller] {
        let party = row.party(role);
        let pos = counters.deliver(db, party, log)?;
        let event = Arc::new(SharedEvent::from(Event::ThreadStarted {
            thread: summary_of(db, &row, role)?,
        }));
        deliveries.push(Delivery { party, pos, event });
    }
    let thread = summary_of(db, &row, Role::Buyer)?;
    // Its row is there with this commit, and so must be what leads to it: nobody sees the one without the other.
    counters.follow(db)?;
    Ok(Change {
        value: Started { thread, is_new: true },
        deliveries,
    })
}

/// The product is there and this shop sells it.
pub(super) fn check_product(db: &Connection, product: ProductId, seller: i64) -> Result<()> {
    let sql = "select 1 from products where id = ?1 and seller = ?2";
    let found = db.prepare_cached(sql)?.exists(params![blob(&product.0), seller])?;
    if found { Ok(()) } else { Err(Error::NotFound) }
}

/// A thread's row, for readers.
pub(super) fn find(db: &Connection, id: ThreadId) -> Result<ThreadRow> {
    db.prepare_cached(&format!("select {THREAD_COLUMNS} from {THREAD_TABLES} where t.id = ?1"))?
        .query_row([blob(&id.0)], ThreadRow::read)
        .optional()?
        .ok_or(Error::NotFound)
}

/// A thread's row, if the party is in it.
pub(super) fn find_for(db: &Connection, id: ThreadId, party: Party) -> Result<ThreadRow> {
    let row = find(db, id)?;
    if row.party(party.role) == party {
        Ok(row)
    } else {
        Err(Error::NotFound)
    }
}

/// The thread as one side's list shows it.
pub(super) fn summary_of(db: &Connection, row: &ThreadRow, role: Role) -> Result<ThreadSummary> {
    let last = db
        .prepare_cached("select text, at, side from log where id = ?1")?
        .query_row([row.last_log], |row| read_last(row, 0))
        .optional()?
        .flatten();
    Ok(row.summary(role, last, face(db, row, role)?))
}

/// The other side of a thread, as the catalogue shows it today.
pub(super) fn face(db: &Connection, row: &ThreadRow, role: Role) -> Result<Face> {
    let (sql, key) = match role {
        Role::Buyer => ("select name, avatar_url from sellers where key = ?1", row.parties[1]),
        Role::Seller => ("select name, avatar_url from buyers where key = ?1", row.parties[0]),
    };
    let face = db.prepare_cached(sql)?.query_row([key], |row| read_face(row, 0))?;
    Ok(face)
}

/// One page of a party's threads; `limit` of `None` means all of them.
pub(super) fn list(
    db: &Connection,
    party: Party,
    after: Option<&ThreadsCursor>,
    limit: Option<u32>,
) -> Result<Vec<ThreadSummary>> {
    let Some(key) = key_of(db, party)? else {
        return Ok(Vec::new());
    };
    let limit = limit.map_or(-1, i64::from);
    let first = (2_i64, 0_i64, 0_i64);
    let (unread, activity, last) = match after {
        None => first,
        Some(cursor) => (
            i64::from(cursor.has_unread),
            cursor.activity.millis(),
            thread_key(db, cursor.id)?,
        ),
    };
    let mut query = db.prepare_cached(&list_sql(party.role))?;
    let values: [&dyn ToSql; 5] = [&key, &unread, &activity, &last, &limit];
    let rows = query.query_map(values, |row| {
        let thread = ThreadRow::read(row)?;
        Ok(thread.summary(party.role, read_last(row, 15)?, read_face(row, 18)?))
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Ties of activity go by the thread's key, which the index carries for free.
pub(super) fn list_sql(role: Role) -> String {
    let (own, others) = match role {
        Role::Buyer => ("buyer", "seller"),
        Role::Seller => ("seller", "buyer"),
    };
    format!(
        "select {THREAD_COLUMNS}, l.text, l.at, l.side, f.name, f.avatar_url \
         from {THREAD_TABLES} join {others}s f on f.key = t.{others} left join log l on l.id = t.last_log \
         where t.{own} = ?1 and (t.{own}_has_unread, t.activity, t.key) < (?2, ?3, ?4) \
         order by t.{own}_has_unread desc, t.activity desc, t.key desc limit ?5"
    )
}

/// What a party has not read, in all its threads.
pub(super) fn unread(db: &Connection, party: Party) -> Result<u64> {
    let Some(key) = key_of(db, party)? else {
        return Ok(0);
    };
    let count = db
        .prepare_cached(unread_sql(party.role))?
        .query_row([key], |row| super::rows::count(row, 0))?;
    Ok(count)
}

pub(super) fn unread_sql(role: Role) -> &'static str {
    match role {
        Role::Buyer => {
            "select coalesce(sum(head_seq - buyer_read_seq), 0) from threads where buyer = ?1 and buyer_has_unread = 1"
        }
        Role::Seller => {
            "select coalesce(sum(head_seq - seller_read_seq), 0) from threads \
             where seller = ?1 and seller_has_unread = 1"
        }
    }
}

/// Everybody who shares a thread with the party.
pub(super) fn counterparts(db: &Connection, party: Party) -> Result<Vec<Party>> {
    let Some(key) = key_of(db, party)? else {
        return Ok(Vec::new());
    };
    let sql = match party.role {
        Role::Buyer => "select p.role, p.id from threads t join parties p on p.key = t.seller where t.buyer = ?1",
        Role::Seller => "select p.role, p.id from threads t join parties p on p.key = t.buyer where t.seller = ?1",
    };
    let mut query = db.prepare_cached(sql)?;
    let rows = query.query_map([key], |row| {
        Ok(Party {
            role: role(row, 0)?,
            id: super::rows::id_of(row, 1)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The integer key of a party; `None` when nobody by that id is known.
pub(super) fn key_of(db: &Connection, party: Party) -> Result<Option<i64>> {
    let sql = "select key from parties where role = ?1 and id = ?2";
    let values = params![side_int(party.role), blob(&party.id)];
    Ok(db.prepare_cached(sql)?.query_row(values, |row| row.get(0)).optional()?)
}

/// The newest position of a party's log.
pub(super) fn head(db: &Connection, party: Party) -> Result<Pos> {
    let sql = "select head from parties where role = ?1 and id = ?2";
    let values = params![side_int(party.role), blob(&party.id)];
    let head = db
        .prepare_cached(sql)?
        .query_row(values, |row| super::rows::count(row, 0))
        .optional()?;
    Ok(Pos(head.unwrap_or(0)))
}

fn thread_key(db: &Connection, id: ThreadId) -> Result<i64> {
    let key = db
        .prepare_cached("select key from threads where id = ?1")?
        .query_row([blob(&id.0)], |row| row.get(0))
        .optional()?;
    Ok(key.unwrap_or(int(u64::MAX)))
}

fn read_last(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<Last>> {
    let Some(text) = row.get::<_, Option<String>>(column)? else {
        return Ok(None);
    };
    Ok(Some(Last {
        text,
        at: time(row, column + 1)?,
        sender: role(row, column + 2)?,
    }))
}

fn read_face(row: &Row<'_>, column: usize) -> rusqlite::Result<Face> {
    Ok(Face {
        name: row.get(column)?,
        avatar_url: row.get(column + 1)?,
    })
}
