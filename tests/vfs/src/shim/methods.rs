//! The methods of an open file: each asks the disk, if the file is on one, and calls the file below.
//!
//! Locks and shared memory are handed on as they are: they are the process's affair and outlive no power cut.

use std::ffi::{c_int, c_void};
use std::{ptr, slice};

use rusqlite::ffi::{self, sqlite3_file, sqlite3_io_methods};

use super::Handle;
use crate::disk::OpenFile;
use crate::faults::Kind;

/// Version 2: with shared memory, without memory-mapped reads, which would go past the shim.
static TABLE: sqlite3_io_methods = sqlite3_io_methods {
    iVersion: 2,
    xClose: Some(close),
    xRead: Some(read),
    xWrite: Some(write),
    xTruncate: Some(truncate),
    xSync: Some(sync),
    xFileSize: Some(file_size),
    xLock: Some(lock),
    xUnlock: Some(unlock),
    xCheckReservedLock: Some(check_reserved_lock),
    xFileControl: Some(file_control),
    xSectorSize: Some(sector_size),
    xDeviceCharacteristics: Some(device_characteristics),
    xShmMap: Some(shm_map),
    xShmLock: Some(shm_lock),
    xShmBarrier: Some(shm_barrier),
    xShmUnmap: Some(shm_unmap),
    xFetch: None,
    xUnfetch: None,
};

/// The table that every open file points to.
pub(super) fn table() -> *const sqlite3_io_methods {
    &raw const TABLE
}

/// Why a method of the file below is there.
const COMPLETE: &str = "SQLite's own VFS has every method of version 2";

/// The file below, its methods, and ours when it is on a disk.
///
/// # Safety
/// `file` is open and one of ours; the references must not outlive the call that it was given to.
unsafe fn parts<'a>(file: *mut sqlite3_file) -> (*mut sqlite3_file, &'a sqlite3_io_methods, Option<&'a OpenFile>) {
    let handle: *mut Handle = file.cast();
    // SAFETY: `open` wrote the handle, with the file below right behind it, and that one is open.
    unsafe {
        let below: *mut sqlite3_file = handle.add(1).cast();
        (below, &*(*below).pMethods, (*handle).tracked.as_deref())
    }
}

unsafe extern "C" fn close(file: *mut sqlite3_file) -> c_int {
    // SAFETY: SQLite closes an open file, once, and does not use it afterwards.
    unsafe {
        let (below, methods, _) = parts(file);
        let answer = methods.xClose.expect(COMPLETE)(below);
        let handle: *mut Handle = file.cast();
        (*handle).base.pMethods = ptr::null();
        drop((*handle).tracked.take());
        answer
    }
}

unsafe extern "C" fn read(file: *mut sqlite3_file, to: *mut c_void, amount: c_int, at: i64) -> c_int {
    // SAFETY: an open file of ours.
    let (below, methods, tracked) = unsafe { parts(file) };
    let real = || {
        // SAFETY: handed on as it came.
        unsafe { methods.xRead.expect(COMPLETE)(below, to, amount, at) }
    };
    tracked.map_or_else(real, |file| file.look(Kind::Read, real))
}

unsafe extern "C" fn write(file: *mut sqlite3_file, from: *const c_void, amount: c_int, at: i64) -> c_int {
    // SAFETY: an open file of ours.
    let (below, methods, tracked) = unsafe { parts(file) };
    // SAFETY: SQLite gives that many bytes.
    let bytes = unsafe { slice::from_raw_parts(from.cast::<u8>(), usize::try_from(amount).expect("not negative")) };
    let real = |bytes: &[u8]| {
        let amount = c_int::try_from(bytes.len()).expect("not more than was given");
        // SAFETY: these are the bytes that came, or the first of them.
        unsafe { methods.xWrite.expect(COMPLETE)(below, bytes.as_ptr().cast(), amount, at) }
    };
    match tracked {
        Some(file) => file.write(at.unsigned_abs(), bytes, real),
        None => real(bytes),
    }
}

unsafe extern "C" fn truncate(file: *mut sqlite3_file, to: i64) -> c_int {
    // SAFETY: an open file of ours.
    let (below, methods, tracked) = unsafe { parts(file) };
    let real = || {
        // SAFETY: handed on as it came.
        unsafe { methods.xTruncate.expect(COMPLETE)(below, to) }
    };
    match tracked {
        Some(file) => file.truncate(to.unsigned_abs(), real),
        None => real(),
    }
}

unsafe extern "C" fn sync(file: *mut sqlite3_file, flags: c_int) -> c_int {
    // SAFETY: an open file of ours.
    let (below, methods, tracked) = unsafe { parts(file) };
    match tracked {
        Some(file) => file.sync(),
        // SAFETY: handed on as it came.
        None => unsafe { methods.xSync.expect(COMPLETE)(below, flags) },
    }
}

unsafe extern "C" fn file_size(file: *mut sqlite3_file, size: *mut i64) -> c_int {
    // SAFETY: an open file of ours; handed on as it came.
    unsafe {
        let (below, methods, _) = parts(file);
        methods.xFileSize.expect(COMPLETE)(below, size)
    }
}

unsafe extern "C" fn lock(file: *mut sqlite3_file, level: c_int) -> c_int {
    // SAFETY: an open file of ours; handed on as it came.
    unsafe {
        let (below, methods, _) = parts(file);
        methods.xLock.expect(COMPLETE)(below, level)
    }
}

unsafe extern "C" fn unlock(file: *mut sqlite3_file, level: c_int) -> c_int {
    // SAFETY: an open file of ours; handed on as it came.
    unsafe {
        let (below, methods, _) = parts(file);
        methods.xUnlock.expect(COMPLETE)(below, level)
    }
}

unsafe extern "C" fn check_reserved_lock(file: *mut sqlite3_file, answer: *mut c_int) -> c_int {
    // SAFETY: an open file of ours; handed on as it came.
    unsafe {
        let (below, methods, _) = parts(file);
        methods.xCheckReservedLock.expect(COMPLETE)(below, answer)
    }
}

unsafe extern "C" fn file_control(file: *mut sqlite3_file, operation: c_int, argument: *mut c_void) -> c_int {
    // SAFETY: an open file of ours; handed on as it came.
    unsafe {
        let (below, methods, _) = parts(file);
        methods.xFileControl.expect(COMPLETE)(below, operation, argument)
    }
}

unsafe extern "C" fn sector_size(file: *mut sqlite3_file) -> c_int {
    // SAFETY: an open file of ours; handed on as it came.
    unsafe {
        let (below, methods, _) = parts(file);
        methods.xSectorSize.expect(COMPLETE)(below)
    }
}

unsafe extern "C" fn device_characteristics(file: *mut sqlite3_file) -> c_int {
    // SAFETY: an open file of ours; handed on as it came.
    unsafe {
        let (below, methods, _) = parts(file);
        methods.xDeviceCharacteristics.expect(COMPLETE)(below)
    }
}

unsafe extern "C" fn shm_map(
    file: *mut sqlite3_file,
    region: c_int,
    size: c_int,
    may_extend: c_int,
    out: *mut *mut c_void,
) -> c_int {
    // SAFETY: an open file of ours.
    let (below, methods, tracked) = unsafe { parts(file) };
    let real = || {
        // SAFETY: handed on as it came.
        unsafe { methods.xShmMap.expect(COMPLETE)(below, region, size, may_extend, out) }
    };
    let answer = tracked.map_or_else(real, |file| file.look(Kind::MapShared, real));
    if answer != ffi::SQLITE_OK {
        // SAFETY: SQLite gives a place for the address, and reads it even after an error.
        unsafe { *out = ptr::null_mut() };
    }
    answer
}

unsafe extern "C" fn shm_lock(file: *mut sqlite3_file, offset: c_int, count: c_int, flags: c_int) -> c_int {
    // SAFETY: an open file of ours; handed on as it came.
    unsafe {
        let (below, methods, _) = parts(file);
        methods.xShmLock.expect(COMPLETE)(below, offset, count, flags)
    }
}

unsafe extern "C" fn shm_barrier(file: *mut sqlite3_file) {
    // SAFETY: an open file of ours; handed on as it came.
    unsafe {
        let (below, methods, _) = parts(file);
        methods.xShmBarrier.expect(COMPLETE)(below);
    }
}

unsafe extern "C" fn shm_unmap(file: *mut sqlite3_file, delete: c_int) -> c_int {
    // SAFETY: an open file of ours; handed on as it came.
    unsafe {
        let (below, methods, _) = parts(file);
        methods.xShmUnmap.expect(COMPLETE)(below, delete)
    }
}
