//! The VFS around SQLite's own. Everything that is unsafe is here and in [`methods`]: it unpacks what C gives, asks the
//! disk, and calls the VFS below.
//!
//! A file of ours is a [`Handle`] with the file of the VFS below right behind it, in the memory that SQLite provides.

use std::ffi::{CStr, OsStr, c_char, c_int, c_void};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::ptr;
use std::sync::Once;

use rusqlite::ffi;

use crate::disk::{OpenFile, holding};

mod methods;

/// The name under which `sqlite3_vfs_find` knows the shim.
const NAME: &CStr = c"prilavok-test";

/// What SQLite holds for an open file. The file of the VFS below follows.
#[repr(C)]
struct Handle {
    base: ffi::sqlite3_file,
    /// `None` for files outside of every mounted folder.
    tracked: Option<Box<OpenFile>>,
}

/// Makes the shim the process's default VFS, once.
pub(crate) fn install() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // SAFETY: a null name asks for the default VFS, which lives as long as the process.
        let below = unsafe { ffi::sqlite3_vfs_find(ptr::null()) };
        assert!(!below.is_null(), "SQLite has a VFS");
        // SAFETY: it is not null, and nobody changes it but for its link to the next one.
        let of_below = unsafe { ptr::read(below) };
        assert!(
            of_below.iVersion >= 2 && align_of::<Handle>() >= align_of::<*mut c_void>(),
            "the VFS below is the one that this was written for"
        );
        let shim = ffi::sqlite3_vfs {
            szOsFile: of_below.szOsFile + c_int::try_from(size_of::<Handle>()).expect("it is small"),
            pNext: ptr::null_mut(),
            zName: NAME.as_ptr(),
            pAppData: below.cast(),
            xOpen: Some(open),
            xDelete: Some(delete),
            xAccess: Some(access),
            xFullPathname: Some(full_pathname),
            // The rest needs no file of ours, and its functions do not look at the VFS that they are called with.
            ..of_below
        };
        // SQLite links it into a list for the rest of the process's life.
        let shim = Box::leak(Box::new(shim));
        // SAFETY: it is never freed.
        let answer = unsafe { ffi::sqlite3_vfs_register(shim, 1) };
        assert_eq!(answer, ffi::SQLITE_OK, "the shim was not registered");
    });
}

/// The VFS below.
///
/// # Safety
/// `vfs` is the shim.
unsafe fn below(vfs: *mut ffi::sqlite3_vfs) -> *mut ffi::sqlite3_vfs {
    // SAFETY: `install` put it there.
    unsafe { (*vfs).pAppData.cast() }
}

/// # Safety
/// `name` is null or a C string that outlives the result.
unsafe fn path<'a>(name: *const c_char) -> Option<&'a Path> {
    if name.is_null() {
        return None;
    }
    // SAFETY: see above.
    let name = unsafe { CStr::from_ptr(name) };
    Some(Path::new(OsStr::from_bytes(name.to_bytes())))
}

unsafe extern "C" fn open(
    vfs: *mut ffi::sqlite3_vfs,
    name: ffi::sqlite3_filename,
    file: *mut ffi::sqlite3_file,
    flags: c_int,
    flags_out: *mut c_int,
) -> c_int {
    let handle: *mut Handle = file.cast();
    // SAFETY: SQLite gives `szOsFile` bytes for the file; a null table says that there is nothing to close.
    unsafe {
        ptr::write(
            handle,
            Handle {
                base: ffi::sqlite3_file { pMethods: ptr::null() },
                tracked: None,
            },
        );
    }
    let real = || {
        // SAFETY: everything is handed on as it came, with the memory behind the handle as the file.
        unsafe {
            let (below, file) = (below(vfs), handle.add(1).cast());
            let open = (*below).xOpen.expect("a VFS opens files");
            open(below, name, file, flags, flags_out)
        }
    };
    // SAFETY: SQLite's file names are C strings that live as long as the file.
    let place = unsafe { path(name) }.and_then(holding);
    let logs = ffi::SQLITE_OPEN_WAL | ffi::SQLITE_OPEN_MAIN_JOURNAL | ffi::SQLITE_OPEN_SUPER_JOURNAL;
    let tracked = match place {
        Some((medium, name)) => {
            // Of these SQLite's own VFS syncs the folder with the first sync, be they new or not.
            let owes_folder = flags & logs != 0 && flags & ffi::SQLITE_OPEN_CREATE != 0;
            match medium.open(&name, owes_folder, real) {
                Ok(file) => Some(Box::new(file)),
                Err(answer) => return answer,
            }
        }
        None => match real() {
            ffi::SQLITE_OK => None,
            answer => return answer,
        },
    };
    // SAFETY: the handle was written above, and the file behind it is open.
    unsafe {
        (*handle).tracked = tracked;
        (*handle).base.pMethods = methods::table();
    }
    ffi::SQLITE_OK
}

unsafe extern "C" fn delete(vfs: *mut ffi::sqlite3_vfs, name: *const c_char, sync: c_int) -> c_int {
    // The model syncs names; the real folder need not be.
    let real = |sync| {
        // SAFETY: everything is handed on as it came.
        unsafe {
            let below = below(vfs);
            (*below).xDelete.expect("a VFS deletes files")(below, name, sync)
        }
    };
    // SAFETY: SQLite's file names are C strings.
    match unsafe { path(name) }.and_then(holding) {
        Some((medium, name)) => match medium.delete(&name, sync != 0, || real(0)) {
            Ok(answer) | Err(answer) => answer,
        },
        None => real(sync),
    }
}

unsafe extern "C" fn access(
    vfs: *mut ffi::sqlite3_vfs,
    name: *const c_char,
    flags: c_int,
    answer: *mut c_int,
) -> c_int {
    // SAFETY: everything is handed on as it came.
    unsafe {
        let below = below(vfs);
        (*below).xAccess.expect("a VFS looks for files")(below, name, flags, answer)
    }
}

unsafe extern "C" fn full_pathname(
    vfs: *mut ffi::sqlite3_vfs,
    name: *const c_char,
    room: c_int,
    out: *mut c_char,
) -> c_int {
    // SAFETY: everything is handed on as it came.
    unsafe {
        let below = below(vfs);
        (*below).xFullPathname.expect("a VFS completes paths")(below, name, room, out)
    }
}
