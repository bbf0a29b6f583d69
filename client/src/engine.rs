//! The one task: state × input. Everything that changes goes through its one `select!`.
//!
//! - `input` what the handle asks; `line` dialling, waiting, timers; `frames` what the server says
//! - `drafts` what stands in the fields, shared with the account's other devices
//! - `notices` who is told of it; `wire` what goes on the wire; `outlet` the way to the screen; `shared` what the handle may look at

mod asked;
mod drafts;
mod frames;
mod input;
mod line;
mod notices;
mod outlet;
mod shared;
mod wire;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use prilavok_protocol::ids::{Cursor, DeviceId, MessageId, Role, Seq, ThreadId};
use prilavok_protocol::limits::Limits;
use prilavok_protocol::model::Message;
use prilavok_protocol::time::Time;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};
use tokio_util::task::TaskTracker;

use crate::backoff::Backoff;
use crate::clock::Clock;
use crate::connection::{Incoming, Socket};
use crate::network::Network;
use crate::outbox::Outbox;
use crate::pace::{Pace, Seams};
use crate::settings::Focus;
use crate::update::Update;

pub(crate) use input::Input;
use notices::Turn;
use outlet::Outlet;
pub(crate) use outlet::UPDATES;
pub(crate) use shared::{Shared, Signed};

/// Where the line stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// Nobody is signed in.
    Idle,
    /// Until the retry timer.
    Waiting,
    /// From the first packet to `welcome`.
    Dialling,
    /// The backlog streams in.
    CatchingUp,
    /// Everything that arrives is new.
    Live,
    /// Trying again would not help.
    Stopped,
}

/// What a command on the wire was for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asked {
    Send(MessageId),
    Read(ThreadId, Seq),
    Typing,
    Alerted,
    SetDraft(ThreadId),
    Drafts,
}

/// Moments at which something is due.
#[derive(Debug, Default)]
struct Timers {
    retry: Option<Instant>,
    ping: Option<Instant>,
    silence: Option<Instant>,
    applied: Option<Instant>,
    hold: Option<Instant>,
    stable: Option<Instant>,
    behind: Option<Instant>,
    reply: Option<Instant>,
    outlet: Option<Instant>,
    watch: Option<Instant>,
    drafts: Option<Instant>,
}

impl Timers {
    /// Those that belong to one socket.
    fn drop_line(&mut self) {
        let Self {
            retry,
            hold,
            outlet,
            watch,
            ..
        } = *self;
        *self = Self {
            retry,
            hold,
            outlet,
            watch,
            ..Self::default()
        };
    }
}

pub(crate) struct Engine {
    role: Role,
    app: String,
    device: DeviceId,
    shared: Arc<Shared>,
    tracker: TaskTracker,
    inputs: mpsc::Receiver<Input>,
    outlet: Outlet,
    signed: Option<Signed>,
    outbox: Outbox,
    cursor: Option<Cursor>,
    needs_snapshot: bool,
    resyncs: u32,
    socket: Option<Socket>,
    phase: Phase,
    dialled: u64,
    backoff: Backoff,
    send_backoff: Backoff,
    hint: Option<std::time::Duration>,
    is_restarting: bool,
    timers: Timers,
    clock: Arc<dyn Clock>,
    network: Arc<dyn Network>,
    pace: Pace,
    last_watch: (Instant, Time),
    next_command: u64,
    asked: HashMap<u64, (Asked, Instant)>,
    focus: Focus,
    backlog: BTreeMap<ThreadId, Message>,
    noticed: BTreeSet<ThreadId>,
    turn: Turn,
    /// Threads in which a snapshot brought something unread, until they are judged.
    risen: BTreeSet<ThreadId>,
    /// Threads started here since the line was dialled: a snapshot that was asked for then may be older than they are.
    started: BTreeSet<ThreadId>,
    typing_theirs: BTreeMap<ThreadId, Instant>,
    typing_mine: BTreeMap<ThreadId, Instant>,
    limits: Limits,
    drafts: drafts::Drafts,
    /// How far the server's clock is ahead of this one, in milliseconds, as far as is known.
    clock_off: i64,
    clock_warned: bool,
    disk_warned: bool,
}

/// What the engine starts with.
pub(crate) struct Start {
    pub role: Role,
    pub app: String,
    pub device: DeviceId,
    pub shared: Arc<Shared>,
    pub tracker: TaskTracker,
    pub inputs: mpsc::Receiver<Input>,
    pub updates: mpsc::Sender<Update>,
    pub seams: Seams,
}

impl Engine {
    pub(crate) fn new(start: Start) -> Self {
        Self {
            role: start.role,
            app: start.app,
            device: start.device,
            shared: start.shared,
            tracker: start.tracker,
            inputs: start.inputs,
            outlet: Outlet::new(start.updates),
            signed: None,
            outbox: Outbox::default(),
            cursor: None,
            needs_snapshot: false,
            resyncs: 0,
            socket: None,
            phase: Phase::Idle,
            dialled: 0,
            backoff: Backoff::default(),
            send_backoff: Backoff::default(),
            hint: None,
            is_restarting: false,
            timers: Timers::default(),
            last_watch: (Instant::now(), start.seams.clock.now()),
            clock: start.seams.clock,
            network: start.seams.network,
            pace: start.seams.pace,
            next_command: 1,
            asked: HashMap::new(),
            focus: Focus::default(),
            backlog: BTreeMap::new(),
            noticed: BTreeSet::new(),
            turn: Turn::default(),
            risen: BTreeSet::new(),
            started: BTreeSet::new(),
            typing_theirs: BTreeMap::new(),
            typing_mine: BTreeMap::new(),
            limits: Limits::default(),
            drafts: drafts::Drafts::default(),
            clock_off: 0,
            clock_warned: false,
            disk_warned: false,
        }
    }

    /// Runs until it is closed, or until nobody holds the handle any more.
    pub(crate) async fn run(mut self) {
        loop {
            let due = self.next_due();
            tokio::select! {
                // What is due goes before what is asked, and that before what arrives: none of the three can starve
                // the others for long, and the same things in the same order lead to the same state.
                biased;
                () = sleep_until(due) => self.on_due().await,
                input = self.inputs.recv() => match input {
                    Some(Input::Close(done)) => {
                        self.close().await;
                        let _ = done.send(());
                        return;
                    }
                    Some(input) => self.on_input(input).await,
                    None => return self.close().await,
                },
                incoming = next(&mut self.socket) => self.on_incoming(incoming).await,
            }
        }
    }

    async fn close(&mut self) {
        if let (Some(socket), Some(cursor), true) = (&self.socket, self.cursor, self.timers.applied.is_some()) {
            socket.send(prilavok_protocol::frame::ClientFrame::Applied { pos: cursor.pos });
        }
        self.socket = None;
        if let Some(signed) = self.signed.take() {
            signed.cache.close().await;
        }
        self.shared.set_signed(None);
    }

    /// The time for display: the server's, as far as is known, since the messages around carry that one.
    fn now(&self) -> Time {
        Time::from_millis(self.clock.now().millis().saturating_add(self.clock_off))
    }

    /// Tells the screen, and whoever looks at the shared state.
    fn tell(&mut self, update: Update) {
        match &update {
            Update::Connection { connection } => {
                self.shared.connection.send_replace(connection.clone());
            }
            Update::Unread { total } => {
                if *self.shared.unread.borrow() == *total {
                    return;
                }
                self.shared.unread.send_replace(*total);
            }
            Update::Identity { identity } => {
                self.shared.identity.send_replace(identity.clone());
            }
            _ => {}
        }
        self.timers.outlet = self.outlet.tell(update);
    }

    /// The disk failed. The person is told once; the line is dropped so that nothing is acknowledged.
    fn on_disk_error(&mut self, error: &crate::error::Error) {
        tracing::error!(%error, "the cache failed");
        if !self.disk_warned {
            self.disk_warned = true;
            self.tell(Update::Warning { key: "disk".into() });
        }
    }
}

async fn next(socket: &mut Option<Socket>) -> Incoming {
    match socket {
        Some(socket) => socket.next().await,
        None => std::future::pending().await,
    }
}
