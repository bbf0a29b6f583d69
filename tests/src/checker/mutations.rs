//! Random good histories stay good; random histories with one thing changed do not.

use proptest::prelude::*;

use super::check;
use super::model::{Model, Step};
use crate::history::{Entry, Kind, Record, What};

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = (0_usize..12, 0_usize..6).prop_map(|(step, n)| match step {
        0 => Step::Repeat(n),
        1 => Step::Unknown(n),
        2 => Step::Refused(n),
        3 => Step::Cancelled(n),
        4 => Step::Cross(n),
        5 => Step::Hear(n),
        6 => Step::Cut(n),
        7 => Step::Read(n),
        8 => Step::Applied(n),
        9 => Step::Snapshot(n),
        10 => Step::Engine(n),
        _ => Step::Send(n),
    });
    proptest::collection::vec(step, 1..60)
}

fn run(steps: &[Step]) -> Vec<Record> {
    let mut model = Model::new(3);
    steps.iter().for_each(|step| model.step(*step));
    // Each change below finds something to change.
    model.step(Step::Send(0));
    model.finish()
}

/// What can be done to one record so that the contract is broken, whatever the record says.
#[derive(Debug, Clone, Copy)]
enum Change {
    Drop,
    Repeat,
    Alter,
    Swap,
}

/// Whether this change of this record breaks the contract. What is left out can happen to anybody: an answer that nobody
/// noted, a page that never saw its first message.
fn breaks(records: &[Record], at: usize, change: Change) -> bool {
    let is_next = |other: usize| {
        records[at + 1..]
            .iter()
            .filter(|record| record.who == records[at].who)
            .nth(other)
    };
    match (&records[at].what, change) {
        (What::Stored(_) | What::Event { .. }, Change::Drop | Change::Repeat | Change::Alter) => true,
        (What::Shown(_), Change::Repeat | Change::Alter) => true,
        (What::Acked { .. } | What::Holds { .. } | What::Unread { .. } | What::Snapshot { .. }, Change::Alter) => true,
        (What::Stored(_) | What::Event { .. }, Change::Swap) => is_next(0)
            .is_some_and(|next| std::mem::discriminant(&next.what) == std::mem::discriminant(&records[at].what)),
        _ => false,
    }
}

fn apply(records: &mut Vec<Record>, at: usize, change: Change) {
    let who = records[at].who;
    match change {
        Change::Drop => {
            records.remove(at);
        }
        Change::Repeat => records.insert(at, records[at].clone()),
        Change::Swap => {
            let next = records[at + 1..].iter().position(|record| record.who == who);
            records.swap(at, at + 1 + next.expect("there is a next one"));
        }
        Change::Alter => alter(&mut records[at].what),
    }
}

fn alter(what: &mut What) {
    match what {
        What::Stored(line) | What::Shown(line) => line.hash += 1_000_000,
        What::Event { pos, entry } => match entry {
            Entry::Message(line) => line.seq.0 += 1,
            _ => pos.0 += 1,
        },
        What::Acked { seq, .. } => seq.0 += 1,
        What::Holds { digest, .. } => *digest ^= 1,
        What::Unread { count, .. } => *count += 1,
        What::Snapshot { threads, .. } => threads[0].marks.read[0].0 += 1,
        _ => {}
    }
}

proptest! {
    #[test]
    fn random_good_histories_are_good(steps in steps()) {
        let report = check(&run(&steps));
        prop_assert!(report.is_good(), "{}", report);
    }

    #[test]
    fn one_record_dropped_repeated_swapped_or_altered_is_found(steps in steps(), change in 0..4, pick: prop::sample::Index) {
        let change = [Change::Drop, Change::Repeat, Change::Alter, Change::Swap][change as usize];
        let mut records = run(&steps);
        let places: Vec<usize> = (0..records.len()).filter(|at| breaks(&records, *at, change)).collect();
        prop_assume!(!places.is_empty());
        let at = places[pick.index(places.len())];
        let before = records[at].clone();
        apply(&mut records, at, change);
        prop_assert!(!check(&records).is_good(), "{change:?} of {before:?} was not found");
    }
}

/// A million records are checked in the time of a million look-ups: it ends, and that is all that is asserted.
#[test]
fn a_million_records_are_checked() {
    let mut model = Model::new(200);
    for n in 0..160_000 {
        model.step(match n % 10 {
            0 => Step::Hear(n / 3),
            1 => Step::Read(n / 7),
            _ => Step::Send(n),
        });
    }
    let records = model.finish();
    assert!(records.len() > 1_000_000, "{}", records.len());
    let began = std::time::Instant::now();
    let report = check(&records);
    println!("{} records in {:?}", records.len(), began.elapsed());
    assert!(report.is_good(), "{report}");
    assert!(
        records
            .iter()
            .any(|record| matches!(record.what, What::Joined { kind: Kind::Engine, .. }))
    );
}
