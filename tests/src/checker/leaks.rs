//! Nobody sees what is not theirs: canaries, threads, markers.

use prilavok_protocol::ids::{Party, ThreadId};

use super::index::Index;
use super::report::{Report, Rule};
use crate::history::{Entry, Record, What};

/// Checks who saw what.
pub fn check(records: &[Record], index: &Index<'_>, report: &mut Report) {
    for (at, record) in records.iter().enumerate() {
        let party = index.party(record.who);
        let name = index.name(record.who);
        match &record.what {
            What::Saw { place, canary } => {
                let thread = index.canaries.get(canary);
                if thread.is_some_and(|thread| belongs(index, *thread, party)) {
                    report.canaries += 1;
                } else {
                    report.add(Rule::Leak, || {
                        let whose = thread.map_or("nobody's thread".into(), ToString::to_string);
                        format!("{name} saw {canary} of {whose} in {place:?} (record {at})")
                    });
                }
            }
            What::Event { entry, .. } => {
                let thread = match entry {
                    Entry::Started { thread } | Entry::Read { thread, .. } | Entry::Delivered { thread, .. } => *thread,
                    Entry::Message(line) => line.thread,
                    Entry::Other => continue,
                };
                must_belong(index, report, (thread, party), (name, at));
            }
            What::Shown(line) => must_belong(index, report, (line.thread, party), (name, at)),
            What::Snapshot { threads, .. } => {
                for listed in threads {
                    must_belong(index, report, (listed.marks.thread, party), (name, at));
                }
            }
            _ => {}
        }
    }
}

fn must_belong(index: &Index<'_>, report: &mut Report, whose: (ThreadId, Option<Party>), said: (&str, usize)) {
    let ((thread, party), (name, at)) = (whose, said);
    if !belongs(index, thread, party) {
        report.add(Rule::Leak, || {
            format!("{name} was told of the foreign thread {thread} (record {at})")
        });
    }
}

fn belongs(index: &Index<'_>, thread: ThreadId, party: Option<Party>) -> bool {
    let Some(thread) = index.threads.get(&thread) else {
        return false;
    };
    party.is_some_and(|party| thread.parties.contains(&party))
}
