//! Search within a thread: the server knows all of it; without a line this device answers for what it holds.

use prilavok_protocol::ids::{MessageId, Seq, ThreadId};
use prilavok_protocol::limits::{PAGE_MAX, SEARCH_CHARS};
use prilavok_protocol::rest::SearchQuery;
use prilavok_protocol::search::Query;

use super::Client;
use crate::error::Error;
use crate::update::{Found, Hit};

impl Client {
    /// The messages of a thread that say this, those before a place, newest first and a page at most. Words count in any
    /// form and may be unfinished; between quotation marks they must stand exactly so.
    pub async fn search(&self, thread: ThreadId, text: &str, before: Option<Seq>) -> Result<Found, Error> {
        let signed = self.signed()?;
        let text: String = text.chars().take(SEARCH_CHARS as usize).collect();
        let Some(query) = Query::parse(&text) else {
            return Ok(Found::default());
        };
        if self.is_line_there(false).await {
            let asked = SearchQuery {
                text,
                before_seq: before,
                limit: Some(PAGE_MAX),
            };
            match self.checked(signed.api.search(thread, &asked).await).await {
                Ok(page) => {
                    let hits = page.data.iter();
                    return Ok(Found {
                        hits: hits.map(|hit| hit_of(&query, hit.id, hit.seq, &hit.message)).collect(),
                        total: u32::try_from(page.pagination.total).unwrap_or(u32::MAX),
                        is_partial: false,
                    });
                }
                // An earlier version of the server does not know how to search.
                Err(Error::NotFound | Error::SignedOut) => {}
                Err(error) if error.is_retryable() => {}
                Err(error) => return Err(error),
            }
        }
        let wanted = query.clone();
        let (lines, total) = signed.cache.search(thread, wanted, before).await?;
        Ok(Found {
            hits: lines
                .iter()
                .map(|(id, seq, text)| hit_of(&query, *id, *seq, text))
                .collect(),
            total,
            is_partial: true,
        })
    }
}

fn hit_of(query: &Query, id: MessageId, seq: Seq, text: &str) -> Hit {
    let marks = query.marks(text).unwrap_or_default();
    let place = |at: usize| u32::try_from(text[..at].encode_utf16().count()).unwrap_or(u32::MAX);
    Hit {
        id,
        seq,
        marks: marks
            .into_iter()
            .map(|mark| (place(mark.start), place(mark.end)))
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use prilavok_protocol::ids::{MessageId, Seq};
    use prilavok_protocol::search::Query;

    #[test]
    fn marks_are_counted_as_a_page_counts() {
        let query = Query::parse("чай").expect("a word");
        let hit = super::hit_of(&query, MessageId::mint(), Seq(1), "🚚 Чаю?");
        assert_eq!(hit.marks, [(3, 6)]);
    }
}
