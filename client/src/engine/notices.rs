//! Notices: who is told of what arrived, which notices stand, and when they go.

use prilavok_protocol::ids::ThreadId;

use super::Engine;
use crate::error::Error;
use crate::notice;
use crate::settings::Focus;
use crate::update::Update;

impl Engine {
    /// Judges what has arrived, now that all of it is applied.
    pub(super) async fn notify(&mut self) -> Result<(), Error> {
        let cache = self.cache()?;
        let settings = self.shared.settings.borrow().clone();
        let now = self.clock.moment();
        for (thread, message) in std::mem::take(&mut self.backlog) {
            self.risen.remove(&thread);
            let Some(item) = cache.thread(thread).await? else {
                continue;
            };
            let case = notice::Case {
                me: self.role,
                message: &message,
                thread: &item.summary,
                focus: self.focus,
                settings: &settings,
                now,
            };
            if let Some(notice) = notice::decide(case) {
                self.noticed.insert(thread);
                self.tell(Update::Notice { notice });
            }
        }
        self.notify_of_jumps().await
    }

    /// Judges the threads in which a snapshot, and not an event, brought something unread.
    async fn notify_of_jumps(&mut self) -> Result<(), Error> {
        if self.risen.is_empty() {
            return Ok(());
        }
        let cache = self.cache()?;
        let mut risen = Vec::new();
        for thread in std::mem::take(&mut self.risen) {
            risen.extend(cache.thread(thread).await?);
        }
        let settings = self.shared.settings.borrow().clone();
        let summaries = risen.into_iter().map(|item| item.summary).collect();
        for notice in notice::after_jump(summaries, self.role, self.focus, (&settings, self.clock.moment())) {
            self.noticed.insert(notice.thread_id);
            self.tell(Update::Notice { notice });
        }
        Ok(())
    }

    /// Notices of an earlier run: told again where there is still something to tell, and closed where not.
    pub(super) async fn stand_again(&mut self, threads: Vec<ThreadId>) -> Result<(), Error> {
        let settings = self.shared.settings.borrow().clone();
        let now = self.clock.moment();
        for thread_id in threads {
            let item = match &self.signed {
                Some(signed) => signed.cache.thread(thread_id).await?,
                None => None,
            };
            let again = item.and_then(|item| notice::again(item.summary, self.role, self.focus, (&settings, now)));
            match again {
                Some(notice) if !self.noticed.contains(&thread_id) => {
                    self.noticed.insert(thread_id);
                    self.tell(Update::Notice { notice });
                }
                // A newer message has been told already.
                Some(_) => {}
                None => self.tell(Update::NoticeClosed { thread_id }),
            }
        }
        Ok(())
    }

    pub(super) fn look(&mut self, focus: Focus) {
        self.focus = focus;
        let seen: Vec<ThreadId> = self
            .noticed
            .iter()
            .copied()
            .filter(|id| notice::is_seen(*id, focus))
            .collect();
        for thread in seen {
            self.close_notice(thread);
        }
    }

    pub(super) fn close_notice(&mut self, thread_id: ThreadId) {
        if self.noticed.remove(&thread_id) {
            self.tell(Update::NoticeClosed { thread_id });
        }
    }
}
