//! Somebody with the app: a whole client engine on its own data directory, behind a line that can be cut.
//!
//! `says`, `hears`, `reads`, `goes_offline`, `crashes`. Every wait is for something that is told, with a deadline.

pub mod clock;
pub mod frames;
pub mod relay;
pub mod screen;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use prilavok_client::{Client, Connection, MemorySecrets, MessageItem, MessageState, Options, Pace, Seams};
use prilavok_client::{Error, Secrets, Stretch, Update};
use prilavok_protocol::ids::{MessageId, Role, SellerId, ThreadId};
use prilavok_protocol::rest::Register;
use tempfile::TempDir;
use tokio::runtime::Runtime;
use tokio::sync::mpsc;
use tokio::time::timeout;
use uuid::Uuid;

use crate::faults::proxy::Proxy;
use crate::wire::DEADLINE;
use clock::TestClock;
use relay::{Line, Relay};
use screen::Screen;

/// Everybody's password.
pub const PASSWORD: &str = "очень-секретно";

/// A device: what is left of an app that does not run.
pub struct Device {
    folder: TempDir,
    /// Where its refresh tokens live.
    pub secrets: Arc<dyn Secrets>,
    role: Role,
    relay: Relay,
    email: String,
    /// Its wall clock, to be set.
    pub clock: Arc<TestClock>,
    /// How long its engine waits for what.
    pub pace: Pace,
}

/// Somebody with a running app.
pub struct Person {
    /// The engine.
    pub client: Client,
    /// What the screen shows.
    pub screen: Screen,
    updates: mpsc::Receiver<Update>,
    device: Device,
    /// Of its own, so that a crash stops it between two instructions.
    process: Process,
}

/// Ends at once when it goes, as a killed process does.
struct Process(Option<Runtime>);

impl Drop for Process {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

impl Device {
    /// A new device, with a line to the server.
    pub async fn new(server: SocketAddr, role: Role) -> Self {
        Self::within(&std::env::temp_dir(), server, role).await
    }

    /// The same, with everything local under this folder.
    pub async fn within(parent: &Path, server: SocketAddr, role: Role) -> Self {
        let folder = tempfile::tempdir_in(parent).expect("a folder");
        let email = format!("{}@example.ru", Uuid::now_v7().simple());
        Self {
            folder,
            secrets: Arc::new(MemorySecrets::default()),
            role,
            relay: Relay::to(server).await,
            email,
            clock: Arc::default(),
            // Each device speaks for itself; whose turn it is has a story of its own.
            pace: Pace {
                turn: Duration::ZERO,
                left: Duration::ZERO,
                ..Pace::default()
            },
        }
    }

    /// Starts the app.
    pub async fn starts(self) -> Person {
        match self.tries_to_start().await {
            Ok(person) => person,
            Err((_, error)) => panic!("the app does not start: {error}"),
        }
    }

    /// Starts the app, which may find that it cannot.
    ///
    /// # Errors
    /// What it says then, and the device.
    pub async fn tries_to_start(self) -> Result<Person, (Self, Error)> {
        let options = Options {
            data_dir: self.folder.path().to_owned(),
            role: self.role,
            app: "stories/0.1.0".into(),
            secrets: self.secrets.clone(),
            language: "ru".into(),
        };
        let seams = Seams {
            clock: self.clock.clone(),
            pace: self.pace,
            ..Seams::default()
        };
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build();
        let runtime = runtime.expect("a runtime");
        let opened = runtime
            .spawn(Client::open_with(options, seams))
            .await
            .expect("the engine does not panic");
        let process = Process(Some(runtime));
        let (client, updates) = match opened {
            Ok(opened) => opened,
            Err(error) => return Err((self, error)),
        };
        Ok(Person {
            client,
            screen: Screen::default(),
            updates,
            device: self,
            process,
        })
    }

    /// Starts the app, makes a new account and waits until it is online.
    pub async fn joins(self, name: &str) -> Person {
        let role = self.role;
        let mut person = self.starts().await;
        let address = person.device.relay.address();
        person.client.set_server(&address).await.expect("the server answers");
        let register = Register {
            email: person.device.email.clone(),
            password: PASSWORD.into(),
            name: name.into(),
            role,
            invitation: None,
            device_name: None,
        };
        person.client.register(register).await.expect("registered");
        person.is_online().await;
        person
    }

    /// The line to the server.
    pub fn line(&self, line: Line) {
        self.relay.set(line);
    }

    /// With which its owner signs in.
    #[must_use]
    pub fn email(&self) -> &str {
        &self.email
    }

    /// Where everything local lives.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The line's inside, for finer faults.
    #[must_use]
    pub fn proxy(&self) -> &Proxy {
        self.relay.proxy()
    }

    /// The file with this account's cache.
    #[must_use]
    pub fn cache_file(&self) -> PathBuf {
        let accounts = std::fs::read_dir(self.folder.path().join("accounts")).expect("somebody signed in here");
        let first = accounts.flatten().next().expect("somebody signed in here");
        first.path().join("cache.sqlite")
    }
}

impl Person {
    /// Somebody new, signed in and online.
    pub async fn new(server: SocketAddr, role: Role, name: &str) -> Self {
        Device::new(server, role).await.joins(name).await
    }

    /// The same person on another device, signed in and online.
    pub async fn second_device(&self, server: SocketAddr) -> Self {
        self.signs_in(Device::new(server, self.device.role).await).await
    }

    /// The same person on this other device, signed in and online.
    pub async fn signs_in(&self, mut device: Device) -> Self {
        device.email.clone_from(&self.device.email);
        let mut person = device.starts().await;
        person
            .client
            .set_server(&person.device.relay.address())
            .await
            .expect("the server answers");
        person
            .client
            .sign_in(&self.device.email, PASSWORD)
            .await
            .expect("signed in");
        person.is_online().await;
        person
    }

    /// The shop's id.
    #[must_use]
    pub fn seller_id(&self) -> SellerId {
        self.client
            .identity()
            .account
            .and_then(|account| account.seller_id)
            .expect("a shop")
    }

    /// Starts the thread with this shop; when this returns, the shop's app knows it too.
    pub async fn starts_with(&self, shop: &mut Self) -> ThreadId {
        let started = self.client.start(shop.seller_id(), None).await;
        let thread = started.expect("the thread starts");
        shop.waits("the thread", |screen| screen.threads.get(&thread).map(drop))
            .await;
        thread
    }

    /// Writes; the message is on the device when this returns.
    pub async fn says(&mut self, thread: ThreadId, text: &str) -> MessageItem {
        self.client.send(thread, text, None).await.expect("it is on the disk")
    }

    /// Waits for a message of the other side.
    pub async fn hears(&mut self, text: &str) -> MessageItem {
        self.waits(text, |screen| screen.heard(text).cloned()).await
    }

    /// Waits until an own message got so far, or further where further is as good.
    pub async fn sees(&mut self, id: MessageId, state: MessageState) -> MessageItem {
        let what = format!("{state:?}");
        let is_there = |now: &MessageState| rank(now) >= rank(&state) && rank(&state) > 0 || *now == state;
        self.waits(&what, |screen| {
            screen
                .messages
                .get(&id)
                .filter(|message| is_there(&message.state))
                .cloned()
        })
        .await
    }

    /// Has read everything in the thread.
    pub async fn reads(&mut self, thread: ThreadId) {
        let page = self.client.messages(thread, Stretch::Newest, 1).await.expect("a page");
        let newest = page
            .messages
            .iter()
            .rev()
            .find_map(|message| message.seq)
            .expect("a message");
        self.client
            .mark_read(thread, newest)
            .await
            .expect("the mark is on the disk");
    }

    /// Waits until the app is live.
    pub async fn is_online(&mut self) {
        self.waits("online", |screen| {
            (screen.connection == Connection::Online).then_some(())
        })
        .await;
    }

    /// Waits until the app says that it is offline; answers why.
    pub async fn is_offline(&mut self) -> String {
        self.waits("offline", |screen| match &screen.connection {
            Connection::Offline { reason, .. } => Some(reason.clone()),
            _ => None,
        })
        .await
    }

    /// The line is cut.
    pub async fn goes_offline(&mut self) {
        self.device.line(Line::Cut);
        self.is_offline().await;
    }

    /// The line is back.
    pub async fn comes_back(&mut self) {
        self.device.line(Line::Open);
        self.client.reconnect_now().await.expect("the engine runs");
        self.is_online().await;
    }

    /// The texts of the newest hundred messages, oldest first.
    pub async fn texts(&self, thread: ThreadId) -> Vec<String> {
        let page = self
            .client
            .messages(thread, Stretch::Newest, 100)
            .await
            .expect("a page");
        assert!(!page.incomplete && !page.has_older, "the page is whole");
        page.messages.into_iter().map(|message| message.message).collect()
    }

    /// The line, to be hurt.
    #[must_use]
    pub fn device(&self) -> &Device {
        &self.device
    }

    /// Waits until the screen shows something.
    pub async fn waits<T>(&mut self, what: &str, shows: impl Fn(&Screen) -> Option<T>) -> T {
        let wait = async {
            loop {
                if let Some(found) = shows(&self.screen) {
                    return found;
                }
                let update = self.updates.recv().await.expect("the engine runs");
                self.screen.apply(update);
            }
        };
        match timeout(DEADLINE, wait).await {
            Ok(found) => found,
            Err(_) => panic!("{what} did not come; the screen shows {:#?}", self.screen),
        }
    }

    /// Everything that has been told so far is on the screen.
    pub fn looks(&mut self) -> &Screen {
        while let Ok(update) = self.updates.try_recv() {
            self.screen.apply(update);
        }
        &self.screen
    }

    /// Closes the app as people do.
    pub async fn closes(self) -> Device {
        self.client.close().await;
        self.device
    }

    /// The process dies between two instructions. When this returns nothing of it runs any more.
    #[must_use]
    pub fn crashes(mut self) -> Device {
        if let Some(runtime) = self.process.0.take() {
            tokio::task::block_in_place(|| runtime.shutdown_timeout(DEADLINE));
        }
        self.device
    }
}

/// How far a message got on its way; 0 for what is no way.
fn rank(state: &MessageState) -> u8 {
    match state {
        MessageState::Sent => 1,
        MessageState::Delivered => 2,
        MessageState::Read => 3,
        _ => 0,
    }
}
