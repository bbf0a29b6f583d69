//! Opening: one instance a data directory, what the last run left, and the engine's start.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::{Arc, RwLock};
use std::time::Duration;

use prilavok_protocol::ids::DeviceId;
use tokio::sync::{Mutex, mpsc, watch};
use tokio_util::task::TaskTracker;

use super::{Client, Inner, Options};
use crate::api::Http;
use crate::engine::{Engine, Input, Shared, Start, UPDATES};
use crate::error::Error;
use crate::pace::Seams;
use crate::profile::{self, Profile};
use crate::update::{Connection, Identity, Update};

/// Requests of a screen that may wait for the engine.
const INPUTS: usize = 256;
/// An instance that is just closing gets this long.
const CLOSING: Duration = Duration::from_secs(5);
/// How often to look whether it has closed.
const LOOK: Duration = Duration::from_millis(50);

impl Client {
    /// Opens the data directory and starts the engine. Works without a network. Updates wait in a bounded
    /// channel; a screen that does not read them gets a `Reset` instead of what did not fit.
    pub async fn open(options: Options) -> Result<(Self, mpsc::Receiver<Update>), Error> {
        Self::open_with(options, Seams::default()).await
    }

    /// One of several engines over one data directory: who is signed in lies in a `home` of its own, the accounts' files
    /// lie beside each other. No two of them work for the same account.
    pub async fn open_in(home: PathBuf, options: Options) -> Result<(Self, mpsc::Receiver<Update>), Error> {
        Self::open_all(home, options, Seams::default()).await
    }

    /// The same as [`Client::open`], with another clock and other waits.
    pub async fn open_with(options: Options, seams: Seams) -> Result<(Self, mpsc::Receiver<Update>), Error> {
        Self::open_all(options.data_dir.clone(), options, seams).await
    }

    async fn open_all(home: PathBuf, options: Options, seams: Seams) -> Result<(Self, mpsc::Receiver<Update>), Error> {
        // Both TLS users take the process's default; a second call finds it installed already.
        let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
        let Options {
            data_dir,
            role,
            app,
            secrets,
            language,
        } = options;
        std::fs::create_dir_all(&home).map_err(disk)?;
        let lock = lock(&home).await?;
        let (profile, was_broken) = profile::load(&home, &language)?;
        let http = Http::new(&app, Arc::clone(&seams.network))?;
        let (inputs, inbox) = mpsc::channel(INPUTS);
        let (outlet, updates) = mpsc::channel(UPDATES);
        let shared = Arc::new(shared(&profile));
        let tracker = TaskTracker::new();
        let client = Self {
            inner: Arc::new(Inner {
                role,
                app: app.clone(),
                data_dir,
                home,
                secrets,
                http,
                has_threads: seams.has_threads,
                shared: Arc::clone(&shared),
                inputs,
                tracker: tracker.clone(),
                profile: Mutex::new(profile.clone()),
                lock: std::sync::Mutex::new(Some(lock)),
            }),
        };
        client.inner.shared.identity.send_replace(client.identity_of(&profile));
        let device: DeviceId = profile.device;
        let start = Start {
            role,
            app,
            device,
            shared,
            tracker: tracker.clone(),
            inputs: inbox,
            updates: outlet,
            seams,
        };
        tracker.spawn(Engine::new(start).run());
        if was_broken {
            client.tell(Input::Warn("cache")).await?;
        }
        if let Err(error) = client.resume(&profile).await {
            client.close().await;
            return Err(error);
        }
        Ok((client, updates))
    }
}

fn shared(profile: &Profile) -> Shared {
    Shared {
        identity: watch::Sender::new(Identity::default()),
        connection: watch::Sender::new(Connection::Idle),
        unread: watch::Sender::new(0),
        settings: watch::Sender::new(profile.settings.clone()),
        signed: RwLock::new(None),
        server: RwLock::new(None),
    }
}

async fn lock(data_dir: &Path) -> Result<File, Error> {
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(data_dir.join("lock"))
        .map_err(disk)?;
    let taken = async {
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(()),
                Err(TryLockError::WouldBlock) => tokio::time::sleep(LOOK).await,
                Err(TryLockError::Error(error)) => return Err(disk(error)),
            }
        }
    };
    tokio::time::timeout(CLOSING, taken).await.map_err(|_| Error::InUse)??;
    Ok(file)
}

fn disk(error: std::io::Error) -> Error {
    Error::Disk(error.to_string())
}
