//! Crowds of idle sockets: what one costs, and how fast all come back.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::Result;
use futures::{StreamExt, TryStreamExt, stream};
use tokio::time::sleep;
use uuid::Uuid;

use crate::mark::{Mark, micros};
use crate::socket::{Cursor, Heard, Socket};
use crate::town::{Kind, Town};

/// Dials under way at once.
const AT_ONCE: usize = 256;
/// For buffers of the handshake to be given back.
const SETTLE: Duration = Duration::from_secs(3);

/// So long the processor time of an idle crowd is counted.
const QUIET: Duration = Duration::from_secs(10);

/// What a crowd costs.
#[derive(Debug, Clone, Copy)]
pub struct Idle {
    /// Of the server, for each socket.
    pub kib_per_socket: f64,
    /// Processor seconds a minute of the server, while nobody says anything.
    pub cpu_per_minute: f64,
}

/// How a crowd came back.
#[derive(Debug, Clone, Copy)]
pub struct Back {
    /// Until the last was live.
    pub all: Duration,
    /// Processor time of the server until then.
    pub cpu: Duration,
    /// Tellings of what was written meanwhile that somebody should have got and did not.
    pub lost: u64,
}

/// A crowd that is connected.
pub struct Crowd(Vec<Socket>);

/// Lets so many sockets in, of the town's sellers in turn, each a device of its own.
///
/// # Errors
/// When one does not come in.
pub async fn gather(town: &Town, sockets: usize) -> Result<(Crowd, Idle)> {
    let before = town.process.pss_kib();
    let crowd: Vec<Socket> = dial(
        town,
        sockets,
        |number| town.pairs[number % town.pairs.len()].seller.kept(),
        &AtomicU64::new(0),
    )
    .await?;
    sleep(SETTLE).await;
    let kib = town.process.pss_kib().saturating_sub(before);
    let cpu = town.process.cpu();
    let began = Instant::now();
    sleep(QUIET).await;
    let spent = (town.process.cpu() - cpu).as_secs_f64() / began.elapsed().as_secs_f64();
    let idle = Idle {
        kib_per_socket: kib as f64 / sockets as f64,
        cpu_per_minute: spent * 60.0,
    };
    Ok((Crowd(crowd), idle))
}

/// Drops everybody at once, and lets all come back with their cursors.
///
/// # Errors
/// When one does not come back.
pub async fn come_back(town: &Town, crowd: Crowd) -> Result<Back> {
    let cursors: Vec<Cursor> = crowd.0.iter().map(|socket| socket.cursor.clone()).collect();
    let sockets = cursors.len();
    drop(crowd);
    let expected = write_meanwhile(town, sockets).await?;
    let missed = AtomicU64::new(0);
    let (cpu, began) = (town.process.cpu(), Instant::now());
    let back = dial(town, sockets, |number| cursors[number].clone(), &missed).await?;
    let all = began.elapsed();
    let cpu = town.process.cpu() - cpu;
    drop(back);
    Ok(Back {
        all,
        cpu,
        lost: expected.saturating_sub(missed.into_inner()),
    })
}

/// One message to each party of the crowd; how many tellings follow from it. A relay has no log to tell from.
async fn write_meanwhile(town: &Town, sockets: usize) -> Result<u64> {
    if town.kind != Kind::Prilavok {
        return Ok(0);
    }
    let now = Instant::now();
    for (number, pair) in town.pairs.iter().take(sockets).enumerate() {
        let mut socket = Socket::dial(&pair.buyer, pair.buyer.kept(), |_| {}).await?;
        let mark = Mark {
            pair: u32::try_from(number)?,
            number: 1,
            sent: micros(now),
        };
        socket.feed(pair.buyer.thread, 1, mark).await?;
        socket.flush().await?;
        while !matches!(socket.hear().await?, Heard::Reply(_, true)) {}
    }
    Ok(u64::try_from(sockets)?)
}

async fn dial(
    town: &Town,
    sockets: usize,
    cursor: impl Fn(usize) -> Cursor,
    missed: &AtomicU64,
) -> Result<Vec<Socket>> {
    let people = Arc::new(town.pairs.iter().map(|pair| pair.seller.clone()).collect::<Vec<_>>());
    stream::iter(0..sockets)
        .map(|number| {
            let mut seat = people[number % people.len()].clone();
            seat.device = Uuid::new_v4();
            if seat.token.is_none() {
                // A relay knows sockets by number only.
                seat.path = format!("/ws/session?n={}", 2 * number + 1);
            }
            let cursor = cursor(number);
            async move {
                Socket::dial(&seat, cursor, |_| {
                    missed.fetch_add(1, Ordering::Relaxed);
                })
                .await
            }
        })
        .buffered(AT_ONCE)
        .try_collect()
        .await
}
