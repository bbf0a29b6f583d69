//! «Проверка уведомлений и связи»: looks at everything that an alert needs on its way, and says of each how it stands.
//!
//! The sentences are the screen's; here are the facts. Nothing secret is among them, since the person may send them on.

mod judge;

use std::path::Path;
use std::time::Duration;

use prilavok_client::{Error, Settings};
use serde::Serialize;
use serde_json::{Map, Value};
use tauri::{AppHandle, Manager, State, command};

use super::{Described, Notices};
use crate::accounts::Accounts;
use crate::accounts::asked::Asked;
use crate::accounts::each::Each;
use crate::place::Place;
use crate::{App, autostart, tray};
use judge::Seen;

/// So long a person looks for a notice before they give up.
const LOOK: Duration = Duration::from_secs(60);

/// How one thing stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Standing {
    Good,
    /// It works, and could be better.
    Poor,
    Bad,
    /// It cannot be known here.
    Unknown,
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Item {
    /// `check-<id>` names it.
    id: &'static str,
    standing: Standing,
    /// `check-<id>-<word>` says how it stands.
    word: &'static str,
    /// What cannot be translated: names, versions, numbers.
    facts: Map<String, Value>,
}

/// Looks at all of it.
#[command]
pub(crate) async fn check_all(app: AppHandle) -> Result<Vec<Item>, Error> {
    let client = app.state::<Accounts>().client().await?;
    let notices = app.state::<Notices>();
    let (daemon, inspected, has_tray) = tokio::join!(notices.describe(), client.inspect(), tray::is_seen(&app));
    let place = app.state::<Place>();
    let identity = client.identity();
    let seen = Seen {
        settings: client.settings(),
        moment: prilavok_client::Clock::moment(&prilavok_client::SystemClock),
        daemon,
        player: notices.player(),
        has_tray,
        has_keychain: identity.keychain,
        autostart: autostarted(&app),
        connection: client.connection(),
        inspected,
        version: app.state::<App>().version,
        free_bytes: free_bytes(&place.data_dir),
        accounts: app.state::<Accounts>().each(),
    };
    Ok(judge::all(&seen))
}

/// Shows a notice to be looked at; false when nobody takes it.
#[command]
pub(crate) async fn try_notice(engine: Asked<'_>, notices: State<'_, Notices>) -> Result<bool, Error> {
    let settings = engine.client().await?.settings();
    Ok(notices.try_out(&settings).await)
}

/// Waits for a click on that notice; false when none came.
#[command]
pub(crate) async fn notice_clicked(notices: State<'_, Notices>) -> Result<bool, Error> {
    let mut tried = notices.tried();
    let clicked = tokio::time::timeout(LOOK, tried.changed()).await;
    Ok(matches!(clicked, Ok(Ok(()))))
}

/// Plays the sound of a notice; false when nothing can play it.
#[command]
pub(crate) async fn try_sound(notices: State<'_, Notices>) -> Result<bool, Error> {
    Ok(notices.play())
}

/// Whether the session starts the app, and this program of it.
#[cfg(target_os = "linux")]
fn autostarted(app: &AppHandle) -> autostart::Standing {
    let name = format!("prilavok-{}", app.state::<App>().role.as_str());
    if autostart::is_on_by_desktop(&name) {
        return autostart::Standing::On;
    }
    autostart::standing(&app.state::<Place>())
}

#[cfg(not(target_os = "linux"))]
fn autostarted(app: &AppHandle) -> autostart::Standing {
    autostart::standing(&app.state::<Place>())
}

/// Room left where the app keeps its things.
#[cfg(unix)]
fn free_bytes(folder: &Path) -> Option<u64> {
    let room = rustix::fs::statvfs(folder).ok()?;
    Some(room.f_bavail.saturating_mul(room.f_frsize))
}

#[cfg(not(unix))]
fn free_bytes(_folder: &Path) -> Option<u64> {
    None
}
