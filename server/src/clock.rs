//! The server's clock, and its chance. The clock orders nothing: it only dates things and ends tokens.

use prilavok_protocol::time::Time;

/// Tells the time. Guarantee: none but that; it may jump both ways.
pub trait Clock: Send + Sync + 'static {
    /// Now.
    fn now(&self) -> Time;

    /// Uniform in 0..1, so that sockets which came together do not beat together. No secret hangs on it.
    fn chance(&self) -> f64 {
        // Without a source of chance the middle is as good as any.
        let random = getrandom::u32().unwrap_or(u32::MAX / 2);
        f64::from(random) / f64::from(u32::MAX)
    }
}

/// The machine's own clock.
#[derive(Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Time {
        Time::now()
    }
}
