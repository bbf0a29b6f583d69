//! What is counted while it is measured: every message once, in order, and how long it took.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Instant;

use hdrhistogram::Histogram;

use crate::mark::{Mark, micros};

/// The counts of one run, shared by all its sockets.
#[derive(Debug)]
pub struct Count {
    /// The beginning of time.
    pub start: Instant,
    /// Whether latencies are kept: not while warming up.
    pub is_measuring: AtomicBool,
    /// Answers that said yes.
    pub acked: AtomicU64,
    /// Answers that said no.
    pub refused: AtomicU64,
    /// Messages heard by whom they were for.
    pub heard: AtomicU64,
    /// Heard a second time.
    pub doubled: AtomicU64,
    /// Heard after a later one, or with one missing before it.
    pub disordered: AtomicU64,
    latencies: Mutex<Histogram<u64>>,
}

/// What a listener keeps of the pairs that it hears.
#[derive(Debug)]
pub struct Ear {
    first: u32,
    last: Vec<u64>,
    latencies: Histogram<u64>,
}

impl Ear {
    /// For so many pairs, from this one on.
    #[must_use]
    pub fn of(first: u32, pairs: usize) -> Self {
        Self {
            first,
            last: vec![0; pairs],
            latencies: histogram(),
        }
    }

    /// Whether everything up to these numbers of all pairs has been heard.
    #[must_use]
    pub fn has_heard(&self, numbers: &[u64]) -> bool {
        let own = &numbers[self.first as usize..][..self.last.len()];
        self.last.iter().zip(own).all(|(heard, number)| heard >= number)
    }
}

fn histogram() -> Histogram<u64> {
    // One microsecond to ten minutes, to three digits.
    Histogram::new_with_bounds(1, 600_000_000, 3).expect("valid bounds")
}

impl Default for Count {
    fn default() -> Self {
        Self {
            start: Instant::now(),
            is_measuring: AtomicBool::new(false),
            acked: AtomicU64::default(),
            refused: AtomicU64::default(),
            heard: AtomicU64::default(),
            doubled: AtomicU64::default(),
            disordered: AtomicU64::default(),
            latencies: Mutex::new(histogram()),
        }
    }
}

impl Count {
    /// A message was heard by whom it was for.
    pub fn hear(&self, ear: &mut Ear, mark: Mark) {
        let Some(last) = ear.last.get_mut((mark.pair.wrapping_sub(ear.first)) as usize) else {
            self.disordered.fetch_add(1, Ordering::Relaxed);
            return;
        };
        if mark.number <= *last {
            self.doubled.fetch_add(1, Ordering::Relaxed);
            return;
        }
        if mark.number != *last + 1 {
            self.disordered.fetch_add(1, Ordering::Relaxed);
        }
        *last = mark.number;
        self.heard.fetch_add(1, Ordering::Relaxed);
        if self.is_measuring.load(Ordering::Relaxed) {
            let took = micros(self.start).saturating_sub(mark.sent).max(1);
            ear.latencies.saturating_record(took);
        }
    }

    /// An answer came.
    pub fn answer(&self, is_yes: bool) {
        let counter = if is_yes { &self.acked } else { &self.refused };
        counter.fetch_add(1, Ordering::Relaxed);
    }

    /// A listener leaves what it kept.
    pub fn leave(&self, ear: &Ear) {
        let mut all = self.latencies.lock().expect("nobody panics here");
        all.add(&ear.latencies).expect("the same bounds");
    }

    /// Milliseconds at these percentiles.
    #[must_use]
    pub fn milliseconds(&self, percentile: f64) -> f64 {
        let all = self.latencies.lock().expect("nobody panics here");
        all.value_at_percentile(percentile) as f64 / 1_000.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(number: u64) -> Mark {
        Mark {
            pair: 0,
            number,
            sent: 0,
        }
    }

    #[test]
    fn losses_repeats_and_disorder_are_counted() {
        let (count, mut ear) = (Count::default(), Ear::of(0, 1));
        for number in [1, 2, 2, 4, 3] {
            count.hear(&mut ear, mark(number));
        }
        assert_eq!(count.heard.load(Ordering::Relaxed), 3, "1, 2 and 4");
        assert_eq!(count.doubled.load(Ordering::Relaxed), 2, "2 again, and 3 after 4");
        assert_eq!(count.disordered.load(Ordering::Relaxed), 1, "4 without 3");
        assert!(ear.has_heard(&[4]) && !ear.has_heard(&[5]));
    }
}
