//! Where refresh tokens live. Apps bring the system's keychain; here are a file and a memory.

use std::collections::HashMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use async_trait::async_trait;

use crate::error::Error;

/// A small store for secrets. Values are never logged.
#[async_trait]
pub trait Secrets: Send + Sync {
    /// The value, if there is one.
    async fn load(&self, key: &str) -> Result<Option<String>, Error>;
    /// Sets the value; it is durable when this returns.
    async fn store(&self, key: &str, value: &str) -> Result<(), Error>;
    /// Forgets the value; nothing to forget is fine.
    async fn remove(&self, key: &str) -> Result<(), Error>;
    /// Whether the system's keychain guards them; a screen says so.
    fn is_keychain(&self) -> bool;
}

/// Secrets for the life of the process, for tests.
#[derive(Debug, Default)]
pub struct MemorySecrets(Mutex<HashMap<String, String>>);

impl MemorySecrets {
    fn map(&self) -> std::sync::MutexGuard<'_, HashMap<String, String>> {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

#[async_trait]
impl Secrets for MemorySecrets {
    async fn load(&self, key: &str) -> Result<Option<String>, Error> {
        Ok(self.map().get(key).cloned())
    }

    async fn store(&self, key: &str, value: &str) -> Result<(), Error> {
        self.map().insert(key.to_owned(), value.to_owned());
        Ok(())
    }

    async fn remove(&self, key: &str) -> Result<(), Error> {
        self.map().remove(key);
        Ok(())
    }

    fn is_keychain(&self) -> bool {
        false
    }
}

/// Secrets in one JSON file that only this user can read (0600).
#[derive(Debug)]
pub struct FileSecrets {
    path: PathBuf,
    // One writer at a time: each change reads, replaces and renames the whole file.
    turn: Mutex<()>,
}

impl FileSecrets {
    /// Secrets in this file; it is made with the first secret.
    #[must_use]
    pub fn new(path: PathBuf) -> Self {
        Self {
            path,
            turn: Mutex::new(()),
        }
    }

    fn read(&self) -> Result<HashMap<String, String>, Error> {
        match std::fs::read(&self.path) {
            // A file that cannot be read holds no usable secret: signing in again makes a new one.
            Ok(bytes) => Ok(serde_json::from_slice(&bytes).unwrap_or_default()),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(HashMap::new()),
            Err(error) => Err(Error::Secrets(error.to_string())),
        }
    }

    fn change(&self, change: impl FnOnce(&mut HashMap<String, String>)) -> Result<(), Error> {
        let _turn = self.turn.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let mut map = self.read()?;
        change(&mut map);
        let json = serde_json::to_vec(&map).map_err(|error| Error::Secrets(error.to_string()))?;
        write_private(&self.path, &json).map_err(|error| Error::Secrets(error.to_string()))
    }
}

#[async_trait]
impl Secrets for FileSecrets {
    async fn load(&self, key: &str) -> Result<Option<String>, Error> {
        Ok(self.read()?.remove(key))
    }

    async fn store(&self, key: &str, value: &str) -> Result<(), Error> {
        self.change(|map| {
            map.insert(key.to_owned(), value.to_owned());
        })
    }

    async fn remove(&self, key: &str) -> Result<(), Error> {
        // Where the keychain works there is no file, and none is made to say so.
        if !self.read()?.contains_key(key) {
            return Ok(());
        }
        self.change(|map| {
            map.remove(key);
        })
    }

    fn is_keychain(&self) -> bool {
        false
    }
}

/// Writes a file that only this user can read, all of it or nothing, durable when it returns.
pub(crate) fn write_private(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let folder = path.parent().unwrap_or_else(|| Path::new("."));
    std::fs::create_dir_all(folder)?;
    let part = path.with_extension("part");
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&part)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(&part, path)?;
    #[cfg(unix)]
    std::fs::File::open(folder)?.sync_all()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{FileSecrets, Secrets};

    #[tokio::test]
    async fn a_secret_survives_the_process_and_nobody_else_can_read_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secrets.json");
        FileSecrets::new(path.clone()).store("a", "тайна").await.unwrap();
        let again = FileSecrets::new(path.clone());
        assert_eq!(again.load("a").await.unwrap().as_deref(), Some("тайна"));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        }
        again.remove("a").await.unwrap();
        assert_eq!(again.load("a").await.unwrap(), None);
    }
}
