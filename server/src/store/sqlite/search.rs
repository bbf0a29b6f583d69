//! Search within a thread: what the [`index`](super::index) names and the log confirms, and the end of the log that the
//! index does not hold yet. And the task that fills the index.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use prilavok_protocol::ids::Seq;
use prilavok_protocol::limits::SEARCH_COUNTED;
use prilavok_protocol::model::Message;
use prilavok_protocol::search::Query;
use rusqlite::{Connection, OptionalExtension, params};
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;

use super::SqliteStore;
use super::index::{Index, Known, Said};
use super::rows::{MESSAGE_COLUMNS, Stored, ThreadRow};
use crate::store::{Error, Result};

/// Entries of the log taken in at once: some milliseconds of one core.
const BATCH: u32 = 512;

/// Between two batches. The index may lag; what people write at this moment may not.
const PAUSE: Duration = Duration::from_millis(250);

/// After a failure: a full disk is not emptied sooner.
const REST: Duration = Duration::from_secs(30);

/// Nobody waits longer for their turn to search.
const PATIENCE: Duration = Duration::from_secs(5);

/// The index, once it is open, and the word that there is more to take in.
#[derive(Debug, Clone)]
pub(super) struct Searching {
    index: Arc<OnceLock<Index>>,
    appended: Arc<Notify>,
    /// One at a time: a phrase that nobody said is looked for in every message of a thread, which takes seconds in a very
    /// long one. Searches on all connections at once would keep everybody else from reading.
    turn: Arc<Semaphore>,
}

impl Default for Searching {
    fn default() -> Self {
        Self {
            index: Arc::default(),
            appended: Arc::default(),
            turn: Arc::new(Semaphore::new(1)),
        }
    }
}

impl Searching {
    /// The right to search, for as long as it is held.
    ///
    /// # Errors
    /// When those in front take too long.
    pub(super) async fn turn(&self) -> Result<OwnedSemaphorePermit> {
        self.turn_within(PATIENCE).await
    }

    pub(super) async fn turn_within(&self, patience: Duration) -> Result<OwnedSemaphorePermit> {
        let turn = tokio::time::timeout(patience, Arc::clone(&self.turn).acquire_owned()).await;
        turn.map_err(|_| Error::Busy)?.map_err(|_| Error::Busy)
    }

    /// A message was stored.
    pub(super) fn appended(&self) {
        self.appended.notify_one();
    }

    /// The newest hits before a place, and how many there are in the thread.
    pub(super) fn find(
        &self,
        db: &Connection,
        thread: &ThreadRow,
        query: &Query,
        (before, limit): (Option<Seq>, u32),
    ) -> Result<(Vec<Message>, u64)> {
        let known = match self.index.get() {
            Some(index) => index.candidates(thread.key, query).unwrap_or_else(|error| {
                tracing::warn!(%error, "The search index does not answer: the thread is read instead.");
                Known::NOTHING
            }),
            None => Known::NOTHING,
        };
        let mut hits = Hits {
            query,
            before,
            limit,
            found: Vec::new(),
            total: 0,
        };
        let mut tail = db.prepare_cached(&tail_sql())?;
        let mut rows = tail.query([thread.key])?;
        while let Some(row) = rows.next()? {
            if hits.is_full() || row.get::<_, i64>(6)? <= known.up_to {
                break;
            }
            hits.consider(Stored::read(row)?);
        }
        let mut one = db.prepare_cached(&one_sql())?;
        for log in known.candidates {
            if hits.is_full() {
                break;
            }
            // The index may be of a later moment than this reading of the log.
            if let Some(stored) = one.query_row(params![log, thread.key], Stored::read).optional()? {
                hits.consider(stored);
            }
        }
        let messages = hits.found.into_iter().map(|stored| thread.message(stored)).collect();
        Ok((messages, hits.total))
    }
}

struct Hits<'a> {
    query: &'a Query,
    before: Option<Seq>,
    limit: u32,
    found: Vec<Stored>,
    total: u64,
}

impl Hits<'_> {
    fn is_full(&self) -> bool {
        self.total >= SEARCH_COUNTED
    }

    fn consider(&mut self, stored: Stored) {
        if self.query.marks(&stored.text).is_none() {
            return;
        }
        self.total += 1;
        let is_wanted = self.before.is_none_or(|before| stored.seq < before);
        if is_wanted && self.found.len() < self.limit as usize {
            self.found.push(stored);
        }
    }
}

pub(super) fn tail_sql() -> String {
    format!(
        "select {MESSAGE_COLUMNS}, b.log from by_thread b cross join log l on l.id = b.log where b.thread = ?1 \
         order by b.seq desc"
    )
}

pub(super) fn one_sql() -> String {
    format!("select {MESSAGE_COLUMNS} from log l where l.id = ?1 and l.thread = ?2 and l.kind = 0")
}

impl SqliteStore {
    /// Keeps the search index until the server stops. Searches are right without it, and slow in long threads.
    pub async fn keep_index(self: Arc<Self>, stopping: CancellationToken) {
        if !self.has_threads {
            return;
        }
        if let Err(error) = self.open_index().await {
            tracing::warn!(%error, "There is no search index: searches read whole threads.");
            return;
        }
        loop {
            let wait = match self.index_more().await {
                Ok(true) => PAUSE,
                Ok(false) => {
                    tokio::select! {
                        () = self.searching.appended.notified() => PAUSE,
                        () = stopping.cancelled() => return,
                    }
                }
                Err(error) => {
                    tracing::warn!(%error, "The search index has fallen behind: searches read the rest.");
                    REST
                }
            };
            tokio::select! {
                () = tokio::time::sleep(wait) => {}
                () = stopping.cancelled() => return,
            }
        }
    }

    /// Opens the search index, or makes it.
    ///
    /// # Errors
    /// When the file cannot be made.
    pub async fn open_index(&self) -> Result<()> {
        let newest = self.readers.read(newest).await?;
        let (path, epoch, cell) = (Index::path(&self.path), self.epoch, Arc::clone(&self.searching.index));
        blocking(move || {
            let _ = cell.set(Index::open(&path, epoch, newest)?);
            Ok(())
        })
        .await
    }

    /// Takes the next stretch of the log into the index; false when there is none.
    ///
    /// # Errors
    /// When either file refuses; nothing was taken in then.
    pub async fn index_more(&self) -> Result<bool> {
        let cell = Arc::clone(&self.searching.index);
        let known = blocking(move || cell.get().ok_or(Error::Busy)?.watermark()).await?;
        let (said, up_to) = self.readers.read(move |db| said_after(db, known)).await?;
        if up_to == known {
            return Ok(false);
        }
        let cell = Arc::clone(&self.searching.index);
        blocking(move || cell.get().ok_or(Error::Busy)?.take(&said, up_to)).await?;
        Ok(true)
    }
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    let task = tokio::task::spawn_blocking(work);
    task.await
        .unwrap_or_else(|error| Err(Error::Internal(format!("the index was cut short: {error}"))))
}

fn newest(db: &Connection) -> Result<i64> {
    Ok(db.query_row("select coalesce(max(id), 0) from log", [], |row| row.get(0))?)
}

/// The messages that follow an entry of the log, and the last entry looked at.
fn said_after(db: &Connection, known: i64) -> Result<(Vec<Said>, i64)> {
    let sql = "select id, kind, thread, text from log where id > ?1 order by id limit ?2";
    let mut statement = db.prepare_cached(sql)?;
    let mut rows = statement.query(params![known, BATCH])?;
    let (mut said, mut up_to) = (Vec::new(), known);
    while let Some(row) = rows.next()? {
        up_to = row.get(0)?;
        if row.get::<_, i64>(1)? == 0 {
            said.push(Said {
                log: up_to,
                thread: row.get(2)?,
                text: row.get(3)?,
            });
        }
    }
    Ok((said, up_to))
}
