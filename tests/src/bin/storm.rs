//! Measures a restart storm: `cargo run --release -p prilavok-tests --bin storm -- 3000`.
//!
//! Three storms of so many devices: without jitter, with the spread that the server says by default, and with a longer one.
//! The rows go into `docs/delivery-storm.md`. This process and the server need a descriptor per device (`ulimit -n`).

use std::time::Duration;

use anyhow::{Context, Result};
use prilavok_tests::storm::{self, HEAD, Storm};

#[tokio::main]
async fn main() -> Result<()> {
    let devices = match std::env::args().nth(1) {
        Some(devices) => devices.parse().context("the number of devices")?,
        None => 3000,
    };
    println!("{HEAD}");
    for jitter in [None, Some(Duration::from_secs(5)), Some(Duration::from_secs(15))] {
        println!("{}", storm::run(Storm { devices, jitter }).await);
    }
    Ok(())
}
