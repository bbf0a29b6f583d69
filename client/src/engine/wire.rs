//! What goes on the wire: the outbox, read marks, commands and their replies.

use std::time::Duration;

use prilavok_protocol::command::{Command, Done};
use prilavok_protocol::error::Fault;
use prilavok_protocol::frame::ClientFrame;
use prilavok_protocol::ids::MessageId;
use tokio::time::Instant;

use super::{Asked, Engine, Phase};
use crate::connection::Ended;
use crate::error::Error;
use crate::outbox::{Verdict, judge};

impl Engine {
    /// Sends all that may go now.
    pub(super) async fn pump(&mut self) {
        if let Err(error) = self.try_pump().await {
            self.on_disk_error(&error);
        }
    }

    async fn try_pump(&mut self) -> Result<(), Error> {
        while self.phase == Phase::Live && self.timers.hold.is_none() {
            let Some(entry) = self.outbox.next().map(|entry| entry.id) else {
                return Ok(());
            };
            let Some(entry) = self.outbox.sending(entry).cloned() else {
                return Ok(());
            };
            // Written down before it goes out: a process that dies now sends it again, and nobody takes it back.
            let shown = match self.cache()?.set_stage(entry.clone()).await {
                Ok(shown) => shown,
                Err(error) => {
                    self.outbox.refused(entry.id, &Verdict::Later(None));
                    self.hold(None);
                    return Err(error);
                }
            };
            self.show(shown);
            let command = Command::Send {
                thread_id: entry.thread_id,
                message_id: entry.id,
                message: entry.message,
                product_id: entry.product_id,
            };
            self.command(command, Asked::Send(entry.id));
        }
        Ok(())
    }

    /// Hands a command to the socket.
    pub(super) fn command(&mut self, command: Command, asked: Asked) {
        let Some(socket) = &self.socket else { return };
        let id = self.next_command;
        self.next_command += 1;
        let is_sent = socket.send(ClientFrame::Command { id, command });
        let due = Instant::now() + self.pace.reply;
        self.asked.insert(id, (asked, due));
        if is_sent {
            self.timers.reply.get_or_insert(due);
        } else {
            // The line is too slow to be alive; the timer ends it in the engine's next turn.
            self.timers.silence = Some(Instant::now());
        }
    }

    /// All read marks that the server has not confirmed.
    pub(super) async fn send_read_marks(&mut self) -> Result<(), Error> {
        for (thread_id, up_to_seq) in self.cache()?.read_marks().await? {
            self.command(
                Command::Read { thread_id, up_to_seq },
                Asked::Read(thread_id, up_to_seq),
            );
        }
        Ok(())
    }

    pub(super) async fn on_reply(&mut self, id: u64, done: Option<Done>, error: Option<Fault>) -> Result<(), Error> {
        let Some((asked, _)) = self.asked.remove(&id) else {
            return Ok(());
        };
        self.timers.reply = self.asked.values().map(|(_, due)| *due).min();
        match (asked, error) {
            (Asked::Send(message), Some(fault)) => self.on_refused(message, &fault).await?,
            (Asked::Send(_), None) => {
                if let Some(Done::Message { message }) = done {
                    self.send_backoff.reset();
                    self.outbox.remove(message.id);
                    if let Some(shown) = self.cache()?.confirm(message).await? {
                        self.show(shown);
                    }
                }
            }
            // A mark that is refused for good would be refused for ever.
            (Asked::Read(thread, up_to), fault) => {
                let is_over = fault.is_none_or(|fault| matches!(judge(&fault), Verdict::Final(_)));
                if is_over {
                    self.cache()?.drop_read_mark(thread, up_to).await?;
                }
            }
            (Asked::SetDraft(thread), None) => self.on_draft_answered(thread, done).await?,
            (Asked::SetDraft(thread), Some(fault)) => self.on_draft_refused(thread, &fault),
            (Asked::Drafts, None) => self.on_drafts(done).await?,
            (Asked::Drafts, Some(fault)) => self.on_drafts_refused(&fault),
            (Asked::Typing | Asked::Alerted, _) => {}
        }
        self.pump().await;
        Ok(())
    }

    async fn on_refused(&mut self, id: MessageId, fault: &Fault) -> Result<(), Error> {
        let verdict = judge(fault);
        if let Verdict::Later(hint) | Verdict::Unknown(hint) = &verdict {
            self.hold(*hint);
        }
        tracing::info!(code = ?fault.code, "the server did not take a message");
        let Some(entry) = self.outbox.refused(id, &verdict).cloned() else {
            return Ok(());
        };
        let shown = self.cache()?.set_stage(entry).await?;
        self.show(shown);
        Ok(())
    }

    /// Nothing is sent for a while: as long as the server says, or the backoff.
    fn hold(&mut self, hint: Option<Duration>) {
        let wait = self.send_backoff.next(self.network.chance(), hint);
        let until = Instant::now() + wait;
        self.timers.hold = Some(self.timers.hold.map_or(until, |old| old.max(until)));
    }

    /// A command without an answer: the line is dead one way.
    pub(super) async fn on_reply_overdue(&mut self) {
        self.on_ended(Ended::again("network")).await;
    }

    /// Takes in rows that came to the outbox, or to another thread, by other ways than the engine's own.
    pub(super) async fn refresh_outbox(&mut self) {
        if let Err(error) = self.try_refresh_outbox().await {
            self.on_disk_error(&error);
        }
    }

    async fn try_refresh_outbox(&mut self) -> Result<(), Error> {
        let cache = self.cache()?;
        for entry in cache.entries().await? {
            let known = self.outbox.find(entry.id);
            if known.is_some_and(|known| known.thread_id == entry.thread_id) {
                continue;
            }
            self.outbox.put(entry.clone());
            let shown = cache.set_stage(entry).await?;
            self.show(shown);
        }
        Ok(())
    }

    /// The line is gone: what was on it is unconfirmed.
    pub(super) async fn interrupt_outbox(&mut self) {
        self.asked.clear();
        self.drafts.hang_up();
        for id in self.outbox.interrupt() {
            let Some(entry) = self.outbox.find(id).cloned() else {
                continue;
            };
            let Ok(cache) = self.cache() else { return };
            match cache.set_stage(entry).await {
                Ok(shown) => self.show(shown),
                Err(error) => self.on_disk_error(&error),
            }
        }
    }
}
