//! Notices against their rule in words, over a log that is told late, twice and in pieces.

use std::collections::BTreeSet;

use prilavok_protocol::event::Event;
use prilavok_protocol::ids::{Cursor, Epoch, Pos, Role, Seq};
use prilavok_protocol::time::Time;
use proptest::prelude::*;
use uuid::Uuid;

use super::quiet::Moment;
use super::{Case, decide};
use crate::settings::{Focus, Settings};
use crate::sync::{self, Arrival, Counts, Held, fixtures};

const ME: Role = Role::Seller;

#[derive(Debug, Clone)]
enum Step {
    /// The entry at this place arrives, which may be any.
    Arrive(u8),
    /// The person turns to a thread, or away.
    Look { thread: Option<u8>, is_focused: bool },
    /// The person turns notices or their text on or off.
    Choose { notices: bool, text: bool },
}

fn now() -> Moment {
    Moment {
        time: Time::from_millis(0),
        weekday: 1,
        minute: 0,
    }
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => any::<u8>().prop_map(Step::Arrive),
        1 => (prop::option::of(1u8..3), any::<bool>())
            .prop_map(|(thread, is_focused)| Step::Look { thread, is_focused }),
        1 => (any::<bool>(), any::<bool>()).prop_map(|(notices, text)| Step::Choose { notices, text }),
    ]
}

fn log(dice: &[(bool, bool)]) -> Vec<(u8, Event)> {
    let mut heads = [0u64; 3];
    let entry = |&(is_first, is_ours): &(bool, bool)| {
        let thread = if is_first { 1u8 } else { 2 };
        let head = &mut heads[usize::from(thread)];
        *head += 1;
        let sender = if is_ours { ME } else { ME.other() };
        let summary = fixtures::summary(thread.into(), 0, ME);
        let message = fixtures::message(&summary.thread, *head, sender);
        (thread, Event::Message { message })
    };
    dice.iter().map(entry).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1024))]

    #[test]
    fn each_unseen_message_of_another_is_told_once_and_nothing_else_ever(
        dice in prop::collection::vec(any::<(bool, bool)>(), 1..30),
        steps in prop::collection::vec(step(), 0..90),
    ) {
        let log = log(&dice);
        let mut cursor = Cursor { epoch: Epoch(Uuid::nil()), pos: Pos(0) };
        let mut held: Vec<Held> = (0..3)
            .map(|n| Held { summary: fixtures::summary(n, 0, ME), waiting_ms: None })
            .collect();
        let (mut focus, mut settings) = (Focus::default(), Settings::default());
        let mut told = BTreeSet::new();
        for step in steps {
            let at = match step {
                Step::Look { thread, is_focused } => {
                    let thread = thread.map(|n| held[usize::from(n)].summary.thread.id);
                    focus = Focus { thread, is_focused };
                    continue;
                }
                Step::Choose { notices, text } => {
                    (settings.notices, settings.notice_text) = (notices, text);
                    continue;
                }
                Step::Arrive(at) => usize::from(at) % log.len(),
            };
            // Beyond a gap the device asks again from its cursor, so that the next entry is the next.
            let at = at.min(usize::try_from(cursor.pos.0).unwrap().min(log.len() - 1));
            let (thread, event) = &log[at];
            if sync::arrival(cursor, Pos(at as u64 + 1)) != Arrival::Next {
                continue;
            }
            let place = usize::from(*thread);
            held[place] = sync::apply(ME, Some(&held[place]), event, Counts::default()).unwrap();
            cursor.pos = Pos(at as u64 + 1);
            let Event::Message { message } = event else { unreachable!("the log holds messages") };
            let summary = &held[place].summary;
            let case = Case { me: ME, message, thread: summary, focus, settings: &settings, now: now() };
            let is_before_eyes = focus.is_focused && focus.thread == Some(message.thread_id);
            let is_due = settings.notices && message.sender_type != ME && !is_before_eyes;
            let notice = decide(case);
            prop_assert_eq!(notice.is_some(), is_due);
            if let Some(notice) = notice {
                prop_assert!(told.insert(message.id), "told twice");
                prop_assert_eq!(notice.thread_id, message.thread_id);
                prop_assert_eq!(notice.body == message.message, settings.notice_text, "the text leaves only if it may");
                prop_assert!(notice.count >= 1);
            }
        }
    }

    #[test]
    fn what_has_been_read_on_another_device_is_silent(head in 1u64..20, read in 0u64..20) {
        let mut thread = fixtures::summary(1, head, ME);
        thread.thread.seller_read_seq = Seq(read);
        let message = fixtures::message(&thread.thread, head, ME.other());
        let settings = Settings::default();
        let case = Case { me: ME, message: &message, thread: &thread, focus: Focus::default(), settings: &settings, now: now() };
        prop_assert_eq!(decide(case).is_some(), read < head);
    }
}
