//! The write-ahead log is folded into the file by the writer, after it has answered.

use rusqlite::Connection;

use super::Thread;
use crate::faults;

impl Thread {
    /// Folds the write-ahead log into the file once it has grown long. Everybody has been answered by now.
    pub(super) fn fold_if_long(&mut self) {
        if self.broken.is() {
            return;
        }
        let db = &self.writing.db;
        let folded = checkpoint(db, "noop").and_then(|length| {
            if length < self.checkpoint && !faults::planted("checkpoint.often") {
                return Ok(length);
            }
            checkpoint(db, "passive")
        });
        // All that was acknowledged is in the log. Where the disk is full, or fails for once, the next time will do.
        if let Err(error) = folded
            && !self.broken.declare_if_of_sync(&error)
        {
            tracing::warn!(%error, "the write-ahead log was not folded into the database");
        }
    }
}

/// Folds the write-ahead log into the file as far as nobody is in the way, or only looks (`noop`). How many pages are
/// in the log.
pub(super) fn checkpoint(db: &Connection, how: &str) -> rusqlite::Result<u32> {
    let sql = format!("pragma wal_checkpoint({how})");
    // -1 when there is no log.
    let length: i64 = db.prepare_cached(&sql)?.query_row([], |row| row.get(1))?;
    Ok(u32::try_from(length).unwrap_or(0))
}
