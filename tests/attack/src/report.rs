//! What is said at the end: one line a case, the faults once more below.

use std::fmt::{self, Display, Formatter};
use std::time::Duration;

/// What became of all cases, in the order in which they were played.
#[derive(Debug, Default)]
pub struct Report {
    outcomes: Vec<(String, Result<String, String>)>,
    /// How long somebody polite waited at most.
    pub longest_wait: Duration,
}

impl Report {
    /// One more case: what it got, or what is wrong with that.
    pub fn add(&mut self, name: String, outcome: Result<String, String>) {
        self.outcomes.push((name, outcome));
    }

    /// Whether the server held, and there was something to hold against.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        !self.outcomes.is_empty() && self.outcomes.iter().all(|(_, outcome)| outcome.is_ok())
    }

    /// How many cases were played.
    #[must_use]
    pub fn played(&self) -> usize {
        self.outcomes.len()
    }
}

impl Display for Report {
    fn fmt(&self, to: &mut Formatter<'_>) -> fmt::Result {
        for (name, outcome) in &self.outcomes {
            match outcome {
                Ok(got) => writeln!(to, "held     {name}: {got}")?,
                Err(fault) => writeln!(to, "THROUGH  {name}: {fault}")?,
            }
        }
        let through = self.outcomes.iter().filter(|(_, outcome)| outcome.is_err()).count();
        let waited = self.longest_wait.as_millis();
        write!(
            to,
            "{} cases, {through} got through; somebody polite waited {waited} ms at most",
            self.outcomes.len()
        )
    }
}
