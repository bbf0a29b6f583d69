//! What a person wrote, out of a file that cannot be used any more. Row by row: one bad page loses what stands on it.

use std::path::Path;

use prilavok_protocol::ids::AccountId;
use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

const OUTBOX: &str =
    "select place, thread_id, id, message, product_id, created_ms, stage, reason, is_uncertain from outbox";
const OUTBOX_ROW: &str = "insert or ignore into outbox
    (place, thread_id, id, message, product_id, created_ms, stage, reason, is_uncertain)
    values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
const DRAFT: &str = "select thread_id, message from draft where message <> ''";
const DRAFT_ROW: &str = "insert or ignore into draft (thread_id, message) values (?1, ?2)";

/// Between the last row that can be read from the front and the first from the back, so many are asked for singly.
const SINGLY: i64 = 100_000;

/// Whether the file says that it is another account's. One of an older version says nothing.
pub(super) fn is_of_another(db: &Connection, owner: AccountId) -> bool {
    let owner = owner.to_string();
    db.query_row("select account from owner", [], |row| row.get::<_, String>(0))
        .is_ok_and(|account| account != owner)
}

/// Copies outbox and drafts, as far as they can be read. What another account wrote is left where it is.
pub(super) fn salvage(broken: &Path, owner: AccountId, db: &mut Connection) {
    let Ok(old) = Connection::open(broken) else {
        return;
    };
    // A file that was cut is shorter than it says of itself; only so does SQLite read what is left of it.
    let _ = old.pragma_update(None, "writable_schema", true);
    if is_of_another(&old, owner) {
        tracing::warn!("the file is another account's: nothing is taken from it");
        return;
    }
    // Fails in a file that is none of ours: then there is nothing to save.
    let mut outbox = rows(&old, &format!("{OUTBOX} order by place"));
    let mut back = rows(&old, &format!("{OUTBOX} order by place desc"));
    let (last, first) = (place(outbox.last()).unwrap_or(0), place(back.last()).unwrap_or(0));
    if first > last {
        // A scan ends at the first bad page; a search for one row goes around it.
        for place in (last + 1..first).take(usize::try_from(SINGLY).unwrap_or(usize::MAX)) {
            outbox.extend(rows(&old, &format!("{OUTBOX} where place = {place}")));
        }
        back.reverse();
        outbox.append(&mut back);
    }
    let drafts = rows(&old, DRAFT);
    let (outbox, drafts) = (put(db, OUTBOX_ROW, outbox), put(db, DRAFT_ROW, drafts));
    tracing::warn!(outbox, drafts, "salvaged what was written and not sent");
}

fn place(row: Option<&Vec<Value>>) -> Option<i64> {
    match row?.first()? {
        Value::Integer(place) => Some(*place),
        _ => None,
    }
}

/// All rows up to the first that cannot be read.
fn rows(old: &Connection, select: &str) -> Vec<Vec<Value>> {
    let Ok(mut query) = old.prepare(select) else {
        return Vec::new();
    };
    let columns = query.column_count();
    let Ok(rows) = query.query_map([], |row| (0..columns).map(|column| row.get(column)).collect()) else {
        return Vec::new();
    };
    rows.map_while(Result::ok).collect()
}

/// Writes the rows. Answers how many were new.
fn put(db: &Connection, insert: &str, rows: Vec<Vec<Value>>) -> usize {
    let rows = rows.into_iter().map(params_from_iter);
    rows.map(|row| db.execute(insert, row).unwrap_or(0)).sum()
}
