//! Waiting for something to become true, with a deadline and a sentence that says what did not happen.

use std::time::{Duration, Instant};

use anyhow::{Result, bail};

/// Everything on the stage happens within a second on an idle machine; a busy one takes many times as long.
pub const PATIENCE: Duration = Duration::from_secs(45);
/// What is waited for lives in other processes, which cannot wake us: they are asked this often.
const PAUSE: Duration = Duration::from_millis(60);

/// Asks until there is an answer. Errors while asking are kept for the sentence: a page may be between two states.
///
/// # Errors
/// When the deadline passes.
pub async fn until<T, Asking>(what: &str, ask: impl Fn() -> Asking) -> Result<T>
where
    Asking: Future<Output = Result<Option<T>>>,
{
    let deadline = Instant::now() + PATIENCE;
    let mut last = None;
    while Instant::now() < deadline {
        // Whoever is asked may hang as well.
        match tokio::time::timeout(PATIENCE, ask()).await {
            Ok(Ok(Some(answer))) => return Ok(answer),
            Ok(Ok(None)) => {}
            Ok(Err(error)) => last = Some(error),
            Err(_) => bail!("asking whether {what} got no answer"),
        }
        tokio::time::sleep(PAUSE).await;
    }
    match last {
        Some(error) => bail!(
            "in {} s it did not happen that {what}; the last error was: {error:#}",
            PATIENCE.as_secs()
        ),
        None => bail!("in {} s it did not happen that {what}", PATIENCE.as_secs()),
    }
}
