//! Drafts on their way between this device and the account's others. A server that knows none leaves them here.

use std::collections::BTreeSet;
use std::time::Duration;

use prilavok_protocol::command::{Command, Done};
use prilavok_protocol::error::Fault;
use prilavok_protocol::ids::{DraftVersion, Epoch, MessageId, ThreadId};
use tokio::time::Instant;

use super::{Asked, Engine, Phase};
use crate::cache::{DraftAnswer, Field, News, Wanted};
use crate::drafts::DraftChoice;
use crate::error::Error;
use crate::outbox::{Verdict, judge};
use crate::update::Update;

/// Changes that may be on the wire at once: a device comes back with all it has, and leaves room for messages.
const AT_ONCE: usize = 8;
/// A refusal without a hint is tried again after this.
const AGAIN: Duration = Duration::from_secs(10);

/// How the drafts stand with the server.
#[derive(Debug, Default)]
pub(super) struct Drafts {
    /// The history that versions count in, and how far the account's drafts have come. `None`: the server keeps none.
    head: Option<(Epoch, DraftVersion)>,
    /// How far this device knows them.
    known: DraftVersion,
    /// They are being asked for.
    is_asking: bool,
    /// On the wire.
    setting: Vec<Wanted>,
    /// Refused for good as they are.
    refused: BTreeSet<ThreadId>,
}

impl Drafts {
    pub(super) fn welcome(&mut self, epoch: Epoch, version: Option<DraftVersion>) {
        self.head = version.map(|version| (epoch, version));
        self.refused.clear();
        self.hang_up();
    }

    /// Nothing is on the wire any more.
    pub(super) fn hang_up(&mut self) {
        self.is_asking = false;
        self.setting.clear();
    }
}

impl Engine {
    pub(super) async fn write_draft(&mut self, thread: ThreadId, field: Field) -> Result<(), Error> {
        if let Some(thread) = self.cache()?.write_draft(thread, field).await? {
            self.tell(Update::Thread { thread });
        }
        self.disk_warned = false;
        self.drafts.refused.remove(&thread);
        self.sync_drafts_soon();
        Ok(())
    }

    pub(super) async fn choose_draft(&mut self, thread: ThreadId, choice: DraftChoice) -> Result<(), Error> {
        if let Some(thread) = self.cache()?.choose_draft(thread, choice).await? {
            self.tell(Update::Thread { thread });
        }
        self.drafts.refused.remove(&thread);
        self.sync_drafts_soon();
        Ok(())
    }

    /// An unsent message goes back into the field. False when it may be on its way already.
    pub(super) async fn edit(&mut self, id: MessageId) -> Result<bool, Error> {
        if !self.outbox.can_cancel(id) {
            return Ok(false);
        }
        let entry = self.outbox.find(id).cloned().ok_or(Error::NotFound)?;
        let thread_id = entry.thread_id;
        let thread = self.cache()?.take_back(entry).await?;
        self.outbox.remove(id);
        self.tell(Update::MessageRemoved { thread_id, id });
        if let Some(thread) = thread {
            self.tell(Update::Thread { thread });
        }
        self.sync_drafts_soon();
        Ok(true)
    }

    /// Something may have changed that the server has not heard of.
    pub(super) fn sync_drafts_soon(&mut self) {
        if self.drafts.head.is_some() && self.phase == Phase::Live {
            let due = Instant::now() + self.pace.draft;
            self.timers.drafts.get_or_insert(due);
        }
    }

    /// The line is live: what changed elsewhere comes first, then what changed here goes.
    pub(super) async fn resume_drafts(&mut self) -> Result<(), Error> {
        let Some((epoch, version)) = self.drafts.head else {
            return Ok(());
        };
        self.drafts.known = self.cache()?.draft_cursor(epoch).await?;
        if version > self.drafts.known {
            self.ask_for_drafts();
        } else {
            self.set_drafts().await;
        }
        Ok(())
    }

    pub(super) fn on_drafts_changed(&mut self, version: DraftVersion) {
        let Some((_, head)) = &mut self.drafts.head else {
            return;
        };
        *head = version.max(*head);
        if version > self.drafts.known && self.phase == Phase::Live {
            self.ask_for_drafts();
        }
    }

    fn ask_for_drafts(&mut self) {
        if !self.drafts.is_asking {
            self.drafts.is_asking = true;
            let after = self.drafts.known;
            self.command(Command::Drafts { after }, Asked::Drafts);
        }
    }

    pub(super) async fn on_drafts(&mut self, done: Option<Done>) -> Result<(), Error> {
        self.drafts.is_asking = false;
        let Some(Done::Drafts {
            drafts,
            version,
            has_more,
        }) = done
        else {
            return Ok(());
        };
        let is_news = version > self.drafts.known;
        let looked_at = self.focus.thread.filter(|_| self.focus.is_focused);
        let news = News {
            me: self.device,
            drafts,
            version,
            looked_at,
        };
        for thread in self.cache()?.heard_drafts(news).await? {
            self.tell(Update::Thread { thread });
        }
        self.drafts.known = version.max(self.drafts.known);
        let is_behind = self.drafts.head.is_some_and(|(_, head)| head > self.drafts.known);
        // A server that promises more and tells nothing new would be asked for ever.
        if is_news && (has_more || is_behind) {
            self.ask_for_drafts();
        } else {
            self.set_drafts().await;
        }
        Ok(())
    }

    /// Sets what the server does not have, as much as may be on the wire.
    pub(super) async fn set_drafts(&mut self) {
        if let Err(error) = self.try_set_drafts().await {
            self.on_disk_error(&error);
        }
    }

    async fn try_set_drafts(&mut self) -> Result<(), Error> {
        let is_open = self.phase == Phase::Live && self.drafts.head.is_some();
        if !is_open || self.drafts.is_asking || self.timers.drafts.is_some() {
            return Ok(());
        }
        for wanted in self.cache()?.wanted_drafts(self.limits.text_chars).await? {
            if self.drafts.setting.len() >= AT_ONCE {
                break;
            }
            let is_under_way = self.drafts.setting.iter().any(|set| set.thread == wanted.thread);
            if is_under_way || self.drafts.refused.contains(&wanted.thread) {
                continue;
            }
            let thread_id = wanted.thread;
            let command = Command::SetDraft {
                thread_id,
                base: wanted.base,
                message: wanted.text.clone(),
            };
            self.drafts.setting.push(wanted);
            self.command(command, Asked::SetDraft(thread_id));
        }
        Ok(())
    }

    fn taken_off(&mut self, thread: ThreadId) -> Option<Wanted> {
        let at = self.drafts.setting.iter().position(|set| set.thread == thread)?;
        Some(self.drafts.setting.swap_remove(at))
    }

    pub(super) async fn on_draft_answered(&mut self, thread: ThreadId, done: Option<Done>) -> Result<(), Error> {
        let (Some(set), Some(Done::Draft { draft, is_kept })) = (self.taken_off(thread), done) else {
            return Ok(());
        };
        if draft.thread_id != thread {
            return Ok(());
        }
        let version = draft.version;
        let answer = DraftAnswer {
            me: self.device,
            set: set.text,
            draft,
            is_kept,
        };
        let (item, known) = self.cache()?.answered_draft(answer).await?;
        if let Some(thread) = item {
            self.tell(Update::Thread { thread });
        }
        self.drafts.known = known.max(self.drafts.known);
        self.on_drafts_changed(version);
        self.sync_drafts_soon();
        Ok(())
    }

    pub(super) fn on_draft_refused(&mut self, thread: ThreadId, fault: &Fault) {
        self.taken_off(thread);
        tracing::info!(code = ?fault.code, "the server did not take a draft");
        match judge(fault) {
            Verdict::Final(_) => {
                self.drafts.refused.insert(thread);
            }
            Verdict::Later(hint) | Verdict::Unknown(hint) => {
                self.timers.drafts = Some(Instant::now() + hint.unwrap_or(AGAIN));
            }
        }
    }

    pub(super) fn on_drafts_refused(&mut self, fault: &Fault) {
        // The next signal, or the next line, asks again.
        self.drafts.is_asking = false;
        tracing::info!(code = ?fault.code, "the server did not tell the drafts");
    }
}
