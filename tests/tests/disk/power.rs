//! Power cuts.

use std::path::Path;

use fastrand::Rng;
use prilavok_test_vfs::{Disk, Kind};
use tempfile::TempDir;

use crate::ledger::Ledger;
use crate::script::{Script, open};

/// Images that are made of each cut: what is left is a matter of luck.
const IMAGES: u64 = 2;

/// One cut. When its test fails, it says how to repeat it alone.
struct Case {
    seed: u64,
    cut: u64,
}

impl Drop for Case {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!(
                "repeat it with: PRILAVOK_CUT={}:{} cargo test -p prilavok-tests --test disk power_cut",
                self.seed, self.cut
            );
        }
    }
}

/// The case that the environment asks for.
fn asked_for() -> Option<Case> {
    let case = std::env::var("PRILAVOK_CUT").ok()?;
    let (seed, cut) = case.split_once(':').expect("PRILAVOK_CUT is seed:change");
    Some(Case {
        seed: seed.parse().expect("a number"),
        cut: cut.parse().expect("a number"),
    })
}

impl Case {
    /// Cuts the power in the middle of this change of the files, and looks at what may be left.
    async fn check(&self, is_lying: bool) {
        let folder = TempDir::new().expect("a folder");
        let (disk, ledger) = self.run(folder.path(), is_lying).await;
        let mut dice = Rng::with_seed(self.seed ^ self.cut);
        for _ in 0..IMAGES {
            let image = TempDir::new().expect("a folder");
            disk.image(dice.u64(..), image.path());
            self.return_of_the_power(image, &ledger, &mut dice).await;
        }
    }

    async fn run(&self, folder: &Path, is_lying: bool) -> (Disk, Ledger) {
        let disk = Disk::mount(folder);
        if is_lying {
            disk.lie();
        }
        disk.cut_power_at(self.cut);
        let script = Script::of(self.seed);
        let Ok(store) = open(folder, script.checkpoint) else {
            assert!(disk.is_dead(), "it opens while there is power");
            return (disk, Ledger::default());
        };
        let ledger = script.run(&store, &disk).await;
        disk.cut_power();
        store.close().await;
        (disk, ledger)
    }

    /// It may go again while the store recovers.
    async fn return_of_the_power(&self, image: TempDir, ledger: &Ledger, dice: &mut Rng) {
        let disk = Disk::mount(image.path());
        if dice.bool() {
            return ledger.verify(image.path()).await;
        }
        disk.cut_power_at(dice.u64(1..20));
        drop(open(image.path(), 4_096));
        disk.cut_power();
        let second = TempDir::new().expect("a folder");
        disk.image(dice.u64(..), second.path());
        let _mounted = Disk::mount(second.path());
        ledger.verify(second.path()).await;
    }
}

/// How many changes a script makes, from the opening to the last answer.
async fn changes(seed: u64) -> u64 {
    let folder = TempDir::new().expect("a folder");
    let case = Case { seed, cut: u64::MAX };
    let (disk, ledger) = case.run(folder.path(), false).await;
    assert!(ledger.acked() > 0, "all is well without a cut");
    disk.operations(&Kind::CHANGES)
}

#[tokio::test]
async fn an_acked_message_survives_a_power_cut_at_any_change_of_the_files() {
    if let Some(case) = asked_for() {
        return case.check(false).await;
    }
    for seed in 0..2 {
        for cut in 1..=changes(seed).await {
            Case { seed, cut }.check(false).await;
        }
    }
}

#[tokio::test]
async fn an_acked_message_survives_a_power_cut_in_whatever_people_do() {
    if asked_for().is_some() {
        return;
    }
    for seed in 1_000..1_300 {
        let cut = Rng::with_seed(seed).u64(1..=changes(seed).await);
        Case { seed, cut }.check(false).await;
    }
}

#[tokio::test]
async fn the_same_seed_does_the_same_to_the_disk() {
    for seed in 0..10 {
        assert_eq!(changes(seed).await, changes(seed).await, "seed {seed}");
    }
}

/// The tests above can fail: a disk that does not do what `synchronous = full` asks for is found out.
#[tokio::test]
async fn a_disk_that_lies_about_syncs_is_found_out() {
    if asked_for().is_some() {
        return;
    }
    let mut found_out = 0;
    for seed in 2_000..2_020 {
        let check = tokio::spawn(async move {
            let cut = Rng::with_seed(seed).u64(100..=changes(seed).await);
            Case { seed, cut }.check(true).await;
        });
        found_out += usize::from(check.await.is_err());
    }
    assert!(found_out > 10, "only {found_out} of 20 power cuts lost something");
}
