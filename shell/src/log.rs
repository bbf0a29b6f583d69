//! The app's log: files of bounded size in the data directory. No message text, no tokens, no addresses of people.
//!
//! The last lines are also held in memory, for the report of a crash.

mod rolling;

use std::collections::VecDeque;
use std::io::{self, Write};
use std::path::Path;
use std::sync::Mutex;

use tracing_subscriber::EnvFilter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use rolling::Rolling;

/// At some hundred bytes a line, weeks of an ordinary life and hours of a bad one.
const FILE_LIMIT: u64 = 2 * 1024 * 1024;
/// So many files are set aside: with the one in use, at most 10 MB.
const KEPT: u32 = 4;
/// What a reader of a crash report looks back over.
const TAIL: usize = 60;

static LAST: Mutex<VecDeque<String>> = Mutex::new(VecDeque::new());

/// Starts logging into `data_dir/logs`. `PRILAVOK_LOG` chooses what (`info` unless said otherwise). A disk that cannot be
/// written does not keep the app from starting.
pub(crate) fn start(data_dir: &Path) {
    let filter = EnvFilter::try_from_env("PRILAVOK_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    let folder = data_dir.join("logs");
    remove_daily(&folder);
    let registry = tracing_subscriber::registry().with(filter);
    let plain = || tracing_subscriber::fmt::layer().with_ansi(false);
    let started = match Rolling::open(&folder, FILE_LIMIT, KEPT) {
        Ok(file) => registry.with(plain().with_writer(Mutex::new(Both(file)))).try_init(),
        Err(_) => registry
            .with(plain().with_writer(Mutex::new(Both(io::stderr()))))
            .try_init(),
    };
    if let Err(error) = started {
        eprintln!("Logging could not be started: {error}");
    }
}

/// The last lines, oldest first. Never waits: whoever asks may be dying with the lock in hand.
pub(crate) fn tail() -> Vec<String> {
    LAST.try_lock()
        .map(|last| last.iter().cloned().collect())
        .unwrap_or_default()
}

/// Into a file and into memory.
struct Both<W>(W);

impl<W: Write> Write for Both<W> {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        if let Ok(mut last) = LAST.try_lock() {
            if last.len() == TAIL {
                last.pop_front();
            }
            last.push_back(String::from_utf8_lossy(line).trim_end().to_owned());
        }
        self.0.write_all(line)?;
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// Earlier versions kept a file a day: `prilavok.2026-01-31.log`.
fn remove_daily(folder: &Path) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let is_daily = name
            .strip_prefix("prilavok.")
            .is_some_and(|rest| rest.len() == "2026-01-31.log".len());
        if is_daily {
            // It is looked for again at the next start.
            let _ = std::fs::remove_file(entry.path());
        }
    }
}
