//! What a storm did, in numbers.

use std::fmt;
use std::time::{Duration, Instant};

use super::Storm;
use super::device::Outcome;

/// How fine the rate of returns is measured.
const BUCKET: Duration = Duration::from_millis(100);

/// What a storm did.
#[derive(Debug)]
pub struct Report {
    /// What was asked for.
    pub storm: Storm,
    /// The server was away.
    pub away: Duration,
    /// From the ready server to the last device.
    pub all_back: Duration,
    /// From the fall of each socket to `live`, ascending.
    pub returns: Vec<Duration>,
    /// Devices that came back in the busiest tenth of a second, per second.
    pub peak_rate: usize,
    /// Dials, those that failed too.
    pub dials: u32,
    /// Processor time of the new server until all were back.
    pub cpu: Duration,
    /// What every device heard.
    pub texts: Vec<String>,
}

impl Report {
    /// The share `of` 100 of devices that were back after this long.
    #[must_use]
    pub fn percentile(&self, of: usize) -> Duration {
        let last = self.returns.len().saturating_sub(1);
        self.returns.get(last * of / 100).copied().unwrap_or_default()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let jitter = self
            .storm
            .jitter
            .map_or("none".to_owned(), |spread| format!("{} s", spread.as_secs_f64()));
        write!(
            f,
            "| {} | {jitter} | {:.2} s | {:.2} s | {:.2} s | {:.2} s | {}/s | {:.1} | {:.2} s |",
            self.storm.devices,
            self.away.as_secs_f64(),
            self.all_back.as_secs_f64(),
            self.percentile(50).as_secs_f64(),
            self.percentile(99).as_secs_f64(),
            self.peak_rate,
            f64::from(self.dials) / self.returns.len() as f64,
            self.cpu.as_secs_f64(),
        )
    }
}

/// The head of the table whose rows [`Report`] writes.
pub const HEAD: &str = "| devices | jitter | server away | all back after | p50 | p99 | peak of returns | dials each | server CPU |\n\
                        |---|---|---|---|---|---|---|---|---|";

pub(super) fn of(storm: Storm, (down, up): (Instant, Instant), cpu: Duration, ends: Vec<Outcome>) -> Report {
    let mut returns: Vec<_> = ends.iter().map(|end| end.back.duration_since(end.fell)).collect();
    returns.sort_unstable();
    let mut buckets = std::collections::HashMap::<u128, usize>::new();
    for end in &ends {
        let after = end.back.duration_since(up.min(end.back));
        *buckets.entry(after.as_millis() / BUCKET.as_millis()).or_default() += 1;
    }
    let last = ends.iter().map(|end| end.back).max().unwrap_or(up);
    let texts = ends.first().map(|end| end.texts.clone()).unwrap_or_default();
    assert!(ends.iter().all(|end| end.texts == texts), "every device heard the same");
    Report {
        storm,
        away: up.duration_since(down),
        all_back: last.duration_since(up.min(last)),
        returns,
        peak_rate: buckets.values().max().copied().unwrap_or_default() * 10,
        dials: ends.iter().map(|end| end.dials).sum(),
        cpu,
        texts,
    }
}

/// Processor time of a process so far.
pub(super) fn cpu(id: u32) -> Duration {
    let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).expect("it runs, on Linux");
    // The name in brackets may hold anything; what follows it is counted from there.
    let fields: Vec<&str> = stat.rsplit(')').next().expect("a line").split_whitespace().collect();
    let ticks: u64 = [11, 12]
        .iter()
        .map(|at| fields[*at].parse::<u64>().expect("a number"))
        .sum();
    // A tick is a hundredth of a second on every Linux that there is.
    Duration::from_millis(ticks * 10)
}
