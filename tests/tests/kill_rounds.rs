//! A server that is killed hundreds of times, at every named point of a message's way and at random moments, while a
//! crowd talks to it through both doors. Afterwards the checker reads what everybody said and saw.

use std::time::Duration;

use prilavok_server::faults;
use prilavok_tests::checker;
use prilavok_tests::crowd::{Crowd, GENEROUS, Pace, Plan};
use prilavok_tests::history::History;
use prilavok_tests::seed::Seed;
use prilavok_tests::world::process::{Process, Program};
use tokio::task::JoinSet;
use tokio::time::sleep;

/// Servers at once; each has its own crowd.
const WORLDS: u64 = 3;
/// Kills of each.
const ROUNDS: u64 = 100;
/// So often a point is passed before the kill, at most.
const PASSES: u64 = 25;
/// The latest of the random moments, counted from the moment when it is ready.
const LATEST: u64 = 250;

#[tokio::test(flavor = "multi_thread")]
async fn nothing_acknowledged_is_lost_doubled_or_reordered_over_hundreds_of_kills() {
    let seeds: Vec<u64> = match Seed::asked() {
        Some(seed) => vec![seed],
        None => std::iter::repeat_with(Seed::fresh).take(WORLDS as usize).collect(),
    };
    let mut worlds = JoinSet::new();
    for seed in seeds {
        worlds.spawn(world(Seed::new(seed)));
    }
    for summary in worlds.join_all().await {
        println!("{summary}");
    }
}

/// One server and its crowd.
async fn world(mut seed: Seed) -> String {
    let _again = seed.again("kill_rounds", "nothing_acknowledged");
    let mut server = Process::waiting(Program::Faulty).with("PRILAVOK_LOG__FILTER", "error");
    for (name, value) in GENEROUS {
        server = server.with(name, value);
    }
    server.start().await;
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
    let crowd = Crowd::start(server.address, plan, History::new()).await;
    server.kill().await;
    for _ in 0..ROUNDS {
        round(&mut server, &mut seed).await;
    }
    server.start().await;
    let report = checker::must_hold(&crowd.stop().await, "kill-rounds");
    let doctor = server.command(&["doctor"], "").output().await.expect("it runs");
    let doctor = String::from_utf8_lossy(&doctor.stdout);
    assert!(doctor.contains("the database is whole"), "{doctor}");
    format!("{ROUNDS} kills: {report}")
}

/// Starts it, and kills it: one time in four at a random moment, or else at a point.
async fn round(server: &mut Process, seed: &mut Seed) {
    // A small store would not be checkpointed, nor its tables brought to where the log stands, before it has grown.
    let often = "checkpoint.often=return;tail.short=30%return";
    if seed.below(4) == 0 {
        assert!(server.start_with(often).await, "it is ready");
        // A moment is what is wanted here, and nothing that could be waited for.
        sleep(Duration::from_millis(seed.below(LATEST))).await;
        server.kill().await;
    } else {
        let (point, passes) = (seed.one_of(&faults::POINTS), seed.below(PASSES));
        // It may come to the point before it says that it is ready.
        server
            .start_with(&format!("{often};{point}={passes}*off->return"))
            .await;
        server.dies().await;
    }
}
