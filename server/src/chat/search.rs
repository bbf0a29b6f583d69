//! Search within a thread: who may, and how much at once.

use prilavok_protocol::ids::ThreadId;
use prilavok_protocol::limits::{MESSAGES_PAGE, SEARCH_CHARS};
use prilavok_protocol::model::Message;
use prilavok_protocol::rest::SearchQuery;
use prilavok_protocol::search::Query;

use super::member;
use crate::accounts::Signed;
use crate::app::App;
use crate::error::Error;

/// The messages of a thread that say this, newest first, and how many there are; `limit` has been checked.
pub async fn search(
    app: &App,
    signed: &Signed,
    thread: ThreadId,
    asked: SearchQuery,
) -> Result<(Vec<Message>, u64), Error> {
    let member = member(app, signed, thread).await?;
    if asked.text.chars().count() > SEARCH_CHARS as usize {
        return Err(Error::invalid(
            "/text",
            "Слишком длинный запрос: не больше 200 знаков.",
            "The search is too long: at most 200 characters.",
        ));
    }
    let Some(query) = Query::parse(&asked.text) else {
        return Ok((Vec::new(), 0));
    };
    let limit = asked.limit.unwrap_or(MESSAGES_PAGE);
    Ok(app.store.search(&member, query, asked.before_seq, limit).await?)
}
