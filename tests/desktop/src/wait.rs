//! Waiting for something to become true, with a deadline: the only place that polls.

use std::future::Future;
use std::time::Duration;

use anyhow::{Result, bail};
use tokio::time::{Instant, interval};

/// Long enough for a loaded two-core machine; a passing step takes a fraction of it.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// How often a condition is looked at: below what a person notices.
const LOOK: Duration = Duration::from_millis(100);

/// Asks again and again until `probe` answers `Some`, and fails naming `what` after [`PATIENCE`].
pub async fn until<T, F, Fut>(what: &str, mut probe: F) -> Result<T>
where
    F: FnMut() -> Fut,
    Fut: Future<Output = Result<Option<T>>>,
{
    let deadline = Instant::now() + PATIENCE;
    let mut ticks = interval(LOOK);
    let mut last = None;
    loop {
        ticks.tick().await;
        match probe().await {
            Ok(Some(value)) => return Ok(value),
            Ok(None) => {}
            Err(error) => last = Some(error),
        }
        if Instant::now() > deadline {
            match last {
                Some(error) => bail!("still waiting for {what}; the last error was: {error:#}"),
                None => bail!("still waiting for {what}"),
            }
        }
    }
}
