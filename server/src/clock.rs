//! The server's clock. It orders nothing; it only dates things and ends tokens.

use prilavok_protocol::time::Time;

/// Tells the time. Guarantee: none but that; it may jump both ways.
pub trait Clock: Send + Sync + 'static {
    /// Now.
    fn now(&self) -> Time;
}

/// The machine's own clock.
#[derive(Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Time {
        Time::now()
    }
}
