//! When the person wants to hear nothing: quiet hours, and threads that are muted. Pure.

use prilavok_protocol::ids::ThreadId;
use prilavok_protocol::time::Time;
use serde::{Deserialize, Serialize};

/// Minutes of a day.
const DAY: u16 = 24 * 60;

/// Hours without notices.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
#[serde(default)]
pub struct Quiet {
    /// Whether they are kept.
    pub is_on: bool,
    /// They begin so many minutes after midnight, local time.
    pub from: u16,
    /// And end at that minute: of the next day, if it is not later than the beginning.
    pub to: u16,
    /// The days on which they begin: 1 is Monday, 7 is Sunday.
    pub days: Vec<u8>,
}

impl Default for Quiet {
    fn default() -> Self {
        Self {
            is_on: false,
            from: 22 * 60,
            to: 8 * 60,
            days: (1..=7).collect(),
        }
    }
}

impl Quiet {
    /// Whether it is quiet at this moment.
    #[must_use]
    pub fn covers(&self, now: Moment) -> bool {
        if !self.is_on {
            return false;
        }
        let length = if self.to > self.from {
            self.to - self.from
        } else {
            DAY.saturating_sub(self.from) + self.to
        };
        // Those that began today, and those of yesterday that are not over yet.
        let yesterday = if now.weekday <= 1 { 7 } else { now.weekday - 1 };
        let began = |day: u8, ago: u16| self.days.contains(&day) && ago < length;
        let today = now.minute.checked_sub(self.from);
        today.is_some_and(|ago| began(now.weekday, ago)) || began(yesterday, now.minute + DAY.saturating_sub(self.from))
    }
}

/// A thread that raises no notices; its messages count as unread all the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct Mute {
    /// Which one.
    pub thread_id: ThreadId,
    /// Until when; `None` is for good.
    pub until: Option<Time>,
}

impl Mute {
    /// Whether it still holds.
    #[must_use]
    pub fn holds(&self, now: Time) -> bool {
        self.until.is_none_or(|until| now < until)
    }
}

/// A moment, as the person's clock on the wall shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// The same, anywhere.
    pub time: Time,
    /// 1 is Monday, 7 is Sunday.
    pub weekday: u8,
    /// Minutes after midnight.
    pub minute: u16,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(weekday: u8, hour: u16, minute: u16) -> Moment {
        Moment {
            time: Time::from_millis(0),
            weekday,
            minute: hour * 60 + minute,
        }
    }

    #[test]
    fn quiet_hours_may_pass_midnight_and_belong_to_the_day_on_which_they_begin() {
        let quiet = |from: u16, to: u16, days: &[u8]| Quiet {
            is_on: true,
            from: from * 60,
            to: to * 60,
            days: days.to_vec(),
        };
        let night = quiet(22, 8, &[1, 2, 3, 4, 7]);
        let lunch = quiet(13, 14, &[6]);
        let whole = quiet(0, 0, &[7]);
        // hours, weekday, hour, minute, quiet
        let cases = [
            (&night, 1, 22, 0, true),
            (&night, 1, 21, 59, false),
            (&night, 2, 7, 59, true),
            (&night, 2, 8, 0, false),
            (&night, 5, 23, 0, false),
            (&night, 5, 3, 0, true),
            (&night, 6, 3, 0, false),
            (&night, 1, 3, 0, true),
            (&lunch, 6, 13, 0, true),
            (&lunch, 6, 14, 0, false),
            (&lunch, 7, 13, 30, false),
            (&whole, 7, 0, 0, true),
            (&whole, 7, 23, 59, true),
            (&whole, 1, 0, 0, false),
        ];
        for (quiet, weekday, hour, minute, expected) in cases {
            assert_eq!(
                quiet.covers(at(weekday, hour, minute)),
                expected,
                "{quiet:?} {weekday} {hour}:{minute}"
            );
        }
        let off = Quiet { is_on: false, ..night };
        assert!(!off.covers(at(1, 23, 0)));
    }

    #[test]
    fn hours_out_of_range_are_survived() {
        let quiet = Quiet {
            is_on: true,
            from: u16::MAX,
            to: u16::MAX,
            days: vec![0, 9, 200],
        };
        for weekday in 1..=7 {
            assert!(!quiet.covers(at(weekday, 12, 0)));
        }
    }

    #[test]
    fn a_mute_ends_by_itself_unless_it_is_for_good() {
        let thread_id = ThreadId::mint();
        let until = |until: Option<i64>| Mute {
            thread_id,
            until: until.map(Time::from_millis),
        };
        assert!(until(Some(10)).holds(Time::from_millis(9)));
        assert!(!until(Some(10)).holds(Time::from_millis(10)));
        assert!(until(None).holds(Time::from_millis(i64::MAX)));
    }
}
