//! Settings that many stories share.

use prilavok_server::config::Config;

/// Nobody is told to slow down, and nobody has too many sockets: the story is about something else.
pub fn generous(config: &mut Config) {
    config.limits.send_burst = 1_000_000;
    config.limits.sends_per_minute = 6_000_000;
    config.limits.sockets_per_account = 1000;
}
