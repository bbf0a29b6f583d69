//! What a person wrote, out of a file that cannot be used any more. Row by row: one bad page loses one row.

use std::path::Path;

use rusqlite::Connection;

const OUTBOX: &str = "select thread_id, id, message, product_id, created_ms, stage, reason, is_uncertain
                      from outbox order by place";
const DRAFT: &str = "select thread_id, message from draft";

/// Copies outbox and drafts, as far as they can be read.
pub(super) fn salvage(broken: &Path, db: &mut Connection) {
    let Ok(old) = Connection::open(broken) else {
        return;
    };
    // Fails in a file that is none of ours: then there is nothing to save.
    let outbox = copy(
        &old,
        OUTBOX,
        db,
        "insert or ignore into outbox (thread_id, id, message, product_id, created_ms, stage, reason, is_uncertain)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    );
    let drafts = copy(
        &old,
        DRAFT,
        db,
        "insert or ignore into draft (thread_id, message) values (?1, ?2)",
    );
    tracing::warn!(outbox, drafts, "salvaged what was written and not sent");
}

fn copy(old: &Connection, select: &str, db: &Connection, insert: &str) -> usize {
    let Ok(mut rows) = old.prepare(select) else {
        return 0;
    };
    let columns = rows.column_count();
    let Ok(mut rows) = rows.query([]) else {
        return 0;
    };
    let mut copied = 0;
    while let Ok(Some(row)) = rows.next() {
        let values: Result<Vec<rusqlite::types::Value>, _> = (0..columns).map(|column| row.get(column)).collect();
        let Ok(values) = values else { continue };
        copied += db.execute(insert, rusqlite::params_from_iter(values)).unwrap_or(0);
    }
    copied
}
