//! The files of a database: their names, and who may look into them.

use std::fs::{OpenOptions, Permissions};
use std::io::{ErrorKind, Result};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

/// For the owner's eyes only.
const PRIVATE: u32 = 0o600;

/// The file beside it whose name goes on with `end`.
pub(super) fn beside(path: &Path, end: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(end);
    PathBuf::from(name)
}

/// Makes the database if it is not there, for its owner's eyes only. SQLite gives its other files the same mode.
///
/// One that is there is never opened here: closing it again would take away the locks that this process holds on it.
pub(super) fn make_private(path: &Path) -> Result<()> {
    match OpenOptions::new().write(true).create_new(true).mode(PRIVATE).open(path) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => ["", "-wal", "-shm"]
            .iter()
            .try_for_each(|end| narrow(&beside(path, end))),
        Err(error) => Err(error),
    }
}

/// Earlier versions left the mode to the umask.
fn narrow(path: &Path) -> Result<()> {
    match std::fs::metadata(path) {
        Ok(metadata) if metadata.permissions().mode() & 0o077 != 0 => {
            std::fs::set_permissions(path, Permissions::from_mode(PRIVATE))
        }
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
