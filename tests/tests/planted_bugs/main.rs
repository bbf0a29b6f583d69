//! The checker is proved: a server with a planted bug turns it red by the rule that should, and one without does not.
//!
//! Every run is the same: a crowd talks, its lines are reset, the server is killed and started again; beside it a shop
//! reads and does not answer.

mod reader;

use std::collections::BTreeSet;
use std::time::Duration;

use prilavok_server::faults;
use prilavok_tests::checker::{self, Report, Rule};
use prilavok_tests::crowd::orders::Trouble;
use prilavok_tests::crowd::{Crowd, GENEROUS, Pace, Plan};
use prilavok_tests::history::History;
use prilavok_tests::world::process::{Process, Program};
use reader::Pair;
use tokio::time::{interval, timeout};

/// A bug, what makes it bite within seconds, and the rules of which one must see it.
struct Case {
    bug: &'static str,
    with: &'static str,
    caught_by: &'static [Rule],
}

const CASES: [Case; 14] = [
    Case {
        bug: "bug.ack_before_commit",
        with: "planted.answered=sleep(150)",
        caught_by: &[Rule::Lost],
    },
    Case {
        bug: "bug.backlog_before_subscribe",
        with: "planted.backlog_read=sleep(50)",
        caught_by: &[Rule::PosHole],
    },
    Case {
        bug: "bug.epoch_of_each_start",
        with: "",
        caught_by: &[Rule::EpochChanged],
    },
    Case {
        bug: "bug.foreign_delivery",
        with: "",
        caught_by: &[Rule::Leak],
    },
    Case {
        bug: "bug.heartbeat_without_head",
        // Only the last hint to each party counts: with half of them lost it would now and then be none of these few.
        with: "bus.lossy=90%return",
        caught_by: &[Rule::Behind, Rule::Missed],
    },
    Case {
        bug: "bug.mark_not_stored",
        with: "",
        caught_by: &[Rule::MarkLost, Rule::Unread],
    },
    Case {
        bug: "bug.no_unique_ids",
        with: "",
        caught_by: &[Rule::Doubled],
    },
    Case {
        bug: "bug.order_by_allocation",
        with: "planted.allocated=30%sleep(10)",
        caught_by: &[Rule::ShownOutOfOrder, Rule::SeqHole],
    },
    Case {
        bug: "bug.own_is_unread",
        with: "",
        caught_by: &[Rule::Unread],
    },
    Case {
        bug: "bug.partial_resume",
        with: "",
        caught_by: &[Rule::PosHole],
    },
    Case {
        bug: "bug.read_mark_back",
        with: "",
        caught_by: &[Rule::MarkBack, Rule::MarkLost],
    },
    Case {
        bug: "bug.snapshot_in_two_reads",
        with: "planted.threads_read=sleep(20)",
        caught_by: &[Rule::SnapshotDiffers],
    },
    Case {
        bug: "bug.told_twice",
        with: "",
        caught_by: &[Rule::PosHole, Rule::ShownTwice],
    },
    Case {
        bug: "bug.typing_is_event",
        with: "",
        caught_by: &[Rule::PosHole, Rule::TwoLogs],
    },
];

/// Acknowledged messages between two troubles.
const STRETCH: u64 = 60;
/// How long that may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// A run with these faults.
async fn run(faults: &str) -> Report {
    let mut server = Process::waiting(Program::Faulty)
        .with("PRILAVOK_LOG__FILTER", "off")
        .with("PRILAVOK_SOCKETS__HEARTBEAT", "300ms");
    for (name, value) in GENEROUS {
        server = server.with(name, value);
    }
    server.start_with(faults).await;
    let plan = Plan {
        pairs: 3,
        engines: 0,
        per_shop: 2,
        pace: Pace {
            pause: Duration::from_millis(10),
            window: 4,
            reads: true,
        },
    };
    let history = History::new();
    let pair = Pair::come(&server, &history).await;
    let crowd = Crowd::start(server.address, plan, history).await;
    for _ in 0..2 {
        pair.one_reads().await;
        talks(&crowd).await;
        crowd.orders.hurt(Trouble::Reset, 50);
        talks(&crowd).await;
        server.kill().await;
        assert!(server.start_with(faults).await, "it starts again");
    }
    talks(&crowd).await;
    let history = crowd.stop().await;
    pair.ends().await;
    history.look(checker::check)
}

/// Lets a stretch be said.
async fn talks(crowd: &Crowd) {
    let until = crowd.orders.acks() + STRETCH;
    let mut look = interval(Duration::from_millis(10));
    let said = async {
        while crowd.orders.acks() < until {
            look.tick().await;
        }
    };
    timeout(PATIENCE, said).await.expect("the crowd talks");
}

async fn is_caught(bug: &str) {
    let case = CASES.iter().find(|case| case.bug == bug).expect("it has a case");
    let report = run(&format!("{bug}=return;{}", case.with)).await;
    assert!(
        report.count(case.caught_by) > 0,
        "{bug} was not caught by {:?}: {report}",
        case.caught_by
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_bug_all_is_well_even_when_hints_are_lost() {
    for faults in ["", "bus.lossy=30%return"] {
        let report = run(faults).await;
        assert!(report.is_good(), "{faults}: {report}");
    }
}

#[test]
fn every_bug_that_can_be_planted_has_its_test() {
    let tested: BTreeSet<_> = CASES.iter().map(|case| case.bug).chain(["bug.no_sync"]).collect();
    assert_eq!(tested, BTreeSet::from(faults::BUGS));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_before_the_commit_is_caught() {
    is_caught("bug.ack_before_commit").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backlog_read_before_subscribing_is_caught() {
    is_caught("bug.backlog_before_subscribe").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_epoch_at_each_start_is_caught() {
    is_caught("bug.epoch_of_each_start").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_goes_to_strangers_is_caught() {
    is_caught("bug.foreign_delivery").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_heartbeat_without_the_head_is_caught() {
    is_caught("bug.heartbeat_without_head").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_marker_that_is_not_stored_is_caught() {
    is_caught("bug.mark_not_stored").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeat_that_is_stored_again_is_caught() {
    is_caught("bug.no_unique_ids").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_of_allocation_is_caught() {
    is_caught("bug.order_by_allocation").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn own_messages_that_count_as_unread_are_caught() {
    is_caught("bug.own_is_unread").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_partial_resume_is_caught() {
    is_caught("bug.partial_resume").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_marker_that_goes_back_is_caught() {
    is_caught("bug.read_mark_back").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_snapshot_of_two_moments_is_caught() {
    is_caught("bug.snapshot_in_two_reads").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_entry_told_twice_is_caught() {
    is_caught("bug.told_twice").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signal_that_takes_a_position_is_caught() {
    is_caught("bug.typing_is_event").await;
}
