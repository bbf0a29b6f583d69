//! A panic anywhere leaves a report that the person can read and send: version, place, accounts, backtrace, the last log lines.
//!
//! No texts of messages, no tokens, no addresses of people: what a panic quotes is cut out, and so is every word that looks
//! like one of these. The next start says that there is a report.

mod scrub;

use std::backtrace::Backtrace;
use std::cell::Cell;
use std::fs;
use std::panic::PanicHookInfo;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError, TryLockError};
use std::time::{SystemTime, UNIX_EPOCH};

use serde::Serialize;

use crate::{App, log};

/// So many reports are kept.
const KEPT: usize = 5;

/// A report, as the screen shows it.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Report {
    text: String,
    path: PathBuf,
}

/// How the accounts stood when something about them last changed: nothing may be asked in the middle of a crash.
static ACCOUNTS: Mutex<Vec<String>> = Mutex::new(Vec::new());

thread_local! {
    static IS_EXPECTED: Cell<bool> = const { Cell::new(false) };
}

/// From now on a panic leaves a report in `data_dir/reports`.
pub(crate) fn watch(app: App, data_dir: &Path) {
    let folder = folder(data_dir);
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        before(info);
        if IS_EXPECTED.get() {
            return;
        }
        // The log may be what panics; the report is written first.
        if let Err(error) = write(&folder, &text(app, info)) {
            eprintln!("The report of a crash could not be written: {error}");
        }
    }));
}

/// From now on a report says this of the accounts.
pub(crate) fn know(accounts: Vec<String>) {
    *ACCOUNTS.lock().unwrap_or_else(PoisonError::into_inner) = accounts;
}

/// Whoever panics may hold the lock.
fn accounts() -> Vec<String> {
    match ACCOUNTS.try_lock() {
        Ok(accounts) => accounts.clone(),
        Err(TryLockError::Poisoned(accounts)) => accounts.into_inner().clone(),
        Err(TryLockError::WouldBlock) => vec!["(not known)".to_owned()],
    }
}

/// Runs what may panic for a known reason; nobody needs a report of that.
pub(crate) fn expected<T>(run: impl FnOnce() -> T) -> T {
    IS_EXPECTED.set(true);
    let outcome = run();
    IS_EXPECTED.set(false);
    outcome
}

/// The newest report that the person has not been shown.
pub(crate) fn unseen(data_dir: &Path) -> Option<Report> {
    let path = reports(&folder(data_dir), false).pop()?;
    let text = fs::read_to_string(&path).ok()?;
    Some(Report { text, path })
}

/// The person knows. The reports stay, for sending.
pub(crate) fn seen(data_dir: &Path) {
    for path in reports(&folder(data_dir), false) {
        if let Err(error) = fs::rename(&path, path.with_extension("seen.txt")) {
            tracing::warn!(%error, "A report could not be marked as seen.");
        }
    }
}

/// Where the reports are.
pub(crate) fn folder(data_dir: &Path) -> PathBuf {
    data_dir.join("reports")
}

fn text(app: App, info: &PanicHookInfo<'_>) -> String {
    let said = info
        .payload_as_str()
        .map_or_else(|| "(nothing that can be read)".to_owned(), scrub::panic);
    let place = info.location().map(ToString::to_string).unwrap_or_default();
    let thread = std::thread::current().name().unwrap_or("without a name").to_owned();
    let accounts: Vec<String> = accounts().iter().map(|line| scrub::line(line)).collect();
    let lines: Vec<String> = log::tail().iter().map(|line| scrub::line(line)).collect();
    format!(
        "{} {} · {} {}\nThread: {thread}\nPlace: {place}\nWhat: {said}\n\nAccounts:\n{}\n\nLast lines of the log:\n{}\n\nBacktrace:\n{}\n",
        app.name,
        app.version,
        std::env::consts::OS,
        std::env::consts::ARCH,
        accounts.join("\n"),
        lines.join("\n"),
        Backtrace::force_capture()
    )
}

fn write(folder: &Path, text: &str) -> std::io::Result<()> {
    fs::create_dir_all(folder)?;
    let all = reports(folder, true);
    for old in all.iter().take((all.len() + 1).saturating_sub(KEPT)) {
        fs::remove_file(old)?;
    }
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    // Two threads that panic in the same millisecond panic for the same reason.
    fs::write(folder.join(format!("crash-{:013}.txt", now.as_millis())), text)
}

/// Oldest first, `with_seen` also those that the person knows.
fn reports(folder: &Path, with_seen: bool) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };
    let is_wanted = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        name.starts_with("crash-") && name.ends_with(".txt") && (with_seen || !name.ends_with(".seen.txt"))
    };
    let mut found: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).filter(is_wanted).collect();
    found.sort();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_in_any_thread_leaves_a_report_without_what_it_quotes() {
        let data = tempfile::tempdir().expect("a temporary folder");
        let app = App {
            role: crate::Role::Buyer,
            name: "buyer-app",
            version: "0.0.0",
            tray_icon: &[],
        };
        watch(app, data.path());
        know(vec!["1 (in front): https://a.ru, online, key in keychain".to_owned()]);
        let engine = std::thread::Builder::new().name("engine".to_owned());
        let ended = engine
            .spawn(|| panic!("inside {:?}", "a secret message"))
            .expect("started")
            .join();
        let quiet = std::thread::spawn(|| expected(|| std::panic::catch_unwind(|| panic!("known"))).is_err()).join();
        drop(std::panic::take_hook());
        assert!(ended.is_err() && quiet.is_ok_and(|panicked| panicked));
        let reports = reports(&folder(data.path()), true);
        assert_eq!(reports.len(), 1, "a known panic leaves none: {reports:?}");
        let text = unseen(data.path()).expect("a report").text;
        for part in [
            "buyer-app 0.0.0",
            "Thread: engine",
            "crash.rs",
            "What: inside ‹…›",
            "1 (in front): https://a.ru, online",
            "Backtrace:",
        ] {
            assert!(text.contains(part), "{part} is missing in {text}");
        }
        assert!(!text.contains("secret"), "{text}");
    }

    #[test]
    fn a_report_is_shown_once_and_only_a_few_are_kept() {
        let data = tempfile::tempdir().expect("a temporary folder");
        assert!(unseen(data.path()).is_none());
        let reports_folder = folder(data.path());
        fs::create_dir_all(&reports_folder).expect("made");
        for number in 0..9 {
            fs::write(reports_folder.join(format!("crash-{number:013}.seen.txt")), "old").expect("written");
        }
        write(&reports_folder, "new").expect("written");
        assert_eq!(reports(&reports_folder, true).len(), KEPT);
        assert_eq!(unseen(data.path()).expect("a report").text, "new");
        seen(data.path());
        assert!(unseen(data.path()).is_none());
    }
}
