//! The relay's store: one writer thread that commits whatever has queued up; an insert and the thread's last message.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use rusqlite::{Connection, params};
use tokio::sync::mpsc;
use tokio_tungstenite::tungstenite::Utf8Bytes;

use super::socket::{Hearers, event, reply};

/// Messages of one commit at most.
const BATCH: usize = 512;
const QUEUE: usize = 16_384;

/// A stored message.
#[derive(Debug, Clone)]
pub struct Row {
    /// The pair's own number of it.
    pub number: u64,
    /// What it says.
    pub text: String,
}

struct Job {
    pair: u32,
    id: u64,
    row: Row,
    writer: mpsc::Sender<Utf8Bytes>,
    others: Hearers,
}

/// The store.
pub struct Disk {
    path: PathBuf,
    jobs: mpsc::Sender<Job>,
}

const TABLES: &str =
    "create table if not exists messages (id integer primary key, pair integer, number integer, text text);
    create table if not exists threads (pair integer primary key, last_text text, unread integer)";
/// Pages and resuming need it. The relay has none while messages are measured.
const INDEX: &str = "create index if not exists by_pair on messages (pair, number)";

impl Disk {
    /// Opens or makes the file, and starts the writer.
    ///
    /// # Errors
    /// When SQLite refuses.
    pub fn open(folder: &Path) -> Result<Self> {
        let path = folder.join("relay.db");
        let mut db = Connection::open(&path)?;
        db.pragma_update(None, "journal_mode", "wal")?;
        db.pragma_update(None, "synchronous", "full")?;
        db.pragma_update(None, "cache_size", -65_536)?;
        db.execute_batch(TABLES)?;
        let (jobs, mut waiting) = mpsc::channel::<Job>(QUEUE);
        std::thread::Builder::new().name("writer".into()).spawn(move || {
            let mut batch = Vec::with_capacity(BATCH);
            while waiting.blocking_recv_many(&mut batch, BATCH) > 0 {
                if let Err(error) = commit(&mut db, &batch) {
                    eprintln!("relay: {error}");
                    std::process::exit(1);
                }
                for job in batch.drain(..) {
                    let _ = job.writer.blocking_send(reply(job.id).into());
                    let frame = Utf8Bytes::from(event(job.row.number, &job.row.text));
                    for other in job.others.iter() {
                        let _ = other.blocking_send(frame.clone());
                    }
                }
            }
        })?;
        Ok(Self { path, jobs })
    }

    /// Stores a message; the writer tells both sides once it is durable.
    ///
    /// # Errors
    /// When the writer has ended.
    pub async fn insert(
        &self,
        number: u32,
        id: u64,
        row: Row,
        writer: mpsc::Sender<Utf8Bytes>,
        others: Hearers,
    ) -> Result<()> {
        let job = Job {
            pair: number / 2,
            id,
            row,
            writer,
            others,
        };
        self.jobs.send(job).await.ok().context("the writer has ended")
    }

    /// What a socket missed.
    ///
    /// # Errors
    /// When SQLite refuses.
    pub async fn after(&self, pair: u32, number: u64) -> Result<Vec<Row>> {
        let sql = "select number, text from messages where pair = ?1 and number > ?2 order by number";
        self.rows(sql, [i64::from(pair), i64::try_from(number)?]).await
    }

    /// The newest fifty of a pair.
    ///
    /// # Errors
    /// When SQLite refuses.
    pub async fn newest(&self, pair: u32) -> Result<Vec<Row>> {
        let sql = "select number, text from messages where pair = ?1 and number > ?2 order by number desc limit 50";
        self.rows(sql, [i64::from(pair), 0]).await
    }

    /// Fifty pairs with their last messages.
    ///
    /// # Errors
    /// When SQLite refuses.
    pub async fn list(&self, first: u32) -> Result<Vec<Row>> {
        let sql = "select unread, last_text from threads where pair >= ?1 and pair >= ?2 order by pair limit 50";
        self.rows(sql, [i64::from(first), 0]).await
    }

    async fn rows(&self, sql: &'static str, values: [i64; 2]) -> Result<Vec<Row>> {
        let path = self.path.clone();
        tokio::task::spawn_blocking(move || read(&path, sql, values)).await?
    }
}

thread_local! {
    static READER: std::cell::RefCell<Option<Connection>> = const { std::cell::RefCell::new(None) };
}

fn read(path: &Path, sql: &str, values: [i64; 2]) -> Result<Vec<Row>> {
    READER.with_borrow_mut(|reader| {
        let db = match reader {
            Some(db) => db,
            None => {
                let db = Connection::open(path)?;
                reader.insert(db)
            }
        };
        let mut statement = db.prepare_cached(sql)?;
        let rows = statement.query_map(values, |row| {
            Ok(Row {
                number: row.get::<_, i64>(0)?.unsigned_abs(),
                text: row.get(1)?,
            })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    })
}

fn commit(db: &mut Connection, batch: &[Job]) -> Result<()> {
    let commit = db.transaction()?;
    {
        let mut insert = commit.prepare_cached("insert into messages (pair, number, text) values (?1, ?2, ?3)")?;
        let mut update = commit.prepare_cached(
            "insert into threads (pair, last_text, unread) values (?1, ?2, 1) \
             on conflict do update set last_text = excluded.last_text, unread = unread + 1",
        )?;
        for job in batch {
            insert.execute(params![job.pair, i64::try_from(job.row.number)?, job.row.text])?;
            update.execute(params![job.pair, job.row.text])?;
        }
    }
    commit.commit()?;
    Ok(())
}

/// Adds the index that pages and resuming need, once nothing is being measured.
///
/// # Errors
/// When SQLite refuses.
pub fn index(folder: &Path) -> Result<()> {
    Ok(Connection::open(folder.join("relay.db"))?.execute_batch(INDEX)?)
}
