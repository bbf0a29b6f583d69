//! Whose thread writes: the writer's own, or, in a simulation, the caller's.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{mpsc, oneshot};

use super::{Job, Look, Thread};
use crate::store::{Error, Result};

/// How a job gets to whoever runs it.
#[derive(Clone)]
pub(super) enum Hands {
    /// The writer's own thread.
    Own(mpsc::Sender<Message>),
    /// The caller's, one job after another.
    Callers(Arc<Mutex<Thread>>),
}

/// What the writer's own thread is told.
pub(super) enum Message {
    Job(Box<dyn Job>),
    /// Somebody reads what the tables cannot be brought to hold.
    Look(Look),
    Stop(oneshot::Sender<()>),
}

impl Hands {
    /// Hands a job over, or runs it.
    pub(super) fn take(&self, job: Box<dyn Job>) -> Result<()> {
        match self {
            // Full or stopped: waiting here would only hide the overload from the caller.
            Self::Own(jobs) => jobs.try_send(Message::Job(job)).map_err(|_| Error::Busy),
            Self::Callers(thread) => {
                let mut thread = thread.lock().unwrap_or_else(PoisonError::into_inner);
                thread.commit_all(vec![job]);
                thread.follow_if_due(1);
                thread.fold_if_long();
                Ok(())
            }
        }
    }

    /// The same for whoever reads, which is no overload: waits for room.
    pub(super) async fn wait(&self, message: Message) -> Result<()> {
        match (self, message) {
            (Self::Own(jobs), message) => jobs.send(message).await.map_err(|_| Error::Busy),
            (Self::Callers(_), Message::Job(job)) => self.take(job),
            (Self::Callers(thread), Message::Look(look)) => {
                thread.lock().unwrap_or_else(PoisonError::into_inner).look(look);
                Ok(())
            }
            (Self::Callers(_), Message::Stop(_)) => Ok(()),
        }
    }

    /// Writes what has been accepted, refuses the rest, and ends the thread, where there is one.
    pub(super) async fn stop(&self) {
        let Self::Own(jobs) = self else { return };
        let (reply, stopped) = oneshot::channel();
        if jobs.send(Message::Stop(reply)).await.is_ok() {
            let _ = stopped.await;
        }
    }
}

impl fmt::Debug for Hands {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Own(_) => "Own",
            Self::Callers(_) => "Callers",
        })
    }
}
