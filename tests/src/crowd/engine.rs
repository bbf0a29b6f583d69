//! Somebody of the crowd with the app: a whole client engine behind a line that can be cut.

use std::collections::HashSet;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use prilavok_client::{Client, Connection, MemorySecrets, MessageItem, MessageState, Options, Stretch, Update};
use prilavok_protocol::error::ErrorCode;
use prilavok_protocol::ids::{Cursor, Epoch, MessageId, Pos, SellerId, Seq, ThreadId};
use prilavok_protocol::model::Thread;
use prilavok_protocol::rest::Data;
use rusqlite::OpenFlags;
use tempfile::TempDir;
use tokio::sync::mpsc;
use tokio::time::{MissedTickBehavior, interval};

use super::Pace;
use super::account::{Account, PASSWORD};
use super::orders::{Orders, Phase, Trouble};
use super::outbox::Desk;
use crate::history::{Counter, Digest, Line, Place, Scribe, What, hash};
use crate::person::relay::{Line as Wire, Relay};

/// Messages on a page of history.
const PAGE: u32 = 100;
/// Between looks at whether all has arrived.
const LOOK: Duration = Duration::from_millis(100);

/// Somebody with the app.
pub struct Engine {
    /// Who, for what the app itself is not asked.
    pub account: Account,
    client: Client,
    updates: mpsc::Receiver<Update>,
    relay: Relay,
    folder: TempDir,
    orders: Arc<Orders>,
    pace: Pace,
}

/// What the person has seen so far.
#[derive(Default)]
struct Screen {
    shown: HashSet<MessageId>,
    settled: HashSet<MessageId>,
    count: u64,
    newest: Seq,
    read: Seq,
    offline: Option<Instant>,
}

impl Engine {
    /// Installs the app and signs in.
    pub async fn open(server: SocketAddr, account: Account, orders: Arc<Orders>, pace: Pace) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let relay = Relay::to(server).await;
        let options = Options {
            data_dir: folder.path().to_owned(),
            role: account.party.role,
            app: "crowd/0.1.0".into(),
            secrets: Arc::new(MemorySecrets::default()),
            language: "ru".into(),
        };
        let (client, updates) = Client::open(options).await?;
        client.set_server(&relay.address()).await?;
        client.sign_in(&account.email, PASSWORD).await?;
        Ok(Self {
            account,
            client,
            updates,
            relay,
            folder,
            orders,
            pace,
        })
    }

    /// Starts the thread with a shop.
    pub async fn start(&self, seller: SellerId) -> Result<ThreadId> {
        Ok(self.client.start(seller, None).await?)
    }

    /// Lives until it is told to leave; returns once it holds everything.
    pub async fn run(mut self, desk: Desk, scribe: Scribe) -> Result<()> {
        let mut screen = Screen::default();
        let mut orders = self.orders.follow();
        let mut round = orders.borrow().round;
        let mut speak = interval(self.pace.pause);
        speak.set_missed_tick_behavior(MissedTickBehavior::Skip);
        loop {
            tokio::select! {
                update = self.updates.recv() => {
                    self.shows(&scribe, &mut screen, update.context("the engine has stopped")?).await?;
                }
                _ = speak.tick() => self.speak(desk, &scribe, &mut screen).await?,
                _ = orders.changed() => {
                    let order = *orders.borrow_and_update();
                    if order.phase == Phase::Leave {
                        break;
                    }
                    match order.meets(scribe.id().0.into(), round) {
                        Some(Trouble::Cut | Trouble::Reset) => self.relay.set(Wire::Cut),
                        Some(Trouble::Stall(long)) => tokio::time::sleep(long).await,
                        Some(Trouble::None) | None => {}
                    }
                    round = order.round;
                    if order.phase == Phase::Quiet {
                        // Who waits for the next try need not wait any more.
                        self.relay.set(Wire::Open);
                        self.client.reconnect_now().await?;
                    }
                }
            }
        }
        self.relay.set(Wire::Open);
        self.client.reconnect_now().await?;
        self.arrive(desk, &scribe, &mut screen).await?;
        self.leave(desk, &scribe).await
    }

    async fn shows(&self, scribe: &Scribe, screen: &mut Screen, update: Update) -> Result<()> {
        match update {
            Update::Message { message } => self.message(scribe, screen, &message),
            // What was not told one by one is asked for, as a screen does.
            Update::Reset => {
                for item in self.client.threads().await? {
                    let thread = item.summary.thread.id;
                    let page = self.client.messages(thread, Stretch::Newest, PAGE).await?;
                    for message in &page.messages {
                        self.message(scribe, screen, message);
                    }
                }
            }
            Update::Notice { notice } => scribe.sees(Place::Notice, &format!("{} {}", notice.title, notice.body)),
            Update::Connection { connection } => match connection {
                Connection::Online => {
                    if let Some(since) = screen.offline.take() {
                        self.orders.is_back(since.elapsed());
                    }
                }
                Connection::Offline { .. } => {
                    screen.offline.get_or_insert_with(Instant::now);
                    scribe.note(What::Cut { code: 0 });
                    self.relay.set(Wire::Open);
                }
                _ => {}
            },
            _ => {}
        }
        Ok(())
    }

    fn message(&self, scribe: &Scribe, screen: &mut Screen, message: &MessageItem) {
        scribe.sees(Place::Answer, &message.message);
        let (thread, id) = (message.thread_id, message.id);
        if let MessageState::Failed { .. } = message.state {
            if screen.settled.insert(id) {
                let (hash, code) = (hash(&message.message), ErrorCode::Unknown);
                scribe.note(What::Refused { thread, id, hash, code });
                self.orders.end();
            }
            return;
        }
        let Some(line) = line(message) else { return };
        if message.is_mine && screen.settled.insert(id) {
            let seq = line.seq;
            scribe.note(What::Acked { thread, id, seq });
            self.orders.acked();
            self.orders.end();
        }
        screen.newest = screen.newest.max(line.seq);
        if screen.shown.insert(id) {
            scribe.note(What::Shown(line));
        }
    }

    async fn speak(&self, desk: Desk, scribe: &Scribe, screen: &mut Screen) -> Result<()> {
        if !self.orders.begin() {
            return Ok(());
        }
        screen.count += 1;
        let Desk { thread, canary } = desk;
        let text = format!("{canary} № {} {}", screen.count, MessageId::mint());
        let hash = hash(&text);
        scribe.note(What::Composed { thread, hash });
        let id = self.client.send(thread, &text, None).await?.id;
        scribe.note(What::Invoked { thread, id, hash });
        if screen.newest > screen.read && screen.count.is_multiple_of(3) {
            screen.read = screen.newest;
            self.client.mark_read(thread, screen.read).await?;
        }
        Ok(())
    }

    /// Waits until the app and the server say the same.
    async fn arrive(&mut self, desk: Desk, scribe: &Scribe, screen: &mut Screen) -> Result<()> {
        loop {
            while let Ok(update) = self.updates.try_recv() {
                self.shows(scribe, screen, update).await?;
            }
            let answer = self.account.ask(&format!("/chat-threads/{}", desk.thread)).await?;
            let there = serde_json::from_value::<Data<Thread>>(answer)?.data;
            let here = self.client.thread(desk.thread).await?.context("the thread is gone")?;
            let here = here.summary.thread;
            let is_online = self.client.connection() == Connection::Online;
            if is_online && (here.head_seq, here.buyer_read_seq) == (there.head_seq, there.buyer_read_seq) {
                return Ok(());
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    /// Writes down what the app holds and shows, closes it, and looks into its file.
    async fn leave(self, desk: Desk, scribe: &Scribe) -> Result<()> {
        let thread = desk.thread;
        let mut lines: Vec<Line> = Vec::new();
        let mut stretch = Stretch::Newest;
        loop {
            let page = self.client.messages(thread, stretch, PAGE).await?;
            let mut older: Vec<Line> = page.messages.iter().filter_map(line).collect();
            older.append(&mut lines);
            lines = older;
            match lines.first() {
                Some(first) if page.has_older => stretch = Stretch::Before { seq: first.seq },
                _ => break,
            }
        }
        scribe.note(What::Holds {
            thread,
            first: Seq(1),
            last: lines.last().map_or(Seq(0), |line| line.seq),
            digest: Digest::of(&lines),
        });
        let unread = |thread, count, counter| scribe.note(What::Unread { thread, count, counter });
        unread(None, self.client.unread().into(), Counter::Badge);
        for item in self.client.threads().await? {
            let id = item.summary.thread.id;
            unread(Some(id), item.summary.unread_count.into(), Counter::List);
        }
        self.client.close().await;
        let accounts = std::fs::read_dir(self.folder.path().join("accounts"))?;
        let account = accounts.flatten().next().context("somebody signed in here")?;
        let cursor = stored_cursor(&account.path().join("cache.sqlite"))?;
        scribe.note(What::Cursor { cursor });
        Ok(())
    }
}

/// What the app's own file says.
fn stored_cursor(file: &std::path::Path) -> Result<Cursor> {
    let db = rusqlite::Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let row = db.query_row("select epoch, pos from cursor", [], |row| {
        Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?))
    });
    let (epoch, pos) = row?;
    let (epoch, pos): (Epoch, _) = (epoch.parse()?, Pos(pos.try_into()?));
    Ok(Cursor { epoch, pos })
}

/// A message with its place.
fn line(message: &MessageItem) -> Option<Line> {
    Some(Line {
        thread: message.thread_id,
        id: message.id,
        seq: message.seq?,
        hash: hash(&message.message),
        sender: message.sender_type,
    })
}
