//! `/auth/…`

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use prilavok_protocol::ids::{AccountId, SessionId};
use prilavok_protocol::rest::{Account, Agent, Invitation, Login, Logout, Refresh, Register, Session, Ticket, Tokens};

use super::answer::{Reply, data};
use super::ask::{Address, Id};
use super::body::{Body, OptionalBody};
use crate::accounts::{self, Signed};
use crate::app::SharedApp;
use crate::error::Error;

pub async fn register(
    State(app): State<SharedApp>,
    Address(address): Address,
    Body(body): Body<Register>,
) -> Result<Response, Error> {
    let tokens = accounts::register(&app, address, body).await?;
    Ok((StatusCode::CREATED, data(tokens)).into_response())
}

pub async fn login(State(app): State<SharedApp>, Address(address): Address, Body(body): Body<Login>) -> Reply<Tokens> {
    Ok(data(accounts::login(&app, address, body).await?))
}

pub async fn refresh(State(app): State<SharedApp>, Body(body): Body<Refresh>) -> Reply<Tokens> {
    Ok(data(accounts::refresh(&app, &body.refresh_token).await?))
}

pub async fn logout(
    State(app): State<SharedApp>,
    signed: Signed,
    OptionalBody(body): OptionalBody<Logout>,
) -> Reply<()> {
    if body.everywhere {
        accounts::end_sessions(&app, &signed).await?;
    } else {
        accounts::end_session(&app, &signed, signed.session).await?;
    }
    Ok(data(()))
}

pub async fn me(State(app): State<SharedApp>, signed: Signed) -> Reply<Account> {
    Ok(data(accounts::me(&app, &signed).await?))
}

pub async fn sessions(State(app): State<SharedApp>, signed: Signed) -> Reply<Vec<Session>> {
    Ok(data(accounts::sessions(&app, &signed).await?))
}

pub async fn end_sessions(State(app): State<SharedApp>, signed: Signed) -> Reply<()> {
    accounts::end_sessions(&app, &signed).await?;
    Ok(data(()))
}

pub async fn end_session(State(app): State<SharedApp>, signed: Signed, Id(id): Id<SessionId>) -> Reply<()> {
    accounts::end_session(&app, &signed, id).await?;
    Ok(data(()))
}

pub async fn ws_ticket(State(app): State<SharedApp>, signed: Signed) -> Reply<Ticket> {
    let life = app.config.auth.ticket;
    let ticket = app.keys.hand_out_ticket(signed, app.clock.now(), life)?;
    Ok(data(Ticket {
        ticket,
        expires_in: accounts::seconds(life),
    }))
}

pub async fn invite(State(app): State<SharedApp>, signed: Signed) -> Result<Response, Error> {
    let invitation: Invitation = accounts::invite(&app, &signed).await?;
    Ok((StatusCode::CREATED, data(invitation)).into_response())
}

pub async fn agents(State(app): State<SharedApp>, signed: Signed) -> Reply<Vec<Agent>> {
    Ok(data(accounts::agents(&app, &signed).await?))
}

pub async fn remove_agent(State(app): State<SharedApp>, signed: Signed, Id(id): Id<AccountId>) -> Reply<()> {
    accounts::remove_agent(&app, &signed, id).await?;
    Ok(data(()))
}
