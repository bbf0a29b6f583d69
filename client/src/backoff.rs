//! When to dial again: `random(0, min(30 s, 0.5 s · 2^n))`. Pure: chance and clock are the caller's.

use std::time::Duration;

/// The first try waits at most this long.
const FIRST: Duration = Duration::from_millis(500);
/// No try waits longer: a person watches the seconds.
const LONGEST: Duration = Duration::from_secs(30);
/// A connection that lived this long was a good one: the count starts again.
pub const STABLE: Duration = Duration::from_secs(60);

/// Counts the tries.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Backoff {
    tries: u32,
}

impl Backoff {
    /// The wait before the next try. `chance` is uniform in 0..1; a hint of the server wins.
    pub fn next(&mut self, chance: f64, hint: Option<Duration>) -> Duration {
        let ceiling = self.ceiling();
        self.tries = self.tries.saturating_add(1);
        hint.unwrap_or_else(|| ceiling.mul_f64(chance.clamp(0.0, 1.0)))
    }

    /// The longest that the next wait may be.
    #[must_use]
    pub fn ceiling(&self) -> Duration {
        // 2^6 · 0.5 s is past the longest already, so the power never overflows.
        (FIRST * 2u32.pow(self.tries.min(6))).min(LONGEST)
    }

    /// After a connection that was good.
    pub fn reset(&mut self) {
        self.tries = 0;
    }
}

#[cfg(test)]
mod model;

#[cfg(test)]
mod tests {
    use super::{Backoff, LONGEST};
    use proptest::prelude::*;
    use std::time::Duration;

    #[test]
    fn the_ceiling_doubles_up_to_half_a_minute_and_starts_again_after_a_good_connection() {
        let mut backoff = Backoff::default();
        let waits: Vec<u64> = (0..9).map(|_| backoff.next(1.0, None).as_millis() as u64).collect();
        assert_eq!(waits, [500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
        backoff.reset();
        assert_eq!(backoff.next(1.0, None), Duration::from_millis(500));
    }

    #[test]
    fn a_hint_of_the_server_wins() {
        let hint = Duration::from_secs(90);
        assert_eq!(Backoff::default().next(0.3, Some(hint)), hint);
    }

    proptest! {
        #[test]
        fn no_wait_is_longer_than_its_ceiling(chance in 0.0f64..1.0, tries in 0u32..2000) {
            let mut backoff = Backoff { tries };
            let ceiling = backoff.ceiling();
            prop_assert!(ceiling <= LONGEST);
            prop_assert!(backoff.next(chance, None) <= ceiling);
        }
    }
}
