//! One open file of a mounted folder: every operation asks the disk first, and tells the model afterwards.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::ffi;

use super::{Answer, Medium};
use crate::faults::Kind;
use crate::model::FileId;

/// One open file of a mounted folder.
#[derive(Debug)]
pub(crate) struct OpenFile {
    pub(super) medium: Arc<Medium>,
    pub(super) id: FileId,
    pub(super) path: PathBuf,
    /// Its name is not durable yet, and its first sync makes it so.
    pub(super) owes_folder: Mutex<bool>,
}

impl OpenFile {
    /// Reads, measures or maps: whatever changes nothing.
    pub(crate) fn look(&self, kind: Kind, real: impl FnOnce() -> Answer) -> Answer {
        match self.medium.lock().ask(kind) {
            Ok(()) => {}
            Err(answer) => return answer,
        }
        real()
    }

    /// Writes; `real` is called with as much as is really written.
    pub(crate) fn write(&self, at: u64, bytes: &[u8], real: impl Fn(&[u8]) -> Answer) -> Answer {
        let mut state = self.medium.lock();
        if state.is_full && at + bytes.len() as u64 > state.model.length(self.id) {
            return ffi::SQLITE_FULL;
        }
        let (bytes, refusal) = match state.ask(Kind::Write) {
            Ok(()) => (bytes, None),
            Err(answer) if state.is_dead => {
                // What was under way when the power went may be on the disk like anything else that was not synced.
                if state.is_dying() {
                    state.model.write(self.id, at, bytes);
                }
                return answer;
            }
            Err(answer) => (&bytes[..bytes.len() / 2], Some(answer)),
        };
        let answer = real(bytes);
        if answer == ffi::SQLITE_OK {
            state.model.write(self.id, at, bytes);
        }
        refusal.unwrap_or(answer)
    }

    /// Makes the file shorter.
    pub(crate) fn truncate(&self, to: u64, real: impl FnOnce() -> Answer) -> Answer {
        let mut state = self.medium.lock();
        if let Err(answer) = state.ask(Kind::Truncate) {
            if state.is_dying() {
                state.model.cut(self.id, to);
            }
            return answer;
        }
        let answer = real();
        if answer == ffi::SQLITE_OK {
            state.model.cut(self.id, to);
        }
        answer
    }

    /// Makes the file durable in the model. The real medium is not troubled: it would only take time.
    pub(crate) fn sync(&self) -> Answer {
        let barrier = self.medium.lock().barrier.clone();
        if let Some(barrier) = barrier {
            barrier.wait(self.path.clone());
        }
        let mut state = self.medium.lock();
        if let Err(answer) = state.ask(Kind::Sync) {
            if !state.is_dead {
                state.model.fail_sync(self.id);
            }
            return answer;
        }
        if !state.is_lying {
            state.model.sync(self.id);
            let mut owes_folder = self.owes_folder.lock().unwrap_or_else(PoisonError::into_inner);
            if std::mem::take(&mut *owes_folder) {
                state.model.sync_names();
            }
        }
        ffi::SQLITE_OK
    }
}
