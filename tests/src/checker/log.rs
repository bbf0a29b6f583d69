//! The log as each device was told it: position after position, the same for all devices of a party, and cursors that
//! never go back and never pass the head.

use std::collections::HashMap;

use prilavok_protocol::ids::{Cursor, Epoch, Party, Pos};

use super::index::Index;
use super::report::{Report, Rule};
use crate::history::{ClientId, Entry, Kind, Record, What};

/// Every entry that anybody was told, by whose log it is and where.
pub type Logs = HashMap<(Party, Epoch, Pos), Entry>;

/// A client that follows a log.
#[derive(Debug, Default)]
struct Device {
    epoch: Option<Epoch>,
    /// How far it is, once that is known.
    pos: Pos,
    /// It must fetch a snapshot before anything else.
    is_lost: bool,
}

/// Checks what was told, and returns all of it.
pub fn check(records: &[Record], index: &Index<'_>, report: &mut Report) -> Logs {
    let mut logs = Logs::new();
    let mut devices: HashMap<ClientId, Device> = HashMap::new();
    let mut furthest: HashMap<(Party, Epoch), (Pos, ClientId)> = HashMap::new();
    let mut heads: HashMap<(Party, Epoch), Pos> = HashMap::new();
    let mut restored = 0_usize;
    for (at, record) in records.iter().enumerate() {
        let who = record.who;
        if matches!(record.what, What::Restored) {
            restored += 1;
        }
        let (Some(kind), Some(party)) = (index.kind(who), index.party(who)) else {
            continue;
        };
        let device = devices.entry(who).or_default();
        match &record.what {
            What::Connected { cursor } => {
                let cursor = cursor.map_or(Pos(0), |cursor| cursor.pos);
                if kind == Kind::Device && !device.is_lost && cursor < device.pos {
                    back(report, index, who, (device.pos, cursor, at));
                }
            }
            What::Welcome { epoch } => {
                let is_other = device.epoch.is_some_and(|known| known != *epoch);
                if is_other && restored == 0 {
                    report.add(Rule::EpochChanged, || {
                        format!(
                            "{} was welcomed with another epoch, {epoch} (record {at})",
                            index.name(who)
                        )
                    });
                }
                if is_other {
                    (device.pos, device.is_lost) = (Pos(0), true);
                }
                device.epoch = Some(*epoch);
            }
            What::Resync { .. } => device.is_lost = true,
            What::Event { pos, entry } => {
                report.events += 1;
                if *pos != device.pos.next() {
                    report.add(Rule::PosHole, || {
                        let name = index.name(who);
                        format!("{name} was told position {pos} after {} (record {at})", device.pos)
                    });
                }
                device.pos = *pos;
                let Some(epoch) = device.epoch else { continue };
                reach(&mut furthest, (party, epoch), (*pos, who));
                let told = logs.entry((party, epoch, *pos)).or_insert(*entry);
                if told != entry {
                    report.add(Rule::TwoLogs, || {
                        let name = index.name(who);
                        format!("at {pos}, {name} was told {entry:?}, and another device {told:?} (record {at})")
                    });
                }
            }
            What::Head { pos } if kind == Kind::Server => {
                if let Some(epoch) = device.epoch {
                    heads.insert((party, epoch), *pos);
                }
            }
            What::Head { pos } if kind == Kind::Device => head(report, index, who, (device.pos, *pos, at)),
            What::Snapshot { cursor, .. } if kind == Kind::Device => {
                stored(report, index, who, (&mut *device, *cursor, at));
                reach(&mut furthest, (party, cursor.epoch), (cursor.pos, who));
            }
            What::Cursor { cursor } => {
                stored(report, index, who, (&mut *device, *cursor, at));
                reach(&mut furthest, (party, cursor.epoch), (cursor.pos, who));
            }
            What::Cut { .. } => report.cuts += 1,
            _ => {}
        }
    }
    for (log, (pos, who)) in furthest {
        if let Some(head) = heads.get(&log).filter(|head| pos > **head) {
            let name = index.name(who);
            report.add(Rule::BeyondHead, || {
                format!("{name} is at {pos}, and the log ends at {head}")
            });
        }
    }
    logs
}

/// The head as a live device hears it: everything up to it was told before.
fn head(report: &mut Report, index: &Index<'_>, who: ClientId, (pos, head, at): (Pos, Pos, usize)) {
    let name = index.name(who);
    if pos > head {
        report.add(Rule::BeyondHead, || {
            format!("{name} is at {pos}, and the head is {head} (record {at})")
        });
    }
    if pos < head {
        report.add(Rule::Missed, || {
            format!("{name} is at {pos}, and the head is {head} (record {at})")
        });
    }
}

/// A cursor as it is stored.
fn stored(report: &mut Report, index: &Index<'_>, who: ClientId, now: (&mut Device, Cursor, usize)) {
    let (device, cursor, at) = now;
    if device.epoch == Some(cursor.epoch) && cursor.pos < device.pos {
        back(report, index, who, (device.pos, cursor.pos, at));
    }
    (device.epoch, device.pos, device.is_lost) = (Some(cursor.epoch), cursor.pos, false);
}

fn back(report: &mut Report, index: &Index<'_>, who: ClientId, (from, to, at): (Pos, Pos, usize)) {
    let name = index.name(who);
    report.add(Rule::CursorBack, || {
        format!("the cursor of {name} went from {from} back to {to} (record {at})")
    });
}

fn reach(furthest: &mut HashMap<(Party, Epoch), (Pos, ClientId)>, log: (Party, Epoch), by: (Pos, ClientId)) {
    let known = furthest.entry(log).or_insert(by);
    if by.0 > known.0 {
        *known = by;
    }
}
