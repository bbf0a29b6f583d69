//! The one thread that writes, and the group commit.
//!
//! It takes whatever jobs have queued up, runs them in one transaction, commits, and only then answers. A job that is
//! refused before it wrote anything stands alone; one that fails after writing, breaks or panics undoes the batch,
//! which then runs again one job a transaction, so that it harms nobody but itself. When the outcome of a commit is
//! unknown, nobody is told that it succeeded, and the file is opened anew; after a failed sync not even that, see
//! [`super::broken`]. What a commit leaves to be done in the tables behind the log follows after the answers
//! ([`following`]).

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use rusqlite::Connection;
use rusqlite::config::DbConfig;
use tokio::sync::{mpsc, oneshot};

use self::folding::checkpoint;
use self::following::Look;
use self::hands::{Hands, Message};
use self::job::{Asked, Job, copy};
use super::Options;
use super::broken::Broken;
use super::counters::Counters;
use super::schema::open_writer;
use super::tail::Lagging;
use crate::faults;
use crate::store::{Error, Result};

mod folding;
mod following;
mod hands;
mod job;
#[cfg(feature = "faults")]
mod planted;

/// What a job may touch: the connection, inside a transaction, and the counters that go with it.
pub(super) struct Writing {
    pub db: Connection,
    pub counters: Counters,
}

/// How the store reaches the writer.
#[derive(Debug, Clone)]
pub(super) struct Writer {
    hands: Hands,
    broken: Broken,
    lagging: Lagging,
}

impl Writer {
    /// Starts the thread.
    pub(super) fn start(path: PathBuf, options: &Options) -> Result<Self> {
        let db = open_writer(&path)?;
        // After a failed sync the log may be readable and yet not be on the disk. What it holds is written and synced
        // anew before anything follows it.
        match checkpoint(&db, "passive").map_err(Error::from) {
            Err(Error::Full) => tracing::warn!("The disk is full: the write-ahead log stays as it is."),
            done => drop(done?),
        }
        let (broken, lagging) = (Broken::not_yet(), Lagging::default());
        let mut thread = Thread {
            path,
            writing: Writing {
                db,
                counters: Counters::default(),
            },
            must_reopen: false,
            broken: broken.clone(),
            lagging: lagging.clone(),
            batch: options.batch,
            checkpoint: options.checkpoint,
        };
        thread.follow_first();
        if !options.has_threads {
            let hands = Hands::Callers(Arc::new(Mutex::new(thread)));
            return Ok(Self { hands, broken, lagging });
        }
        let (jobs, waiting) = mpsc::channel(options.queue);
        std::thread::Builder::new()
            .name("store-writer".into())
            .spawn(move || thread.run(waiting))
            .map_err(|error| Error::Internal(format!("the writer's thread did not start: {error}")))?;
        let hands = Hands::Own(jobs);
        Ok(Self { hands, broken, lagging })
    }

    /// Whether a sync has failed.
    pub(super) fn broken(&self) -> &Broken {
        &self.broken
    }

    /// Runs the work inside a transaction and waits until it is durable.
    pub(super) async fn write<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnMut(&mut Writing) -> Result<T> + Send + 'static,
    {
        self.submit(work, false).await
    }

    /// The same, for what touches neither sessions nor accounts; the work has its place in the order of writes when this
    /// returns, whenever the answer is awaited.
    pub(super) fn write_chat<T, F>(&self, work: F) -> impl Future<Output = Result<T>> + Send + use<T, F>
    where
        T: Send + 'static,
        F: FnMut(&mut Writing) -> Result<T> + Send + 'static,
    {
        self.submit(work, true)
    }

    fn submit<T, F>(&self, work: F, is_chat: bool) -> impl Future<Output = Result<T>> + Send + use<T, F>
    where
        T: Send + 'static,
        F: FnMut(&mut Writing) -> Result<T> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let taken = self.hands.take(Box::new(Asked::new(work, is_chat, reply)));
        async move {
            taken?;
            answer
                .await
                .unwrap_or_else(|_| Err(Error::Unknown("the writer has stopped".into())))
        }
    }

    /// Writes what has been accepted, refuses the rest, and ends the thread.
    pub(super) async fn stop(&self) {
        self.hands.stop().await;
    }
}

struct Thread {
    path: PathBuf,
    writing: Writing,
    /// A commit failed in an unknown way: the connection is not to be trusted.
    must_reopen: bool,
    /// A sync failed: the disk is not to be trusted.
    broken: Broken,
    lagging: Lagging,
    batch: usize,
    checkpoint: u32,
}

impl Thread {
    fn run(mut self, mut waiting: mpsc::Receiver<Message>) {
        let mut stopped = Vec::new();
        let (mut jobs, mut looks) = (Vec::new(), Vec::new());
        while let Some(first) = waiting.blocking_recv() {
            faults::point("writer.taken");
            let mut next = Some(first);
            while let Some(message) = next {
                match message {
                    Message::Job(job) => jobs.push(job),
                    Message::Look(look) => looks.push(look),
                    Message::Stop(reply) => {
                        waiting.close();
                        stopped.push(reply);
                    }
                }
                next = if jobs.len() < self.batch {
                    waiting.try_recv().ok()
                } else {
                    None
                };
            }
            let together = jobs.len();
            self.commit_all(std::mem::take(&mut jobs));
            looks.drain(..).for_each(|look| self.look(look));
            self.follow_if_due(together);
            self.fold_if_long();
        }
        self.follow_last();
        faults::point("writer.closing");
        let db = &self.writing.db;
        let ended = if self.broken.is() {
            db.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)
                .map(drop)
        } else {
            db.execute_batch("pragma optimize; pragma wal_checkpoint(truncate)")
        };
        if let Err(error) = ended {
            tracing::warn!(%error, "the write-ahead log was not folded into the database at the end");
        }
        drop(self);
        faults::point("writer.closed");
        for reply in stopped {
            let _ = reply.send(());
        }
    }

    fn commit_all(&mut self, mut jobs: Vec<Box<dyn Job>>) {
        #[cfg(feature = "faults")]
        if faults::planted("bug.ack_before_commit") {
            return planted::answer_before_commit(self, jobs);
        }
        let failure = match self.attempt(&mut jobs) {
            Ok(()) => None,
            Err(Failure::Undone(_)) if jobs.len() > 1 => {
                for mut job in jobs {
                    let failure = self.attempt(std::slice::from_mut(&mut job)).err();
                    job.answer(failure.as_ref().map(Failure::error));
                    faults::point("writer.answered");
                }
                return;
            }
            Err(failure) => Some(failure),
        };
        // The last first: messages are told in their order by one task, which wakes up once when the oldest is answered and
        // finds all the others answered too.
        for job in jobs.into_iter().rev() {
            job.answer(failure.as_ref().map(Failure::error));
            faults::point("writer.answered");
        }
    }

    /// One transaction. On an error nothing of it remains, save what [`Failure::Unknown`] leaves open.
    fn attempt(&mut self, jobs: &mut [Box<dyn Job>]) -> std::result::Result<(), Failure> {
        if jobs.is_empty() {
            return Ok(());
        }
        if self.broken.is() {
            return Err(Failure::Fatal(Error::Busy));
        }
        self.reopen_if_need_be().map_err(Failure::Fatal)?;
        let result = self.in_transaction(jobs);
        if result.is_err() {
            self.undo();
        }
        result
    }

    fn reopen_if_need_be(&mut self) -> Result<()> {
        if self.must_reopen {
            self.writing.db = open_writer(&self.path)?;
            self.must_reopen = false;
        }
        Ok(())
    }

    fn in_transaction(&mut self, jobs: &mut [Box<dyn Job>]) -> std::result::Result<(), Failure> {
        let writing = &mut self.writing;
        writing
            .db
            .execute_batch("begin immediate")
            .map_err(|error| Failure::Fatal(error.into()))?;
        writing.counters.begin(&writing.db).map_err(Failure::Fatal)?;
        faults::point("writer.begun");
        for job in jobs {
            let before = writing.db.total_changes();
            let is_chat = job.is_chat();
            if catch_unwind(AssertUnwindSafe(|| job.run(writing))).is_err() {
                tracing::error!("a write panicked and was undone");
                return Err(Failure::Undone(Error::Internal("a write panicked".into())));
            }
            if !is_chat {
                writing.counters.forget_sessions();
            }
            let has_written = writing.db.total_changes() != before;
            match job.refusal() {
                Some(Error::NotFound | Error::Conflict | Error::EmailTaken | Error::SessionEnded) if !has_written => {}
                Some(error) => return Err(Failure::Undone(copy(error))),
                None => {}
            }
            faults::point("writer.job");
        }
        faults::point("writer.full");
        let Err(error) = writing.db.execute_batch("commit") else {
            faults::point("writer.committed");
            // Before anybody is answered: whoever is finds what they wrote.
            writing.counters.tail.announce(&self.lagging);
            writing.counters.tail.has_followed(&self.lagging);
            return Ok(());
        };
        let unknown = Failure::Fatal(Error::Unknown(error.to_string()));
        if self.broken.declare_if_of_sync(&error) {
            return Err(unknown);
        }
        match Error::from(error) {
            Error::Full => Err(Failure::Fatal(Error::Full)),
            error => {
                tracing::error!(%error, "a commit failed; the database is opened anew");
                self.must_reopen = true;
                Err(unknown)
            }
        }
    }

    fn undo(&mut self) {
        self.writing.counters.forget();
        // SQLite may have rolled back by itself, as it does on a full disk.
        if !self.writing.db.is_autocommit()
            && let Err(error) = self.writing.db.execute_batch("rollback")
        {
            tracing::error!(%error, "a transaction could not be rolled back; the database is opened anew");
            self.must_reopen = true;
        }
    }
}

enum Failure {
    /// Rolled back; the jobs may be tried one by one.
    Undone(Error),
    /// Trying again now would not help, or must not happen because the outcome is unknown.
    Fatal(Error),
}

impl Failure {
    fn error(&self) -> &Error {
        match self {
            Self::Undone(error) | Self::Fatal(error) => error,
        }
    }
}
