//! `/chat-messages/…`

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use prilavok_protocol::error::ErrorCode;
use prilavok_protocol::ids::{Role, ThreadId};
use prilavok_protocol::limits::MESSAGES_PAGE;
use prilavok_protocol::model::Message;
use prilavok_protocol::rest::{HistoryQuery, Paged, SearchQuery, SendMessage};
use uuid::Uuid;

use super::answer::{Reply, data, paged};
use super::ask::{Caller, Id, Params};
use super::body::Body;
use super::threads::somebody_of;
use crate::accounts::{self, Signed};
use crate::app::{App, SharedApp};
use crate::chat::{self, Draft};
use crate::error::Error;

pub async fn send(
    State(app): State<SharedApp>,
    caller: Caller,
    Body(body): Body<SendMessage>,
) -> Result<Response, Error> {
    let signed = sender(&app, &caller, &body).await?;
    let member = chat::member(&app, &signed, body.thread_id).await?;
    let is_wrong = |id: Option<Uuid>, real: Uuid| id.is_some_and(|id| id != real);
    if is_wrong(body.buyer_id.map(|id| id.0), member.buyer_id().0)
        || is_wrong(body.seller_id.map(|id| id.0), member.seller_id().0)
        || claims_other_side(&body, signed.party.role)
    {
        return Err(Error::new(ErrorCode::Forbidden).say("Это сообщение не от вас.", "This message is not from you."));
    }
    let draft = Draft {
        id: body.id,
        text: body.message,
        product_id: body.product_id,
    };
    let appended = chat::send_as(&app, &member, draft).await?;
    let status = if appended.is_repeat {
        StatusCode::OK
    } else {
        StatusCode::CREATED
    };
    Ok((status, data(appended.message)).into_response())
}

pub async fn by_thread(
    State(app): State<SharedApp>,
    caller: Caller,
    Id(thread): Id<ThreadId>,
    params: Params,
) -> Reply<Vec<Message>> {
    let query = HistoryQuery {
        before_seq: params.seq("before_seq")?,
        after_seq: params.seq("after_seq")?,
        around_seq: params.seq("around_seq")?,
        limit: Some(params.limit(MESSAGES_PAGE)?),
    };
    let signed = somebody_of(&app, &caller, thread).await?;
    Ok(data(chat::messages(&app, &signed, thread, query).await?))
}

pub async fn search(
    State(app): State<SharedApp>,
    caller: Caller,
    Id(thread): Id<ThreadId>,
    params: Params,
) -> Result<Json<Paged<Message>>, Error> {
    let query = SearchQuery {
        text: params.text("text").unwrap_or_default().to_owned(),
        before_seq: params.seq("before_seq")?,
        limit: Some(params.limit(MESSAGES_PAGE)?),
    };
    let signed = somebody_of(&app, &caller, thread).await?;
    Ok(paged(chat::search::search(&app, &signed, thread, query).await?))
}

pub async fn of_caller(
    State(app): State<SharedApp>,
    caller: Caller,
    params: Params,
) -> Result<Json<Paged<Message>>, Error> {
    let (offset, limit) = params.page()?;
    let signed = match &caller {
        Caller::Signed(signed) => *signed,
        Caller::Trusted => {
            let id = params.user_id()?.ok_or_else(nobody)?;
            accounts::trusted(&app, params.user_type()?, id).await?
        }
    };
    Ok(paged(chat::messages_of(&app, &signed, offset, limit).await?))
}

pub async fn mark_read(
    State(app): State<SharedApp>,
    caller: Caller,
    Id(thread): Id<ThreadId>,
    params: Params,
) -> Reply<()> {
    let role = params.user_type()?;
    let up_to = params.seq("up_to_seq")?;
    let id = params.user_id()?;
    let signed = match &caller {
        Caller::Signed(signed) => {
            // First whether the thread may be known at all, then whether the ids agree.
            chat::member(&app, signed, thread).await?;
            if signed.party.role != role || id.is_some_and(|id| id != signed.party.id) {
                return Err(Error::new(ErrorCode::Forbidden));
            }
            *signed
        }
        Caller::Trusted => accounts::trusted(&app, role, id.ok_or_else(nobody)?).await?,
    };
    chat::mark_read(&app, &signed, thread, up_to).await?;
    Ok(data(()))
}

pub async fn unread_count(
    State(app): State<SharedApp>,
    caller: Caller,
    Id(user): Id<Uuid>,
    params: Params,
) -> Reply<u64> {
    let role = params.user_type()?;
    let thread = params.value("thread_id")?;
    let signed = caller.acting_as(&app, role, user, Error::not_found()).await?;
    Ok(data(chat::unread(&app, &signed, thread).await?))
}

/// Who sends: the token's party. Where nobody proves who asks, the one id that is given, or of two ids the side whose
/// own read flag is set.
async fn sender(app: &App, caller: &Caller, body: &SendMessage) -> Result<Signed, Error> {
    if let Caller::Signed(signed) = caller {
        return Ok(*signed);
    }
    let (role, id) = match (body.buyer_id, body.seller_id) {
        (Some(buyer), None) => (Role::Buyer, buyer.0),
        (None, Some(seller)) => (Role::Seller, seller.0),
        (Some(buyer), Some(seller)) => {
            match (
                body.is_read_by_buyer.unwrap_or(false),
                body.is_read_by_seller.unwrap_or(false),
            ) {
                (true, false) => (Role::Buyer, buyer.0),
                (false, true) => (Role::Seller, seller.0),
                _ => return Err(ambiguous()),
            }
        }
        (None, None) => return Err(ambiguous()),
    };
    accounts::trusted(app, role, id).await
}

/// The newer generation of clients names exactly one side: its own.
fn claims_other_side(body: &SendMessage, role: Role) -> bool {
    match (body.buyer_id, body.seller_id) {
        (Some(_), None) => role == Role::Seller,
        (None, Some(_)) => role == Role::Buyer,
        _ => false,
    }
}

fn ambiguous() -> Error {
    Error::invalid(
        "/buyer_id",
        "Непонятно, кто отправитель.",
        "It is not clear who sends this.",
    )
}

fn nobody() -> Error {
    Error::invalid("/user_id", "Нужен user_id.", "user_id is needed.")
}
