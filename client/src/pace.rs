//! How long the engine waits for what. An app takes the defaults; a story makes them short.

use std::sync::Arc;
use std::time::Duration;

use prilavok_protocol::limits::{PING_SECONDS, SILENCE_SECONDS};

use crate::clock::{Clock, SystemClock};
use crate::network::{Network, SystemNetwork};

/// How long the engine waits for what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// Sleep and a changed clock are looked for so often.
    pub watch: Duration,
    /// After a sleep the answer to a probe must come so soon, or the line is dead.
    pub probe: Duration,
    /// What a heartbeat announces is on its way already, or after this time lost.
    pub behind: Duration,
    /// Between pings, give or take a fifth.
    pub ping: Duration,
    /// Silence after which a line is dropped.
    pub silence: Duration,
    /// A command without an answer for so long: the line is dead one way.
    pub reply: Duration,
    /// The longest time for which a device leaves an alert to those that the person used later.
    pub turn: Duration,
    /// For so long it leaves it to one that has alerted, if nobody reads.
    pub left: Duration,
    /// What stands in a field is told to the server so long after the first letter that it has not heard of.
    pub draft: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            // A person who opens the lid waits no longer.
            watch: Duration::from_secs(5),
            probe: Duration::from_secs(5),
            behind: Duration::from_secs(5),
            ping: Duration::from_secs(PING_SECONDS),
            silence: Duration::from_secs(SILENCE_SECONDS),
            // The server answers in milliseconds.
            reply: Duration::from_secs(20),
            // A person who waits for an answer does not feel it.
            turn: Duration::from_secs(3),
            left: Duration::from_secs(60),
            // Nobody changes devices faster, and a server is not asked at every letter.
            draft: Duration::from_secs(1),
        }
    }
}

/// What stands between the engine and the machine.
#[derive(Clone)]
pub struct Seams {
    /// The wall clock.
    pub clock: Arc<dyn Clock>,
    /// The waits.
    pub pace: Pace,
    /// The way to the server.
    pub network: Arc<dyn Network>,
    /// Whether the cache works on a thread of its own. Without, it works on the caller's: for a simulation, whose clock
    /// must not run on while a thread works.
    pub has_threads: bool,
}

impl Default for Seams {
    fn default() -> Self {
        Self {
            clock: Arc::new(SystemClock),
            pace: Pace::default(),
            network: Arc::new(SystemNetwork),
            has_threads: true,
        }
    }
}
