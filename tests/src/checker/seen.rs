//! What was on screens and in logs: nothing early, nothing twice, nothing that is not there in the end.

use std::collections::{HashMap, HashSet};

use prilavok_protocol::ids::{Seq, ThreadId};

use super::index::Index;
use super::report::{Report, Rule};
use crate::history::{ClientId, Entry, Kind, Line, Record, What};

/// A stream of messages, as a page or a device is told them.
#[derive(Debug)]
struct Stream {
    last: Seq,
    /// Where in the history that was.
    at: usize,
}

/// Checks what was seen.
pub fn check(records: &[Record], index: &Index<'_>, report: &mut Report) {
    let mut streams: HashMap<(ClientId, ThreadId), Stream> = HashMap::new();
    let mut broken: HashMap<ClientId, usize> = HashMap::new();
    // An engine may show older messages later, each once.
    let mut screens = HashSet::new();
    for (at, record) in records.iter().enumerate() {
        let who = record.who;
        let line = match &record.what {
            What::Shown(line) => {
                report.shown += 1;
                line
            }
            What::Event {
                entry: Entry::Message(line),
                ..
            } => line,
            What::Connected { .. } | What::Cut { .. } => {
                broken.insert(who, at);
                continue;
            }
            _ => continue,
        };
        matches(index, report, line, (at, index.name(who)));
        match index.kind(who) {
            Some(Kind::Engine) if !screens.insert((who, line.thread, line.id)) => {
                report.add(Rule::ShownTwice, || said(index.name(who), line, at, "once more"));
            }
            // What a device misses in between shows in the positions of its log.
            Some(kind @ (Kind::Room | Kind::Device)) => {
                let is_page = kind == Kind::Room;
                let Some(stream) = streams.get_mut(&(who, line.thread)) else {
                    let (last, at) = (line.seq, at);
                    streams.insert((who, line.thread), Stream { last, at });
                    continue;
                };
                let is_unbroken = broken.get(&who).is_none_or(|broken| *broken < stream.at);
                if line.seq == stream.last {
                    report.add(Rule::ShownTwice, || said(index.name(who), line, at, "once more"));
                } else if line.seq < stream.last {
                    report.add(Rule::ShownOutOfOrder, || {
                        said(index.name(who), line, at, "after a later one")
                    });
                } else if is_page && is_unbroken && line.seq > stream.last.next() {
                    report.add(Rule::ShownHole, || {
                        said(index.name(who), line, at, "with none before it")
                    });
                }
                (stream.last, stream.at) = (line.seq.max(stream.last), at);
            }
            _ => {}
        }
    }
}

/// It is what it is in the end, and its sending had begun.
fn matches(index: &Index<'_>, report: &mut Report, line: &Line, (at, name): (usize, &str)) {
    let key = (line.thread, line.id);
    match index.send(&key) {
        None => report.add(Rule::Phantom, || said(name, line, at, "though nobody sent it")),
        Some(send) if send.began > at => {
            report.add(Rule::ShownEarly, || said(name, line, at, "before its sending began"));
        }
        Some(_) => {}
    }
    if index.is_undone(at) {
        return;
    }
    match index.row.get(&key) {
        None => report.add(Rule::ShownLost, || said(name, line, at, "and it is not there")),
        Some(row) if row != line => {
            report.add(Rule::ShownDiffers, || {
                said(name, line, at, &format!("and it is {row:?}"))
            });
        }
        Some(_) => {}
    }
}

fn said(name: &str, line: &Line, at: usize, how: &str) -> String {
    format!("{name} was shown {line:?} {how} (record {at})")
}
