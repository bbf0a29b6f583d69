//! The desktop's keychain: a real gnome-keyring on the stage's bus, with a keychain of its own.

use std::collections::HashMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};
use zbus::zvariant::{ObjectPath, OwnedObjectPath, OwnedValue, Value};

use super::process::Process;
use super::{Stage, until};

const SERVICE: &str = "org.freedesktop.secrets";
const PASSWORD: &str = "тайна";
const LOGIN: &str = "/org/freedesktop/secrets/collection/login";

/// The running keychain; gone from the bus when dropped.
pub struct Keyring {
    connection: zbus::Connection,
    _process: Process,
}

impl Keyring {
    /// Starts it as after a log-in: open.
    pub(super) async fn start(stage: &Stage, folder: &Path) -> Result<Self> {
        let mut command = Command::new("gnome-keyring-daemon");
        command.args(["--foreground", "--components=secrets", "--unlock"]);
        command.envs(stage.surroundings());
        for (name, part) in [("HOME", ""), ("XDG_DATA_HOME", "share"), ("XDG_RUNTIME_DIR", "run")] {
            let folder = folder.join(part);
            fs::create_dir_all(&folder)?;
            fs::set_permissions(&folder, fs::Permissions::from_mode(0o700))?;
            command.env(name, folder);
        }
        let password = folder.join("password");
        fs::write(&password, PASSWORD)?;
        let log = stage.artefacts.log("keyring");
        let process = Process::start_reading(&mut command, "gnome-keyring", &log, &password)?;
        let connection = zbus::connection::Builder::address(stage.bus.address.as_str())?
            .build()
            .await?;
        let keyring = Self {
            connection,
            _process: process,
        };
        keyring.until_locked(false).await?;
        Ok(keyring)
    }

    /// Locks it, as a person may.
    ///
    /// # Errors
    /// When it does not answer.
    pub async fn lock(&self) -> Result<()> {
        let login = ObjectPath::try_from(LOGIN)?;
        let service = self.service("org.freedesktop.Secret.Service").await?;
        service.call_method("Lock", &(vec![login],)).await?;
        self.until_locked(true).await
    }

    /// Unlocks it with its password, as its own dialog does.
    ///
    /// # Errors
    /// When it does not answer.
    pub async fn unlock(&self) -> Result<()> {
        let service = self.service("org.freedesktop.Secret.Service").await?;
        let (_, session): (OwnedValue, OwnedObjectPath) =
            service.call("OpenSession", &("plain", Value::from(""))).await?;
        let secret = (session, Vec::<u8>::new(), PASSWORD.as_bytes().to_vec(), "text/plain");
        // Its own name for the door that its dialog uses.
        let door = self
            .service("org.gnome.keyring.InternalUnsupportedGuiltRiddenInterface")
            .await?;
        let login = ObjectPath::try_from(LOGIN)?;
        door.call_method("UnlockWithMasterPassword", &(login, secret)).await?;
        self.until_locked(false).await
    }

    async fn until_locked(&self, wanted: bool) -> Result<()> {
        let what = if wanted {
            "the keychain is locked"
        } else {
            "the keychain is open"
        };
        until(what, || async {
            let is_locked: bool = self.login().await?.get_property("Locked").await?;
            Ok((is_locked == wanted).then_some(()))
        })
        .await
    }

    async fn service(&self, interface: &'static str) -> Result<zbus::Proxy<'static>> {
        Ok(zbus::Proxy::new(&self.connection, SERVICE, "/org/freedesktop/secrets", interface).await?)
    }

    async fn login(&self) -> Result<zbus::Proxy<'static>> {
        let collection = "org.freedesktop.Secret.Collection";
        Ok(zbus::Proxy::new(&self.connection, SERVICE, LOGIN, collection).await?)
    }

    /// What the keychain's items are called by their owners. The secrets themselves are nobody's business.
    ///
    /// # Errors
    /// When it does not answer.
    pub async fn items(&self) -> Result<Vec<HashMap<String, String>>> {
        let login = self.login().await?;
        let paths: Vec<OwnedObjectPath> = login.get_property("Items").await.context("the keychain has items")?;
        let mut items = Vec::new();
        for path in paths {
            let item = zbus::Proxy::new(&self.connection, SERVICE, path, "org.freedesktop.Secret.Item").await?;
            items.push(item.get_property("Attributes").await?);
        }
        Ok(items)
    }
}
