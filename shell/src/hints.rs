//! What a new person is told, once an installation: that notices can be tried, which two keys lead to all others, and that
//! the app lives on in the tray when its window closes. Nobody is led around, and whatever was put away stays away.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use prilavok_client::Error;
use serde::{Deserialize, Serialize};
use tauri::{AppHandle, Manager, State, command};

use crate::accounts::Accounts;
use crate::notices::{Notices, text};

/// The address that a marketplace builds into its own apps, for the field at the first start.
const HOME_SERVER: Option<&str> = option_env!("PRILAVOK_HOME_SERVER");

/// One thing to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Hint {
    /// The page proves that notices come.
    Notices,
    /// Ctrl+K and Ctrl+/.
    Keys,
    /// The window is closed, and the app is not.
    Tray,
}

/// Those that were seen, on the disk.
pub(crate) struct Hints {
    path: PathBuf,
    seen: Mutex<BTreeSet<Hint>>,
}

impl Hints {
    /// What was seen before. An unreadable file is an empty one: to be told twice is no harm.
    pub(crate) fn found(data_dir: &Path) -> Self {
        let path = data_dir.join("hints.json");
        let seen = std::fs::read(&path).ok();
        let seen = seen.and_then(|bytes| serde_json::from_slice(&bytes).ok());
        Self {
            path,
            seen: Mutex::new(seen.unwrap_or_default()),
        }
    }

    /// All that were seen.
    fn seen(&self) -> BTreeSet<Hint> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Never again.
    fn see(&self, hint: Hint) {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if !seen.insert(hint) {
            return;
        }
        let bytes = serde_json::to_vec(&*seen).map_err(std::io::Error::other);
        let folder = self.path.parent().unwrap_or_else(|| Path::new("."));
        let written = std::fs::create_dir_all(folder)
            .and(bytes)
            .and_then(|bytes| std::fs::write(&self.path, bytes));
        if let Err(error) = written {
            tracing::warn!(%error, "It could not be written down which hints were seen.");
        }
    }
}

/// What a page needs to greet somebody.
#[derive(Debug, Serialize)]
pub(crate) struct FirstSteps {
    /// Stands in the field for the server's address.
    server: Option<&'static str>,
    seen: BTreeSet<Hint>,
}

#[command]
pub(crate) async fn first_steps(hints: State<'_, Hints>) -> Result<FirstSteps, Error> {
    Ok(FirstSteps {
        server: HOME_SERVER,
        seen: hints.seen(),
    })
}

#[command]
pub(crate) async fn hint_seen(hints: State<'_, Hints>, hint: Hint) -> Result<(), Error> {
    hints.see(hint);
    Ok(())
}

/// The window has gone into the tray: the first time, a notice says so, and how the app is quit. Whoever wants no notices is
/// told when they want them; without a daemon, when there is one.
pub(crate) async fn of_tray(app: &AppHandle) {
    let (hints, accounts) = (app.state::<Hints>(), app.state::<Accounts>());
    let Some(settings) = accounts.ready().map(|client| client.settings()) else {
        return;
    };
    if !settings.notices || hints.seen().contains(&Hint::Tray) {
        return;
    }
    if app.state::<Notices>().tell(text::of_tray(&settings.language)).await {
        hints.see(Hint::Tray);
    }
}

#[cfg(test)]
mod tests {
    use super::{Hint, Hints};

    #[test]
    fn what_was_seen_stays_seen_and_a_broken_file_begins_anew() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let hints = Hints::found(folder.path());
        assert!(hints.seen().is_empty());
        hints.see(Hint::Tray);
        hints.see(Hint::Keys);
        let again = Hints::found(folder.path());
        assert!(again.seen().into_iter().eq([Hint::Keys, Hint::Tray]));
        std::fs::write(folder.path().join("hints.json"), "[\"tr").expect("written");
        assert!(Hints::found(folder.path()).seen().is_empty());
    }
}
