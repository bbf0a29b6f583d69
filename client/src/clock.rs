//! The device's wall clock. It orders nothing: it dates what is unsent, and its jumps tell of a sleep.

use prilavok_protocol::time::Time;

/// Tells the time. Guarantee: none but that; it may be years off and jump both ways.
pub trait Clock: Send + Sync + 'static {
    /// Now.
    fn now(&self) -> Time;
}

/// The machine's own clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Time {
        Time::now()
    }
}
