//! For every rule a good history that stays green and the smallest change that must turn it red, under the right name.

mod logs;
mod messages;

use prilavok_protocol::ids::{Cursor, Epoch, Pos};

use super::model::{Model, Step};
use super::{Rule, check};
use crate::history::{self, ClientId, Entry, Kind, Record, What};

/// A run in which everything happens at least once.
fn good() -> Vec<Record> {
    use Step::{Applied, Cancelled, Cross, Cut, Engine, Hear, Read, Refused, Repeat, Send, Snapshot, Unknown};
    let mut model = Model::new(2);
    for step in [
        Send(0),
        Send(0),
        Hear(1),
        Repeat(1),
        Cut(1),
        Unknown(0),
        Send(1),
        Refused(1),
        Snapshot(0),
        Cross(0),
        Hear(0),
        Applied(1),
        Read(1),
        Engine(0),
        Cancelled(0),
        Hear(1),
        Applied(1),
        Send(2),
        Read(3),
        Send(0),
        Read(0),
        Hear(0),
        Send(1),
        Snapshot(0),
        Send(1),
        Hear(0),
        Send(3),
        Send(2),
        Cut(0),
        Send(0),
        Send(0),
    ] {
        model.step(step);
    }
    model.finish()
}

/// The place of the n-th record that fits.
fn nth(records: &[Record], n: usize, fits: impl Fn(&Record) -> bool) -> usize {
    let mut places = records.iter().enumerate().filter(|(_, record)| fits(record));
    places.nth(n).expect("such a record").0
}

fn kind_of(records: &[Record], record: &Record) -> Option<Kind> {
    records.iter().find_map(|joined| match &joined.what {
        What::Joined { kind, .. } if joined.who == record.who => Some(*kind),
        _ => None,
    })
}

/// The n-th record of a kind of client that fits, to be changed.
fn of(records: &mut [Record], kind: Kind, n: usize, fits: impl Fn(&What) -> bool) -> &mut What {
    let all = records.to_vec();
    let at = nth(&all, n, |record| {
        kind_of(&all, record) == Some(kind) && fits(&record.what)
    });
    &mut records[at].what
}

#[test]
fn a_good_history_is_good_and_everything_in_it_was_looked_at() {
    let report = check(&good());
    assert!(report.is_good(), "{report}");
    assert!(report.acked > 10 && report.acked < report.sent, "{report:?}");
    assert!(report.snapshots >= 6 && report.snapshots_unchecked == 0, "{report:?}");
    assert_eq!((report.threads, report.unknown, report.refused), (4, 1, 1));
    assert!(report.canaries > 0 && report.cuts > 0 && report.shown > 0 && report.events > 0);
}

#[test]
fn a_kept_history_is_read_back_as_it_was() {
    let file = tempfile::NamedTempFile::new().expect("a file");
    let records = good();
    history::save(&records, file.path()).expect("it is kept");
    assert_eq!(history::load(file.path()).expect("it is read"), records);
}

/// Breaks a good history in one place, and demands the rule among those that are named.
#[track_caller]
fn breaks(rule: Rule, change: impl FnOnce(&mut Vec<Record>)) {
    let mut records = good();
    change(&mut records);
    let report = check(&records);
    assert!(report.broken.contains_key(&rule), "{rule:?} was not named: {report}");
}

fn is_stored(what: &What) -> bool {
    matches!(what, What::Stored(_))
}

fn is_message(what: &What) -> bool {
    let entry = |entry: &Entry| matches!(entry, Entry::Message(_));
    matches!(what, What::Event { entry: it, .. } if entry(it))
}

#[test]
fn what_a_restored_backup_has_undone_may_be_gone_and_nothing_else() {
    let mut model = Model::new(1);
    model.step(Step::Send(0));
    model.step(Step::Hear(0));
    model.step(Step::Send(0));
    let mut records = model.finish();
    let chaos = Record {
        who: ClientId(1_000),
        what: What::BackedUp,
    };
    let restored = Record {
        who: ClientId(1_000),
        what: What::Restored,
    };
    // The second message was sent after the backup; it is on the pages, and gone.
    let second = nth(&records, 1, |record| matches!(record.what, What::Acked { .. }));
    let began = nth(&records, 1, |record| matches!(record.what, What::Invoked { .. }));
    records.insert(second + 1, restored);
    records.insert(began, chaos);
    let last = records
        .iter()
        .rposition(|record| is_stored(&record.what))
        .expect("a row");
    records.remove(last);
    let report = check(&records);
    assert!(!report.broken.contains_key(&Rule::Lost), "{report}");
    records.retain(|record| record.what != What::BackedUp && record.what != What::Restored);
    assert!(check(&records).broken.contains_key(&Rule::Lost));
}

#[test]
fn a_cursor_of_another_history_is_no_step_back() {
    let mut records = good();
    let cursor = Cursor {
        epoch: Epoch::mint(),
        pos: Pos(0),
    };
    let engine = nth(&records, 0, |record| matches!(record.what, What::Cursor { .. }));
    let mut other = records[engine].clone();
    other.what = What::Cursor { cursor };
    records.push(other);
    assert!(check(&records).is_good());
}
