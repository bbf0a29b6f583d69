//! The one thread that writes, and the group commit.
//!
//! It takes whatever jobs have queued up, runs them in one transaction, commits, and only then answers. A job that is
//! refused before it wrote anything stands alone; one that fails after writing, breaks or panics undoes the batch,
//! which then runs again one job a transaction, so that it harms nobody but itself. When the outcome of a commit is
//! unknown, nobody is told that it succeeded, and the file is opened anew.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;

use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot};

use super::counters::Counters;
use super::schema::open_writer;
use crate::faults;
use crate::store::{Error, Result};

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
    jobs: mpsc::Sender<Message>,
}

enum Message {
    Job(Box<dyn Job>),
    Stop(oneshot::Sender<()>),
}

trait Job: Send {
    /// Runs it, perhaps a second time after the first run was undone.
    fn run(&mut self, writing: &mut Writing);
    /// Why the run may not be committed together with others, or at all.
    fn refusal(&self) -> Option<&Error>;
    /// Tells the caller. Its own refusal goes before the failure of the batch.
    fn answer(self: Box<Self>, failure: Option<&Error>);
}

struct Asked<T, F> {
    work: F,
    outcome: Option<Result<T>>,
    reply: oneshot::Sender<Result<T>>,
}

impl<T: Send, F: FnMut(&mut Writing) -> Result<T> + Send> Job for Asked<T, F> {
    fn run(&mut self, writing: &mut Writing) {
        self.outcome = None;
        self.outcome = Some((self.work)(writing));
    }

    fn refusal(&self) -> Option<&Error> {
        self.outcome.as_ref()?.as_ref().err()
    }

    fn answer(self: Box<Self>, failure: Option<&Error>) {
        let result = match (self.outcome, failure) {
            (Some(Err(refusal)), _) => Err(refusal),
            (_, Some(failure)) => Err(copy(failure)),
            (Some(done), None) => done,
            (None, None) => Err(Error::Internal("a write did not run".into())),
        };
        // Nobody may be waiting any more; the write stands all the same.
        let _ = self.reply.send(result);
    }
}

impl Writer {
    /// Starts the thread. `queue` jobs may wait; more are refused as busy. `batch` of them share one commit.
    pub(super) fn start(path: PathBuf, queue: usize, batch: usize) -> Result<Self> {
        let db = open_writer(&path)?;
        let (jobs, waiting) = mpsc::channel(queue);
        let thread = Thread {
            path,
            writing: Writing {
                db,
                counters: Counters::default(),
            },
            is_broken: false,
            batch,
        };
        std::thread::Builder::new()
            .name("store-writer".into())
            .spawn(move || thread.run(waiting))
            .map_err(|error| Error::Internal(format!("the writer's thread did not start: {error}")))?;
        Ok(Self { jobs })
    }

    /// Runs the work inside a transaction and waits until it is durable.
    pub(super) async fn write<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnMut(&mut Writing) -> Result<T> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let job = Asked {
            work,
            outcome: None,
            reply,
        };
        // Full or stopped: waiting here would only hide the overload from the caller.
        self.jobs
            .try_send(Message::Job(Box::new(job)))
            .map_err(|_| Error::Busy)?;
        answer
            .await
            .unwrap_or_else(|_| Err(Error::Unknown("the writer has stopped".into())))
    }

    /// Writes what has been accepted, refuses the rest, and ends the thread.
    pub(super) async fn stop(&self) {
        let (reply, stopped) = oneshot::channel();
        if self.jobs.send(Message::Stop(reply)).await.is_ok() {
            let _ = stopped.await;
        }
    }
}

struct Thread {
    path: PathBuf,
    writing: Writing,
    /// A commit failed in an unknown way: the connection is not to be trusted.
    is_broken: bool,
    batch: usize,
}

impl Thread {
    fn run(mut self, mut waiting: mpsc::Receiver<Message>) {
        let mut stopped = Vec::new();
        let mut jobs = Vec::new();
        while let Some(first) = waiting.blocking_recv() {
            faults::point("writer.taken");
            let mut next = Some(first);
            while let Some(message) = next {
                match message {
                    Message::Job(job) => jobs.push(job),
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
            self.commit_all(std::mem::take(&mut jobs));
        }
        faults::point("writer.closing");
        if let Err(error) = self
            .writing
            .db
            .execute_batch("pragma optimize; pragma wal_checkpoint(truncate)")
        {
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
        for job in jobs {
            job.answer(failure.as_ref().map(Failure::error));
            faults::point("writer.answered");
        }
    }

    /// One transaction. On an error nothing of it remains, save what [`Failure::Unknown`] leaves open.
    fn attempt(&mut self, jobs: &mut [Box<dyn Job>]) -> std::result::Result<(), Failure> {
        if jobs.is_empty() {
            return Ok(());
        }
        if self.is_broken {
            self.writing.db = open_writer(&self.path).map_err(Failure::Fatal)?;
            self.is_broken = false;
        }
        let result = self.in_transaction(jobs);
        if result.is_err() {
            self.undo();
        }
        result
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
            if catch_unwind(AssertUnwindSafe(|| job.run(writing))).is_err() {
                tracing::error!("a write panicked and was undone");
                return Err(Failure::Undone(Error::Internal("a write panicked".into())));
            }
            let has_written = writing.db.total_changes() != before;
            match job.refusal() {
                Some(Error::NotFound | Error::Conflict | Error::EmailTaken) if !has_written => {}
                Some(error) => return Err(Failure::Undone(copy(error))),
                None => {}
            }
            faults::point("writer.job");
        }
        writing.counters.flush(&writing.db).map_err(Failure::Undone)?;
        faults::point("writer.full");
        match writing.db.execute_batch("commit").map_err(Error::from) {
            Ok(()) => {
                faults::point("writer.committed");
                Ok(())
            }
            Err(Error::Full) => Err(Failure::Fatal(Error::Full)),
            Err(error) => {
                tracing::error!(%error, "a commit failed; the database is opened anew");
                self.is_broken = true;
                Err(Failure::Fatal(Error::Unknown(error.to_string())))
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
            self.is_broken = true;
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

fn copy(error: &Error) -> Error {
    match error {
        Error::NotFound => Error::NotFound,
        Error::Conflict => Error::Conflict,
        Error::EmailTaken => Error::EmailTaken,
        Error::Full => Error::Full,
        Error::Busy => Error::Busy,
        Error::Unknown(text) => Error::Unknown(text.clone()),
        Error::Internal(text) => Error::Internal(text.clone()),
    }
}
