//! When a socket of either door does something by itself: heartbeats, silence, and whether the session is still open.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, Sleep, sleep_until};

use super::ending::Ending;
use crate::accounts::Signed;
use crate::accounts::watch::close_code_of;
use crate::app::App;
use crate::clock::Clock;
use crate::config::{AuthMode, Sockets};
use crate::store;

/// The clocks of one socket.
pub struct Pulse {
    clock: Arc<dyn Clock>,
    heartbeat: Duration,
    silence: Duration,
    access_check: Duration,
    heard: Instant,
    beat: Instant,
    check: Instant,
    /// For the next of them. Kept, because whoever waits for it is disturbed all the time.
    timer: Pin<Box<Sleep>>,
}

impl Pulse {
    /// Starts, for a socket that has just been checked.
    #[must_use]
    pub fn new(config: &Sockets, clock: &Arc<dyn Clock>, now: Instant) -> Self {
        let (heartbeat, silence, access_check) = (config.heartbeat, config.silence, config.access_check);
        Self {
            clock: Arc::clone(clock),
            heartbeat,
            silence,
            access_check,
            heard: now,
            beat: now + spread(heartbeat, clock.chance()),
            check: now + access_check,
            timer: Box::pin(sleep_until(now)),
        }
    }

    /// The peer showed life.
    pub fn hear(&mut self, now: Instant) {
        self.heard = now;
    }

    /// Waits until the next thing is due.
    pub async fn next(&mut self) -> Due {
        let silent = self.heard + self.silence;
        let (at, due) = [(silent, Due::Silence), (self.check, Due::Check), (self.beat, Due::Beat)]
            .into_iter()
            .min_by_key(|(at, _)| *at)
            .expect("three are not none");
        if self.timer.deadline() != at {
            self.timer.as_mut().reset(at);
        }
        self.timer.as_mut().await;
        match due {
            Due::Beat => self.beat = Instant::now() + spread(self.heartbeat, self.clock.chance()),
            Due::Check => self.check = Instant::now() + self.access_check,
            Due::Silence => {}
        }
        due
    }
}

/// What is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Due {
    /// Tell the peer where the log's head is.
    Beat,
    /// Ask whether the session is still open.
    Check,
    /// The peer has been silent for too long.
    Silence,
}

/// Four to six fifths of it, so that sockets that came together do not beat together.
fn spread(heartbeat: Duration, chance: f64) -> Duration {
    heartbeat.mul_f64(0.8 + 0.4 * chance)
}

/// Asks whether the session is still open: somebody may have ended it on another node, or from the command line.
///
/// # Errors
/// The ending of a socket whose session is over.
pub async fn check_access(app: &App, signed: Signed) -> Result<(), Ending> {
    match access(app, signed).await {
        Ok(outcome) => outcome,
        Err(error) => {
            tracing::warn!(%error, "A session could not be checked; the next check will");
            Ok(())
        }
    }
}

/// Asks the same of a socket that has just taken its place in the hub, before anything is told on it: what ended the
/// session before that moment found no socket to close. Who cannot be checked is not let in.
///
/// # Errors
/// The ending of a socket whose session is over, or could not be checked.
pub async fn check_entrance(app: &App, signed: Signed) -> Result<(), Ending> {
    access(app, signed)
        .await
        .unwrap_or_else(|error| Err(Ending::fault(&error.into())))
}

async fn access(app: &App, signed: Signed) -> store::Result<Result<(), Ending>> {
    let is_trusted = app.config.auth.mode == AuthMode::TrustedIds;
    if is_trusted || app.store.session_is_open(signed.session, app.clock.now()).await? {
        return Ok(Ok(()));
    }
    let account = app.store.account(signed.account).await?;
    let code = close_code_of(account.map(|account| account.standing));
    Ok(Err(Ending::cut_off(code)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_beat_comes_a_fifth_early_or_late_at_most_and_chance_decides_how_much() {
        let heartbeat = Duration::from_secs(25);
        let (earliest, latest) = (Duration::from_secs(20), Duration::from_secs(30));
        for (chance, wait) in [(0.0, earliest), (0.5, heartbeat), (1.0, latest)] {
            assert_eq!(spread(heartbeat, chance), wait, "{chance}");
        }
        let waits: Vec<Duration> = (0..=1000)
            .map(|part| spread(heartbeat, f64::from(part) / 1000.0))
            .collect();
        assert!(waits.iter().all(|wait| (earliest..=latest).contains(wait)));
        // Whoever came together is spread evenly, so that no moment gets more of them than another.
        let gaps = waits.windows(2).map(|pair| pair[1] - pair[0]);
        assert!(
            gaps.into_iter()
                .all(|gap| gap.abs_diff(Duration::from_millis(10)) < Duration::from_micros(1))
        );
    }
}
