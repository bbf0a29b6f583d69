//! Opening the file: is it ours, is it whole, is it of this version? If not, aside with it.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use prilavok_protocol::ids::AccountId;
use rusqlite::Connection;
use rusqlite_migration::{M, Migrations};

use super::salvage;
use crate::error::Error;

/// `PRLV`: marks the file as ours.
const APPLICATION_ID: i32 = 0x5052_4c56;
/// Another process may be finishing its last write.
const BUSY: Duration = Duration::from_secs(5);

const STEPS: &[M<'_>] = &[
    M::up(include_str!("0001_begin.sql")),
    M::up(include_str!("0002_owner.sql")),
    M::up(include_str!("0003_drafts.sql")),
];
const MIGRATIONS: Migrations<'_> = Migrations::from_slice(STEPS);

/// Opens this account's file, or a new one in its place. True when an unusable one was moved aside.
pub(super) fn open(path: &Path, owner: AccountId) -> Result<(Connection, bool), Error> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(|error| Error::Disk(error.to_string()))?;
    }
    make_private(path).map_err(|error| Error::Disk(error.to_string()))?;
    match try_open(path, owner) {
        Ok(db) => return Ok((db, false)),
        Err(error) if !is_unusable(&error) => return Err(Error::Disk(error.to_string())),
        Err(error) => tracing::warn!(%error, "the cache cannot be used and is moved aside"),
    }
    let aside = move_aside(path).map_err(|error| Error::Disk(error.to_string()))?;
    make_private(path).map_err(|error| Error::Disk(error.to_string()))?;
    let mut db = try_open(path, owner).map_err(|error| Error::Disk(error.to_string()))?;
    salvage::salvage(&aside, owner, &mut db);
    Ok((db, true))
}

/// Whether the content of the file is at fault, and not the disk or another process.
fn is_unusable(error: &Unusable) -> bool {
    match error {
        Unusable::Foreign | Unusable::Others => true,
        // A step that fails on a full disk says nothing about the file.
        Unusable::Migration(rusqlite_migration::Error::RusqliteError { err, .. }) => is_content(err),
        Unusable::Migration(_) => true,
        Unusable::Sqlite(error) => is_content(error),
    }
}

fn is_content(error: &rusqlite::Error) -> bool {
    use rusqlite::ErrorCode as Code;
    match error.sqlite_error_code() {
        Some(code) => matches!(
            code,
            // A step that does not fit the tables that it finds fails with no more than `Unknown`.
            Code::DatabaseCorrupt | Code::NotADatabase | Code::Unknown | Code::ConstraintViolation
        ),
        // A value of a type that is not ours.
        None => true,
    }
}

#[derive(Debug, thiserror::Error)]
enum Unusable {
    #[error("the file is not a cache of this app")]
    Foreign,
    #[error("the file is another account's")]
    Others,
    #[error("the file is of another version: {0}")]
    Migration(#[from] rusqlite_migration::Error),
    #[error("{0}")]
    Sqlite(#[from] rusqlite::Error),
}

fn try_open(path: &Path, owner: AccountId) -> Result<Connection, Unusable> {
    let mut db = Connection::open(path)?;
    db.busy_timeout(BUSY)?;
    let tables: i64 = db.query_row("select count(*) from sqlite_schema", [], |row| row.get(0))?;
    let id: i32 = db.query_row("pragma application_id", [], |row| row.get(0))?;
    if tables > 0 && id != APPLICATION_ID {
        return Err(Unusable::Foreign);
    }
    let verdict: String = db.query_row("pragma quick_check(1)", [], |row| row.get(0))?;
    if verdict != "ok" {
        let code = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_CORRUPT);
        return Err(Unusable::Sqlite(rusqlite::Error::SqliteFailure(code, Some(verdict))));
    }
    keep_log(&db)?;
    // A message is durable before the screen shows it: the person may pull the plug right then.
    db.pragma_update(None, "synchronous", "full")?;
    db.pragma_update(None, "application_id", APPLICATION_ID)?;
    MIGRATIONS.to_latest(&mut db)?;
    if salvage::is_of_another(&db, owner) {
        return Err(Unusable::Others);
    }
    db.execute(
        "insert or ignore into owner (only, account) values (1, ?1)",
        [owner.to_string()],
    )?;
    Ok(db)
}

/// Makes the file if it is not there, for its owner's eyes only, and narrows what an earlier version made. SQLite gives
/// its other files the same mode. On Windows the person's own folder keeps others out.
fn make_private(path: &Path) -> std::io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
        let mut options = std::fs::OpenOptions::new();
        match options.write(true).create_new(true).mode(0o600).open(path) {
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
                std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600))?;
            }
            made => drop(made?),
        }
    }
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
}

/// A commit is one sync of the write-ahead log. Without the log it would be the deletion of a journal, which a power cut
/// can undo.
fn keep_log(db: &Connection) -> Result<(), rusqlite::Error> {
    // To the end of the statement: it commits only after it has told the new mode, and the commit may fail.
    let mut change = db.prepare("pragma journal_mode = wal")?;
    let modes = change.query_map([], |row| row.get(0))?;
    let modes: Vec<String> = modes.collect::<Result<_, _>>()?;
    if modes == ["wal"] {
        return Ok(());
    }
    let code = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_IOERR);
    let reason = format!("no write-ahead log; the journal mode is {}", modes.join(" "));
    Err(rusqlite::Error::SqliteFailure(code, Some(reason)))
}

/// `cache.sqlite` becomes `cache-<time>.broken`, with its write-ahead log, so that it can still be read.
fn move_aside(path: &Path) -> std::io::Result<PathBuf> {
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default()
        .as_millis();
    let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let aside = path.with_file_name(format!("{stem}-{now}.broken"));
    std::fs::rename(path, &aside)?;
    for end in ["-wal", "-shm"] {
        let with_end = |path: &Path| {
            let mut name = path.as_os_str().to_owned();
            name.push(end);
            PathBuf::from(name)
        };
        match std::fs::rename(with_end(path), with_end(&aside)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(aside)
}
