//! Who waits for an answer that does not come, and what they said and heard last: for whoever reads a failed run.

use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;

use crate::history::{ClientId, Record, What};

/// How much of what somebody said and heard is told.
const LAST: usize = 24;

/// In words, a few lines for each client with a message that was neither acknowledged nor refused.
pub(super) fn tell(records: &[Record]) -> String {
    let mut waiting = HashMap::new();
    for Record { who, what } in records {
        match what {
            What::Invoked { id, .. } => drop(waiting.insert((*who, *id), *who)),
            What::Acked { id, .. } | What::Refused { id, .. } | What::Cancelled { id, .. } => {
                waiting.remove(&(*who, *id));
            }
            _ => {}
        }
    }
    if waiting.is_empty() {
        return "No message waits for an answer: it is a read marker, or one that was never handed over.".into();
    }
    let mut told = String::new();
    for (who, id) in waiting.keys() {
        let _ = writeln!(told, "client {} waits for {id}", who.0);
    }
    let clients: HashSet<ClientId> = waiting.into_values().collect();
    for client in clients {
        let all: Vec<&Record> = records.iter().filter(|record| record.who == client).collect();
        let last = all.len().saturating_sub(LAST).max(1);
        for Record { what, .. } in all.iter().take(1).chain(&all[last.min(all.len())..]) {
            let _ = writeln!(told, "  {}: {what:?}", client.0);
        }
    }
    told
}
