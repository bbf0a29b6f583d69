//! What was sent against what is there: each acknowledged id exactly once, refused ones never, unknown ones at most once.

use std::collections::HashSet;

use prilavok_protocol::ids::Seq;

use super::index::Index;
use super::report::{Report, Rule};
use crate::history::{Line, Record};

/// Checks the sends.
pub fn check(_records: &[Record], index: &Index<'_>, report: &mut Report) {
    rows(index, report);
    sends(index, report);
    report.refused = index.refused.len() as u64;
    for ((thread, id), hash, at) in &index.refused {
        let Some(row) = index.row.get(&(*thread, *id)).filter(|row| row.hash == *hash) else {
            continue;
        };
        let send = index.send(&(*thread, *id));
        let may_be_there = send.is_some_and(|send| send.is_doubtful || send.open > 0 || send.acked.is_some());
        if !may_be_there {
            report.add(Rule::RefusedStored, || {
                format!(
                    "message {id} of thread {thread} was refused (record {at}) and stands at {}",
                    row.seq
                )
            });
        }
    }
}

fn rows(index: &Index<'_>, report: &mut Report) {
    let mut seen = HashSet::new();
    for (thread, rows) in &index.rows {
        report.stored += rows.len() as u64;
        let mut last = Seq(0);
        for Line { id, seq, .. } in rows {
            if *seq != last.next() {
                report.add(Rule::SeqHole, || {
                    format!("in thread {thread}, {id} stands at {seq} after {last}")
                });
            }
            last = *seq;
            if !seen.insert((thread, id)) {
                report.add(Rule::Doubled, || {
                    format!("message {id} stands twice in thread {thread}, again at {seq}")
                });
            }
        }
    }
    for (key, row) in &index.row {
        let (thread, id) = key;
        let Some(send) = index.send(key) else {
            report.add(Rule::Phantom, || {
                format!("nobody sent message {id}, which stands in thread {thread}")
            });
            continue;
        };
        let is_hers = index.party(send.who).is_some_and(|party| party.role == row.sender);
        let is_as_sent = row.hash == send.hash || send.others.contains(&row.hash);
        if !is_hers || !is_as_sent {
            report.add(Rule::Altered, || {
                let name = index.name(send.who);
                format!("message {id} of thread {thread} is not what {name} sent: {row:?}")
            });
        }
    }
}

fn sends(index: &Index<'_>, report: &mut Report) {
    report.sent = index.sends.len() as u64;
    for send in &index.sends {
        let (thread, id) = send.key;
        let row = index.row.get(&send.key);
        if send.is_cancelled && row.is_some() {
            report.add(Rule::CancelledSent, || {
                format!("message {id} of thread {thread} was taken back and is there")
            });
        }
        let Some((seq, at)) = send.acked else {
            report.unknown += u64::from(!send.is_refused && !send.is_cancelled);
            continue;
        };
        report.acked += 1;
        match row {
            _ if index.is_undone(at) => {}
            None => report.add(Rule::Lost, || {
                let name = index.name(send.who);
                format!("message {id} of {name} in thread {thread} was acknowledged at {seq} (record {at}) and is gone")
            }),
            Some(row) if row.seq != seq => report.add(Rule::AckedElsewhere, || {
                format!(
                    "message {id} of thread {thread} was acknowledged at {seq} and stands at {}",
                    row.seq
                )
            }),
            Some(_) => {}
        }
    }
}
