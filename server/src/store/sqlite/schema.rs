//! Opens the file: settings of a connection, migrations, and refusals that say what is wrong.
//!
//! A file of another program, a damaged one, and one written by a newer version are refused, never touched.

use std::path::Path;
use std::time::Duration;

use prilavok_protocol::ids::Epoch;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, OptionalExtension, params};
use rusqlite_migration::{M, Migrations, SchemaVersion};
use uuid::Uuid;

use super::files::make_private;
use super::rows::id_of;
use crate::faults;
use crate::store::{Error, Result};

/// Marks the file as ours ("PRLV"); the first migration writes it.
pub(super) const APPLICATION_ID: i64 = 1_347_570_774;

/// Versions before this one can corrupt a write-ahead log.
const OLDEST_SQLITE: i32 = 3_051_003;

/// Another process (the command line) may hold the write lock for a moment.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// Above the number of statements that one connection prepares.
const STATEMENTS: usize = 128;

const STEPS: &[M<'static>] = &[
    M::up(include_str!("../../../migrations/sqlite/0001_start.sql")),
    M::up(include_str!("../../../migrations/sqlite/0002_revocations.sql")),
    M::up(include_str!("../../../migrations/sqlite/0003_drafts.sql")),
    M::up(include_str!("../../../migrations/sqlite/0004_indexed.sql")),
];
const MIGRATIONS: Migrations<'static> = Migrations::from_slice(STEPS);

/// Opens the file for the writer, makes it if need be, and brings it to the newest schema.
pub(super) fn open_writer(path: &Path) -> Result<Connection> {
    if rusqlite::version_number() < OLDEST_SQLITE {
        return Err(Error::Internal(format!(
            "SQLite {} is older than 3.51.3",
            rusqlite::version()
        )));
    }
    make_private(path).map_err(|error| Error::Internal(format!("{} cannot be opened: {error}", path.display())))?;
    let mut db = Connection::open(path).map_err(|error| refused(path, &error))?;
    prepare(&db)?;
    check_ours(&db, path)?;
    keep_log(&db, path)?;
    sync_each_commit(&db, true)?;
    db.pragma_update(None, "foreign_keys", true)?;
    db.pragma_update(None, "temp_store", "memory")?;
    // 64 MiB: the upper levels of every index of ten million messages.
    db.pragma_update(None, "cache_size", -65_536)?;
    // The writer's thread does it, after it has answered: SQLite would not tell of a sync that failed.
    db.pragma_update(None, "wal_autocheckpoint", 0)?;
    db.pragma_update(None, "journal_size_limit", 67_108_864)?;
    faults::point("migrate.before");
    #[cfg(feature = "faults")]
    db.commit_hook(Some(|| {
        faults::point("migrate.commit");
        false
    }))?;
    MIGRATIONS
        .to_latest(&mut db)
        .map_err(|error| Error::Internal(format!("{}: {error}", path.display())))?;
    #[cfg(feature = "faults")]
    db.commit_hook(None::<fn() -> bool>)?;
    faults::point("migrate.after");
    if read_epoch(&db)?.is_none() || faults::planted("bug.epoch_of_each_start") {
        write_epoch(&db, Epoch::from(Uuid::new_v4()))?;
    }
    faults::watch("checkpoint.during", path);
    Ok(db)
}

/// Whether a commit is on the disk when it is done, or only after all that were before it, with the next one that is.
pub(super) fn sync_each_commit(db: &Connection, does: bool) -> rusqlite::Result<()> {
    let how = match does {
        _ if faults::planted("bug.no_sync") => "off",
        true => "full",
        false => "normal",
    };
    db.pragma_update(None, "synchronous", how)
}

/// Opens the file for reading; such a connection cannot write.
pub(super) fn open_reader(path: &Path) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let db = Connection::open_with_flags(path, flags).map_err(|error| refused(path, &error))?;
    prepare(&db)?;
    check_ours(&db, path)?;
    // Folding the log into the file is the writer's affair, which knows whether the disk is to be trusted.
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    // 2 MiB each: the upper levels of the indexes. What else is read often, the system keeps once for all of them.
    db.pragma_update(None, "cache_size", -2_048)?;
    db.pragma_update(None, "query_only", true)?;
    Ok(db)
}

/// The id of this history.
pub(super) fn read_epoch(db: &Connection) -> Result<Option<Epoch>> {
    let epoch = db
        .query_row("select value from meta where name = 'epoch'", [], |row| {
            Ok(Epoch::from(id_of(row, 0)?))
        })
        .optional()?;
    Ok(epoch)
}

/// Starts another history.
pub(super) fn write_epoch(db: &Connection, epoch: Epoch) -> Result<()> {
    let sql = "insert into meta (name, value) values ('epoch', ?1) on conflict do update set value = excluded.value";
    db.execute(sql, params![epoch.0.as_bytes()])?;
    Ok(())
}

fn prepare(db: &Connection) -> Result<()> {
    db.busy_timeout(BUSY_TIMEOUT)?;
    db.set_prepared_statement_cache_capacity(STATEMENTS);
    Ok(())
}

/// A commit is one sync of the write-ahead log. Without the log it would be the deletion of a journal, which a power cut
/// can undo.
fn keep_log(db: &Connection, path: &Path) -> Result<()> {
    // To the end of the statement: it commits only after it has told the new mode, and the commit may fail.
    let mut change = db.prepare("pragma journal_mode = wal")?;
    let modes = change.query_map([], |row| row.get(0))?;
    let modes: Vec<String> = modes.collect::<rusqlite::Result<_>>()?;
    if modes == ["wal"] {
        return Ok(());
    }
    Err(Error::Internal(format!(
        "{} cannot have a write-ahead log; its journal mode is {}",
        path.display(),
        modes.join(" ")
    )))
}

fn check_ours(db: &Connection, path: &Path) -> Result<()> {
    let tables: i64 = db
        .query_row("select count(*) from sqlite_schema", [], |row| row.get(0))
        .map_err(|error| refused(path, &error))?;
    if tables == 0 {
        return Ok(());
    }
    let application: i64 = db.query_row("pragma application_id", [], |row| row.get(0))?;
    if application != APPLICATION_ID {
        return Err(Error::Internal(format!(
            "{} is the database of another program",
            path.display()
        )));
    }
    match MIGRATIONS.current_version(db) {
        Ok(SchemaVersion::Outside(version)) => Err(Error::Internal(format!(
            "{} was written by a newer version (schema {version}, this one knows {})",
            path.display(),
            STEPS.len(),
        ))),
        Ok(_) => Ok(()),
        Err(error) => Err(Error::Internal(format!("{}: {error}", path.display()))),
    }
}

fn refused(path: &Path, error: &rusqlite::Error) -> Error {
    let path = path.display();
    match error.sqlite_error_code() {
        Some(rusqlite::ErrorCode::NotADatabase) => Error::Internal(format!("{path} is not a database")),
        Some(rusqlite::ErrorCode::DatabaseCorrupt) => Error::Internal(format!("{path} is damaged: {error}")),
        Some(rusqlite::ErrorCode::CannotOpen) => Error::Internal(format!("{path} cannot be opened: {error}")),
        _ => Error::Internal(format!("{path}: {error}")),
    }
}

#[cfg(test)]
mod tests {
    use super::MIGRATIONS;

    #[test]
    fn the_migrations_run_on_an_empty_file() {
        assert_eq!(MIGRATIONS.validate(), Ok(()));
    }
}
