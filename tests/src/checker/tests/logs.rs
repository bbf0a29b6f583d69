//! Logs, markers, counters, and what was not theirs.

use prilavok_protocol::ids::{Epoch, Pos, Seq, ThreadId};

use super::{breaks, is_message, nth, of};
use crate::checker::Rule;
use crate::history::{Counter, Entry, Kind, Place, Record, What};

#[test]
fn what_is_wrong_with_a_log_is_named() {
    breaks(Rule::PosHole, |records| {
        let at = nth(records, 0, |record| is_message(&record.what));
        records.remove(at);
    });
    breaks(Rule::PosHole, |records| {
        let at = nth(records, 0, |record| is_message(&record.what));
        records.insert(at, records[at].clone());
    });
    // A second device of a party was told something else at a position.
    breaks(Rule::TwoLogs, |records| {
        let at = nth(records, 0, |record| is_message(&record.what));
        let device = records[at].who;
        let mut other: Vec<_> = records.iter().filter(|record| record.who == device).cloned().collect();
        other.iter_mut().for_each(|record| record.who.0 = 1_000);
        let told = other
            .iter_mut()
            .find(|record| is_message(&record.what))
            .expect("an event");
        let What::Event { entry, .. } = &mut told.what else {
            return;
        };
        *entry = Entry::Other;
        records.extend(other);
    });
    breaks(Rule::CursorBack, |records| {
        let connected = |what: &What| matches!(what, What::Connected { cursor: Some(cursor) } if cursor.pos > Pos(1));
        let What::Connected { cursor: Some(cursor) } = of(records, Kind::Device, 0, connected) else {
            return;
        };
        cursor.pos = Pos(1);
    });
    breaks(Rule::CursorBack, |records| {
        let at = nth(records, 0, |record| matches!(record.what, What::Cursor { .. }));
        let mut back = records[at].clone();
        let What::Cursor { cursor } = &mut back.what else {
            return;
        };
        cursor.pos.0 -= 1;
        records.insert(at + 1, back);
    });
    breaks(Rule::BeyondHead, |records| {
        let What::Head { pos } = of(records, Kind::Server, 0, |what| matches!(what, What::Head { .. })) else {
            return;
        };
        pos.0 -= 1;
    });
    breaks(Rule::BeyondHead, |records| {
        let What::Cursor { cursor } = of(records, Kind::Engine, 0, |what| matches!(what, What::Cursor { .. })) else {
            return;
        };
        cursor.pos.0 += 1;
    });
    breaks(Rule::Missed, |records| {
        let What::Head { pos } = of(records, Kind::Device, 0, |what| matches!(what, What::Head { .. })) else {
            return;
        };
        pos.0 += 1;
    });
    breaks(Rule::EpochChanged, |records| {
        let welcome = |what: &What| matches!(what, What::Welcome { .. });
        // The fifth welcome of a device is its second one.
        let What::Welcome { epoch } = of(records, Kind::Device, 4, welcome) else {
            return;
        };
        *epoch = Epoch::mint();
    });
}

#[test]
fn what_is_wrong_with_markers_is_named() {
    let is_read = |what: &What| {
        matches!(
            what,
            What::Event {
                entry: Entry::Read { .. },
                ..
            }
        )
    };
    let set = |records: &mut Vec<Record>, n: usize, to: Seq| {
        let What::Event {
            entry: Entry::Read { up_to, .. },
            ..
        } = of(records, Kind::Device, n, is_read)
        else {
            return;
        };
        *up_to = to;
    };
    breaks(Rule::MarkBack, |records| set(records, 1, Seq(1)));
    breaks(Rule::MarkBeyondHead, |records| set(records, 0, Seq(1_000)));
    breaks(Rule::MarkLost, |records| {
        let What::Marked { up_to, .. } = of(records, Kind::Device, 0, |what| matches!(what, What::Marked { .. }))
        else {
            return;
        };
        *up_to = Seq(1_000);
    });
    breaks(Rule::SnapshotDiffers, |records| {
        let snapshot = |what: &What| matches!(what, What::Snapshot { .. });
        let What::Snapshot { threads, .. } = of(records, Kind::Rest, 1, snapshot) else {
            return;
        };
        threads[0].marks.head.0 -= 1;
    });
    breaks(Rule::SnapshotDiffers, |records| {
        let What::Snapshot { threads, .. } = of(records, Kind::Rest, 1, |what| matches!(what, What::Snapshot { .. }))
        else {
            return;
        };
        *threads = Box::new([]);
    });
}

#[test]
fn what_is_wrong_at_rest_is_named() {
    let holds = |what: &What| matches!(what, What::Holds { .. });
    breaks(Rule::ThreadDiffers, |records| {
        let What::Holds { digest, .. } = of(records, Kind::Device, 0, holds) else {
            return;
        };
        *digest ^= 1;
    });
    breaks(Rule::Behind, |records| {
        let What::Holds { last, .. } = of(records, Kind::Device, 0, holds) else {
            return;
        };
        last.0 -= 1;
    });
    for counter in [Counter::List, Counter::Server, Counter::Badge] {
        breaks(Rule::Unread, |records| {
            let fits = |what: &What| matches!(what, What::Unread { counter: it, .. } if *it == counter);
            let What::Unread { count, .. } = of(records, Kind::Device, 0, fits) else {
                return;
            };
            *count += 1;
        });
    }
    breaks(Rule::Unread, |records| {
        let What::Listed(listed) = of(records, Kind::Server, 0, |what| matches!(what, What::Listed(_))) else {
            return;
        };
        listed.unread += 1;
    });
}

#[test]
fn a_leak_is_named_wherever_it_is() {
    // The first thread's canary before the eyes of the second pair.
    for (kind, place) in [
        (Kind::Room, Place::Socket),
        (Kind::Rest, Place::Search),
        (Kind::Rest, Place::Answer),
        (Kind::Engine, Place::Notice),
    ] {
        breaks(Rule::Leak, |records| {
            let saw = nth(records, 0, |record| matches!(record.what, What::Saw { .. }));
            let What::Saw { canary, .. } = records[saw].what else {
                return;
            };
            let of_kind = |record: &Record| matches!(record.what, What::Joined { kind: it, .. } if it == kind);
            let who = records[records.iter().rposition(of_kind).expect("such a client")].who;
            let what = What::Saw { place, canary };
            records.push(Record { who, what });
        });
    }
    breaks(Rule::Leak, |records| {
        let saw = nth(records, 0, |record| matches!(record.what, What::Saw { .. }));
        let (mut log, mut saw) = (records[0].clone(), records[saw].clone());
        (log.who.0, saw.who.0) = (1_000, 1_000);
        let What::Joined { kind, party, .. } = &mut log.what else {
            return;
        };
        (*kind, *party) = (Kind::Log, None);
        records.extend([log, saw]);
    });
    breaks(Rule::Leak, |records| {
        let What::Event { entry, .. } = of(records, Kind::Device, 0, |what| matches!(what, What::Event { .. })) else {
            return;
        };
        *entry = Entry::Started {
            thread: ThreadId::mint(),
        };
    });
}
