//! The short form of the soak; the long one is `cargo xtask soak`.

use std::time::Duration;

use prilavok_tests::crowd::Plan;
use prilavok_tests::soak::{self, Soak};
use prilavok_tests::world::process;

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_lost_doubled_reordered_leaked_or_kept_while_everything_breaks() {
    let soak = Soak {
        binary: process::binary().to_owned(),
        plan: Plan::of(60, Duration::from_millis(60)),
        length: Duration::from_secs(45),
        messages: 2_000,
        every: Duration::from_secs(3),
        command: "cargo test -p prilavok-tests --test soak".into(),
    };
    let findings = soak::run(soak).await.expect("it comes to its end");
    println!("{findings}");
    assert!(findings.is_good(), "{findings}");
    assert!(findings.report.acked >= 2_000, "{findings}");
    assert!(
        findings.report.snapshots > 0 && findings.report.snapshots_unchecked == 0,
        "{findings}"
    );
}
