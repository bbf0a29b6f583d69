//! Who comes, how much they say, and what a server must allow for that.

use std::time::Duration;

use prilavok_server::config::Config;

/// Settings of a server that a crowd may talk to as fast as it can, as variables of its environment.
pub const GENEROUS: [(&str, &str); 7] = [
    ("PRILAVOK_LIMITS__SENDS_PER_MINUTE", "1000000"),
    ("PRILAVOK_LIMITS__SEND_BURST", "100000"),
    ("PRILAVOK_LIMITS__SOCKETS_PER_ACCOUNT", "20"),
    ("PRILAVOK_LIMITS__UNAUTHENTICATED_PER_ADDRESS", "10000"),
    ("PRILAVOK_LIMITS__REPLAY_EVENTS", "1000000"),
    ("PRILAVOK_AUTH__ACCESS", "1d"),
    ("PRILAVOK_AUTH__HASHES_WAITING", "100000"),
];

/// The same for a server in this process.
pub fn generous(config: &mut Config) {
    config.limits.sends_per_minute = 1_000_000;
    config.limits.send_burst = 100_000;
    config.limits.sockets_per_account = 20;
    config.limits.unauthenticated_per_address = 10_000;
    config.limits.replay_events = 1_000_000;
    config.auth.access = Duration::from_secs(24 * 60 * 60);
}

/// How much one client says.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// Between two messages.
    pub pause: Duration,
    /// Messages without an answer at once.
    pub window: usize,
    /// Its person reads what comes.
    pub reads: bool,
}

/// Who comes.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    /// Buyers with light devices, each with a thread of its own.
    pub pairs: usize,
    /// Buyers with a whole engine.
    pub engines: usize,
    /// Buyers of one shop.
    pub per_shop: usize,
    /// How much a device says; pages, callers and engines say a tenth of it.
    pub pace: Pace,
}

impl Default for Plan {
    fn default() -> Self {
        Self {
            pairs: 6,
            engines: 1,
            per_shop: 3,
            pace: Pace {
                pause: Duration::from_millis(20),
                window: 4,
                reads: true,
            },
        }
    }
}

impl Plan {
    /// So many clients in all, at this pace: four for each light pair, two for a shop.
    #[must_use]
    pub fn of(clients: usize, pause: Duration) -> Self {
        let engines = (clients / 50).max(1);
        let mut plan = Self {
            engines,
            pairs: (clients.saturating_sub(engines) * 3 / 14).max(1),
            ..Self::default()
        };
        plan.pace.pause = pause;
        plan
    }
}
