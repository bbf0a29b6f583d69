//! One write on its way: what it does, what came of it, and who waits for the answer.

use tokio::sync::oneshot;

use super::Writing;
use crate::store::{Error, Result};

/// A write that waits for its turn.
pub(super) trait Job: Send {
    /// Runs it, perhaps a second time after the first run was undone.
    fn run(&mut self, writing: &mut Writing);
    /// Why the run may not be committed together with others, or at all.
    fn refusal(&self) -> Option<&Error>;
    /// Whether it leaves sessions and accounts as they are.
    fn is_chat(&self) -> bool;
    /// Tells the caller. Its own refusal goes before the failure of the batch.
    fn answer(self: Box<Self>, failure: Option<&Error>);
}

/// What somebody has asked for and waits for.
pub(super) struct Asked<T, F> {
    work: F,
    is_chat: bool,
    outcome: Option<Result<T>>,
    reply: oneshot::Sender<Result<T>>,
}

impl<T, F> Asked<T, F> {
    pub(super) fn new(work: F, is_chat: bool, reply: oneshot::Sender<Result<T>>) -> Self {
        Self {
            work,
            is_chat,
            outcome: None,
            reply,
        }
    }
}

impl<T: Send, F: FnMut(&mut Writing) -> Result<T> + Send> Job for Asked<T, F> {
    fn run(&mut self, writing: &mut Writing) {
        self.outcome = None;
        self.outcome = Some((self.work)(writing));
    }

    fn refusal(&self) -> Option<&Error> {
        self.outcome.as_ref()?.as_ref().err()
    }

    fn is_chat(&self) -> bool {
        self.is_chat
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

/// An error that several are told.
pub(super) fn copy(error: &Error) -> Error {
    match error {
        Error::NotFound => Error::NotFound,
        Error::Conflict => Error::Conflict,
        Error::EmailTaken => Error::EmailTaken,
        Error::SessionEnded => Error::SessionEnded,
        Error::Full => Error::Full,
        Error::Busy => Error::Busy,
        Error::Unknown(text) => Error::Unknown(text.clone()),
        Error::Internal(text) => Error::Internal(text.clone()),
    }
}
