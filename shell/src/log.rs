//! The app's log: a file a day in the data directory, five of them kept. No message text, no tokens, no addresses of people.

use std::path::Path;

use tracing_appender::rolling::{RollingFileAppender, Rotation};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// Enough to look back over a working week.
const KEPT_DAYS: usize = 5;

/// Starts logging into `data_dir/logs`. `PRILAVOK_LOG` chooses what (`info` unless said otherwise). A disk that cannot be
/// written does not keep the app from starting.
pub(crate) fn start(data_dir: &Path) {
    let filter = EnvFilter::try_from_env("PRILAVOK_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    let folder = data_dir.join("logs");
    // The appender counts old files before it makes the folder, and says on stderr that it found none. Whether the folder
    // could be made shows below.
    let _ = std::fs::create_dir_all(&folder);
    let file = RollingFileAppender::builder()
        .rotation(Rotation::DAILY)
        .filename_prefix("prilavok")
        .filename_suffix("log")
        .max_log_files(KEPT_DAYS)
        .build(&folder);
    let registry = tracing_subscriber::registry().with(filter);
    let started = match file {
        Ok(file) => registry
            .with(tracing_subscriber::fmt::layer().with_ansi(false).with_writer(file))
            .try_init(),
        Err(_) => registry
            .with(tracing_subscriber::fmt::layer().with_writer(std::io::stderr))
            .try_init(),
    };
    if let Err(error) = started {
        eprintln!("Logging could not be started: {error}");
    }
}
