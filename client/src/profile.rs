//! What belongs to the device and not to an account: the address, who is signed in, the settings.
//!
//! One small JSON file, replaced as a whole, so that a crash leaves the old one or the new one.

use std::path::{Path, PathBuf};

use prilavok_protocol::ids::DeviceId;
use prilavok_protocol::rest::Account;
use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::secrets::write_private;
use crate::settings::Settings;

/// The file's content.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Profile {
    /// Minted once an installation.
    pub device: DeviceId,
    /// The accepted address.
    pub server: Option<String>,
    /// What the server calls itself.
    pub server_name: Option<String>,
    /// Who is signed in.
    pub account: Option<Account>,
    /// What the person chose.
    pub settings: Settings,
}

impl Default for Profile {
    fn default() -> Self {
        Self {
            device: DeviceId::mint(),
            server: None,
            server_name: None,
            account: None,
            settings: Settings::default(),
        }
    }
}

/// Reads the file, or starts a new one; an unreadable one is moved aside. True when that happened.
pub(crate) fn load(folder: &Path, language: &str) -> Result<(Profile, bool), Error> {
    let path = path(folder);
    let mut was_broken = false;
    match std::fs::read(&path) {
        Ok(bytes) => match serde_json::from_slice(&bytes) {
            Ok(profile) => return Ok((profile, false)),
            Err(error) => {
                tracing::warn!(%error, "the profile cannot be read and is moved aside");
                std::fs::rename(&path, path.with_extension("broken")).map_err(disk)?;
                was_broken = true;
            }
        },
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
        Err(error) => return Err(disk(error)),
    }
    let mut profile = Profile::default();
    language.clone_into(&mut profile.settings.language);
    save(folder, &profile)?;
    Ok((profile, was_broken))
}

/// Reads the file and touches nothing.
pub(crate) fn peek(folder: &Path) -> Option<Profile> {
    serde_json::from_slice(&std::fs::read(path(folder)).ok()?).ok()
}

/// Replaces the file; durable when it returns.
pub(crate) fn save(folder: &Path, profile: &Profile) -> Result<(), Error> {
    let json = serde_json::to_vec_pretty(profile).map_err(|error| Error::Disk(error.to_string()))?;
    write_private(&path(folder), &json).map_err(disk)
}

fn path(folder: &Path) -> PathBuf {
    folder.join("profile.json")
}

fn disk(error: std::io::Error) -> Error {
    Error::Disk(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::{load, save};

    #[test]
    fn a_profile_survives_and_a_broken_one_is_moved_aside() {
        let folder = tempfile::tempdir().unwrap();
        let (mut profile, was_broken) = load(folder.path(), "en").unwrap();
        assert!(!was_broken);
        assert_eq!(profile.settings.language, "en");
        profile.server = Some("https://chat.example.org".into());
        save(folder.path(), &profile).unwrap();
        assert_eq!(load(folder.path(), "ru").unwrap(), (profile, false));

        std::fs::write(folder.path().join("profile.json"), "{\"device\":").unwrap();
        let (fresh, was_broken) = load(folder.path(), "ru").unwrap();
        assert!(was_broken);
        assert_eq!(fresh.server, None);
        assert!(folder.path().join("profile.broken").exists());
    }
}
