//! Markers only move forward and never past the newest message; unread is what the messages and the marker say.

use std::collections::HashMap;

use prilavok_protocol::ids::{Role, Seq, ThreadId};

use super::index::{Index, side};
use super::report::{Report, Rule};
use crate::history::{ClientId, Counter, Entry, Line, Listed, Marks, Record, What};

/// Checks markers and counters.
pub fn check(records: &[Record], index: &Index<'_>, report: &mut Report) {
    let sums = sums(index);
    let mut seen: HashMap<(ClientId, ThreadId), Marks> = HashMap::new();
    for (at, record) in records.iter().enumerate() {
        let who = record.who;
        match &record.what {
            What::Restored => seen.clear(),
            What::Event { entry, .. } => event(index, report, &mut seen, (who, entry, at)),
            What::Snapshot { threads, .. } => {
                for listed in threads {
                    list(index, report, &mut seen, (who, listed, at));
                    if !index.is_undone(at) {
                        derived(index, report, &sums, (who, listed, at));
                    }
                }
            }
            What::Listed(listed) => {
                list(index, report, &mut seen, (who, listed, at));
                derived(index, report, &sums, (who, listed, at));
            }
            What::Marked { thread, up_to } if !index.is_undone(at) => lost(index, report, (who, *thread, *up_to)),
            What::Unread { thread, count, counter } => {
                counted(index, report, (who, *thread), (*count, *counter));
            }
            _ => {}
        }
    }
}

fn event(
    index: &Index<'_>,
    report: &mut Report,
    seen: &mut HashMap<(ClientId, ThreadId), Marks>,
    (who, entry, at): (ClientId, &Entry, usize),
) {
    let none = |thread| Marks {
        thread,
        head: Seq(0),
        read: [Seq(0); 2],
        delivered: [Seq(0); 2],
    };
    let (thread, role, up_to, is_read) = match entry {
        Entry::Started { thread } => {
            seen.entry((who, *thread)).or_insert(none(*thread));
            return;
        }
        Entry::Message(line) => {
            // The head of a thread whose start was not told is not known.
            if let Some(marks) = seen.get_mut(&(who, line.thread)) {
                own(marks, line.sender, line.seq);
            }
            return;
        }
        Entry::Read { thread, side, up_to } => (*thread, *side, *up_to, true),
        Entry::Delivered { thread, side, up_to } => (*thread, *side, *up_to, false),
        Entry::Other => return,
    };
    let Some(marks) = seen.get_mut(&(who, thread)) else {
        return;
    };
    let name = index.name(who);
    let before = if is_read { marks.read } else { marks.delivered }[side(role)];
    if up_to < before {
        report.add(Rule::MarkBack, || {
            format!("{name} was told {entry:?} after {before} (record {at})")
        });
    }
    if up_to > marks.head {
        let head = marks.head;
        report.add(Rule::MarkBeyondHead, || {
            format!("{name} was told {entry:?}, the head is {head} (record {at})")
        });
    }
    mark(marks, role, up_to, is_read);
}

/// A message moves the head, and its sender's own markers without an event of their own.
pub(super) fn own(marks: &mut Marks, sender: Role, seq: Seq) {
    marks.head = marks.head.max(seq);
    mark(marks, sender, seq, true);
}

/// What is read is delivered too.
pub(super) fn mark(marks: &mut Marks, role: Role, up_to: Seq, is_read: bool) {
    let side = side(role);
    marks.delivered[side] = marks.delivered[side].max(up_to);
    if is_read {
        marks.read[side] = marks.read[side].max(up_to);
    }
}

fn list(
    index: &Index<'_>,
    report: &mut Report,
    seen: &mut HashMap<(ClientId, ThreadId), Marks>,
    (who, listed, at): (ClientId, &Listed, usize),
) {
    let now = listed.marks;
    let name = index.name(who);
    let marks = now.read.iter().chain(&now.delivered);
    if marks.clone().any(|mark| *mark > now.head) {
        report.add(Rule::MarkBeyondHead, || {
            format!("{name} was told {now:?} (record {at})")
        });
    }
    let Some(before) = seen.insert((who, now.thread), now) else {
        return;
    };
    let is_back = before.head > now.head
        || marks
            .zip(before.read.iter().chain(&before.delivered))
            .any(|(now, before)| now < before);
    if is_back {
        report.add(Rule::MarkBack, || {
            format!("{name} was told {now:?} after {before:?} (record {at})")
        });
    }
}

/// Per thread how many of the first n messages each side has sent.
fn sums(index: &Index<'_>) -> HashMap<ThreadId, Vec<[u32; 2]>> {
    let sum = |rows: &Vec<Line>| {
        let mut sums = vec![[0, 0]];
        let mut sum = [0, 0];
        for row in rows {
            sum[side(row.sender)] += 1;
            sums.push(sum);
        }
        sums
    };
    index.rows.iter().map(|(thread, rows)| (*thread, sum(rows))).collect()
}

/// Unread is the number of the other side's messages after the own marker.
fn derived(
    index: &Index<'_>,
    report: &mut Report,
    sums: &HashMap<ThreadId, Vec<[u32; 2]>>,
    (who, listed, at): (ClientId, &Listed, usize),
) {
    let Some(party) = index.party(who) else { return };
    let Marks { thread, head, read, .. } = listed.marks;
    let (own, other) = (side(party.role), side(party.role.other()));
    let sent = |seq: Seq| {
        let sums = sums.get(&thread).map_or(&[[0, 0]][..], Vec::as_slice);
        Some(sums.get(usize::try_from(seq.0).ok()?)?[other])
    };
    let unread = sent(head)
        .zip(sent(read[own]))
        .map(|(all, read)| all.saturating_sub(read));
    if unread != Some(listed.unread) {
        let (name, says) = (index.name(who), listed.unread);
        report.add(Rule::Unread, || {
            format!("{name} was told of {says} unread in thread {thread}, and it is {unread:?} (record {at})")
        });
    }
}

/// A marker that the server has taken is there in the end.
fn lost(index: &Index<'_>, report: &mut Report, (who, thread, up_to): (ClientId, ThreadId, Seq)) {
    let Some(party) = index.party(who) else { return };
    let listed = index.listed.get(&(party, thread));
    let read = listed.map(|listed| listed.marks.read[side(party.role)]);
    if read.is_none_or(|read| read < up_to) {
        let name = index.name(who);
        report.add(Rule::MarkLost, || {
            format!("{name} has read {thread} up to {up_to}, and the marker is {read:?}")
        });
    }
}

/// A counter at rest shows what the final list says.
fn counted(
    index: &Index<'_>,
    report: &mut Report,
    (who, thread): (ClientId, Option<ThreadId>),
    (count, counter): (u64, Counter),
) {
    let Some(party) = index.party(who) else { return };
    let unread = match thread {
        Some(thread) => index
            .listed
            .get(&(party, thread))
            .map(|listed| u64::from(listed.unread)),
        None => index.unread.get(&party).copied(),
    };
    if unread != Some(count) {
        let name = index.name(who);
        report.add(Rule::Unread, || {
            format!("the {counter:?} counter of {name} shows {count} for {thread:?}, and it is {unread:?}")
        });
    }
}
