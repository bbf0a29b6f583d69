//! How a peer behaves: how fast its frames come, and how many in a row did not fit the schema.

use std::time::Duration;

use tokio::time::Instant;

use crate::config::Sockets;

/// Frames that are refused with a warning before the socket is closed.
const WARNINGS: u32 = 20;
/// Bad frames in a row that are one too many.
const BAD_FRAMES: u32 = 3;
/// How long a flooder stays away, at least.
const PENALTY: Duration = Duration::from_secs(5);

/// What is done with a frame.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Pace {
    /// It is in time.
    Fine,
    /// It is refused; the next one is welcome after this long.
    TooFast(Duration),
    /// It is one too many; the peer may come back after this long.
    Flood(Duration),
}

/// How a peer has behaved so far.
#[derive(Debug)]
pub struct Manners {
    burst: f64,
    rate: f64,
    allowance: f64,
    at: Instant,
    warnings: u32,
    bad: u32,
}

impl Manners {
    /// Nobody has misbehaved yet.
    #[must_use]
    pub fn new(sockets: &Sockets, now: Instant) -> Self {
        let burst = f64::from(sockets.frame_burst);
        Self {
            burst,
            rate: f64::from(sockets.frames_per_second),
            allowance: burst,
            at: now,
            warnings: 0,
            bad: 0,
        }
    }

    /// A frame has come.
    pub fn pace(&mut self, now: Instant) -> Pace {
        let earned = now.saturating_duration_since(self.at).as_secs_f64() * self.rate;
        self.allowance = (self.allowance + earned).min(self.burst);
        self.at = now;
        if self.allowance >= 1.0 {
            self.allowance -= 1.0;
            if self.allowance > self.burst / 2.0 {
                self.warnings = 0;
            }
            return Pace::Fine;
        }
        self.warnings += 1;
        if self.warnings > WARNINGS {
            return Pace::Flood(PENALTY);
        }
        Pace::TooFast(Duration::from_secs_f64((1.0 - self.allowance) / self.rate))
    }

    /// It fitted the schema.
    pub fn good(&mut self) {
        self.bad = 0;
    }

    /// It did not; true when it was one too many.
    #[must_use]
    pub fn bad(&mut self) -> bool {
        self.bad += 1;
        self.bad >= BAD_FRAMES
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_is_fine_then_comes_a_warning_and_then_the_end() {
        let now = Instant::now();
        let mut manners = Manners::new(&Sockets::default(), now);
        for _ in 0..200 {
            assert_eq!(manners.pace(now), Pace::Fine);
        }
        for _ in 0..20 {
            assert!(matches!(manners.pace(now), Pace::TooFast(_)));
        }
        assert_eq!(manners.pace(now), Pace::Flood(PENALTY));
        assert_eq!(
            manners.pace(now + Duration::from_secs(1)),
            Pace::Fine,
            "had it been let stay"
        );
    }

    #[test]
    fn the_third_bad_frame_in_a_row_is_one_too_many() {
        let mut manners = Manners::new(&Sockets::default(), Instant::now());
        assert!(!manners.bad());
        assert!(!manners.bad());
        manners.good();
        assert!(!manners.bad());
        assert!(!manners.bad());
        assert!(manners.bad());
    }
}
