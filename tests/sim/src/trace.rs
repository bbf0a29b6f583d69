//! What happened, line by line, and as one number: two runs of one seed must agree on it.

use std::cell::RefCell;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::Duration;

/// How many of the last lines a failure shows.
const SHOWN: usize = 60;

/// What happened, in order.
#[derive(Debug, Default)]
pub struct Trace {
    lines: RefCell<Vec<String>>,
}

impl Trace {
    /// Somebody did or saw something.
    pub fn note(&self, who: &str, what: &str) {
        let at = turmoil::sim_elapsed().unwrap_or(Duration::ZERO);
        self.note_at(at, who, what);
    }

    /// The same, from outside of all hosts.
    pub fn note_at(&self, at: Duration, who: &str, what: &str) {
        let line = format!("{:>9.3} {who}: {what}", at.as_secs_f64());
        self.lines.borrow_mut().push(line);
    }

    /// All of it as one number.
    #[must_use]
    pub fn hash(&self) -> u64 {
        // Keyed with zeros, always: the standard library's own promise for `new`.
        let mut hasher = DefaultHasher::new();
        self.lines.borrow().hash(&mut hasher);
        hasher.finish()
    }

    /// All of it.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        self.lines.borrow().clone()
    }

    /// Its end, for a person.
    #[must_use]
    pub fn end(&self) -> String {
        let lines = self.lines.borrow();
        lines[lines.len().saturating_sub(SHOWN)..].join("\n")
    }
}
