//! At rest every client holds what the server holds.

use prilavok_protocol::ids::Seq;

use super::index::Index;
use super::report::{Report, Rule};
use crate::history::{Digest, Line, Record, What};

/// Checks what the clients hold.
pub fn check(records: &[Record], index: &Index<'_>, report: &mut Report) {
    for record in records {
        let What::Holds {
            thread,
            first,
            last,
            digest,
        } = &record.what
        else {
            continue;
        };
        report.threads += 1;
        let rows: &[Line] = index.rows.get(thread).map_or(&[], Vec::as_slice);
        let name = index.name(record.who);
        let head = Seq(rows.len() as u64);
        if *last != head {
            report.add(Rule::Behind, || {
                format!("{name} holds thread {thread} up to {last}, the server up to {head}")
            });
            continue;
        }
        let stretch = stretch(rows, *first, *last);
        if stretch.map(Digest::of) != Some(*digest) {
            report.add(Rule::ThreadDiffers, || {
                format!("{name} holds other messages {first} to {last} of thread {thread} than the server")
            });
        }
    }
}

fn stretch(rows: &[Line], first: Seq, last: Seq) -> Option<&[Line]> {
    let first = usize::try_from(first.0.checked_sub(1)?).ok()?;
    rows.get(first..usize::try_from(last.0).ok()?)
}
