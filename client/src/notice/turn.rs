//! Whose turn it is to alert a person who has several devices. Pure.
//!
//! The device in the person's hands alerts at once. Any other waits a little, the longer the longer nobody has used it, so
//! that the one used last comes first. Whoever alerts says so to the account's other devices; they leave it to that one for
//! a minute, and alert too if the thread is unread then. No alert can be lost by this: a device only ever waits, and every
//! wait ends. A lost signal costs a second alert.

use std::time::Duration;

/// A device that nobody has used for so long is as good as forgotten on a shelf.
const LONG: Duration = Duration::from_secs(600);
/// The part of the longest wait that even a device used a moment ago keeps: a focused one is told of the same message at
/// the same time, and its word must come first.
const LEAST: f64 = 0.2;

/// How long this device waits before it alerts. `idle`: since the person last used it, if they ever did; `chance`, from 0
/// to 1 and always the same for a device, parts those on which nobody knows more.
#[must_use]
pub fn wait(is_focused: bool, idle: Option<Duration>, longest: Duration, chance: f64) -> Duration {
    if is_focused {
        return Duration::ZERO;
    }
    let idle = idle.unwrap_or(LONG).min(LONG);
    // Minutes part devices better than hours.
    let share = (idle.as_secs_f64() / LONG.as_secs_f64()).sqrt();
    let spread = 0.2 * chance.clamp(0.0, 1.0);
    longest.mul_f64((LEAST + (1.0 - LEAST) * share) * (1.0 - spread))
}

#[cfg(test)]
mod tests {
    use super::wait;
    use std::time::Duration;

    const LONGEST: Duration = Duration::from_secs(3);

    #[test]
    fn the_device_in_hand_alerts_at_once_and_the_one_used_last_before_the_others() {
        assert_eq!(wait(true, None, LONGEST, 0.5), Duration::ZERO);
        let idle = [Some(0), Some(10), Some(60), Some(300), Some(7200)].map(|s| s.map(Duration::from_secs));
        let waits = idle.map(|idle| wait(false, idle, LONGEST, 0.5));
        assert!(waits.is_sorted() && waits[0] > Duration::ZERO, "{waits:?}");
        assert_eq!(wait(false, None, LONGEST, 0.5), waits[4]);
    }

    #[test]
    fn no_device_waits_longer_than_the_longest_wait_and_two_forgotten_ones_are_parted() {
        let waits = [0.0, 0.5, 1.0].map(|chance| wait(false, None, LONGEST, chance));
        assert!(waits.iter().all(|wait| *wait <= LONGEST));
        assert!(waits[0] > waits[1] && waits[1] > waits[2], "{waits:?}");
    }
}
