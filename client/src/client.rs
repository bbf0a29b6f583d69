//! The handle that apps hold: cheap to clone, and every method may be called from anywhere.
//!
//! Reads come from the cache and never wait for the network, unless they say so. Writes are durable on this
//! device when they return.

mod account;
mod drafts;
mod inspect;
mod open;
mod reading;
mod search;
mod shop;

pub use inspect::Inspection;

use std::path::PathBuf;
use std::sync::Arc;

use prilavok_protocol::ids::{MessageId, ProductId, Role, Seq, ThreadId};
use tokio::sync::{Mutex, mpsc, oneshot};
use tokio_util::task::TaskTracker;

use crate::api::Http;
use crate::engine::{Input, Shared, Signed};
use crate::error::Error;
use crate::profile::{self, Profile};
use crate::secrets::Secrets;
use crate::settings::{Focus, Settings};
use crate::update::{Connection, Identity, MessageItem};

/// What an app brings.
pub struct Options {
    /// Everything local lives under it.
    pub data_dir: PathBuf,
    /// Whose app this is: accounts of the other side are refused.
    pub role: Role,
    /// The app and its version, `buyer-app/0.1.0`, for the server's log.
    pub app: String,
    /// Where refresh tokens live.
    pub secrets: Arc<dyn Secrets>,
    /// The language at the first start: `ru` or `en`.
    pub language: String,
}

/// A picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Media {
    /// Always `image/…`.
    pub content_type: String,
    /// At most 8 MiB.
    pub bytes: Vec<u8>,
}

/// The handle. When the last clone is dropped the engine stops too; [`Client::close`] waits for it.
#[derive(Clone)]
pub struct Client {
    inner: Arc<Inner>,
}

struct Inner {
    role: Role,
    app: String,
    /// Caches and pictures, of all engines of this person.
    data_dir: PathBuf,
    /// Profile and lock of this engine.
    home: PathBuf,
    secrets: Arc<dyn Secrets>,
    http: Http,
    /// Whether the cache works on a thread of its own.
    has_threads: bool,
    shared: Arc<Shared>,
    /// When 256 requests wait, the next caller waits with them.
    inputs: mpsc::Sender<Input>,
    tracker: TaskTracker,
    /// Held while the account changes, so that two sign-ins follow one another.
    profile: Mutex<Profile>,
    /// Keeps a second instance out of its home.
    lock: std::sync::Mutex<Option<std::fs::File>>,
}

impl Client {
    /// Who is signed in, and where.
    #[must_use]
    pub fn identity(&self) -> Identity {
        Identity {
            // A keychain may be unlocked while the app runs.
            keychain: self.inner.secrets.is_keychain(),
            ..self.inner.shared.identity.borrow().clone()
        }
    }

    /// Where the connection stands.
    #[must_use]
    pub fn connection(&self) -> Connection {
        self.inner.shared.connection.borrow().clone()
    }

    /// All unread messages.
    #[must_use]
    pub fn unread(&self) -> u32 {
        *self.inner.shared.unread.borrow()
    }

    /// Queues a message; it is on this device's disk when this returns.
    pub async fn send(&self, thread: ThreadId, text: &str, product: Option<ProductId>) -> Result<MessageItem, Error> {
        let text = text.to_owned();
        self.ask(|answer| Input::Send {
            thread,
            text,
            product,
            answer,
        })
        .await
    }

    /// Tries a failed message again.
    pub async fn retry(&self, id: MessageId) -> Result<(), Error> {
        self.ask(|answer| Input::Retry { id, answer }).await
    }

    /// Deletes an unsent message. True when it will never be sent.
    pub async fn cancel(&self, id: MessageId) -> Result<bool, Error> {
        self.ask(|answer| Input::Cancel { id, answer }).await
    }

    /// Everything up to here has been read. Only ever moves forward.
    pub async fn mark_read(&self, thread: ThreadId, up_to: Seq) -> Result<(), Error> {
        self.ask(|answer| Input::MarkRead { thread, up_to, answer }).await
    }

    /// The person types, or has stopped. Call it on every key: it is thinned out here.
    pub async fn typing(&self, thread: ThreadId, is_typing: bool) -> Result<(), Error> {
        self.tell(Input::Typing { thread, is_typing }).await
    }

    /// What is in front of the person's eyes: no notice for it.
    pub async fn look(&self, focus: Focus) -> Result<(), Error> {
        self.tell(Input::Look(focus)).await
    }

    /// Notices of these threads are left from an earlier run: each is told again, silently, or closed.
    pub async fn stand_again(&self, threads: Vec<ThreadId>) -> Result<(), Error> {
        self.ask(|answer| Input::StandAgain { threads, answer }).await
    }

    /// Does not wait for the next try.
    pub async fn reconnect_now(&self) -> Result<(), Error> {
        self.tell(Input::ReconnectNow).await
    }

    /// What the person chose.
    #[must_use]
    pub fn settings(&self) -> Settings {
        self.inner.shared.settings.borrow().clone()
    }

    /// Remembers what the person chose.
    pub async fn set_settings(&self, settings: Settings) -> Result<(), Error> {
        let mut profile = self.inner.profile.lock().await;
        profile.settings = settings.clone();
        profile::save(&self.inner.home, &profile)?;
        self.inner.shared.settings.send_replace(settings);
        Ok(())
    }

    /// Stops everything; all is on disk when it returns. Later calls answer [`Error::Closed`].
    pub async fn close(&self) {
        let (done, wait) = oneshot::channel();
        if self.inner.inputs.send(Input::Close(done)).await.is_ok() {
            let _ = wait.await;
        }
        self.inner.tracker.close();
        self.inner.tracker.wait().await;
        self.inner
            .lock
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .take();
    }

    fn signed(&self) -> Result<Signed, Error> {
        if self.inner.inputs.is_closed() {
            return Err(Error::Closed);
        }
        self.inner.shared.signed().ok_or(Error::SignedOut)
    }

    /// An answer of the server; should it say that the session has ended, the engine learns of it.
    async fn checked<T>(&self, answer: Result<T, Error>) -> Result<T, Error> {
        if matches!(answer, Err(Error::SignedOut)) {
            self.tell(Input::SessionEnded).await?;
        }
        answer
    }

    async fn tell(&self, input: Input) -> Result<(), Error> {
        self.inner.inputs.send(input).await.map_err(|_| Error::Closed)
    }

    async fn ask<T>(&self, input: impl FnOnce(oneshot::Sender<Result<T, Error>>) -> Input) -> Result<T, Error> {
        let (answer, wait) = oneshot::channel();
        self.tell(input(answer)).await?;
        wait.await.map_err(|_| Error::Closed)?
    }
}
