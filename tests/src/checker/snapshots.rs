//! A snapshot plus the events after it is the next snapshot, from the empty one at the very beginning.

use std::collections::HashMap;

use prilavok_protocol::ids::{Cursor, Epoch, Party, Pos, Seq, ThreadId};

use super::index::{Index, side};
use super::log::Logs;
use super::marks::{mark, own};
use super::report::{Report, Rule};
use crate::history::{Entry, Listed, Marks, Record, What};

/// The snapshots of one party: cursor, threads, where in the history.
type Taken<'a> = Vec<(Pos, &'a [Listed], usize)>;

/// Checks the snapshots.
pub fn check(records: &[Record], index: &Index<'_>, logs: &Logs, report: &mut Report) {
    let mut taken: HashMap<(Party, Epoch), Taken<'_>> = HashMap::new();
    for (at, record) in records.iter().enumerate() {
        let What::Snapshot { cursor, threads } = &record.what else {
            continue;
        };
        let Cursor { epoch, pos } = *cursor;
        if let Some(party) = index.party(record.who) {
            taken.entry((party, epoch)).or_default().push((pos, &**threads, at));
        }
    }
    for ((party, epoch), mut snapshots) in taken {
        // They were taken in nearly this order, which costs next to nothing to mend.
        snapshots.sort_by_key(|(pos, _, _)| *pos);
        let (mut folded, mut from) = (HashMap::new(), Pos(0));
        for (pos, threads, at) in snapshots {
            let is_known = (from.0 + 1..=pos.0).all(|next| match logs.get(&(party, epoch, Pos(next))) {
                Some(entry) => {
                    fold(&mut folded, entry);
                    true
                }
                None => false,
            });
            from = pos;
            if is_known {
                report.snapshots += 1;
                compare(report, party, &folded, (threads, pos, at));
            } else {
                report.snapshots_unchecked += 1;
            }
            folded = threads
                .iter()
                .map(|listed| (listed.marks.thread, listed.marks))
                .collect();
        }
    }
}

/// What an entry does to a list.
fn fold(threads: &mut HashMap<ThreadId, Marks>, entry: &Entry) {
    let mut on = |thread, change: &dyn Fn(&mut Marks)| {
        let none = Marks {
            thread,
            head: Seq(0),
            read: [Seq(0); 2],
            delivered: [Seq(0); 2],
        };
        change(threads.entry(thread).or_insert(none));
    };
    match *entry {
        Entry::Started { thread } => on(thread, &|_| {}),
        Entry::Message(line) => on(line.thread, &|marks| own(marks, line.sender, line.seq)),
        Entry::Read { thread, side, up_to } => on(thread, &|marks| mark(marks, side, up_to, true)),
        Entry::Delivered { thread, side, up_to } => on(thread, &|marks| mark(marks, side, up_to, false)),
        Entry::Other => {}
    }
}

fn compare(
    report: &mut Report,
    party: Party,
    folded: &HashMap<ThreadId, Marks>,
    (threads, pos, at): (&[Listed], Pos, usize),
) {
    // What one's own devices have stored is told to the other side alone.
    let told = |marks: &Marks| (marks.head, marks.read, marks.delivered[side(party.role.other())]);
    for listed in threads {
        let expected = folded.get(&listed.marks.thread);
        if expected.map(told) != Some(told(&listed.marks)) {
            report.add(Rule::SnapshotDiffers, || {
                let says = listed.marks;
                format!("the snapshot at {pos} says {says:?}, the events say {expected:?} (record {at})")
            });
        }
    }
    if threads.len() != folded.len() {
        report.add(Rule::SnapshotDiffers, || {
            let (has, told) = (threads.len(), folded.len());
            format!("the snapshot at {pos} has {has} threads, the events {told} (record {at})")
        });
    }
}
