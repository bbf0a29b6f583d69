//! What is said at the end: one line a case, the faults once more below.

use std::fmt::{self, Display, Formatter};

/// What became of all cases, in the order in which they were played.
#[derive(Debug, Default)]
pub struct Report(Vec<(String, Result<String, String>)>);

impl Report {
    /// One more case: what it got, or what is wrong with that.
    pub fn add(&mut self, name: String, outcome: Result<String, String>) {
        self.0.push((name, outcome));
    }

    /// Whether the server held, and there was something to hold against.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        !self.0.is_empty() && self.0.iter().all(|(_, outcome)| outcome.is_ok())
    }

    /// How many cases were played.
    #[must_use]
    pub fn played(&self) -> usize {
        self.0.len()
    }
}

impl Display for Report {
    fn fmt(&self, to: &mut Formatter<'_>) -> fmt::Result {
        for (name, outcome) in &self.0 {
            match outcome {
                Ok(got) => writeln!(to, "held     {name}: {got}")?,
                Err(fault) => writeln!(to, "THROUGH  {name}: {fault}")?,
            }
        }
        let through = self.0.iter().filter(|(_, outcome)| outcome.is_err()).count();
        write!(to, "{} cases, {through} got through", self.0.len())
    }
}
