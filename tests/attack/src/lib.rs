//! A hostile client against a running server. Each case says what it sends and what must come back, and while it plays,
//! somebody polite is answered within a second. The map:
//!
//! - [`case`] what a case is, and how one is played
//! - [`line`] bare TCP and WebSocket frames, as wrong as they must be
//! - [`people`] the attacker, who signed in properly, his victim, and the polite one
//! - [`cases`] all of them, a file a door
//! - [`report`] what is said at the end

pub mod case;
pub mod cases;
pub mod line;
pub mod people;
pub mod report;

use anyhow::Result;

use self::people::People;
use self::report::Report;

/// Plays all cases whose name has `only` in it, one after another.
///
/// # Errors
/// When the attack cannot begin: no server there, or nobody may register.
pub async fn run(server: &str, only: &str) -> Result<Report> {
    let people = People::gather(server).await?;
    let mut report = Report::default();
    for case in cases::all(&people) {
        if case.name.contains(only) {
            let outcome = case.play(&people).await;
            report.add(case.name, outcome);
        }
    }
    report.longest_wait = people.longest_wait();
    Ok(report)
}
