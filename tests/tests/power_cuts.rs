//! The power goes while a server is busy: what was not synced is gone, kept, or torn, and what was acknowledged is there.
//!
//! The server process has its databases on a disk of the tests' own. When it dies at a point, the disk puts aside what it
//! would hold after a power cut, and that is what the next start finds.

use std::fs;
use std::time::Duration;

use prilavok_server::faults;
use prilavok_tests::checker::{self, Report, Rule};
use prilavok_tests::crowd::{Crowd, GENEROUS, Pace, Plan};
use prilavok_tests::history::History;
use prilavok_tests::seed::Seed;
use prilavok_tests::world::process::{Process, Program};
use tempfile::TempDir;

/// Power cuts in a row.
const ROUNDS: u64 = 30;
/// So often a point is passed before the cut, at most.
const PASSES: u64 = 40;

/// A server on such a disk.
struct Shop {
    server: Process,
    image: TempDir,
}

impl Shop {
    fn new() -> Self {
        let (mut server, image) = (
            Process::waiting(Program::Faulty),
            tempfile::tempdir().expect("a folder"),
        );
        for (name, value) in GENEROUS {
            server.set(name, value);
        }
        server.set("PRILAVOK_LOG__FILTER", "off");
        server.set("POWER_IMAGE", image.path().to_str().expect("UTF-8"));
        let folder = server.folder().to_str().expect("UTF-8").to_owned();
        server.set("POWER_FOLDER", &folder);
        Self { server, image }
    }

    /// Starts it with these faults, waits until it dies at a point, and leaves what the disk holds then.
    async fn loses_power(&mut self, faults: &str, seed: u64) {
        self.server.set("POWER_SEED", &seed.to_string());
        self.server.start_with(faults).await;
        self.server.dies().await;
        for end in ["", "-wal", "-shm"] {
            // Not each of them is there each time.
            let _ = fs::remove_file(self.server.folder().join(format!("store.sqlite{end}")));
        }
        for file in fs::read_dir(self.image.path()).expect("the image is there").flatten() {
            fs::copy(file.path(), self.server.folder().join(file.file_name())).expect("it is copied");
            fs::remove_file(file.path()).expect("it is removed");
        }
    }

    /// Whether the doctor finds nothing.
    async fn is_whole(&self) -> bool {
        let doctor = self.server.command(&["doctor"], "").output().await.expect("it runs");
        String::from_utf8_lossy(&doctor.stdout).contains("the database is whole")
    }

    async fn crowd(&self) -> Crowd {
        let plan = Plan {
            pairs: 2,
            engines: 0,
            per_shop: 2,
            pace: Pace {
                pause: Duration::from_millis(5),
                window: 4,
                reads: true,
            },
        };
        Crowd::start(self.server.address, plan, History::new()).await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_acknowledged_is_lost_when_the_power_goes() {
    let mut seed = Seed::new(Seed::asked().unwrap_or_else(Seed::fresh));
    let _again = seed.again("power_cuts", "nothing_acknowledged");
    let mut shop = Shop::new();
    shop.server.start().await;
    let crowd = shop.crowd().await;
    assert!(shop.server.terminate().await);
    for _ in 0..ROUNDS {
        // A small store would not be checkpointed, nor its tables brought to where the log stands, before it has grown.
        let (point, passes) = (seed.one_of(&faults::POINTS), seed.below(PASSES));
        let faults = format!("checkpoint.often=return;tail.short=30%return;{point}={passes}*off->return");
        shop.loses_power(&faults, seed.number()).await;
    }
    shop.server.start().await;
    let report = checker::must_hold(&crowd.stop().await, "power-cuts");
    assert!(shop.is_whole().await);
    println!("{ROUNDS} power cuts: {report}");
}

/// A few power cuts, each after many answers, perhaps with a bug; none when the database is damaged after one of them.
/// One in five keeps all that was not synced.
async fn some_cuts(bug: &str) -> Option<Report> {
    let mut shop = Shop::new();
    shop.server.start().await;
    let crowd = shop.crowd().await;
    assert!(shop.server.terminate().await);
    for seed in 1..=4 {
        shop.loses_power(&format!("{bug};writer.answered=60*off->return"), seed)
            .await;
        if !shop.is_whole().await {
            return None;
        }
    }
    shop.server.start().await;
    Some(crowd.stop().await.look(checker::check))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_does_not_sync_is_caught() {
    let report = some_cuts("").await.expect("the database is whole");
    assert!(report.is_good(), "{report}");
    if let Some(report) = some_cuts("bug.no_sync=return").await {
        assert!(report.count(&[Rule::Lost]) > 0, "bug.no_sync was not caught: {report}");
    }
}
