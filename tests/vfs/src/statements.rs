//! Which statements this process runs, on which database: what a test of query plans must know.
//!
//! Every connection that is opened after [`watch`] tells, whoever opens it. A statement counts when it is first stepped.

use std::collections::BTreeSet;
use std::ffi::{CStr, c_char, c_int, c_uint, c_void};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, Once, PoisonError};

use rusqlite::ffi;

static SEEN: Mutex<BTreeSet<(PathBuf, String)>> = Mutex::new(BTreeSet::new());

/// From now on, new connections tell what they run. Once for the process; there is no way back.
pub fn watch() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // SAFETY: the function has the signature that SQLite calls it with, and lives as long as the process.
        let code = unsafe { ffi::sqlite3_auto_extension(Some(opened)) };
        assert_eq!(code, ffi::SQLITE_OK, "SQLite takes the extension");
    });
}

/// The databases under this folder and the text of each statement that ran on them, without its values.
#[must_use]
pub fn under(folder: &Path) -> Vec<(PathBuf, String)> {
    let seen = SEEN.lock().unwrap_or_else(PoisonError::into_inner);
    seen.iter()
        .filter(|(path, _)| path.starts_with(folder))
        .cloned()
        .collect()
}

unsafe extern "C" fn opened(
    db: *mut ffi::sqlite3,
    _why_not: *mut *mut c_char,
    _routines: *const ffi::sqlite3_api_routines,
) -> c_int {
    // SAFETY: SQLite hands over the connection that it has just opened.
    unsafe {
        ffi::sqlite3_trace_v2(
            db,
            ffi::SQLITE_TRACE_STMT as c_uint,
            Some(stepped),
            std::ptr::null_mut(),
        )
    }
}

unsafe extern "C" fn stepped(
    _event: c_uint,
    _context: *mut c_void,
    statement: *mut c_void,
    _text: *mut c_void,
) -> c_int {
    let statement = statement.cast::<ffi::sqlite3_stmt>();
    // SAFETY: for this event the third argument is the statement, alive while it is stepped; so are its text, its
    // connection and that one's file name.
    let (sql, path) = unsafe {
        let db = ffi::sqlite3_db_handle(statement);
        (
            text(ffi::sqlite3_sql(statement)),
            text(ffi::sqlite3_db_filename(db, c"main".as_ptr())),
        )
    };
    if let (Some(sql), Some(path)) = (sql, path) {
        let mut seen = SEEN.lock().unwrap_or_else(PoisonError::into_inner);
        seen.insert((path.into(), sql));
    }
    0
}

/// # Safety
/// It is null, or a string that ends with a zero and lives through the call.
unsafe fn text(at: *const c_char) -> Option<String> {
    if at.is_null() {
        return None;
    }
    // SAFETY: the caller vouches for it.
    let text = unsafe { CStr::from_ptr(at) };
    Some(text.to_string_lossy().into_owned())
}
