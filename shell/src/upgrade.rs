//! New versions of the app itself: looked for quietly once a day and when the person asks, installed only when they say so.
//!
//! Where to look and whose signature counts come from the build: `plugins.updater` of the merged configuration. A build
//! without them never looks. What the system's own package manager put there is left to it.
//!
//! The list of versions is not signed, so it is believed nothing: the package's signature must hold for the very version
//! that the list announced, and that version must be newer than this one.

mod fault;
mod quiet;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use prilavok_client::Failure;
use prilavok_protocol::ids::Role;
use serde::Serialize;
use serde_json::{Map, Value, json};
use tauri::{AppHandle, Context, Manager, State, command};
use tauri_plugin_updater::{Update, UpdaterExt};

use fault::{Fault, of_check, of_install};
pub(crate) use quiet::look_daily;

/// The name under which the configuration speaks of it.
const PLUGIN: &str = "updater";
/// Stands in an address for `buyer` or `seller`: both apps are built with the same words, and each has a list of its own.
const APP: &str = "{{app}}";
/// A list of versions is a few kilobytes.
const CHECK: Duration = Duration::from_secs(30);
/// A package is some ten megabytes, over whatever line the person has.
const DOWNLOAD: Duration = Duration::from_secs(30 * 60);

/// Who brings new versions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Way {
    /// The app itself.
    Own,
    /// The system's package manager.
    System,
    /// Nobody: the build does not know where to look.
    Off,
}

/// How things stand, for the settings.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Standing {
    way: Way,
    /// A newer version was found.
    found: Option<String>,
    /// It is installed, and runs from the next start on.
    is_installed: bool,
    /// Installing ends the app and starts it again: an installer of Windows cannot do otherwise.
    restarts: bool,
}

/// What was found.
#[derive(Default)]
pub(crate) struct Upgrade {
    found: Mutex<Option<Update>>,
    is_installed: AtomicBool,
    /// Checks and installations wait for each other.
    turn: tokio::sync::Mutex<()>,
}

impl Upgrade {
    fn found(&self) -> Option<Update> {
        self.found.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn put(&self, update: Option<Update>) {
        *self.found.lock().unwrap_or_else(PoisonError::into_inner) = update;
    }
}

/// Settles the configuration before the app is built; true when there is somewhere to look.
pub(crate) fn settle(context: &mut Context, role: Role) -> bool {
    let plugins = &mut context.config_mut().plugins.0;
    #[cfg(debug_assertions)]
    if let Some(given) = of_environment() {
        plugins.insert(PLUGIN.to_owned(), given);
    }
    let Some(Value::Object(given)) = plugins.get_mut(PLUGIN) else {
        return false;
    };
    let knows = settled(given, role);
    if !knows {
        plugins.remove(PLUGIN);
    }
    knows
}

fn settled(given: &mut Map<String, Value>, role: Role) -> bool {
    // Whatever the build says otherwise: a list that could pair a new number with an old package would bring old faults back.
    given.insert("requireSignedVersion".to_owned(), json!(true));
    given.insert("allowDowngrades".to_owned(), json!(false));
    let places = given.get_mut("endpoints").and_then(Value::as_array_mut);
    let mut has_place = false;
    for place in places.into_iter().flatten() {
        if let Some(address) = place.as_str() {
            *place = json!(address.replace(APP, role.as_str()));
            has_place = true;
        }
    }
    let key = given.get("pubkey").and_then(Value::as_str);
    has_place && key.is_some_and(|key| !key.trim().is_empty())
}

/// Only in debug builds, which the tests drive: what a released app trusts is fixed when it is built.
#[cfg(debug_assertions)]
fn of_environment() -> Option<Value> {
    use crate::place::asked;
    let (key, place) = (asked("PRILAVOK_UPDATE_KEY")?, asked("PRILAVOK_UPDATE_URL")?);
    Some(json!({ "pubkey": key, "endpoints": [place] }))
}

fn way(app: &AppHandle) -> Way {
    #[cfg(target_os = "linux")]
    {
        let is_image = app.env().appimage.is_some();
        let program = std::env::current_exe().unwrap_or_default();
        if !is_image && program.starts_with("/usr") {
            return Way::System;
        }
        if !is_image {
            return Way::Off;
        }
    }
    if app.config().plugins.0.contains_key(PLUGIN) {
        Way::Own
    } else {
        Way::Off
    }
}

fn standing(app: &AppHandle) -> Standing {
    let upgrade = app.state::<Upgrade>();
    Standing {
        way: way(app),
        found: upgrade.found().map(|update| update.version),
        is_installed: upgrade.is_installed.load(Ordering::Acquire),
        restarts: cfg!(windows),
    }
}

/// How things stand; nobody is asked.
#[command]
pub(crate) async fn upgrade(app: AppHandle) -> Result<Standing, Failure> {
    Ok(standing(&app))
}

/// Looks for a newer version.
#[command]
pub(crate) async fn check_upgrade(app: AppHandle) -> Result<Standing, Failure> {
    check(&app).await.map_err(Failure::from)?;
    Ok(standing(&app))
}

/// Fetches the version that was found, makes sure of it, and installs it.
#[command]
pub(crate) async fn install_upgrade(app: AppHandle, upgrade: State<'_, Upgrade>) -> Result<Standing, Failure> {
    let _turn = upgrade.turn.lock().await;
    if let Some(update) = upgrade.found() {
        install(&app, update).await.map_err(Failure::from)?;
        upgrade.is_installed.store(true, Ordering::Release);
        upgrade.put(None);
    }
    Ok(standing(&app))
}

async fn check(app: &AppHandle) -> Result<(), Fault> {
    let upgrade = app.state::<Upgrade>();
    let _turn = upgrade.turn.lock().await;
    // Only the next start can tell what the installed one is still missing.
    if way(app) != Way::Own || upgrade.is_installed.load(Ordering::Acquire) {
        return Ok(());
    }
    let is_older = Arc::new(AtomicBool::new(false));
    let seen = is_older.clone();
    let updater = app
        .updater_builder()
        .timeout(CHECK)
        .version_comparator(move |current, release| {
            seen.store(release.version < current, Ordering::Relaxed);
            release.version > current
        })
        .build()
        .map_err(of_check)?;
    let found = updater.check().await.map_err(of_check);
    // What was found before may be gone since, or replaced.
    upgrade.put(found.as_ref().ok().cloned().flatten());
    if found?.is_none() && is_older.load(Ordering::Relaxed) {
        return Err(Fault::Older);
    }
    Ok(())
}

async fn install(app: &AppHandle, mut update: Update) -> Result<(), Fault> {
    update.timeout = Some(DOWNLOAD);
    tracing::info!(version = update.version, "A new version is fetched.");
    // Gives back only what the signature holds for.
    let package = update.download(|_, _| {}, || {}).await.map_err(of_install)?;
    if cfg!(windows) {
        // The installer ends the program from inside: what is being written goes to the disk first.
        crate::life::leave(app).await;
    }
    let installed = tauri::async_runtime::spawn_blocking(move || update.install(package)).await;
    installed.map_err(|_| Fault::Disk)?.map_err(of_install)?;
    tracing::info!("The new version is installed.");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settle(given: Value, role: Role) -> (bool, Value) {
        let Value::Object(mut given) = given else {
            panic!("a configuration is an object");
        };
        (settled(&mut given, role), Value::Object(given))
    }

    #[test]
    fn each_app_asks_for_its_own_list_and_none_is_talked_out_of_signed_versions() {
        let told = json!({
            "pubkey": "a key",
            "endpoints": ["https://example.org/latest-{{app}}.json"],
            "requireSignedVersion": false,
            "allowDowngrades": true,
        });
        for (role, list) in [(Role::Buyer, "latest-buyer.json"), (Role::Seller, "latest-seller.json")] {
            let (knows, settled) = settle(told.clone(), role);
            assert!(knows);
            assert_eq!(settled["endpoints"], json!([format!("https://example.org/{list}")]));
            assert_eq!(
                (&settled["requireSignedVersion"], &settled["allowDowngrades"]),
                (&json!(true), &json!(false))
            );
        }
    }

    #[test]
    fn a_build_without_key_or_address_never_looks() {
        let place = "https://example.org/latest.json";
        for told in [
            json!({}),
            json!({ "pubkey": " ", "endpoints": [place] }),
            json!({ "endpoints": [place] }),
            json!({ "pubkey": "a key" }),
            json!({ "pubkey": "a key", "endpoints": [] }),
        ] {
            assert!(!settle(told.clone(), Role::Buyer).0, "{told}");
        }
    }
}
