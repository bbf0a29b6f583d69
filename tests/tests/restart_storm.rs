//! A small restart storm: all come back and hear everything once, whether they spread their return or not. How fast a large
//! one is, is measured by the program `storm`.

use std::time::Duration;

use prilavok_tests::storm::{Storm, run};

#[tokio::test(flavor = "multi_thread")]
async fn two_hundred_devices_come_back_at_once_and_hear_everything_once() {
    comes_back(None).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_hundred_devices_spread_their_return_and_hear_everything_once() {
    comes_back(Some(Duration::from_secs(1))).await;
}

async fn comes_back(jitter: Option<Duration>) {
    let report = run(Storm { devices: 200, jitter }).await;
    println!("{report}");
    assert_eq!(report.texts, ["до", "во время", "после"]);
    assert_eq!(report.returns.len(), 200, "all are back");
}
