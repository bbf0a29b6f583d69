//! Many clients of both doors at once, and whether each of them saw what it must.

use prilavok_tests::checker;
use prilavok_tests::crowd::orders::Trouble;
use prilavok_tests::crowd::{Crowd, Plan, generous};
use prilavok_tests::history::History;
use prilavok_tests::world::World;

#[tokio::test(flavor = "multi_thread")]
async fn a_crowd_is_told_everything_once_and_in_order_though_its_lines_break() {
    let mut world = World::with(generous).await;
    let crowd = Crowd::start(world.address, Plan::default(), History::new()).await;
    crowd.has_acked(200).await;
    crowd.orders.hurt(Trouble::Cut, 100);
    crowd.has_acked(500).await;
    crowd.orders.hurt(Trouble::Reset, 50);
    crowd.has_acked(800).await;
    world.stop().await;
    world.start().await;
    crowd.has_acked(1_200).await;
    let clients = crowd.clients();
    let history = crowd.stop().await;
    let report = checker::must_hold(&history, "crowd");
    println!("{clients} clients\n{report:?}");
    assert!(
        report.acked >= 1_200 && report.snapshots > 0 && report.cuts > 0,
        "{report:?}"
    );
    assert_eq!(report.snapshots_unchecked, 0);
}
