//! The store in one SQLite file: one writer thread with group commit, a few readers, everything durable when answered.
//!
//! - [`writer`] the thread and the commit; [`counters`] what it keeps in memory, [`tail`] what the tables lack still;
//!   [`readers`] the other connections
//! - [`threads`], [`messages`], [`marks`], [`events`] chat; [`members`] proofs of membership
//! - [`search`] within a thread, over the [`index`] beside the file
//! - [`accounts`], [`sessions`] and their [`revocations`]; [`catalogue`], [`products`], [`words`] search
//! - [`schema`] opening, [`files`] on the disk; [`rows`] words of the domain; [`backup`], [`doctor`] the operator's side
//! - [`broken`] the end, when the disk cannot be trusted any more

use std::path::{Path, PathBuf};
use std::sync::Arc;

use prilavok_protocol::ids::Epoch;
use rusqlite::Connection;

use self::members::Members;
use self::readers::Readers;
use self::search::Searching;
use self::tail::Of;
use self::writer::Writer;
use super::{Error, Result};

mod accounts;
mod backup;
mod broken;
mod catalogue;
mod counters;
mod doctor;
mod drafts;
mod events;
mod files;
mod index;
mod marks;
mod members;
mod messages;
#[cfg(feature = "faults")]
mod planted;
mod ports;
mod products;
mod readers;
mod revocations;
mod rows;
mod schema;
mod search;
mod sessions;
mod tail;
#[cfg(test)]
mod tests;
mod threads;
mod words;
mod writer;

pub use self::backup::restore;
pub use self::doctor::Report;

/// How a store is opened.
#[derive(Debug, Clone)]
pub struct Options {
    /// Connections that read. Two cores are busy with three; a fourth waits for the disk.
    pub readers: usize,
    /// Writes that may wait; more are refused as busy. A second's worth of full load.
    pub queue: usize,
    /// Writes that may share one commit: past this a commit takes longer than it saves.
    pub batch: usize,
    /// Pages of the write-ahead log between two checkpoints. 16 MiB, so that hot pages are written home once for many
    /// commits.
    pub checkpoint: u32,
    /// Whether work runs on threads of its own. Without, it runs on the caller's, one job a commit: for a simulation,
    /// whose clock must not run on while a thread works, and whose order must not depend on one.
    pub has_threads: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            readers: 4,
            queue: 16_384,
            batch: 512,
            checkpoint: 4_096,
            has_threads: true,
        }
    }
}

/// The store. Cheap to share behind an `Arc`.
#[derive(Debug)]
pub struct SqliteStore {
    path: PathBuf,
    epoch: Epoch,
    writer: Writer,
    readers: Readers,
    /// One connection that waits for nobody: who is shut out must be out at once, however much is being read.
    watcher: Readers,
    members: Arc<Members>,
    searching: Searching,
    has_threads: bool,
}

impl SqliteStore {
    /// Opens the file, or makes it, and brings it to the newest schema.
    ///
    /// # Errors
    /// When it is no database, damaged, another program's, or written by a newer version.
    pub fn open(path: &Path, options: Options) -> Result<Self> {
        let has_threads = options.has_threads;
        let writer = Writer::start(path.to_owned(), &options)?;
        let readers = Readers::open(path, &options)?;
        let watcher = Readers::open(path, &Options { readers: 1, ..options })?;
        let epoch = schema::read_epoch(&schema::open_reader(path)?)?
            .ok_or_else(|| Error::Internal("the store has no epoch".into()))?;
        Ok(Self {
            path: path.to_owned(),
            epoch,
            writer,
            readers,
            watcher,
            members: Arc::default(),
            searching: Searching::default(),
            has_threads,
        })
    }

    /// Writes what was accepted, refuses the rest, and folds the write-ahead log into the file.
    pub async fn close(&self) {
        self.readers.close();
        self.watcher.close();
        self.writer.stop().await;
    }

    /// Waits until the disk has failed to make something durable; the answer is why.
    ///
    /// The store acknowledges nothing more then, for good: whoever serves it must stop, and start afresh.
    pub async fn broken(&self) -> Arc<str> {
        self.writer.broken().wait().await
    }

    /// Whether [`SqliteStore::broken`] has come.
    #[must_use]
    pub fn is_broken(&self) -> bool {
        self.writer.broken().is()
    }

    /// Copies the running store into a new file, which appears complete or not at all.
    ///
    /// # Errors
    /// When something is there already, and when the medium refuses.
    pub async fn backup_to(&self, to: &Path) -> Result<()> {
        let (from, to) = (self.path.clone(), to.to_owned());
        let task = tokio::task::spawn_blocking(move || backup::backup(&from, &to));
        task.await
            .unwrap_or_else(|error| Err(Error::Internal(format!("the backup was cut short: {error}"))))
    }

    /// Examines the file and recounts every counter.
    ///
    /// # Errors
    /// When the file cannot even be read.
    pub async fn check(&self) -> Result<Report> {
        self.read_of(Of::All, doctor::examine).await
    }

    /// Reads when the tables hold all that was answered of it: they follow the log at once when somebody wants to know.
    async fn read_of<T, F>(&self, of: Of, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T> + Send + 'static,
    {
        if self.writer.lagging().is(of)
            && let Err(error) = self.writer.follow().await
        {
            tracing::warn!(%error, "The tables cannot follow the log: it is read by way of the writer.");
            return self.writer.look(work).await;
        }
        self.readers.read(work).await
    }
}
