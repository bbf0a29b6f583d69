//! `/chat-threads/…` and the snapshot.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::StatusCode;
use prilavok_protocol::error::ErrorCode;
use prilavok_protocol::ids::{BuyerId, Role, SellerId, ThreadId};
use prilavok_protocol::limits::PAGE;
use prilavok_protocol::model::{Thread, ThreadSummary};
use prilavok_protocol::rest::{Snapshot, StartThread};
use prilavok_protocol::time::Time;
use serde::Serialize;
use uuid::Uuid;

use super::answer::{Reply, data};
use super::ask::{Caller, Id, Params};
use super::body::Body;
use crate::accounts::{self, Signed};
use crate::app::{App, SharedApp};
use crate::chat;
use crate::error::Error;
use crate::store::chat::ThreadsCursor;

/// One page of threads; `next_cursor` is absent on the last one.
#[derive(Serialize)]
pub struct ThreadsPage {
    data: Vec<ThreadSummary>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
}

pub async fn start(
    State(app): State<SharedApp>,
    caller: Caller,
    Body(body): Body<StartThread>,
) -> Result<Response, Error> {
    let stranger = Error::new(ErrorCode::Forbidden).say(
        "Начать чат может только сам покупатель.",
        "Only the buyer may start a chat.",
    );
    let signed = caller.acting_as(&app, Role::Buyer, body.buyer_id.0, stranger).await?;
    let started = chat::start_thread(&app, &signed, body.seller_id, body.product_id).await?;
    let status = if started.is_new {
        StatusCode::CREATED
    } else {
        StatusCode::OK
    };
    Ok((status, data(started.thread)).into_response())
}

pub async fn by_buyer(
    State(app): State<SharedApp>,
    caller: Caller,
    Id(id): Id<BuyerId>,
    params: Params,
) -> Result<Json<ThreadsPage>, Error> {
    let signed = caller.acting_as(&app, Role::Buyer, id.0, Error::not_found()).await?;
    page(&app, &signed, &params).await
}

pub async fn by_seller(
    State(app): State<SharedApp>,
    caller: Caller,
    Id(id): Id<SellerId>,
    params: Params,
) -> Result<Json<ThreadsPage>, Error> {
    let signed = caller.acting_as(&app, Role::Seller, id.0, Error::not_found()).await?;
    page(&app, &signed, &params).await
}

pub async fn one(State(app): State<SharedApp>, caller: Caller, Id(id): Id<ThreadId>) -> Reply<Thread> {
    let signed = somebody_of(&app, &caller, id).await?;
    Ok(data(chat::thread(&app, &signed, id).await?))
}

pub async fn snapshot(State(app): State<SharedApp>, signed: Signed) -> Reply<Snapshot> {
    Ok(data(chat::snapshot(&app, &signed).await?))
}

/// The caller; where nobody proves who asks and nothing names them, the thread's buyer.
pub async fn somebody_of(app: &App, caller: &Caller, thread: ThreadId) -> Result<Signed, Error> {
    match caller {
        Caller::Signed(signed) => Ok(*signed),
        Caller::Trusted => {
            let (buyer, _) = app.store.parties(thread).await?;
            accounts::trusted(app, Role::Buyer, buyer.0).await
        }
    }
}

async fn page(app: &App, signed: &Signed, params: &Params) -> Result<Json<ThreadsPage>, Error> {
    let limit = params.limit(PAGE)?;
    let after = params.text("cursor").map(read_cursor).transpose()?;
    let mut threads = chat::threads(app, signed, after, limit + 1).await?;
    let has_more = threads.len() > limit as usize;
    threads.truncate(limit as usize);
    let next_cursor = threads.last().filter(|_| has_more).map(write_cursor);
    Ok(Json(ThreadsPage {
        data: threads,
        next_cursor,
    }))
}

fn write_cursor(last: &ThreadSummary) -> String {
    let activity = last.last_message_time.unwrap_or(last.thread.created_at);
    let unread = u8::from(last.unread_count > 0);
    URL_SAFE_NO_PAD.encode(format!("{unread}.{}.{}", activity.millis(), last.thread.id))
}

fn read_cursor(text: &str) -> Result<ThreadsCursor, Error> {
    let parse = || {
        let text = String::from_utf8(URL_SAFE_NO_PAD.decode(text).ok()?).ok()?;
        let mut parts = text.splitn(3, '.');
        let has_unread = match parts.next()? {
            "0" => false,
            "1" => true,
            _ => return None,
        };
        let activity = Time::from_millis(parts.next()?.parse().ok()?);
        let id = ThreadId(Uuid::parse_str(parts.next()?).ok()?);
        Some(ThreadsCursor {
            has_unread,
            activity,
            id,
        })
    };
    parse().ok_or_else(|| Error::invalid("/cursor", "Неверный cursor.", "The cursor is wrong."))
}
