//! All cases, a file a door.

mod bodies;
mod commands;
mod frames;
mod framing;
mod handshakes;
mod rights;

use crate::case::{Attack, Case};
use crate::people::People;

/// In the order in which they are played.
#[must_use]
pub fn all(people: &People) -> Vec<Case> {
    let groups = [
        ("request", framing::cases(people)),
        ("body", bodies::cases(people)),
        ("rights", rights::cases(people)),
        ("handshake", handshakes::cases(people)),
        ("frame", frames::cases()),
        ("command", commands::cases(people)),
    ];
    let named = |(group, cases): (&str, Cases)| {
        let group = group.to_owned();
        cases.into_iter().map(move |(name, attack)| Case {
            name: format!("{group}: {name}"),
            attack,
        })
    };
    groups.into_iter().flat_map(named).collect()
}

/// What a door's file says: what is wrong, and how.
type Cases = Vec<(String, Attack)>;
