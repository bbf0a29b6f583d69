//! The quiet look, once a day: over restarts too, and never while the app is still starting.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tauri::{AppHandle, Manager};

use super::{Way, check, way};
use crate::place::Place;

/// Between two looks.
const DAY: Duration = Duration::from_secs(24 * 60 * 60);
/// A start has better things to do.
const START: Duration = Duration::from_secs(5 * 60);

/// Looks once a day for as long as the app runs. A look that fails is only in the log: the next one may do better.
pub(crate) async fn look_daily(app: AppHandle) {
    if way(&app) != Way::Own {
        return;
    }
    let note = app.state::<Place>().data_dir.join("upgrade.looked");
    loop {
        tokio::time::sleep(wait(looked(&note), now())).await;
        // Whatever comes of it: an hour in which nobody answers must not become a hundred questions.
        if let Err(error) = std::fs::write(&note, now().as_secs().to_string()) {
            tracing::warn!(%error, "It could not be written down that new versions were looked for.");
        }
        let _ = check(&app).await;
    }
}

fn now() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}

fn looked(note: &Path) -> Option<Duration> {
    let seconds = std::fs::read_to_string(PathBuf::from(note)).ok()?;
    seconds.trim().parse().ok().map(Duration::from_secs)
}

/// How long until the next look. A last one in the future was written by a clock that has been set right since.
fn wait(last: Option<Duration>, now: Duration) -> Duration {
    let since = last.and_then(|last| now.checked_sub(last));
    since.map_or(START, |since| DAY.saturating_sub(since).max(START))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_look_a_day_also_over_restarts_and_set_clocks() {
        let now = Duration::from_secs(1_800_000_000);
        let hour = Duration::from_secs(3600);
        assert_eq!(wait(None, now), START);
        assert_eq!(wait(Some(now - hour), now), DAY - hour);
        assert_eq!(wait(Some(now), now), DAY);
        assert_eq!(wait(Some(now - 30 * DAY), now), START);
        assert_eq!(wait(Some(now + DAY), now), START);
    }

    #[test]
    fn a_note_that_cannot_be_read_is_none() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let note = folder.path().join("upgrade.looked");
        assert_eq!(looked(&note), None);
        std::fs::write(&note, "вчера").expect("the note is written");
        assert_eq!(looked(&note), None);
        std::fs::write(&note, "1800000000\n").expect("the note is written");
        assert_eq!(looked(&note), Some(Duration::from_secs(1_800_000_000)));
    }
}
