//! The device's wall clock. It orders nothing: it dates what is unsent, and its jumps tell of a sleep.

use jiff::tz::TimeZone;
use prilavok_protocol::time::Time;

use crate::notice::quiet::Moment;

/// Tells the time. Guarantee: none but that; it may be years off and jump both ways.
pub trait Clock: Send + Sync + 'static {
    /// Now.
    fn now(&self) -> Time;

    /// Now, as the person's clock on the wall shows it; one that knows no place is in Greenwich.
    fn moment(&self) -> Moment {
        moment(self.now(), TimeZone::UTC)
    }
}

/// The machine's own clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Time {
        Time::now()
    }

    fn moment(&self) -> Moment {
        moment(self.now(), TimeZone::system())
    }
}

fn moment(time: Time, zone: TimeZone) -> Moment {
    let local = jiff::Timestamp::from_millisecond(time.millis())
        .unwrap_or_default()
        .to_zoned(zone);
    Moment {
        time,
        weekday: local.weekday().to_monday_one_offset().unsigned_abs(),
        minute: u16::from(local.hour().unsigned_abs()) * 60 + u16::from(local.minute().unsigned_abs()),
    }
}

#[cfg(test)]
mod tests {
    use super::moment;
    use jiff::tz::{TimeZone, offset};
    use prilavok_protocol::time::Time;

    #[test]
    fn the_wall_clock_shows_the_persons_own_day_and_hour() {
        // A Sunday, 22:30 in Greenwich: Monday, half past one, in Moscow.
        let time: Time = "2026-11-22T22:30:59.000Z".parse().unwrap();
        let moscow = moment(time, TimeZone::fixed(offset(3)));
        assert_eq!((moscow.weekday, moscow.minute), (1, 90));
        let greenwich = moment(time, TimeZone::UTC);
        assert_eq!((greenwich.weekday, greenwich.minute), (7, 22 * 60 + 30));
    }
}
