//! Search in what is held of a thread.

use prilavok_protocol::ids::{MessageId, Seq, ThreadId};
use prilavok_protocol::limits::{PAGE_MAX, SEARCH_COUNTED};
use prilavok_protocol::search::Query;

use super::{Cache, id, number};
use crate::error::Error;

impl Cache {
    /// The newest hits before a place, and how many are held in all.
    pub(crate) async fn search(
        &self,
        thread: ThreadId,
        query: Query,
        before: Option<Seq>,
    ) -> Result<(Vec<(MessageId, Seq, String)>, u32), Error> {
        self.run(move |tx| {
            let before = before.map_or(i64::MAX, |seq| number(seq.0));
            let (mut hits, mut total) = (Vec::new(), 0);
            let sql = "select id, seq, message from message where thread_id = ?1 order by seq desc";
            let mut statement = tx.prepare_cached(sql)?;
            let mut rows = statement.query([thread.to_string()])?;
            while let Some(row) = rows.next()? {
                let (seq, text): (i64, String) = (row.get(1)?, row.get(2)?);
                if query.marks(&text).is_none() {
                    continue;
                }
                if seq < before && hits.len() < PAGE_MAX as usize {
                    hits.push((id(row, 0)?, Seq(seq.unsigned_abs()), text));
                }
                total += 1;
                if u64::from(total) >= SEARCH_COUNTED {
                    break;
                }
            }
            Ok((hits, total))
        })
        .await
    }
}
