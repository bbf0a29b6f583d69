//! An error at every operation of the disk, once and from then on.

use std::path::Path;
use std::sync::Arc;

use prilavok_server::store::sqlite::SqliteStore;
use prilavok_test_vfs::{Disk, Fault, Kind};
use prilavok_tests::wire::DEADLINE;
use tempfile::TempDir;
use tokio::time::timeout;

use crate::ledger::{Entry, Ledger};
use crate::script::{Script, open};

/// One operation that fails. When its test fails, it says which.
struct Case {
    what: &'static str,
    nth: u64,
}

impl Drop for Case {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("this was {} at operation {}", self.what, self.nth);
        }
    }
}

/// The seed of a short script, with two checkpoints.
const SHORT: u64 = 23;
/// The seed of a longer one, with a dozen.
const LONG: u64 = 5;

/// People ask while the fault strikes, and ask the same again when all is well. A store that cannot trust its disk is
/// started anew, as a supervisor would do it. True when that was so.
async fn live_through(disk: &Disk, folder: &Path, seed: u64, fault: Fault) -> (Ledger, bool) {
    let script = Script::of(seed);
    disk.fail(fault);
    let mut ledger = Ledger::default();
    let mut store = open(folder, script.checkpoint);
    if let Ok(store) = &store {
        ledger = in_time(script.run_slowly(store)).await;
    }
    disk.heal();
    if let Ok(store) = &store {
        in_time(script.knock(store)).await;
    }
    let was_broken = store.as_ref().is_ok_and(|store| store.is_broken());
    if let Ok(broken) = &store
        && was_broken
    {
        let refused = in_time(script.run_slowly(broken)).await;
        assert_eq!(refused.acked(), 0, "nothing is acknowledged after a failed sync");
        in_time(broken.close()).await;
        // No checkpoint of the second life may help what the first one left in doubt.
        store = open(folder, 4_096);
    }
    let store: Arc<SqliteStore> = match store {
        Ok(store) => store,
        Err(_) => open(folder, script.checkpoint).expect("it opens when all is well"),
    };
    let again = in_time(script.run_slowly(&store)).await;
    for entry in &again.entries {
        let (Entry::Append(_, _, Err(error)) | Entry::Read(_, Err(error))) = entry else {
            continue;
        };
        panic!("all is well, and yet: {error}");
    }
    assert!(again.acked() > 0, "people have gone on");
    ledger.threads = again.threads;
    ledger.entries.extend(again.entries);
    disk.cut_power();
    in_time(store.close()).await;
    (ledger, was_broken)
}

async fn in_time<T>(work: impl Future<Output = T>) -> T {
    timeout(DEADLINE, work).await.expect("nothing hangs")
}

async fn verify(disk: &Disk, seed: u64, ledger: &Ledger) {
    let image = TempDir::new().expect("a folder");
    disk.image(seed, image.path());
    let _mounted = Disk::mount(image.path());
    ledger.verify(image.path()).await;
}

/// How many operations of these kinds there are when all is well.
async fn operations(seed: u64, kinds: &[Kind]) -> u64 {
    let folder = TempDir::new().expect("a folder");
    let disk = Disk::mount(folder.path());
    let script = Script::of(seed);
    let store = open(folder.path(), script.checkpoint).expect("it opens");
    assert!(script.run_slowly(&store).await.acked() > 0, "all is well");
    disk.operations(kinds)
}

/// The `nth` operation fails, and what people were told is true all the same.
async fn check(what: &'static str, nth: u64, fault: Fault) {
    let _case = Case { what, nth };
    let folder = TempDir::new().expect("a folder");
    let disk = Disk::mount(folder.path());
    let (ledger, _) = live_through(&disk, folder.path(), SHORT, fault).await;
    verify(&disk, nth, &ledger).await;
}

#[tokio::test]
async fn one_error_at_any_operation_costs_nothing_that_was_acked() {
    for nth in 1..=operations(SHORT, &Kind::ALL).await {
        check("one error", nth, Fault::once(&Kind::ALL, nth)).await;
    }
}

#[tokio::test]
async fn errors_from_any_operation_on_cost_nothing_that_was_acked() {
    for nth in 1..=operations(SHORT, &Kind::ALL).await {
        check("the first of many errors", nth, Fault::from_then_on(&Kind::ALL, nth)).await;
    }
}

/// The system may take the pages of a failed sync for clean: readable, not on the disk, and not written by later syncs.
#[tokio::test]
async fn after_a_failed_sync_nothing_is_acked_and_the_next_start_makes_all_durable_anew() {
    let mut ended = 0;
    let syncs = operations(LONG, &[Kind::Sync]).await;
    for nth in 1..=syncs {
        let folder = TempDir::new().expect("a folder");
        let disk = Disk::mount(folder.path());
        let _case = Case {
            what: "a failed sync",
            nth,
        };
        let (ledger, was_broken) = live_through(&disk, folder.path(), LONG, Fault::once(&[Kind::Sync], nth)).await;
        ended += u64::from(was_broken);
        for seed in 0..4 {
            verify(&disk, seed, &ledger).await;
        }
    }
    assert!(ended * 2 > syncs, "only {ended} of {syncs} were of the running store");
}
