//! A session bus of our own, and a notification daemon on it that speaks whichever dialect it is told to.

use std::collections::HashMap;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::time::Duration;

use prilavok_client::SeatId;
use prilavok_protocol::ids::{Seq, ThreadId};
use tempfile::TempDir;
use tokio::sync::mpsc;
use zbus::connection::Builder;
use zbus::zvariant::OwnedValue;

use crate::notices::linux::{Desk, work};
use crate::notices::order::{Deed, Order, Show, Topic};
use crate::notices::record::Record;
use crate::notices::sound::Player;
use crate::notices::text::Words;

const NAME: &str = "org.freedesktop.Notifications";
const PATH: &str = "/org/freedesktop/Notifications";

/// A bus that starts no daemon of this machine by itself.
const RULES: &str = r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:tmpdir=/tmp</listen>
  <policy context="default">
    <allow send_destination="*"/>
    <allow receive_sender="*"/>
    <allow own="*"/>
  </policy>
</busconfig>"#;

/// A session bus for one test.
pub(super) struct Bus {
    child: Child,
    pub(super) address: String,
    _folder: TempDir,
}

impl Bus {
    pub(super) fn start() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let rules = folder.path().join("bus.conf");
        std::fs::write(&rules, RULES).expect("the bus's rules are written");
        let mut child = Command::new("dbus-daemon")
            .args(["--nofork", "--nopidfile", "--print-address", "--config-file"])
            .arg(&rules)
            .stdout(Stdio::piped())
            .spawn()
            .expect("dbus-daemon starts (Debian package dbus-daemon)");
        let mut address = String::new();
        let output = child.stdout.take().expect("the output is a pipe");
        BufReader::new(output)
            .read_line(&mut address)
            .expect("the bus says its address");
        Self {
            child,
            address: address.trim().to_owned(),
            _folder: folder,
        }
    }

    fn builder(&self) -> zbus::Result<Builder<'static>> {
        Builder::address(self.address.as_str())
    }
}

impl Drop for Bus {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What the daemon was asked.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Heard {
    Notify(Asked),
    Close { id: u32 },
}

/// One call of `Notify`.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Asked {
    pub(super) replaces: u32,
    pub(super) title: String,
    pub(super) body: String,
    /// Keys alone.
    pub(super) actions: Vec<String>,
    /// What it says of sound and of fields.
    pub(super) hints: Vec<String>,
}

/// How a daemon speaks.
#[derive(Clone, Copy)]
pub(super) struct Dialect {
    pub(super) capabilities: &'static [&'static str],
    /// `None`: it has no such property.
    pub(super) inhibited: Option<bool>,
    /// Ids begin after this one, so that two daemons can be told apart.
    pub(super) counts_from: u32,
}

pub(super) const COMMON: Dialect = Dialect {
    capabilities: &["body", "body-markup", "actions", "persistence"],
    inhibited: None,
    counts_from: 0,
};

struct FakeDaemon {
    heard: mpsc::UnboundedSender<Heard>,
    dialect: Dialect,
    last: u32,
}

#[zbus::interface(name = "org.freedesktop.Notifications")]
impl FakeDaemon {
    fn get_capabilities(&self) -> Vec<String> {
        self.dialect.capabilities.iter().map(ToString::to_string).collect()
    }

    fn get_server_information(&self) -> (String, String, String, String) {
        ["Fake", "Prilavok", "7.1", "1.2"].map(str::to_owned).into()
    }

    #[expect(clippy::too_many_arguments, reason = "the specification's own list")]
    fn notify(
        &mut self,
        _app_name: String,
        replaces: u32,
        _icon: String,
        title: String,
        body: String,
        actions: Vec<String>,
        hints: HashMap<String, OwnedValue>,
        _expire: i32,
    ) -> u32 {
        let mut hints: Vec<String> = hints
            .into_keys()
            .filter(|key| key.contains("sound") || key.contains("kde"))
            .collect();
        hints.sort();
        let _ = self.heard.send(Heard::Notify(Asked {
            replaces,
            title,
            body,
            actions: actions.into_iter().step_by(2).collect(),
            hints,
        }));
        if replaces == 0 {
            self.last += 1;
            return self.last;
        }
        replaces
    }

    fn close_notification(&self, id: u32) {
        let _ = self.heard.send(Heard::Close { id });
    }

    #[zbus(property)]
    fn inhibited(&self) -> zbus::fdo::Result<bool> {
        let unknown = || zbus::fdo::Error::UnknownProperty("Inhibited".to_owned());
        self.dialect.inhibited.ok_or_else(unknown)
    }
}

/// The bus, the daemon, and the app's task between them.
pub(super) struct Stage {
    pub(super) bus: Bus,
    daemon: Option<zbus::Connection>,
    heard_by: mpsc::UnboundedSender<Heard>,
    heard: mpsc::UnboundedReceiver<Heard>,
    orders: mpsc::Sender<Order>,
    pub(super) deeds: mpsc::UnboundedReceiver<Deed>,
    /// How often the app has asked its own player to play.
    pub(super) plays: Arc<AtomicUsize>,
    folder: TempDir,
}

impl Stage {
    pub(super) async fn set(dialect: Dialect) -> Self {
        let mut stage = Self::without_daemon();
        stage.start_daemon(dialect).await;
        stage.start_app();
        stage
    }

    pub(super) fn without_daemon() -> Self {
        let (heard_by, heard) = mpsc::unbounded_channel();
        let (orders, _) = mpsc::channel(1);
        let (_, deeds) = mpsc::unbounded_channel();
        Self {
            bus: Bus::start(),
            daemon: None,
            heard_by,
            heard,
            orders,
            deeds,
            plays: Arc::default(),
            folder: tempfile::tempdir().expect("a temporary folder"),
        }
    }

    /// The app starts, or dies and starts again: what it knows of before is in its folder.
    pub(super) fn start_app(&mut self) {
        let (orders, taken) = mpsc::channel(8);
        let (did, deeds) = mpsc::unbounded_channel();
        let player = Player::of_program(self.folder.path(), &self.player_program());
        self.plays = player.asked.clone();
        let desk = Desk {
            icon: "prilavok-buyer".to_owned(),
            record: Record::open(self.folder.path().join("notices.json")),
            player,
            done: move |deed| did.send(deed).expect("the test listens"),
        };
        let address = self.bus.address.clone();
        tokio::spawn(async move { work(move || Builder::address(address.as_str()), desk, taken).await });
        (self.orders, self.deeds) = (orders, deeds);
    }

    /// A player that leaves a trace.
    fn player_program(&self) -> std::path::PathBuf {
        use std::os::unix::fs::PermissionsExt;
        let program = self.folder.path().join("player");
        std::fs::write(
            &program,
            "#!/bin/sh\n[ -s \"$1\" ] && echo played >> \"$(dirname \"$0\")/played\"\n",
        )
        .expect("the player is written");
        std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).expect("the player can be run");
        program
    }

    pub(super) fn trace(&self) -> std::path::PathBuf {
        self.folder.path().join("played")
    }

    pub(super) async fn start_daemon(&mut self, dialect: Dialect) {
        let fake = FakeDaemon {
            heard: self.heard_by.clone(),
            dialect,
            last: dialect.counts_from,
        };
        let daemon = self
            .bus
            .builder()
            .and_then(|builder| builder.name(NAME))
            .and_then(|builder| builder.serve_at(PATH, fake))
            .expect("the fake daemon is described")
            .build()
            .await
            .expect("the fake daemon is on the bus");
        self.daemon = Some(daemon);
    }

    pub(super) async fn kill_daemon(&mut self) {
        if let Some(daemon) = self.daemon.take() {
            daemon.close().await.expect("the daemon leaves the bus");
        }
    }

    pub(super) async fn order(&self, order: Order) {
        self.orders.send(order).await.expect("the task takes orders");
    }

    pub(super) async fn show(&self, topic: Topic, body: &str) {
        self.order(Order::Show(show(topic, body))).await;
    }

    /// Nobody asks anything any more.
    pub(super) fn hang_up(&mut self) {
        self.orders = mpsc::channel(1).0;
    }

    pub(super) async fn hear(&mut self) -> Heard {
        soon(self.heard.recv()).await
    }

    pub(super) async fn hear_notice(&mut self) -> Asked {
        match self.hear().await {
            Heard::Notify(asked) => asked,
            Heard::Close { id } => panic!("{id} was closed, and nothing shown"),
        }
    }

    pub(super) async fn deed(&mut self) -> Deed {
        soon(self.deeds.recv()).await
    }

    pub(super) async fn emit(&self, signal: &str, body: &(impl serde::Serialize + zbus::zvariant::DynamicType)) {
        let daemon = self.daemon.as_ref().expect("there is a daemon");
        emit(daemon, signal, body).await;
    }
}

pub(super) async fn emit(
    from: &zbus::Connection,
    signal: &str,
    body: &(impl serde::Serialize + zbus::zvariant::DynamicType),
) {
    from.emit_signal(None::<&str>, PATH, NAME, signal, body)
        .await
        .expect("the signal is sent");
}

pub(super) async fn soon<T>(what: impl Future<Output = Option<T>>) -> T {
    tokio::time::timeout(Duration::from_secs(10), what)
        .await
        .expect("it happens in time")
        .expect("nobody hung up")
}

pub(super) fn words(body: &str) -> Words {
    Words {
        title: "Анна".to_owned(),
        body: body.to_owned(),
        open: "Открыть чат".to_owned(),
        reply: "Ответить".to_owned(),
        placeholder: "Ваш ответ…".to_owned(),
        submit: "Отправить".to_owned(),
        read: "Прочитано".to_owned(),
    }
}

/// A thread of the second account.
pub(super) fn a_topic() -> Topic {
    Topic {
        seat: SeatId(2),
        thread_id: ThreadId::mint(),
    }
}

pub(super) fn show(topic: Topic, body: &str) -> Show {
    Show {
        topic,
        up_to: Seq(7),
        words: words(body),
        sounds: true,
        is_of_thread: true,
    }
}

/// Waits for a file: what writes it has no other way to say so.
pub(super) async fn appears(file: &Path) {
    let look = async {
        while !file.exists() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), look)
        .await
        .expect("the file appears in time");
}
