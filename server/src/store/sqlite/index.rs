//! The index of what messages say: a file of its own beside the database, filled behind the log.
//!
//! No acknowledgement waits for it. What it does not hold yet is read from the log when somebody searches, and whatever it
//! names is looked up there before anybody sees it, so that it may lag, be lost or be thrown away at any time. Its words
//! carry the key of their thread: a search costs what the thread holds, not what the whole store does.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use prilavok_protocol::ids::Epoch;
use prilavok_protocol::search::{self, Query, Term};
use rusqlite::{Connection, OpenFlags, OptionalExtension, params};

use super::files::{beside, make_private};
use super::rows::id_of;
use crate::store::{Error, Result};

/// Another number, and the index is made anew: whenever the rule of what a word is changes.
const VERSION: i64 = 1;

/// Characters of a word that the index keeps; no word of a language has more.
const LETTERS: usize = 40;

/// So many letters may stand behind a stem in a word that is still being typed («shippin» for ship).
const ENDING: usize = 5;

/// A shorter stem would stand for too much.
const STEM: usize = 3;

/// What it says of a thread.
pub(super) struct Known {
    /// Entries of the log that may be hits, newest first.
    pub candidates: Vec<i64>,
    /// It knows nothing of entries after this.
    pub up_to: i64,
}

impl Known {
    /// Nothing at all.
    pub(super) const NOTHING: Self = Self {
        candidates: Vec::new(),
        up_to: 0,
    };
}

/// A message that the index is to know.
pub(super) struct Said {
    pub log: i64,
    pub thread: i64,
    pub text: String,
}

/// The file.
#[derive(Debug)]
pub(super) struct Index {
    writer: Mutex<Connection>,
    reader: Mutex<Connection>,
}

impl Index {
    /// Where the index of this database is.
    pub(super) fn path(database: &Path) -> PathBuf {
        beside(database, "-search")
    }

    /// Opens it. One of another history, ahead of the log or damaged is thrown away.
    pub(super) fn open(path: &Path, epoch: Epoch, newest: i64) -> Result<Self> {
        let writer = match open_file(path, epoch) {
            Ok(writer) if watermark(&writer)? <= newest => writer,
            _ => {
                for end in ["", "-wal", "-shm"] {
                    let _ = std::fs::remove_file(beside(path, end));
                }
                open_file(path, epoch)?
            }
        };
        let reader = connect(path)?;
        reader.pragma_update(None, "query_only", true)?;
        Ok(Self {
            writer: Mutex::new(writer),
            reader: Mutex::new(reader),
        })
    }

    /// The newest entry of the log that it knows.
    pub(super) fn watermark(&self) -> Result<i64> {
        watermark(&lock(&self.writer))
    }

    /// Takes in what was said, up to this entry of the log, in one transaction.
    pub(super) fn take(&self, said: &[Said], up_to: i64) -> Result<()> {
        let mut db = lock(&self.writer);
        let tx = db.transaction()?;
        {
            let mut insert = tx.prepare_cached("insert into spoken (rowid, words) values (?1, ?2)")?;
            for message in said {
                let words: Vec<String> = search::stems(&message.text)
                    .iter()
                    .map(|stem| term(message.thread, stem))
                    .collect();
                if !words.is_empty() {
                    insert.execute(params![message.log, words.join(" ")])?;
                }
            }
        }
        tx.prepare_cached("update meta set up_to = ?1")?.execute([up_to])?;
        tx.commit()?;
        Ok(())
    }

    /// The messages of a thread that may be what is searched for, from one moment.
    pub(super) fn candidates(&self, thread: i64, query: &Query) -> Result<Known> {
        let db = lock(&self.reader);
        let view = db.unchecked_transaction()?;
        let up_to = watermark(&view)?;
        let candidates = view
            .prepare_cached("select rowid from spoken where spoken match ?1 order by rowid desc")?
            .query_map([full_text(thread, query)], |row| row.get(0))?
            .collect::<rusqlite::Result<_>>()?;
        view.finish()?;
        Ok(Known { candidates, up_to })
    }
}

fn lock(db: &Mutex<Connection>) -> MutexGuard<'_, Connection> {
    db.lock().unwrap_or_else(PoisonError::into_inner)
}

fn connect(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    // The fault suite counts what happens to the store's disk; this file is of no consequence there.
    #[cfg(feature = "faults")]
    return Connection::open_with_flags_and_vfs(path, flags, "unix");
    #[cfg(not(feature = "faults"))]
    Connection::open_with_flags(path, flags)
}

fn open_file(path: &Path, epoch: Epoch) -> Result<Connection> {
    make_private(path).map_err(|error| Error::Internal(format!("{} cannot be opened: {error}", path.display())))?;
    let db = connect(path)?;
    db.pragma_update(None, "journal_mode", "wal")?;
    // What a power cut takes from it is read from the log again.
    db.pragma_update(None, "synchronous", "normal")?;
    db.execute_batch(
        r#"
        create table if not exists meta (epoch blob not null, version integer not null, up_to integer not null) strict;
        create virtual table if not exists spoken using fts5 (
            words, content = '', detail = none, columnsize = 0, tokenize = 'ascii'
        );
        "#,
    )?;
    let owner = db
        .query_row("select epoch, version from meta", [], |row| {
            Ok((id_of(row, 0)?, row.get(1)?))
        })
        .optional()?;
    match owner {
        Some(owner) if owner == (epoch.0, VERSION) => Ok(db),
        Some(_) => Err(Error::Internal("the index is of another history".into())),
        None => {
            let sql = "insert into meta (epoch, version, up_to) values (?1, ?2, 0)";
            db.execute(sql, params![epoch.0.as_bytes(), VERSION])?;
            Ok(db)
        }
    }
}

fn watermark(db: &Connection) -> Result<i64> {
    Ok(db
        .prepare_cached("select up_to from meta")?
        .query_row([], |row| row.get(0))?)
}

/// A word of a thread, as the index keeps it. No hexadecimal number contains a z, so that no two threads share one.
fn term(thread: i64, word: &str) -> String {
    let letters: String = word.chars().take(LETTERS).collect();
    format!("{thread:x}z{letters}")
}

/// Finds all that the query means, and perhaps more: what it finds is held against the message.
fn full_text(thread: i64, query: &Query) -> String {
    let exactly = |word: &str| format!("\"{}\"", term(thread, word));
    let term_of = |wanted: &Term| match wanted {
        Term::Word { folded, stem } => {
            let mut ways = vec![exactly(stem), format!("{} *", exactly(folded))];
            let letters: Vec<char> = folded.chars().collect();
            let shortest = letters.len().saturating_sub(ENDING).max(STEM);
            ways.extend((shortest..letters.len()).map(|end| exactly(&letters[..end].iter().collect::<String>())));
            format!("({})", ways.join(" OR "))
        }
        Term::Phrase(words) => {
            let words: Vec<String> = words.iter().map(|word| exactly(&search::stem(word))).collect();
            format!("({})", words.join(" AND "))
        }
    };
    let terms: Vec<String> = query.terms().iter().map(term_of).collect();
    terms.join(" AND ")
}
