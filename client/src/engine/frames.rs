//! What the server says.

use std::time::Duration;

use prilavok_protocol::PROTOCOL_VERSION;
use prilavok_protocol::error::ErrorCode;
use prilavok_protocol::event::{Event, Signal};
use prilavok_protocol::frame::{ClientFrame, ServerFrame};
use prilavok_protocol::ids::{Cursor, Epoch, Pos};
use prilavok_protocol::limits::TYPING_SECONDS;
use prilavok_protocol::rest::Snapshot;
use prilavok_protocol::time::Time;
use tokio::time::Instant;

use super::{Engine, Phase};
use crate::cache::Applied;
use crate::connection::{Ended, Incoming};
use crate::error::Error;
use crate::notice;
use crate::update::{Connection, Update};

/// Entries in one transaction: a backlog costs few syncs, and a crash repeats little.
const BATCH: usize = 256;
/// `applied` is cumulative: one for all that arrives in this time.
const COALESCE: Duration = Duration::from_millis(250);
/// The server ends typing after its time; should that be lost, so does this device.
const TYPING: Duration = Duration::from_secs(TYPING_SECONDS + 1);
/// A clock that is further off spoils the times on the screen.
const CLOCK_MS: u64 = 5 * 60 * 1000;

impl Engine {
    pub(super) async fn on_incoming(&mut self, incoming: Incoming) {
        let mut next = Some(incoming);
        let line = self.dialled;
        while let Some(incoming) = next.take() {
            let result = match incoming {
                Incoming::Ended(ended) => return self.on_ended(ended).await,
                Incoming::Snapshot(snapshot) => self.on_snapshot(*snapshot).await,
                Incoming::Open => {
                    self.on_open();
                    Ok(())
                }
                Incoming::Frame(frame) => match *frame {
                    ServerFrame::Event { pos, event } => {
                        let (batch, after) = self.gather(pos, event);
                        next = after;
                        self.on_events(batch).await
                    }
                    frame => self.on_frame(frame).await,
                },
            };
            if let Err(error) = result {
                self.on_disk_error(&error);
                return self.on_ended(Ended::again("disk")).await;
            }
            // What is left over from a line that was dropped meanwhile is no news.
            if self.socket.is_none() || self.dialled != line {
                return;
            }
        }
    }

    /// This entry and those that have arrived behind it, and what came after them.
    fn gather(&mut self, pos: Pos, event: Event) -> (Vec<(Pos, Event)>, Option<Incoming>) {
        let mut batch = vec![(pos, event)];
        while batch.len() < BATCH {
            match self.socket.as_mut().and_then(crate::connection::Socket::ready) {
                Some(Incoming::Frame(frame)) => match *frame {
                    ServerFrame::Event { pos, event } => batch.push((pos, event)),
                    frame => return (batch, Some(Incoming::Frame(Box::new(frame)))),
                },
                other => return (batch, other),
            }
        }
        (batch, None)
    }

    async fn on_snapshot(&mut self, snapshot: Snapshot) -> Result<(), Error> {
        let cursor = snapshot.cursor;
        let cache = self.cache()?;
        let replaced = cache.replace(snapshot, self.started.clone()).await?;
        self.risen.extend(replaced.risen);
        self.cursor = Some(cursor);
        self.needs_snapshot = false;
        self.outbox = crate::outbox::Outbox::new(cache.outbox().await?);
        let total = cache.unread().await?;
        self.tell(Update::Reset);
        self.tell(Update::Unread { total });
        if replaced.has_taken_back {
            self.tell(Update::Warning { key: "restored".into() });
        }
        Ok(())
    }

    fn on_open(&mut self) {
        self.opened();
        let Some(socket) = &self.socket else { return };
        socket.send(ClientFrame::Hello {
            version: PROTOCOL_VERSION,
            device: self.device,
            client: Some(self.app.clone()),
            cursor: self.cursor,
        });
    }

    async fn on_frame(&mut self, frame: ServerFrame) -> Result<(), Error> {
        self.heard();
        match frame {
            ServerFrame::Welcome {
                epoch,
                limits,
                server_time,
                drafts,
                ..
            } => {
                self.limits = limits;
                self.drafts.welcome(epoch, drafts);
                self.check_clock(server_time);
                self.on_welcome(epoch);
            }
            ServerFrame::Live { pos } => self.on_live(pos).await?,
            ServerFrame::Resync { .. } => self.resync().await,
            ServerFrame::Reply { id, done, error } => self.on_reply(id, done, error).await?,
            ServerFrame::Signal { signal } => self.on_signal(signal).await?,
            ServerFrame::Heartbeat { pos } => self.on_heartbeat(pos),
            ServerFrame::GoingAway { spread_ms } => {
                let spread = Duration::from_millis(spread_ms.into());
                self.hint = Some(spread.mul_f64(self.network.chance()));
                self.is_restarting = true;
            }
            ServerFrame::Error { error } if error.code == ErrorCode::RateLimited => {
                self.hint = error.retry_after_ms.map(|ms| Duration::from_millis(ms.into()));
            }
            ServerFrame::Error { error } => {
                tracing::warn!(code = ?error.code, "the server refused a frame")
            }
            ServerFrame::Event { .. } | ServerFrame::Unknown => {}
        }
        Ok(())
    }

    fn on_welcome(&mut self, epoch: Epoch) {
        if let Some(cursor) = self.cursor.filter(|cursor| cursor.epoch != epoch) {
            // The server says `resync` next; should it not, its entries cannot be told from old ones.
            tracing::warn!(old = %cursor.epoch, new = %epoch, "the server's history is another one");
        }
        self.phase = Phase::CatchingUp;
    }

    async fn on_live(&mut self, head: Pos) -> Result<(), Error> {
        if self.cursor.is_none_or(|cursor| cursor.pos < head) {
            // The backlog was promised whole.
            self.resume().await;
            return Ok(());
        }
        self.phase = Phase::Live;
        self.resyncs = 0;
        self.count_stable();
        self.tell(Update::Connection {
            connection: Connection::Online,
        });
        self.say_applied();
        self.send_read_marks().await?;
        self.notify().await?;
        self.pump().await;
        self.resume_drafts().await
    }

    async fn on_events(&mut self, batch: Vec<(Pos, Event)>) -> Result<(), Error> {
        self.heard();
        let applied = self.cache()?.apply(batch).await?;
        self.timers.applied.get_or_insert(Instant::now() + COALESCE);
        self.timers.behind = None;
        self.disk_warned = false;
        let (is_gap, is_lost) = (applied.is_gap, applied.is_lost);
        let has_inherited = applied.has_inherited;
        self.show_applied(applied);
        if has_inherited {
            self.tell(Update::Reset);
            self.refresh_outbox().await;
        }
        if is_lost {
            self.resync().await;
        } else if is_gap {
            self.resume().await;
        } else if self.phase == Phase::Live {
            self.resyncs = 0;
            self.notify().await?;
            // An own message that came back by the log may have freed its thread.
            self.pump().await;
        }
        Ok(())
    }

    fn show_applied(&mut self, applied: Applied) {
        self.cursor = applied.cursor.or(self.cursor);
        for id in applied.confirmed {
            self.outbox.remove(id);
        }
        for message in applied.arrived {
            if self.typing_theirs.remove(&message.thread_id).is_some() {
                self.tell(Update::Typing {
                    thread_id: message.thread_id,
                    is_typing: false,
                });
            }
            self.backlog.insert(message.thread_id, message);
        }
        for message in applied.messages {
            self.tell(Update::Message { message });
        }
        for thread in applied.threads {
            if notice::is_over(&thread.summary, self.focus) {
                self.close_notice(thread.summary.thread.id);
            }
            self.tell(Update::Thread { thread });
        }
        self.tell(Update::Unread { total: applied.unread });
    }

    async fn on_signal(&mut self, signal: Signal) -> Result<(), Error> {
        match signal {
            Signal::Typing {
                thread_id,
                user_type,
                is_typing,
            } if user_type != self.role => {
                if is_typing {
                    self.typing_theirs.insert(thread_id, Instant::now() + TYPING);
                } else {
                    self.typing_theirs.remove(&thread_id);
                }
                self.tell(Update::Typing { thread_id, is_typing });
            }
            Signal::Presence { user_id, is_online, .. } => {
                for thread in self.cache()?.presence(Some((user_id, is_online))).await? {
                    self.tell(Update::Thread { thread });
                }
            }
            Signal::Alerted {
                thread_id,
                account_id,
                up_to_seq,
            } => self.leave_to_another(thread_id, account_id, up_to_seq),
            Signal::Drafts { version } => self.on_drafts_changed(version),
            Signal::Typing { .. } | Signal::Unknown => {}
        }
        Ok(())
    }

    /// The head is further on than this device: what is missing arrives at once, or was lost.
    fn on_heartbeat(&mut self, head: Pos) {
        if let Some(socket) = &self.socket {
            socket.send(ClientFrame::Pong);
        }
        let is_behind = self.cursor.is_some_and(|Cursor { pos, .. }| pos < head);
        if is_behind && self.phase == Phase::Live {
            self.timers.behind.get_or_insert(Instant::now() + self.pace.behind);
        } else {
            self.timers.behind = None;
        }
    }

    pub(super) fn say_applied(&mut self) {
        self.timers.applied = None;
        if let (Some(socket), Some(cursor)) = (&self.socket, self.cursor) {
            socket.send(ClientFrame::Applied { pos: cursor.pos });
        }
    }

    fn check_clock(&mut self, server: Time) {
        self.clock_off = server.millis().saturating_sub(self.clock.now().millis());
        if self.clock_off.unsigned_abs() > CLOCK_MS && !self.clock_warned {
            self.clock_warned = true;
            self.tell(Update::Warning { key: "clock".into() });
        }
    }
}
