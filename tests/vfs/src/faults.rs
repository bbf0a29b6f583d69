//! What may go wrong, and when.

use std::ffi::c_int;

use rusqlite::ffi;

/// What a database asks of a disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Opening or making a file.
    Open,
    /// Reading.
    Read,
    /// Writing; a write that fails has written its first half.
    Write,
    /// Making a file shorter.
    Truncate,
    /// Making what was written durable; what a failed sync should have kept is not kept by a later one.
    Sync,
    /// Deleting a file.
    Delete,
    /// Mapping the memory that connections share.
    MapShared,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Open,
        Self::Read,
        Self::Write,
        Self::Truncate,
        Self::Sync,
        Self::Delete,
        Self::MapShared,
    ];

    /// Those that change files: only these matter to a power cut.
    pub const CHANGES: [Self; 4] = [Self::Write, Self::Truncate, Self::Sync, Self::Delete];

    /// What SQLite's own VFS answers when the system refuses.
    pub(crate) fn failure(self) -> c_int {
        match self {
            Self::Open => ffi::SQLITE_CANTOPEN,
            Self::Read => ffi::SQLITE_IOERR_READ,
            Self::Write => ffi::SQLITE_IOERR_WRITE,
            Self::Truncate => ffi::SQLITE_IOERR_TRUNCATE,
            Self::Sync => ffi::SQLITE_IOERR_FSYNC,
            Self::Delete => ffi::SQLITE_IOERR_DELETE,
            Self::MapShared => ffi::SQLITE_IOERR_SHMMAP,
        }
    }
}

/// Operations that fail.
#[derive(Debug, Clone)]
pub struct Fault {
    kinds: Vec<Kind>,
    /// How many operations of these kinds still succeed.
    left: u64,
    is_sticky: bool,
}

impl Fault {
    /// The `nth` operation of these kinds fails, counted from 1 and from now.
    #[must_use]
    pub fn once(kinds: &[Kind], nth: u64) -> Self {
        Self {
            kinds: kinds.to_vec(),
            left: nth.saturating_sub(1),
            is_sticky: false,
        }
    }

    /// The `nth` operation of these kinds fails, and so does every later one.
    #[must_use]
    pub fn from_then_on(kinds: &[Kind], nth: u64) -> Self {
        Self {
            is_sticky: true,
            ..Self::once(kinds, nth)
        }
    }

    /// Whether this operation fails.
    pub(crate) fn strikes(&mut self, kind: Kind) -> bool {
        if !self.kinds.contains(&kind) {
            return false;
        }
        if self.left > 0 {
            self.left -= 1;
            return false;
        }
        if !self.is_sticky {
            self.kinds.clear();
        }
        true
    }
}
