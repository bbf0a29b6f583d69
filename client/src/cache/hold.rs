//! The lock beside the file: one engine at a time works on an account's file, in this process or in another.

use std::fs::{File, TryLockError};
use std::path::Path;
use std::time::{Duration, Instant};

use crate::error::Error;

/// An engine that is just ending lets go within milliseconds; a person who signs in again waits no longer for it.
const ENDING: Duration = Duration::from_secs(2);
/// How often to look whether it has.
const LOOK: Duration = Duration::from_millis(20);

/// Held as long as the file is open.
pub(super) struct Hold(#[expect(dead_code, reason = "held, and let go when dropped")] File);

impl Hold {
    /// Takes the lock of the file at `path`; [`Error::InUse`] when another engine has it.
    pub(super) fn take(path: &Path) -> Result<Self, Error> {
        let folder = path.parent().unwrap_or_else(|| Path::new("."));
        std::fs::create_dir_all(folder).map_err(disk)?;
        let file = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(path.with_extension("lock"))
            .map_err(disk)?;
        let began = Instant::now();
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Self(file)),
                Err(TryLockError::WouldBlock) if began.elapsed() < ENDING => std::thread::sleep(LOOK),
                Err(TryLockError::WouldBlock) => return Err(Error::InUse),
                Err(TryLockError::Error(error)) => return Err(disk(error)),
            }
        }
    }
}

fn disk(error: std::io::Error) -> Error {
    Error::Disk(error.to_string())
}
