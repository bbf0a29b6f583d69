//! Holds each sync until the test lets it go, so that a test can look between the write and the sync, and can decide
//! what is queued before the next commit begins.

use std::path::PathBuf;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// The test's side. When it is dropped, everything goes on.
#[derive(Debug)]
pub struct Gate {
    reached: Receiver<PathBuf>,
    pass: Sender<()>,
}

/// The disk's side.
#[derive(Debug, Clone)]
pub(crate) struct Barrier {
    reached: Sender<PathBuf>,
    passed: Arc<Mutex<Receiver<()>>>,
}

impl Gate {
    pub(crate) fn new() -> (Self, Barrier) {
        let ((reached, at), (pass, passed)) = (channel(), channel());
        let barrier = Barrier {
            reached,
            passed: Arc::new(Mutex::new(passed)),
        };
        (Self { reached: at, pass }, barrier)
    }

    /// Waits until a sync is asked for: of which file. `None` when none can come any more because the power is gone.
    ///
    /// # Panics
    /// When none comes in time.
    pub fn next(&self, within: Duration) -> Option<PathBuf> {
        match self.reached.recv_timeout(within) {
            Ok(file) => Some(file),
            Err(std::sync::mpsc::RecvTimeoutError::Disconnected) => None,
            Err(std::sync::mpsc::RecvTimeoutError::Timeout) => panic!("no sync was asked for in time"),
        }
    }

    /// Lets the sync go that [`Gate::next`] has told of.
    pub fn pass(&self) {
        // Nobody waits when the power has gone meanwhile.
        let _ = self.pass.send(());
    }
}

impl Barrier {
    /// Waits until the test lets go; at once when it does not hold the gate any more.
    pub(crate) fn wait(&self, file: PathBuf) {
        // One sync at a time: the test lets go the one that it was told of.
        let passed = self.passed.lock().unwrap_or_else(PoisonError::into_inner);
        if self.reached.send(file).is_ok() {
            let _ = passed.recv();
        }
    }
}
