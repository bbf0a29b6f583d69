//! The tables follow the log: once enough has piled up, once somebody wants to read it, and before the end.
//!
//! All of it after the answers. What cannot follow because the disk is full is in the log all the same, and is read by way
//! of the writer's own connection: it brings the tables up, shows them to the reader, and takes it back.

use rusqlite::Connection;
use tokio::sync::oneshot;

use super::hands::Message;
use super::job::{Asked, Job};
use super::{Thread, Writer, Writing};
use crate::faults;
use crate::store::sqlite::counters::Counters;
use crate::store::sqlite::schema::sync_each_commit;
use crate::store::sqlite::tail::Lagging;
use crate::store::{Error, Result};

/// A reading on the writer's own connection; `None` when the log cannot be read.
pub(super) type Look = Box<dyn FnOnce(Option<&Connection>) + Send>;

/// Brings the tables to where the log stands, or a little nearer.
struct Follow {
    how: fn(&mut Counters, &Connection) -> Result<()>,
    failed: Option<Error>,
}

impl Job for Follow {
    fn run(&mut self, writing: &mut Writing) {
        self.failed = (self.how)(&mut writing.counters, &writing.db).err();
    }

    fn refusal(&self) -> Option<&Error> {
        self.failed.as_ref()
    }

    fn is_chat(&self) -> bool {
        true
    }

    fn answer(self: Box<Self>, failure: Option<&Error>) {
        if let Some(error) = failure {
            tracing::warn!(%error, "The tables could not follow the log; they will.");
        }
    }
}

impl Writer {
    /// What readers cannot see in the tables yet.
    pub(in super::super) fn lagging(&self) -> &Lagging {
        &self.lagging
    }

    /// Returns once the tables stand where the log stood when this was called.
    pub(in super::super) async fn follow(&self) -> Result<()> {
        let (reply, answer) = oneshot::channel();
        let follow = Asked::new(
            |writing: &mut Writing| writing.counters.follow(&writing.db),
            true,
            reply,
        );
        self.hands.wait(Message::Job(Box::new(follow))).await?;
        answer.await.unwrap_or(Err(Error::Busy))
    }

    /// Reads on the writer's own connection as though the tables had followed.
    pub(in super::super) async fn look<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let look = move |db: Option<&Connection>| {
            let _ = reply.send(db.map_or(Err(Error::Busy), work));
        };
        self.hands.wait(Message::Look(Box::new(look))).await?;
        answer.await.unwrap_or(Err(Error::Busy))
    }
}

impl Thread {
    /// After a commit that so many shared.
    pub(super) fn follow_if_due(&mut self, together: usize) {
        if self.writing.counters.tail.is_due(together) && self.sync_each_commit(false) {
            // Nobody waits for it: it goes to the disk together with the next message.
            self.follow(Counters::follow_a_little);
            self.sync_each_commit(true);
        }
    }

    fn sync_each_commit(&mut self, does: bool) -> bool {
        let done = sync_each_commit(&self.writing.db, does);
        if let Err(error) = &done {
            tracing::error!(%error, "the database does not change when it syncs; it is opened anew");
            self.must_reopen = true;
        }
        done.is_ok()
    }

    /// Before anybody reads: an earlier process may have left the tables behind.
    pub(super) fn follow_first(&mut self) {
        self.lagging.everything();
        self.follow(Counters::follow);
    }

    /// So that the next start finds nothing to do.
    pub(super) fn follow_last(&mut self) {
        if !self.broken.is() {
            self.follow(Counters::follow);
        }
    }

    fn follow(&mut self, how: fn(&mut Counters, &Connection) -> Result<()>) {
        self.commit_all(vec![Box::new(Follow { how, failed: None })]);
        faults::point("tail.followed");
    }

    /// Shows the tables as they are to be, and leaves them as they are.
    pub(super) fn look(&mut self, look: Look) {
        if self.broken.is() || self.reopen_if_need_be().is_err() {
            return look(None);
        }
        let Writing { db, counters } = &mut self.writing;
        let shown = db.execute_batch("begin immediate").map_err(Error::from).and_then(|()| {
            counters.begin(db)?;
            counters.follow(db)
        });
        look(shown.is_ok().then_some(db));
        if let Err(error) = shown {
            tracing::warn!(%error, "What the tables lack could not be shown.");
        }
        self.undo();
    }
}
