//! Notices: who is told of what arrived, which notices stand, and when they go.

use std::collections::BTreeMap;

use prilavok_protocol::command::Command;
use prilavok_protocol::ids::{AccountId, Seq, ThreadId};
use tokio::time::Instant;

use super::{Asked, Engine, Phase};
use crate::error::Error;
use crate::notice::{self, turn};
use crate::settings::Focus;
use crate::update::{Notice, Update};

/// Notices that wait for this device's turn.
#[derive(Debug, Default)]
pub(super) struct Turn {
    /// When the person last used this device.
    used: Option<Instant>,
    /// Drawn once, so that a device keeps its place and its notices their order.
    chance: Option<f64>,
    held: BTreeMap<ThreadId, Held>,
    /// Up to where another device has alerted, and until when it is left to that one.
    left: BTreeMap<ThreadId, (Seq, Instant)>,
}

#[derive(Debug)]
struct Held {
    notice: Notice,
    due: Instant,
}

impl Turn {
    /// The person uses this device.
    pub(super) fn used(&mut self) {
        self.used = Some(Instant::now());
    }

    /// When the next ones are due.
    pub(super) fn dues(&self) -> impl Iterator<Item = Instant> {
        self.held.values().map(|held| held.due)
    }

    fn threads(&self) -> impl Iterator<Item = ThreadId> {
        self.held.keys().copied()
    }

    /// Keeps a notice until it is due. One that takes the place of an older one does not wait longer than that.
    fn hold(&mut self, notice: Notice, mut due: Instant) {
        let thread = notice.thread_id;
        match self.left.get(&thread) {
            Some((up_to, until)) if *up_to >= notice.up_to_seq => due = due.max(*until),
            _ => {}
        }
        if let Some(older) = self.held.get(&thread) {
            due = due.min(older.due);
        }
        self.held.insert(thread, Held { notice, due });
    }

    /// Another device alerts. The first word counts: a talk that goes on must not put this device off for ever.
    fn leave(&mut self, thread: ThreadId, up_to: Seq, until: Instant) {
        let (known, until) = match self.left.get(&thread) {
            Some((known, first)) => (*known, *first),
            None => (up_to, until),
        };
        self.left.insert(thread, (known.max(up_to), until));
        if let Some(held) = self.held.get_mut(&thread)
            && held.notice.up_to_seq <= up_to
        {
            held.due = until;
        }
    }

    fn take(&mut self, now: Instant) -> Vec<Notice> {
        let mut due: Vec<Held> = self
            .held
            .extract_if(.., |_, held| held.due <= now)
            .map(|(_, held)| held)
            .collect();
        due.sort_by_key(|held| held.due);
        due.into_iter().map(|held| held.notice).collect()
    }

    /// It was read.
    fn forget(&mut self, thread: ThreadId) {
        self.held.remove(&thread);
        self.left.remove(&thread);
    }
}

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
                self.raise(notice);
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
            self.raise(notice);
        }
        Ok(())
    }

    /// Alerts when it is this device's turn.
    fn raise(&mut self, notice: Notice) {
        let now = Instant::now();
        let chance = *self.turn.chance.get_or_insert_with(|| self.network.chance());
        let idle = self.turn.used.map(|used| now - used);
        let wait = turn::wait(self.focus.is_focused, idle, self.pace.turn, chance);
        self.turn.hold(notice, now + wait);
        self.take_turns(now);
    }

    /// Alerts for all whose time has come.
    pub(super) fn take_turns(&mut self, now: Instant) {
        for notice in self.turn.take(now) {
            let (thread_id, up_to_seq) = (notice.thread_id, notice.up_to_seq);
            self.noticed.insert(thread_id);
            self.tell(Update::Notice { notice });
            if self.phase == Phase::Live {
                self.command(Command::Alerted { thread_id, up_to_seq }, Asked::Alerted);
            }
        }
    }

    /// Another device of this person's has alerted, or this one did.
    pub(super) fn leave_to_another(&mut self, thread_id: ThreadId, account_id: AccountId, up_to: Seq) {
        let own = self.shared.identity.borrow().account.as_ref().map(|account| account.id);
        if own == Some(account_id) {
            self.turn.leave(thread_id, up_to, Instant::now() + self.pace.left);
        }
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
            .chain(self.turn.threads())
            .filter(|id| notice::is_seen(*id, focus))
            .collect();
        for thread in seen {
            self.close_notice(thread);
        }
    }

    pub(super) fn close_notice(&mut self, thread_id: ThreadId) {
        self.turn.forget(thread_id);
        if self.noticed.remove(&thread_id) {
            self.tell(Update::NoticeClosed { thread_id });
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use prilavok_protocol::ids::{Seq, ThreadId};
    use tokio::time::Instant;

    use super::Turn;
    use crate::update::Notice;

    fn notice(thread_id: ThreadId, seq: u64) -> Notice {
        Notice {
            thread_id,
            title: String::new(),
            body: String::new(),
            count: 1,
            up_to_seq: Seq(seq),
            is_again: false,
        }
    }

    #[test]
    fn an_alert_that_another_device_gave_waits_and_is_given_if_nobody_reads() {
        let (thread, start) = (ThreadId::mint(), Instant::now());
        let at = |seconds| start + Duration::from_secs(seconds);
        let told = |turn: &mut Turn, seconds| {
            turn.take(at(seconds))
                .iter()
                .map(|it| it.up_to_seq.0)
                .collect::<Vec<_>>()
        };
        // Its own turn comes, and nobody was faster.
        let mut turn = Turn::default();
        turn.hold(notice(thread, 1), at(3));
        assert_eq!((told(&mut turn, 2), told(&mut turn, 3)), (vec![], vec![1]));
        // Another was faster: the signal after the message, and before it.
        for is_first in [true, false] {
            let mut turn = Turn::default();
            if is_first {
                turn.leave(thread, Seq(1), at(60));
                turn.hold(notice(thread, 1), at(3));
            } else {
                turn.hold(notice(thread, 1), at(3));
                turn.leave(thread, Seq(1), at(60));
            }
            assert_eq!(
                (told(&mut turn, 59), told(&mut turn, 60)),
                (vec![], vec![1]),
                "{is_first}"
            );
        }
        // What the other device did not tell is not left to it.
        let mut turn = Turn::default();
        turn.hold(notice(thread, 2), at(3));
        turn.leave(thread, Seq(1), at(60));
        assert_eq!(told(&mut turn, 3), [2]);
        // A talk that goes on does not put it off for ever.
        let mut turn = Turn::default();
        for n in 1..=5 {
            turn.hold(notice(thread, n), at(n * 20 + 3));
            turn.leave(thread, Seq(n), at(n * 20 + 60));
        }
        assert_eq!(told(&mut turn, 80), [5]);
        // Read meanwhile: nothing to tell, and the next one counts anew.
        let mut turn = Turn::default();
        turn.hold(notice(thread, 1), at(3));
        turn.leave(thread, Seq(1), at(60));
        turn.forget(thread);
        assert!(told(&mut turn, 100).is_empty());
    }
}
