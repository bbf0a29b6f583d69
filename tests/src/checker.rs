//! Reads a history afterwards and says everything that must not have happened, each in a sentence with the ids.
//!
//! Pure functions, one pass a rule group, hash maps only: the time is linear in the records. A history is judged against
//! its own end: the records of [`Kind::Server`](crate::history::Kind::Server), read when all is at rest.

mod index;
mod leaks;
mod log;
mod marks;
#[cfg(test)]
mod model;
#[cfg(test)]
mod mutations;
mod order;
mod report;
mod seen;
mod snapshots;
mod stored;
#[cfg(test)]
mod tests;
mod threads;

use crate::history::{self, History, Record};
use index::Index;
pub use report::{Report, Rule, Violation};

/// Checks a whole run.
#[must_use]
pub fn check(records: &[Record]) -> Report {
    let index = Index::of(records);
    let mut report = Report::default();
    stored::check(records, &index, &mut report);
    order::check(records, &index, &mut report);
    let logs = log::check(records, &index, &mut report);
    seen::check(records, &index, &mut report);
    threads::check(records, &index, &mut report);
    marks::check(records, &index, &mut report);
    snapshots::check(records, &index, &logs, &mut report);
    leaks::check(records, &index, &mut report);
    report
}

/// Checks a whole run; when it is bad, keeps its history in a file and says how to look at it again.
///
/// # Panics
/// When anything happened that must not.
pub fn must_hold(history: &History, run: &str) -> Report {
    let (report, records) = history.look(|records| {
        let report = check(records);
        let records = if report.is_good() { Vec::new() } else { records.to_vec() };
        (report, records)
    });
    if report.is_good() {
        return report;
    }
    let file = history::keep_at(run);
    let kept = match history::save(&records, &file) {
        Ok(()) => format!(
            "kept; again: cargo run -p prilavok-tests --bin check-history {}",
            file.display()
        ),
        Err(error) => format!("not kept: {error:#}"),
    };
    panic!("{run}: the contract was broken\n{report}\nThe history was {kept}");
}
