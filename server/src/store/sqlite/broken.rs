//! The end of a store: the disk could not make durable what was written.
//!
//! After a failed sync the system may take its pages for clean, so that the next sync says yes to what is not on the
//! disk. No later answer could be believed. So the store acknowledges nothing more, and whoever runs it must start
//! afresh: then the write-ahead log is read again and what it holds is written and synced anew.

use std::sync::Arc;

use rusqlite::ffi::{SQLITE_IOERR_DIR_FSYNC, SQLITE_IOERR_FSYNC};
use tokio::sync::watch;

/// Whether it has come to this, for good, and why.
#[derive(Debug, Clone)]
pub(super) struct Broken(watch::Sender<Option<Arc<str>>>);

impl Broken {
    /// All is well.
    pub(super) fn not_yet() -> Self {
        Self(watch::Sender::new(None))
    }

    /// It has come to this when the error is of a sync; true if so.
    pub(super) fn declare_if_of_sync(&self, error: &rusqlite::Error) -> bool {
        let code = error.sqlite_error().map(|error| error.extended_code);
        let is_of_sync = matches!(code, Some(SQLITE_IOERR_FSYNC | SQLITE_IOERR_DIR_FSYNC));
        if is_of_sync {
            tracing::error!(
                %error,
                "The disk could not make what was written durable. Nothing more is acknowledged: the server must be \
                 started again, on a disk that works."
            );
            self.0.send_replace(Some(error.to_string().into()));
        }
        is_of_sync
    }

    pub(super) fn is(&self) -> bool {
        self.0.borrow().is_some()
    }

    /// Waits until it comes to this; the answer is why.
    pub(super) async fn wait(&self) -> Arc<str> {
        let mut watching = self.0.subscribe();
        let reason = watching.wait_for(Option::is_some).await;
        let reason = reason.expect("the sender is in `self`").clone();
        reason.expect("this was waited for")
    }
}
