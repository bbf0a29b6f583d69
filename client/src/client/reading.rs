//! Threads and messages: from the cache, with the holes of the history fetched when there is a line.

use std::time::Duration;

use prilavok_protocol::ids::{Seq, ThreadId};
use prilavok_protocol::limits::PAGE_MAX;
use prilavok_protocol::rest::HistoryQuery;

use super::Client;
use crate::engine::{Input, Signed};
use crate::error::Error;
use crate::update::{Connection, MessagePage, Stretch, ThreadItem};

/// Right after the start the line is about to be there; a page with nothing on it is worth this wait.
const ALMOST_ONLINE: Duration = Duration::from_secs(5);
/// A page in which more than this is missing is shown as it is and asked for again.
const FETCHES: usize = 4;

impl Client {
    /// All threads, newest activity first. Never waits for the network.
    pub async fn threads(&self) -> Result<Vec<ThreadItem>, Error> {
        self.signed()?.cache.threads().await
    }

    /// One thread.
    pub async fn thread(&self, id: ThreadId) -> Result<Option<ThreadItem>, Error> {
        self.signed()?.cache.thread(id).await
    }

    /// A stretch of a thread, oldest first. What this device holds is there at once; holes are fetched while
    /// there is a line, and `incomplete` says that some remain: ask again once the connection is `Online`.
    pub async fn messages(&self, thread: ThreadId, stretch: Stretch, limit: u32) -> Result<MessagePage, Error> {
        let signed = self.signed()?;
        let tip = signed.cache.tip(thread).await?.ok_or(Error::NotFound)?;
        let limit = u64::from(limit.clamp(1, PAGE_MAX));
        let (first, last) = range(stretch, tip, limit);
        let mut held = signed.cache.stretch(thread, first, last).await?;
        let mut incomplete = false;
        for _ in 0..FETCHES {
            let Some(hole) = held.hole else { break };
            if !self.is_line_there(held.messages.is_empty()).await || !self.fetch(&signed, thread, hole).await? {
                incomplete = true;
                break;
            }
            held = signed.cache.stretch(thread, first, last).await?;
        }
        incomplete |= held.hole.is_some();
        let has_newer = last < tip;
        let mut messages = held.messages;
        if !has_newer {
            let unsent = signed.cache.unsent(thread).await?;
            messages.extend(unsent);
        }
        Ok(MessagePage {
            messages,
            has_older: first > Seq(1),
            has_newer,
            incomplete,
        })
    }

    /// Fetches the newest part of a hole. False: the server cannot be reached.
    async fn fetch(&self, signed: &Signed, thread: ThreadId, hole: (Seq, Seq)) -> Result<bool, Error> {
        let (first, last) = hole;
        let limit = u32::try_from(last.0 - first.0 + 1).unwrap_or(PAGE_MAX).min(PAGE_MAX);
        let query = HistoryQuery {
            before_seq: Some(last.next()),
            limit: Some(limit),
            ..HistoryQuery::default()
        };
        match self.checked(signed.api.history(thread, &query).await).await {
            Ok(messages) if messages.is_empty() => Ok(false),
            Ok(messages) => {
                if signed.cache.keep(messages).await? {
                    self.tell(Input::TakenBack).await?;
                }
                Ok(true)
            }
            Err(error) if error.is_retryable() || error == Error::SignedOut => Ok(false),
            Err(error) => Err(error),
        }
    }

    pub(super) async fn is_line_there(&self, is_page_empty: bool) -> bool {
        let mut connection = self.inner.shared.connection.subscribe();
        if is_page_empty {
            let settled = connection.wait_for(|now| *now != Connection::Connecting);
            let _ = tokio::time::timeout(ALMOST_ONLINE, settled).await;
        }
        *self.inner.shared.connection.borrow() == Connection::Online
    }
}

/// The first and the last `seq` of a stretch; history is dense, so both are known. Empty: first > last.
fn range(stretch: Stretch, tip: Seq, limit: u64) -> (Seq, Seq) {
    let (first, last) = match stretch {
        Stretch::Newest => ((tip.0 + 1).saturating_sub(limit), tip.0),
        Stretch::Before { seq } => {
            let last = seq.0.saturating_sub(1).min(tip.0);
            ((last + 1).saturating_sub(limit), last)
        }
        Stretch::After { seq } => (seq.0 + 1, seq.0.saturating_add(limit).min(tip.0)),
        Stretch::Around { seq } => {
            // At either end the page is as long as in the middle.
            let middle = seq.0.clamp(1, tip.0.max(1));
            let last = middle.saturating_add(limit / 2).max(limit).min(tip.0);
            ((last + 1).saturating_sub(limit), last)
        }
    };
    (Seq(first.max(1)), Seq(last))
}

#[cfg(test)]
mod tests {
    use super::range;
    use crate::update::Stretch;
    use prilavok_protocol::ids::Seq;

    #[test]
    fn a_stretch_is_known_before_anything_is_fetched() {
        let seq = Seq;
        // stretch, newest, page length, first, last
        let cases = [
            (Stretch::Newest, 0, 50, 1, 0),
            (Stretch::Newest, 10, 50, 1, 10),
            (Stretch::Newest, 100, 50, 51, 100),
            (Stretch::Before { seq: seq(51) }, 100, 50, 1, 50),
            (Stretch::Before { seq: seq(1) }, 100, 50, 1, 0),
            (Stretch::After { seq: seq(50) }, 100, 20, 51, 70),
            (Stretch::After { seq: seq(100) }, 100, 20, 101, 100),
            (Stretch::Around { seq: seq(50) }, 100, 20, 41, 60),
            (Stretch::Around { seq: seq(1) }, 100, 20, 1, 20),
            (Stretch::Around { seq: seq(100) }, 100, 20, 81, 100),
            (Stretch::Around { seq: seq(3) }, 5, 20, 1, 5),
        ];
        for (stretch, tip, limit, first, last) in cases {
            assert_eq!(
                range(stretch, seq(tip), limit),
                (seq(first), seq(last)),
                "{stretch:?} of {tip}"
            );
        }
    }
}
