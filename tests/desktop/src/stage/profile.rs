//! An app's profile on the disk: folders of its own, so that nothing of the machine's user is read or written.

use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use anyhow::Result;

use super::{Comer, Side, Stage, Window};

/// What a killed app leaves: its profile on the disk.
#[derive(Debug)]
pub struct Crashed {
    pub(super) side: Side,
    pub(super) profile: PathBuf,
}

impl Crashed {
    /// A new start in the same profile. Nobody signs in again.
    ///
    /// # Errors
    /// When it does not come up.
    pub async fn start(self, stage: &Stage) -> Result<Window> {
        self.start_with(stage, &[]).await
    }

    pub(super) async fn start_with(self, stage: &Stage, arguments: &[&str]) -> Result<Window> {
        Window::open(stage, self.side, Comer::Guest, self.profile, arguments).await
    }

    /// A file of the app's data, wherever that is.
    #[must_use]
    pub fn data(&self, name: &str) -> PathBuf {
        self.profile.join("data").join(name)
    }
}

pub(super) fn environment(stage: &Stage, profile: &Path) -> Result<Vec<(&'static str, OsString)>> {
    let around = stage
        .surroundings()
        .into_iter()
        .map(|(name, value)| (name, value.into()));
    let own = profile_folders(profile)?
        .into_iter()
        .map(|(name, folder)| (name, folder.into()));
    Ok(around.chain(own).collect())
}

pub(super) fn hints(profile: &Path) -> PathBuf {
    profile.join("data").join("hints.json")
}

/// The folders, made where they are missing.
pub(super) fn profile_folders(profile: &Path) -> Result<Vec<(&'static str, PathBuf)>> {
    let folders = vec![
        ("HOME", profile.join("home")),
        ("XDG_CONFIG_HOME", profile.join("config")),
        ("XDG_DATA_HOME", profile.join("share")),
        ("XDG_CACHE_HOME", profile.join("cache")),
        ("XDG_RUNTIME_DIR", profile.join("run")),
        ("PRILAVOK_DATA_DIR", profile.join("data")),
    ];
    let is_new = !profile.exists();
    for (_, folder) in &folders {
        fs::create_dir_all(folder)?;
        fs::set_permissions(folder, fs::Permissions::from_mode(0o700))?;
    }
    if is_new {
        // Whoever is on the stage knows the app; a stranger is told what there is to know.
        fs::write(hints(profile), "[\"notices\",\"keys\",\"tray\"]")?;
    }
    Ok(folders)
}
