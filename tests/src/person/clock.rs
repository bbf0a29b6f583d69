//! A device's wall clock that a story sets.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use prilavok_client::Clock;
use prilavok_protocol::time::Time;

/// An hour.
pub const HOUR: i64 = 3_600;
/// Ten years.
pub const TEN_YEARS: i64 = 10 * 365 * 24 * HOUR;

/// The machine's clock, and so many milliseconds.
#[derive(Debug, Default)]
pub struct TestClock(AtomicI64);

impl TestClock {
    /// From now on it is off by so many seconds.
    pub fn off_by(&self, seconds: i64) {
        self.0.store(seconds * 1000, Ordering::SeqCst);
    }

    /// The machine sleeps: afterwards the wall clock has gone on, and nothing else has.
    pub fn sleeps(&self, how_long: Duration) {
        let millis = i64::try_from(how_long.as_millis()).expect("nobody sleeps for ages");
        self.0.fetch_add(millis, Ordering::SeqCst);
    }

    fn now(&self) -> Time {
        Time::from_millis(Time::now().millis() + self.0.load(Ordering::SeqCst))
    }
}

impl Clock for TestClock {
    fn now(&self) -> Time {
        self.now()
    }
}

impl prilavok_server::clock::Clock for TestClock {
    fn now(&self) -> Time {
        self.now()
    }
}
