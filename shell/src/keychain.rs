//! Refresh tokens in the system's keychain, or, where there is none, in a file that only this user can read.
//!
//! A keychain may be absent, locked, or waiting for a dialog nobody sees. So every call runs on its own thread with a
//! deadline, and the keychain is used only after it has proved, once, that what it is given can be read again. One that held
//! a secret before and does not answer now is said to be locked, and is asked anew whenever the secret is wanted.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use prilavok_client::{Error, FileSecrets, Secrets};
use tokio::sync::{Mutex, oneshot};

/// An unlocked keychain answers in milliseconds; one that asks the person must not hold up the start for longer.
const PATIENCE: Duration = Duration::from_secs(4);
/// A person who has put the keychain's dialog away is not shown it again at once.
const QUIET: Duration = Duration::from_secs(15);

/// Secrets in the keychain, with a file behind it.
pub(crate) struct Keychain {
    /// The name under which the keychain keeps them.
    service: String,
    file: FileSecrets,
    /// There while the keychain holds a secret of ours: then a keychain that does not answer is a locked one, and a
    /// person who is asked to unlock it need not sign in again.
    mark: PathBuf,
    /// What the last probe found, and when.
    works: Mutex<Option<(bool, Instant)>>,
    is_in_use: AtomicBool,
}

impl Keychain {
    /// `service` names this app and data directory, so that two profiles do not share secrets.
    pub(crate) fn new(service: String, data_dir: &Path) -> Self {
        Self {
            service,
            file: FileSecrets::new(data_dir.join("secrets.json")),
            mark: data_dir.join("keychain-in-use"),
            works: Mutex::default(),
            is_in_use: AtomicBool::new(false),
        }
    }

    /// Probes the keychain at the first call, and once more when it did not work and `is_needed`.
    async fn works(&self, is_needed: bool) -> bool {
        let mut works = self.works.lock().await;
        match *works {
            Some((true, _)) => return true,
            Some((false, when)) if !is_needed || when.elapsed() < QUIET => return false,
            _ => {}
        }
        let probed = probe(&self.service).await;
        if let Err(reason) = &probed {
            tracing::warn!(%reason, "The system's keychain cannot be used.");
        }
        *works = Some((probed.is_ok(), Instant::now()));
        self.is_in_use.store(probed.is_ok(), Ordering::Relaxed);
        probed.is_ok()
    }

    async fn read(&self, key: &str) -> Result<Option<String>, Error> {
        within(&self.service, key, |entry| match entry.get_password() {
            Ok(value) => Ok(Some(value)),
            Err(keyring::Error::NoEntry) => Ok(None),
            Err(error) => Err(error),
        })
        .await
        .map_err(Error::Secrets)
    }

    async fn write(&self, key: &str, value: &str) -> Result<(), Error> {
        let value = value.to_owned();
        // First the mark: a secret without it would be forgotten on a day when the keychain is locked.
        std::fs::write(&self.mark, []).map_err(|error| Error::Secrets(error.to_string()))?;
        within(&self.service, key, move |entry| entry.set_password(&value))
            .await
            .map_err(Error::Secrets)
    }
}

#[async_trait]
impl Secrets for Keychain {
    async fn load(&self, key: &str) -> Result<Option<String>, Error> {
        // What lies in the file was written on a day without a keychain, so it is newer than what the keychain has.
        let in_file = self.file.load(key).await?;
        let is_needed = in_file.is_none() && self.mark.exists();
        match (self.works(is_needed).await, in_file) {
            (true, Some(value)) => {
                self.write(key, &value).await?;
                self.file.remove(key).await?;
                Ok(Some(value))
            }
            (true, None) => self.read(key).await,
            (false, None) if is_needed => Err(Error::Secrets("the keychain is locked or gone".to_owned())),
            (false, in_file) => Ok(in_file),
        }
    }

    async fn store(&self, key: &str, value: &str) -> Result<(), Error> {
        if !self.works(false).await {
            return self.file.store(key, value).await;
        }
        self.write(key, value).await?;
        // An older copy in the file would come back to life on a day without a keychain.
        self.file.remove(key).await
    }

    async fn remove(&self, key: &str) -> Result<(), Error> {
        self.file.remove(key).await?;
        if !self.works(false).await {
            return Ok(());
        }
        within(&self.service, key, forget).await.map_err(Error::Secrets)
    }

    fn is_keychain(&self) -> bool {
        self.is_in_use.load(Ordering::Relaxed)
    }
}

/// Writes, reads and deletes a secret of no value.
async fn probe(service: &str) -> Result<(), String> {
    within(service, "probe", |entry| {
        entry.set_password("probe")?;
        let read = entry.get_password()?;
        forget(entry)?;
        match read.as_str() {
            "probe" => Ok(()),
            _ => Err(keyring::Error::NoEntry),
        }
    })
    .await
}

fn forget(entry: &keyring::Entry) -> keyring::Result<()> {
    match entry.delete_credential() {
        Err(keyring::Error::NoEntry) => Ok(()),
        other => other,
    }
}

/// Runs `work` on a thread of its own. A thread that a locked keychain holds for ever is left behind: the runtime's own
/// blocking threads must not be, since the app would wait for them on the way out.
async fn within<T: Send + 'static>(
    service: &str,
    key: &str,
    work: impl FnOnce(&keyring::Entry) -> keyring::Result<T> + Send + 'static,
) -> Result<T, String> {
    let (service, key) = (service.to_owned(), key.to_owned());
    let (done, result) = oneshot::channel();
    let run = move || {
        let answer = keyring::Entry::new(&service, &key).and_then(|entry| work(&entry));
        // Nobody waits any longer: the deadline has passed.
        let _ = done.send(answer.map_err(|error| error.to_string()));
    };
    std::thread::Builder::new()
        .name("keychain".to_owned())
        .spawn(run)
        .map_err(|error| error.to_string())?;
    match tokio::time::timeout(PATIENCE, result).await {
        Ok(Ok(answer)) => answer,
        Ok(Err(_)) => Err("the keychain's thread died".to_owned()),
        Err(_) => Err(format!("no answer within {} s: it may be locked", PATIENCE.as_secs())),
    }
}
