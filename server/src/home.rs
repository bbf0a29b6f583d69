//! The data directory: held by one process at a time, with the key that signs tokens.
//!
//! `store.sqlite` the database · `media/` pictures · `token.key` 32 random bytes · `lock` · `trusted-ids.json` which shop
//! a sign-on id of an old client belongs to.

use std::collections::HashMap;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use prilavok_protocol::ids::SellerId;
use uuid::Uuid;

use crate::faults;

/// The data directory, held for this process alone.
#[derive(Debug)]
pub struct Home {
    path: PathBuf,
    /// Locked as long as it is open.
    _lock: File,
    shops: Mutex<HashMap<Uuid, SellerId>>,
}

/// Why a data directory cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum Unusable {
    /// Another server is running on it.
    #[error("another server is running on the data directory {0}")]
    Taken(PathBuf),
    /// It cannot be made, read or written.
    #[error("the data directory {0} cannot be used: {1}")]
    Broken(PathBuf, io::Error),
}

impl Home {
    /// Makes the directory if need be, for its owner's eyes only, and takes hold of it.
    ///
    /// # Errors
    /// When another process holds it, or the file system refuses.
    pub fn open(path: &Path) -> Result<Self, Unusable> {
        let broken = |error| Unusable::Broken(path.to_owned(), error);
        make_directory(path).map_err(broken)?;
        let options = || {
            OpenOptions::new()
                .write(true)
                .create(true)
                .truncate(false)
                .mode(0o600)
                .clone()
        };
        let lock = options().open(path.join("lock")).map_err(broken)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(Unusable::Taken(path.to_owned())),
            Err(TryLockError::Error(error)) => return Err(broken(error)),
        }
        faults::point("home.locked");
        let shops = match fs::read(path.join(SHOPS)) {
            Ok(bytes) => serde_json::from_slice(&bytes).map_err(|error| broken(error.into()))?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => HashMap::new(),
            Err(error) => return Err(broken(error)),
        };
        Ok(Self {
            path: path.to_owned(),
            _lock: lock,
            shops: Mutex::new(shops),
        })
    }

    /// The database.
    #[must_use]
    pub fn database(&self) -> PathBuf {
        database_in(&self.path)
    }

    /// The pictures.
    #[must_use]
    pub fn media(&self) -> PathBuf {
        self.path.join("media")
    }

    /// The key that signs tokens, made at the first start.
    ///
    /// # Errors
    /// When it cannot be read or made, or is not 32 bytes.
    pub fn token_key(&self) -> Result<[u8; 32], Unusable> {
        let path = self.path.join("token.key");
        let broken = |error| Unusable::Broken(path.clone(), error);
        let mut key = [0; 32];
        match File::open(&path) {
            Ok(mut file) => file.read_exact(&mut key).map_err(broken)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                getrandom::fill(&mut key).map_err(|error| broken(io::Error::other(error)))?;
                replace(&path, &key).map_err(broken)?;
            }
            Err(error) => return Err(broken(error)),
        }
        Ok(key)
    }

    /// In `trusted-ids` mode: the shop of a sign-on id.
    #[must_use]
    pub fn seller_of_keycloak(&self, id: Uuid) -> Option<SellerId> {
        self.shops
            .lock()
            .expect("no holder of this lock panics")
            .get(&id)
            .copied()
    }

    /// In `trusted-ids` mode: remembers the shop of a sign-on id.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn remember_keycloak(&self, id: Uuid, seller: SellerId) -> io::Result<()> {
        let mut shops = self.shops.lock().expect("no holder of this lock panics");
        if shops.insert(id, seller) == Some(seller) {
            return Ok(());
        }
        replace(&self.path.join(SHOPS), &serde_json::to_vec_pretty(&*shops)?)
    }
}

const SHOPS: &str = "trusted-ids.json";

/// The database of a data directory.
#[must_use]
pub fn database_in(data_dir: &Path) -> PathBuf {
    data_dir.join("store.sqlite")
}

/// With everything above it, as far as it is not there; what is made survives a power cut.
fn make_directory(path: &Path) -> io::Result<()> {
    let missing: Vec<&Path> = path.ancestors().take_while(|path| !path.exists()).collect();
    fs::DirBuilder::new().recursive(true).mode(0o700).create(path)?;
    for made in missing.iter().filter_map(|path| path.parent()) {
        let above = if made.as_os_str().is_empty() {
            Path::new(".")
        } else {
            made
        };
        File::open(above)?.sync_all()?;
    }
    Ok(())
}

/// Whole or not at all, readable by the owner only.
fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let beside = path.with_extension("part");
    let mut file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&beside)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    faults::point("home.key");
    fs::rename(&beside, path)?;
    // The name is durable only with its directory: after a power cut the key must still be the one that signed.
    path.parent()
        .map_or(Ok(()), |directory| fs::File::open(directory)?.sync_all())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_data_directory_has_one_holder_and_keeps_its_key() {
        let dir = tempfile::tempdir().expect("a temporary directory");
        let path = dir.path().join("data");
        let home = Home::open(&path).expect("it is free");
        assert!(matches!(Home::open(&path), Err(Unusable::Taken(_))));
        let key = home.token_key().expect("a key");
        assert_ne!(key, [0; 32]);
        let (id, shop) = (Uuid::now_v7(), SellerId::mint());
        home.remember_keycloak(id, shop).expect("written");
        drop(home);
        let home = Home::open(&path).expect("it is free again");
        assert_eq!(home.token_key().expect("a key"), key);
        assert_eq!(home.seller_of_keycloak(id), Some(shop));
        std::fs::write(path.join("token.key"), b"short").expect("written");
        assert!(home.token_key().is_err());
    }
}
