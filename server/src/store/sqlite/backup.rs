//! Backups: made while the server runs, restored while it does not.
//!
//! A backup is one file of one moment. A restored one is another history: devices are told to start over.

use std::fs::File;
use std::path::Path;

use prilavok_protocol::ids::Epoch;
use rusqlite::backup::Backup;
use rusqlite::{Connection, OpenFlags};
use uuid::Uuid;

use super::files::{beside, make_private};
use super::schema::{open_reader, open_writer, write_epoch};
use crate::faults;
use crate::store::{Error, Result};

/// Copies the running store into a new file, which appears complete or not at all.
pub(super) fn backup(from: &Path, to: &Path) -> Result<()> {
    if to.exists() {
        return Err(Error::Internal(format!("{} is there already", to.display())));
    }
    let part = beside(to, ".part");
    remove_all(&part)?;
    let from = open_reader(from)?;
    copy(&from, &part, None)?;
    appear(&part, to)
}

/// Puts a backup in the place of a store that is not running.
///
/// # Errors
/// When the backup is damaged or of a newer version, when something is in its place and `overwrite` is false, and
/// when a server still has that open.
pub fn restore(from: &Path, to: &Path, overwrite: bool) -> Result<()> {
    if !from.exists() {
        return Err(Error::Internal(format!("{} is not there", from.display())));
    }
    let backup = open_reader(from)?;
    let state: String = backup.query_row("pragma quick_check", [], |row| row.get(0))?;
    if state != "ok" {
        return Err(Error::Internal(format!("{} is damaged: {state}", from.display())));
    }
    if to.exists() {
        if !overwrite {
            return Err(Error::Internal(format!(
                "{} is there already; say so if it is to be replaced",
                to.display()
            )));
        }
        check_unused(to)?;
    }
    let part = beside(to, ".part");
    remove_all(&part)?;
    copy(&backup, &part, Some(Epoch::from(Uuid::new_v4())))?;
    drop(backup);
    for end in ["-wal", "-shm"] {
        remove(&beside(to, end))?;
    }
    faults::point("restore.unfolded");
    appear(&part, to)?;
    faults::point("restore.migrating");
    // Brings an older backup to today's schema, and shows that it opens.
    drop(open_writer(to)?);
    Ok(())
}

/// A page-by-page copy of one committed state, in a single file without a write-ahead log.
fn copy(from: &Connection, part: &Path, epoch: Option<Epoch>) -> Result<()> {
    make_private(part).map_err(|error| Error::Internal(format!("{}: {error}", part.display())))?;
    let mut copy = Connection::open(part)?;
    faults::point("copy.begun");
    // All pages in one step: readers do not hold up the writer, and the copy is of one moment.
    Backup::new(from, &mut copy)?.step(-1)?;
    faults::point("copy.copied");
    copy.pragma_update(None, "journal_mode", "delete")?;
    if let Some(epoch) = epoch {
        write_epoch(&copy, epoch)?;
    }
    let state: String = copy.query_row("pragma quick_check", [], |row| row.get(0))?;
    if state != "ok" {
        return Err(Error::Internal(format!("the copy is damaged: {state}")));
    }
    copy.close().map_err(|(_, error)| error.into())
}

/// Nobody has the file open: only then may it leave the write-ahead log.
fn check_unused(path: &Path) -> Result<()> {
    let db = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    let in_use = || Error::Internal(format!("{} is in use; stop the server first", path.display()));
    let mode = db.query_row("pragma journal_mode = delete", [], |row| row.get::<_, String>(0));
    match mode {
        Ok(mode) if mode == "delete" => Ok(()),
        Err(error) if error.sqlite_error_code() == Some(rusqlite::ErrorCode::NotADatabase) => Ok(()),
        _ => Err(in_use()),
    }
}

fn appear(part: &Path, to: &Path) -> Result<()> {
    let failed = |error: std::io::Error| Error::Internal(format!("{}: {error}", to.display()));
    File::open(part).and_then(|file| file.sync_all()).map_err(failed)?;
    faults::point("appear.synced");
    std::fs::rename(part, to).map_err(failed)?;
    faults::point("appear.renamed");
    let folder = match to.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    // The new name must survive a power loss too.
    if cfg!(unix) {
        File::open(folder)
            .and_then(|folder| folder.sync_all())
            .map_err(failed)?;
    }
    Ok(())
}

fn remove_all(path: &Path) -> Result<()> {
    for end in ["", "-wal", "-shm", "-journal"] {
        remove(&beside(path, end))?;
    }
    Ok(())
}

fn remove(path: &Path) -> Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(Error::Internal(format!("{}: {error}", path.display())))
        }
        _ => Ok(()),
    }
}
