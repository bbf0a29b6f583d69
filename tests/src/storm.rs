//! A restart storm: thousands of devices hear that the server restarts, and all come back. Measured, and checked: each
//! hears what was said once and in order.
//!
//! A device here is a bare socket with a cursor, so that one process holds thousands. With jitter it does what an engine
//! does (the spread of `going_away`, then the contract's backoff); without, it dials at once and again every
//! [`IMPATIENCE`], as a naive client would.

mod device;
mod report;

use std::sync::Arc;
use std::time::{Duration, Instant};

use prilavok_protocol::ids::Role;
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;

use crate::world::logged::Logged;
use device::{Device, Orders};
pub use report::{HEAD, Report};

/// A naive client dials again after this long.
const IMPATIENCE: Duration = Duration::from_millis(100);
/// Accounts, each with its share of the devices: a password costs a tenth of a second.
const ACCOUNTS: usize = 10;
/// Devices that dial at once before the storm.
const AT_ONCE: usize = 64;
/// Descriptors of the server, when the system allows so many.
const DESCRIPTORS: u32 = 16_384;

/// What is measured.
#[derive(Debug, Clone, Copy)]
pub struct Storm {
    /// Devices.
    pub devices: usize,
    /// Over which they come back; `None`: at once, all of them.
    pub jitter: Option<Duration>,
}

/// Starts a server, lets all devices in, restarts it, and waits until all are back and have heard everything.
///
/// # Panics
/// When a device loses or doubles a message, or does not come back.
pub async fn run(storm: Storm) -> Report {
    let spread = storm.jitter.unwrap_or_default().as_millis();
    // All devices come from one address here, which no real crowd does.
    let settings = format!(
        "[limits]\nsockets_per_account = 100000\nunauthenticated_per_address = 100000\nsends_per_minute = 600000\n\
         send_burst = 100000\n[http]\nconnections = 100000\nconnections_per_address = 100000\n\
         [sockets]\nspread = \"{spread}ms\"\n[log]\nfilter = \"warn\"\n"
    );
    let mut server = Logged::start(DESCRIPTORS, &settings).await;
    let shop = server.register("Чайная гора", Role::Seller).await;
    let mut buyers = Vec::new();
    for number in 0..ACCOUNTS {
        let buyer = server.register(&format!("Покупатель {number}"), Role::Buyer).await;
        let thread = buyer.start(&shop).await;
        buyers.push((buyer, thread));
    }

    let (places, orders) = (Arc::new(Semaphore::new(AT_ONCE)), watch::Sender::new(Orders::default()));
    let mut devices = JoinSet::new();
    let (ready, mut waiting) = tokio::sync::mpsc::channel(storm.devices);
    for number in 0..storm.devices {
        let token = buyers[number % ACCOUNTS].0.tokens.access_token.clone();
        let device = Device::new(server.address, token, storm.jitter.is_some());
        devices.spawn(device.lives(Arc::clone(&places), ready.clone(), orders.subscribe()));
    }
    for _ in 0..storm.devices {
        waiting.recv().await.expect("all come in");
    }
    for (_, thread) in &buyers {
        shop.says(*thread, "до").await;
    }
    server.stop().await;
    let down = Instant::now();
    server.start_again().await;
    let up = Instant::now();
    for (_, thread) in &buyers {
        shop.says(*thread, "во время").await;
    }
    for _ in 0..storm.devices {
        waiting.recv().await.expect("all come back");
    }
    let cpu = report::cpu(server.id());
    for (_, thread) in &buyers {
        shop.says(*thread, "после").await;
    }
    orders.send_replace(Orders {
        until: Some("после")
    });
    let ends = devices.join_all().await;
    report::of(storm, (down, up), cpu, ends)
}
