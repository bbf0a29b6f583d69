//! What the person does: each request is durable before it is answered.

use std::time::Duration;

use prilavok_protocol::command::Command;
use prilavok_protocol::ids::{MessageId, ProductId, Seq, ThreadId};
use tokio::time::Instant;

use super::{Asked, Engine, Input, Phase, Signed, Turn};
use crate::error::Error;
use crate::outbox::{Outbox, Stage};
use crate::update::{Connection, Identity, MessageItem, Update};

/// The other side's mark of typing lives five seconds: said again in time, it never flickers.
const TYPING_AGAIN: Duration = Duration::from_secs(3);

impl Engine {
    pub(super) async fn on_input(&mut self, input: Input) {
        if input.is_by_hand() {
            self.turn.used();
        }
        match input {
            Input::Account {
                identity,
                signed,
                has_token,
                answer,
            } => {
                let _ = answer.send(self.change_account(*identity, signed, has_token).await);
            }
            Input::Identity(identity) => self.tell(Update::Identity { identity: *identity }),
            Input::Send {
                thread,
                text,
                product,
                answer,
            } => {
                let _ = answer.send(self.send(thread, text, product).await);
                self.pump().await;
            }
            Input::Retry { id, answer } => {
                let _ = answer.send(self.retry(id).await);
                self.pump().await;
            }
            Input::Cancel { id, answer } => {
                let _ = answer.send(self.cancel(id).await);
            }
            Input::Edit { id, answer } => {
                let _ = answer.send(self.edit(id).await);
            }
            Input::MarkRead { thread, up_to, answer } => {
                let _ = answer.send(self.mark_read(thread, up_to).await);
            }
            Input::Typing { thread, is_typing } => self.typing(thread, is_typing),
            Input::Draft { thread, field, answer } => {
                let _ = answer.send(self.write_draft(thread, field).await);
            }
            Input::ChooseDraft { thread, choice, answer } => {
                let _ = answer.send(self.choose_draft(thread, choice).await);
            }
            Input::Adopt { summary, answer } => {
                let _ = answer.send(self.adopt(*summary).await);
            }
            Input::TakenBack => {
                self.tell(Update::Warning { key: "restored".into() });
                self.refresh_outbox().await;
            }
            Input::Look(focus) => self.look(focus),
            Input::StandAgain { threads, answer } => {
                let _ = answer.send(self.stand_again(threads).await);
            }
            Input::ReconnectNow => self.reconnect_now(),
            Input::SessionEnded => {
                self.hang_up().await;
                self.stop("signed_out");
            }
            Input::Warn(key) => self.tell(Update::Warning { key: key.into() }),
            Input::Close(_) => unreachable!("the loop ends with it"),
        }
    }

    pub(super) fn cache(&self) -> Result<crate::cache::Cache, Error> {
        self.signed
            .as_ref()
            .map(|signed| signed.cache.clone())
            .ok_or(Error::SignedOut)
    }

    async fn change_account(
        &mut self,
        identity: Identity,
        signed: Option<Signed>,
        has_token: bool,
    ) -> Result<(), Error> {
        self.hang_up().await;
        if let Some(old) = self.signed.take() {
            old.cache.close().await;
        }
        self.outbox = Outbox::default();
        self.cursor = None;
        self.drafts = super::drafts::Drafts::default();
        self.timers.drafts = None;
        // Whose they are must not be read by the next.
        for thread in std::mem::take(&mut self.noticed) {
            self.tell(Update::NoticeClosed { thread_id: thread });
        }
        self.backlog.clear();
        self.turn = Turn::default();
        self.risen.clear();
        self.phase = Phase::Idle;
        self.timers.retry = None;
        self.timers.hold = None;
        self.backoff.reset();
        self.resyncs = 0;
        self.disk_warned = false;
        let mut unread = 0;
        if let Some(signed) = &signed {
            self.outbox = Outbox::new(signed.cache.outbox().await?);
            self.cursor = signed.cache.cursor().await?;
            self.needs_snapshot = self.cursor.is_none();
            signed.cache.presence(None).await?;
            unread = signed.cache.unread().await?;
        }
        self.shared.set_signed(signed.clone());
        self.signed = signed;
        self.tell(Update::Identity { identity });
        self.tell(Update::Reset);
        self.tell(Update::Unread { total: unread });
        match (&self.signed, has_token) {
            (Some(_), true) => self.dial(),
            (Some(_), false) => self.stop("signed_out"),
            (None, _) => self.tell(Update::Connection {
                connection: Connection::Idle,
            }),
        }
        Ok(())
    }

    async fn send(&mut self, thread: ThreadId, text: String, product: Option<ProductId>) -> Result<MessageItem, Error> {
        if text.trim().is_empty() {
            return Err(Error::Invalid("a message has a text"));
        }
        if text.chars().count() > self.limits.text_chars as usize {
            return Err(Error::Refused {
                code: prilavok_protocol::error::ErrorCode::TooLarge,
                detail: format!("{} characters at most", self.limits.text_chars),
                retry_after_ms: None,
            });
        }
        let queued = self.cache()?.enqueue(thread, text, product, self.now()).await?;
        let (entry, shown) = queued.ok_or(Error::NotFound)?;
        self.typing_mine.remove(&thread);
        self.outbox.put(entry);
        self.disk_warned = false;
        let message = shown.message.clone();
        self.show(shown);
        self.sync_drafts_soon();
        Ok(message)
    }

    async fn retry(&mut self, id: MessageId) -> Result<(), Error> {
        let entry = self.outbox.find(id).cloned().ok_or(Error::NotFound)?;
        let Stage::Failed(reason) = &entry.stage else {
            // It is on its way already: then at least not later than now.
            self.timers.hold = None;
            self.reconnect_now();
            return Ok(());
        };
        // Under an id that stands for something else it would be refused for ever; likewise after a rollback the
        // other devices may still hold the old one.
        let fresh = if reason == "conflict" { MessageId::mint() } else { id };
        let thread_id = entry.thread_id;
        let (entry, shown) = self.cache()?.requeue(entry, fresh).await?;
        self.outbox.remove(id);
        self.outbox.put(entry);
        if fresh != id {
            self.tell(Update::MessageRemoved { thread_id, id });
        }
        self.show(shown);
        Ok(())
    }

    async fn cancel(&mut self, id: MessageId) -> Result<bool, Error> {
        if !self.outbox.can_cancel(id) {
            return Ok(false);
        }
        let thread_id = self
            .outbox
            .find(id)
            .map(|entry| entry.thread_id)
            .ok_or(Error::NotFound)?;
        let thread = self.cache()?.cancel(thread_id, id).await?;
        self.outbox.remove(id);
        self.tell(Update::MessageRemoved { thread_id, id });
        if let Some(thread) = thread {
            self.tell(Update::Thread { thread });
        }
        Ok(true)
    }

    async fn mark_read(&mut self, thread: ThreadId, up_to: Seq) -> Result<(), Error> {
        let cache = self.cache()?;
        let Some((item, up_to)) = cache.mark_read(thread, up_to).await? else {
            return Ok(());
        };
        if item.summary.unread_count == 0 {
            self.close_notice(thread);
        }
        self.tell(Update::Thread { thread: item });
        let total = cache.unread().await?;
        self.tell(Update::Unread { total });
        if self.phase == Phase::Live {
            self.command(
                Command::Read {
                    thread_id: thread,
                    up_to_seq: up_to,
                },
                Asked::Read(thread, up_to),
            );
        }
        Ok(())
    }

    fn typing(&mut self, thread: ThreadId, is_typing: bool) {
        let now = Instant::now();
        let said = self.typing_mine.get(&thread).copied();
        if self.phase != Phase::Live || (is_typing && said.is_some_and(|at| now < at + TYPING_AGAIN)) {
            return;
        }
        if is_typing {
            self.typing_mine.insert(thread, now);
        } else if self.typing_mine.remove(&thread).is_none() {
            return;
        }
        self.command(
            Command::Typing {
                thread_id: thread,
                is_typing,
            },
            Asked::Typing,
        );
    }

    async fn adopt(&mut self, summary: prilavok_protocol::model::ThreadSummary) -> Result<(), Error> {
        self.started.insert(summary.thread.id);
        if let Some(thread) = self.cache()?.adopt(summary).await? {
            self.tell(Update::Thread { thread });
        }
        self.refresh_outbox().await;
        Ok(())
    }

    pub(super) fn show(&mut self, shown: crate::cache::Shown) {
        self.tell(Update::Message { message: shown.message });
        if let Some(thread) = shown.thread {
            self.tell(Update::Thread { thread });
        }
    }
}
