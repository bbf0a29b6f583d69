//! Every path of the marketplace API, in one table.

use uuid::Uuid;

use super::super::schema_of;
use super::{Answer, Endpoint, Param, call, needed, path, query};
use crate::ids::{AccountId, BuyerId, ProductId, Role, SellerId, Seq, SessionId, ThreadId};
use crate::model::{Buyer, Message, Product, Seller, Thread, ThreadSummary};
use crate::rest::{
    Account, Agent, Invitation, Login, Logout, ProductSort, PutBuyer, PutProduct, PutSeller, Refresh, Register,
    SendMessage, ServerInfo, Session, Snapshot, SortOrder, StartThread, Ticket, Tokens,
};

const OFFSET: Param = query("offset", schema_of::<u32>, "Rows to skip; 0 when absent.");
const LIMIT: Param = query("limit", schema_of::<u32>, "Rows on the page, 1 to 100; 20 when absent.");
const CURSOR: Param = query("cursor", schema_of::<String>, "Where the page before ended.");
const USER_TYPE: Param = needed("user_type", schema_of::<Role>, "The caller's side.");
const THREAD: Param = path("thread_id", schema_of::<ThreadId>, "The thread.");

/// Every path of the marketplace API.
pub const ENDPOINTS: &[Endpoint] = &[
    call(
        "GET",
        "/api/v1/health",
        "The server answers.",
        Answer::Bare(schema_of::<bool>),
    )
    .open(),
    call(
        "GET",
        "/api/v1/server",
        "What this server is.",
        Answer::One(schema_of::<ServerInfo>),
    )
    .open(),
    call(
        "POST",
        "/api/v1/auth/register",
        "Sign up.",
        Answer::One(schema_of::<Tokens>),
    )
    .open()
    .takes(schema_of::<Register>)
    .gives(&[201])
    .refuses(&[400, 404, 409, 413, 415, 422]),
    call(
        "POST",
        "/api/v1/auth/login",
        "Sign in.",
        Answer::One(schema_of::<Tokens>),
    )
    .open()
    .takes(schema_of::<Login>)
    .refuses(&[400, 401, 403, 413, 415, 422]),
    call(
        "POST",
        "/api/v1/auth/refresh",
        "A new pair of tokens for the newest refresh token.",
        Answer::One(schema_of::<Tokens>),
    )
    .open()
    .takes(schema_of::<Refresh>)
    .refuses(&[400, 401, 403, 413, 415, 422]),
    call(
        "POST",
        "/api/v1/auth/logout",
        "Sign out of this device, or of all.",
        Answer::Nothing,
    )
    .takes(schema_of::<Logout>)
    .refuses(&[400, 401, 413, 415, 422]),
    call(
        "GET",
        "/api/v1/auth/me",
        "Who is signed in.",
        Answer::One(schema_of::<Account>),
    ),
    call(
        "GET",
        "/api/v1/auth/sessions",
        "The devices that are signed in.",
        Answer::List(schema_of::<Session>),
    ),
    call(
        "DELETE",
        "/api/v1/auth/sessions",
        "Sign all devices out.",
        Answer::Nothing,
    ),
    call(
        "DELETE",
        "/api/v1/auth/sessions/{id}",
        "Sign one device out.",
        Answer::Nothing,
    )
    .params(&[path("id", schema_of::<SessionId>, "The session.")])
    .refuses(&[401, 404, 422]),
    call(
        "POST",
        "/api/v1/auth/ws-ticket",
        "A ticket for one WebSocket upgrade.",
        Answer::One(schema_of::<Ticket>),
    ),
    call(
        "POST",
        "/api/v1/auth/invitations",
        "Invite a colleague to the shop.",
        Answer::One(schema_of::<Invitation>),
    )
    .gives(&[201])
    .refuses(&[401, 403]),
    call(
        "GET",
        "/api/v1/auth/agents",
        "Who works in the shop, its owner first.",
        Answer::List(schema_of::<Agent>),
    )
    .refuses(&[401, 403]),
    call(
        "DELETE",
        "/api/v1/auth/agents/{id}",
        "Take an agent out of the shop, or leave it.",
        Answer::Nothing,
    )
    .params(&[path("id", schema_of::<AccountId>, "The agent's account.")])
    .refuses(&[401, 403, 404, 422]),
    call(
        "POST",
        "/api/v1/chat-threads/start-with-seller",
        "Start the thread with a shop, or find it.",
        Answer::One(schema_of::<Thread>),
    )
    .takes(schema_of::<StartThread>)
    .gives(&[201, 200])
    .refuses(&[400, 401, 403, 404, 413, 415, 422]),
    call(
        "GET",
        "/api/v1/chat-threads/by-buyer/{buyer_id}",
        "The buyer's threads, unread first, then newest.",
        Answer::Cursored(schema_of::<ThreadSummary>),
    )
    .params(&[path("buyer_id", schema_of::<BuyerId>, "The caller."), CURSOR, LIMIT])
    .refuses(&[400, 401, 404, 422]),
    call(
        "GET",
        "/api/v1/chat-threads/by-seller/{seller_id}",
        "The shop's threads, unread first, then newest.",
        Answer::Cursored(schema_of::<ThreadSummary>),
    )
    .params(&[
        path("seller_id", schema_of::<SellerId>, "The caller's shop."),
        CURSOR,
        LIMIT,
    ])
    .refuses(&[400, 401, 404, 422]),
    call(
        "GET",
        "/api/v1/chat-threads/{thread_id}",
        "One thread.",
        Answer::One(schema_of::<Thread>),
    )
    .params(&[THREAD])
    .refuses(&[401, 404, 422]),
    call(
        "POST",
        "/api/v1/chat-messages",
        "Send a message; repeating it is harmless.",
        Answer::One(schema_of::<Message>),
    )
    .takes(schema_of::<SendMessage>)
    .gives(&[201, 200])
    .refuses(&[400, 401, 403, 404, 409, 413, 415, 422]),
    call(
        "GET",
        "/api/v1/chat-messages",
        "The caller's newest messages over all threads.",
        Answer::Page(schema_of::<Message>),
    )
    .params(&[OFFSET, LIMIT])
    .refuses(&[401, 422]),
    call(
        "GET",
        "/api/v1/chat-messages/by-thread/{thread_id}",
        "A thread's messages, newest first.",
        Answer::List(schema_of::<Message>),
    )
    .params(&[
        THREAD,
        query("limit", schema_of::<u32>, "1 to 100; 50 when absent."),
        query("before_seq", schema_of::<Seq>, "The newest messages older than this."),
        query("after_seq", schema_of::<Seq>, "The oldest messages newer than this."),
        query("around_seq", schema_of::<Seq>, "Messages on both sides of this."),
    ])
    .refuses(&[401, 404, 422]),
    call(
        "GET",
        "/api/v1/chat-messages/by-thread/{thread_id}/search",
        "The messages of a thread that say this, newest first; of more than 1000, the newest 1000.",
        Answer::Page(schema_of::<Message>),
    )
    .params(&[
        THREAD,
        needed(
            "text",
            schema_of::<String>,
            "Words in any form and order, perhaps unfinished; between quotation marks exactly so. At most 200 characters.",
        ),
        query("limit", schema_of::<u32>, "1 to 100; 50 when absent."),
        query("before_seq", schema_of::<Seq>, "Only messages older than this; the total counts all."),
    ])
    .refuses(&[401, 404, 422]),
    call(
        "PATCH",
        "/api/v1/chat-messages/{thread_id}/mark-read",
        "Everything up to here has been read.",
        Answer::Nothing,
    )
    .params(&[
        THREAD,
        needed("user_id", schema_of::<Uuid>, "The caller."),
        USER_TYPE,
        query(
            "up_to_seq",
            schema_of::<Seq>,
            "Up to which message; the newest when absent.",
        ),
    ])
    .refuses(&[400, 401, 403, 404, 422]),
    call(
        "GET",
        "/api/v1/chat-messages/unread-count/{user_id}",
        "How many messages the caller has not read.",
        Answer::One(schema_of::<u32>),
    )
    .params(&[
        path("user_id", schema_of::<Uuid>, "The caller."),
        USER_TYPE,
        query("thread_id", schema_of::<ThreadId>, "In this thread only."),
    ])
    .refuses(&[400, 401, 403, 404, 422]),
    call(
        "GET",
        "/api/v1/sync/snapshot",
        "All threads of the caller and the cursor that goes with them.",
        Answer::One(schema_of::<Snapshot>),
    ),
    call(
        "GET",
        "/api/v1/sellers",
        "The shops.",
        Answer::Page(schema_of::<Seller>),
    )
    .params(&[OFFSET, LIMIT])
    .refuses(&[401, 422]),
    call(
        "GET",
        "/api/v1/sellers/{id}",
        "One shop.",
        Answer::One(schema_of::<Seller>),
    )
    .params(&[path("id", schema_of::<SellerId>, "The shop.")])
    .refuses(&[401, 404, 422]),
    call(
        "GET",
        "/api/v1/buyers/{id}",
        "One buyer.",
        Answer::One(schema_of::<Buyer>),
    )
    .params(&[path("id", schema_of::<BuyerId>, "The buyer.")])
    .refuses(&[401, 404, 422]),
    call(
        "GET",
        "/api/v1/products",
        "The goods.",
        Answer::Page(schema_of::<Product>),
    )
    .params(&[OFFSET, LIMIT])
    .refuses(&[401, 422]),
    call(
        "GET",
        "/api/v1/products/{id}",
        "One product.",
        Answer::One(schema_of::<Product>),
    )
    .params(&[path("id", schema_of::<ProductId>, "The product.")])
    .refuses(&[401, 404, 422]),
    call(
        "GET",
        "/api/v1/products/search",
        "Search the goods.",
        Answer::Page(schema_of::<Product>),
    )
    .params(&[
        query(
            "search_query",
            schema_of::<String>,
            "Words of the title or description.",
        ),
        query("price_min", schema_of::<f64>, "Not cheaper than."),
        query("price_max", schema_of::<f64>, "Not dearer than."),
        query(
            "seller_ids",
            schema_of::<Vec<SellerId>>,
            "Of these shops only; repeated.",
        ),
        query("sort_by", schema_of::<ProductSort>, "By what."),
        query("sort_order", schema_of::<SortOrder>, "Which end first."),
        OFFSET,
        LIMIT,
    ])
    .refuses(&[401, 422]),
    call(
        "PUT",
        "/api/v1/catalogue/sellers/{id}",
        "Keep a shop current.",
        Answer::One(schema_of::<Seller>),
    )
    .service()
    .params(&[path("id", schema_of::<SellerId>, "The shop.")])
    .takes(schema_of::<PutSeller>)
    .refuses(&[400, 401, 403, 413, 415, 422]),
    call(
        "PUT",
        "/api/v1/catalogue/buyers/{id}",
        "Keep a buyer current.",
        Answer::One(schema_of::<Buyer>),
    )
    .service()
    .params(&[path("id", schema_of::<BuyerId>, "The buyer.")])
    .takes(schema_of::<PutBuyer>)
    .refuses(&[400, 401, 403, 413, 415, 422]),
    call(
        "PUT",
        "/api/v1/catalogue/products/{id}",
        "Keep a product current.",
        Answer::One(schema_of::<Product>),
    )
    .service()
    .params(&[path("id", schema_of::<ProductId>, "The product.")])
    .takes(schema_of::<PutProduct>)
    .refuses(&[400, 401, 403, 404, 413, 415, 422]),
];
