//! Pages: fifty messages of a thread, fifty threads of a party, asked for by a few connections without a pause.

use std::sync::Arc;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use futures::future::try_join_all;
use hdrhistogram::Histogram;
use reqwest::Client;

use crate::town::{Kind, Town};

/// Connections that ask.
const ASKING: usize = 16;

/// Which page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Page {
    /// Fifty messages of a thread.
    History,
    /// Fifty threads of a party, with unread counts.
    Threads,
}

/// What came of it.
#[derive(Debug, Clone, Copy)]
pub struct Asked {
    /// Pages a second.
    pub rate: f64,
    /// Milliseconds.
    pub p50: f64,
    /// Milliseconds.
    pub p99: f64,
}

/// Asks for so long.
///
/// # Errors
/// When a page is refused.
pub async fn ask(town: &Town, page: Page, during: Duration) -> Result<Asked> {
    let latencies = Arc::new(Mutex::new(Histogram::<u64>::new_with_bounds(1, 600_000_000, 3)?));
    let http = Client::builder().pool_max_idle_per_host(ASKING).build()?;
    let began = Instant::now();
    let asking = (0..ASKING).map(|lane| {
        let (http, latencies) = (http.clone(), Arc::clone(&latencies));
        async move {
            let mut pages = 0_u64;
            let mut number = lane;
            while began.elapsed() < during {
                let asked = Instant::now();
                let mut request = http.get(url(town, page, number));
                if let Some(token) = &town.pairs[number % town.pairs.len()].seller.token {
                    request = request.bearer_auth(token);
                }
                let answer = request.send().await?;
                ensure!(answer.status().is_success(), "{page:?}: {}", answer.status());
                answer.bytes().await?;
                let took = u64::try_from(asked.elapsed().as_micros())?;
                latencies.lock().expect("nobody panics here").saturating_record(took);
                pages += 1;
                number += ASKING;
            }
            Ok(pages)
        }
    });
    let pages: u64 = try_join_all(asking).await?.iter().sum();
    let took = began.elapsed();
    let latencies = latencies.lock().expect("nobody panics here");
    Ok(Asked {
        rate: pages as f64 / took.as_secs_f64(),
        p50: latencies.value_at_quantile(0.5) as f64 / 1_000.0,
        p99: latencies.value_at_quantile(0.99) as f64 / 1_000.0,
    })
}

fn url(town: &Town, page: Page, number: usize) -> String {
    let base = &town.pages;
    let number = number % town.pairs.len();
    let seat = &town.pairs[number].seller;
    match (town.kind, page) {
        (Kind::Prilavok, Page::History) => format!("{base}/chat-messages/by-thread/{}?limit=50", seat.thread),
        (Kind::Prilavok, Page::Threads) => format!("{base}/chat-threads/by-seller/{}?limit=50", seat.party),
        (Kind::Relay | Kind::RelayStore, Page::History) => format!("{base}/history/{number}"),
        (Kind::Relay | Kind::RelayStore, Page::Threads) => format!("{base}/list/{number}"),
    }
}
