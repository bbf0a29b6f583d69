//! Refresh tokens in the system's keychain, or, where there is none, in a file that only this user can read.
//!
//! A keychain may be absent, locked, or waiting for a dialog nobody sees. So every call runs on its own thread with a
//! deadline, and the keychain is used only after it has proved, once, that what it is given can be read again.

use std::path::Path;
use std::time::Duration;

use async_trait::async_trait;
use prilavok_client::{Error, FileSecrets, Secrets};
use tokio::sync::{OnceCell, oneshot};

/// An unlocked keychain answers in milliseconds; one that asks the person must not hold up the start for longer.
const PATIENCE: Duration = Duration::from_secs(4);

/// Secrets in the keychain, with a file behind it.
pub(crate) struct Keychain {
    /// The name under which the keychain keeps them.
    service: String,
    file: FileSecrets,
    works: OnceCell<bool>,
}

impl Keychain {
    /// `service` names this app and data directory, so that two profiles do not share secrets.
    pub(crate) fn new(service: String, data_dir: &Path) -> Self {
        Self {
            service,
            file: FileSecrets::new(data_dir.join("secrets.json")),
            works: OnceCell::new(),
        }
    }

    /// Probes the keychain at the first call.
    async fn works(&self) -> bool {
        *self
            .works
            .get_or_init(|| async {
                match probe(&self.service).await {
                    Ok(()) => true,
                    Err(reason) => {
                        tracing::warn!(%reason, "The system's keychain cannot be used: secrets go into a private file.");
                        false
                    }
                }
            })
            .await
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
        within(&self.service, key, move |entry| entry.set_password(&value))
            .await
            .map_err(Error::Secrets)
    }
}

#[async_trait]
impl Secrets for Keychain {
    async fn load(&self, key: &str) -> Result<Option<String>, Error> {
        if !self.works().await {
            return self.file.load(key).await;
        }
        if let Some(value) = self.read(key).await? {
            return Ok(Some(value));
        }
        // Written on a day without a keychain: it moves in now.
        let Some(value) = self.file.load(key).await? else {
            return Ok(None);
        };
        self.write(key, &value).await?;
        self.file.remove(key).await?;
        Ok(Some(value))
    }

    async fn store(&self, key: &str, value: &str) -> Result<(), Error> {
        if !self.works().await {
            return self.file.store(key, value).await;
        }
        self.write(key, value).await?;
        // An older copy in the file would come back to life on a day without a keychain.
        self.file.remove(key).await
    }

    async fn remove(&self, key: &str) -> Result<(), Error> {
        self.file.remove(key).await?;
        if !self.works().await {
            return Ok(());
        }
        within(&self.service, key, forget).await.map_err(Error::Secrets)
    }

    fn is_keychain(&self) -> bool {
        self.works.get().copied().unwrap_or(false)
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
