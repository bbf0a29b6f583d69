//! Who is told outside the window, and what. Pure. [`quiet`] is when the person wants to hear nothing,
//! [`turn`] which of their devices speaks first.

pub mod quiet;
pub mod turn;

use prilavok_protocol::ids::{Role, ThreadId};
use prilavok_protocol::model::{Message, ThreadSummary};

use crate::settings::{Focus, Settings};
use crate::sync;
use crate::update::Notice;
use quiet::Moment;

/// All that the decision looks at.
#[derive(Debug, Clone, Copy)]
pub struct Case<'a> {
    /// Our side.
    pub me: Role,
    /// The newest message of the thread.
    pub message: &'a Message,
    /// The thread as it is after it.
    pub thread: &'a ThreadSummary,
    /// What the person looks at.
    pub focus: Focus,
    /// What the person chose.
    pub settings: &'a Settings,
    /// When.
    pub now: Moment,
}

/// The notice that this message deserves, if any. A backlog is judged after all of it has been applied, so
/// what was read elsewhere meanwhile is silent.
#[must_use]
pub fn decide(case: Case<'_>) -> Option<Notice> {
    let is_ours = case.message.sender_type == case.me;
    let is_read = case.message.seq <= sync::read_seq(&case.thread.thread, case.me);
    let is_seen = case.focus.is_on(case.message.thread_id);
    let is_wanted = case.settings.wants_notice(case.message.thread_id, case.now);
    if !is_wanted || is_ours || is_read || is_seen {
        return None;
    }
    let body = if case.settings.notice_text {
        case.message.message.clone()
    } else {
        String::new()
    };
    Some(Notice {
        thread_id: case.message.thread_id,
        title: case.thread.counterpart.name.clone(),
        body,
        count: case.thread.unread_count.max(1),
        up_to_seq: case.message.seq,
        is_again: false,
    })
}

/// A person who comes back after weeks wants to know that there is something, not to have the screen papered.
const AT_ONCE: usize = 3;

/// The notices after a snapshot, for the threads in which it brought something unread: where an event would have been
/// announced, so is this. Only the newest few; the counter says the rest.
#[must_use]
pub fn after_jump(
    mut threads: Vec<ThreadSummary>,
    me: Role,
    focus: Focus,
    (settings, now): (&Settings, Moment),
) -> Vec<Notice> {
    threads.retain(|thread| !is_over(thread, focus) && settings.wants_notice(thread.thread.id, now));
    threads.sort_by_key(|thread| std::cmp::Reverse(thread.last_message_time));
    threads.truncate(AT_ONCE);
    threads
        .into_iter()
        .map(|thread| of_summary(thread, me, settings))
        .collect()
}

/// A notice that stood when the app ended stands again, if there is still something to tell. Quiet hours do not take it
/// away: it makes no sound.
#[must_use]
pub fn again(thread: ThreadSummary, me: Role, focus: Focus, (settings, now): (&Settings, Moment)) -> Option<Notice> {
    if is_over(&thread, focus) || !settings.notices || settings.is_muted(thread.thread.id, now.time) {
        return None;
    }
    Some(Notice {
        is_again: true,
        ..of_summary(thread, me, settings)
    })
}

fn of_summary(thread: ThreadSummary, me: Role, settings: &Settings) -> Notice {
    let is_theirs = thread.last_sender_type == Some(me.other());
    let body = thread.last_message.filter(|_| is_theirs && settings.notice_text);
    Notice {
        thread_id: thread.thread.id,
        title: thread.counterpart.name,
        body: body.unwrap_or_default(),
        count: thread.unread_count,
        up_to_seq: thread.thread.head_seq,
        is_again: false,
    }
}

/// Whether a standing notice has been overtaken.
#[must_use]
pub fn is_over(thread: &ThreadSummary, focus: Focus) -> bool {
    thread.unread_count == 0 || focus.is_on(thread.thread.id)
}

/// Whether a standing notice of this thread is overtaken by a new look.
#[must_use]
pub fn is_seen(thread: ThreadId, focus: Focus) -> bool {
    focus.is_on(thread)
}

#[cfg(test)]
mod model;

#[cfg(test)]
mod tests {
    use super::quiet::{Moment, Mute, Quiet};
    use super::{Case, after_jump, again, decide};
    use crate::settings::{Focus, Settings};
    use crate::sync::fixtures;
    use prilavok_protocol::ids::{Role, Seq};
    use prilavok_protocol::time::Time;

    /// A Monday, five minutes to noon.
    fn noon() -> Moment {
        Moment {
            time: Time::from_millis(1_000_000),
            weekday: 1,
            minute: 11 * 60 + 55,
        }
    }

    #[test]
    fn a_notice_is_for_unread_messages_of_others_that_nobody_looks_at() {
        let thread = fixtures::summary(1, 3, Role::Buyer);
        let on = |is_focused| Focus {
            thread: Some(thread.thread.id),
            is_focused,
        };
        let quiet = Settings {
            notices: false,
            ..Settings::default()
        };
        let loud = Settings::default();
        let night = Settings {
            quiet: Quiet {
                is_on: true,
                from: 11 * 60,
                to: 12 * 60,
                days: vec![1],
            },
            ..Settings::default()
        };
        let muted = |until| Settings {
            muted: vec![Mute {
                thread_id: thread.thread.id,
                until,
            }],
            ..Settings::default()
        };
        let (for_good, ended) = (muted(None), muted(Some(noon().time)));
        let mut other = muted(None);
        other.muted[0].thread_id = prilavok_protocol::ids::ThreadId::mint();
        // sender, read up to, focus, settings, told
        let cases = [
            (Role::Seller, 0, Focus::default(), &loud, true),
            (Role::Buyer, 0, Focus::default(), &loud, false),
            (Role::Seller, 3, Focus::default(), &loud, false),
            (Role::Seller, 2, Focus::default(), &loud, true),
            (Role::Seller, 0, on(true), &loud, false),
            (Role::Seller, 0, on(false), &loud, true),
            (Role::Seller, 0, Focus::default(), &quiet, false),
            (Role::Seller, 0, Focus::default(), &night, false),
            (Role::Seller, 0, Focus::default(), &for_good, false),
            (Role::Seller, 0, Focus::default(), &ended, true),
            (Role::Seller, 0, Focus::default(), &other, true),
        ];
        for (sender, read, focus, settings, told) in cases {
            let mut thread = thread.clone();
            thread.thread.buyer_read_seq = Seq(read);
            let message = fixtures::message(&thread.thread, 3, sender);
            let case = Case {
                me: Role::Buyer,
                message: &message,
                thread: &thread,
                focus,
                settings,
                now: noon(),
            };
            assert_eq!(decide(case).is_some(), told, "{sender:?} {read} {focus:?} {settings:?}",);
        }
    }

    #[test]
    fn after_a_jump_the_newest_threads_with_something_unread_are_announced_and_no_others() {
        let thread = |n: u128, unread, at| {
            let mut thread = fixtures::summary(n, 3, Role::Buyer);
            thread.unread_count = unread;
            thread.last_message = Some(format!("из {n}"));
            thread.last_sender_type = Some(Role::Seller);
            thread.last_message_time = Some(Time::from_millis(at));
            thread
        };
        let threads = vec![
            thread(1, 2, 10),
            thread(2, 0, 60),
            thread(3, 1, 30),
            thread(4, 1, 50),
            thread(5, 7, 20),
            thread(6, 1, 70),
        ];
        let focus = Focus {
            thread: Some(threads[5].thread.id),
            is_focused: true,
        };
        let told = |settings: &Settings| {
            let notices = after_jump(threads.clone(), Role::Buyer, focus, (settings, noon()));
            let told = notices.into_iter().map(|notice| (notice.body, notice.count));
            told.collect::<Vec<_>>()
        };
        let loud = Settings::default();
        let expected = [("из 4", 1), ("из 3", 1), ("из 5", 7)].map(|(body, count)| (body.to_owned(), count));
        assert_eq!(told(&loud), expected);
        let mut discreet = loud.clone();
        discreet.notice_text = false;
        assert!(told(&discreet).iter().all(|(body, _)| body.is_empty()));
        let mut quiet = loud;
        quiet.notices = false;
        assert_eq!(told(&quiet), []);
    }

    #[test]
    fn without_text_in_notices_nothing_of_the_text_leaves() {
        let thread = fixtures::summary(1, 1, Role::Buyer);
        let message = fixtures::message(&thread.thread, 1, Role::Seller);
        let settings = Settings {
            notice_text: false,
            ..Settings::default()
        };
        let case = Case {
            me: Role::Buyer,
            message: &message,
            thread: &thread,
            focus: Focus::default(),
            settings: &settings,
            now: noon(),
        };
        assert_eq!(decide(case).map(|notice| notice.body).as_deref(), Some(""));
    }

    #[test]
    fn a_notice_of_an_earlier_run_stands_again_silently_while_there_is_something_to_tell() {
        let mut thread = fixtures::summary(1, 3, Role::Buyer);
        thread.unread_count = 2;
        let told = |thread: &crate::notice::ThreadSummary, settings: &Settings| {
            again(thread.clone(), Role::Buyer, Focus::default(), (settings, noon()))
        };
        let notice = told(&thread, &Settings::default()).unwrap();
        assert!(notice.is_again);
        assert_eq!((notice.count, notice.up_to_seq), (2, Seq(3)));
        let mut muted = Settings::default();
        muted.muted.push(Mute {
            thread_id: thread.thread.id,
            until: None,
        });
        assert_eq!(told(&thread, &muted), None);
        thread.unread_count = 0;
        assert_eq!(told(&thread, &Settings::default()), None);
    }
}
