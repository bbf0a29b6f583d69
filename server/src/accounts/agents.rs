//! Who works in a shop: inviting, leaving, being removed.
//!
//! The oldest account of a shop is its owner's. The owner removes anybody else; anybody else may leave. The owner stays, or
//! the shop's buyers would write to nobody: beyond that only the operator goes.

use prilavok_protocol::error::ErrorCode;
use prilavok_protocol::ids::{AccountId, Role, SellerId};
use prilavok_protocol::rest::{Agent, Invitation};

use super::keys::{Secret, after};
use super::watch::shut_out;
use super::{Signed, seconds};
use crate::app::App;
use crate::error::Error;
use crate::store::accounts::Why;

/// Lets an agent of a shop invite a colleague.
///
/// # Errors
/// `Forbidden` for a buyer.
pub async fn invite(app: &App, signed: &Signed) -> Result<Invitation, Error> {
    shop(signed)?;
    let (secret, life) = (Secret::new()?, app.config.auth.invitation);
    let expires_at = after(app.clock.now(), life);
    app.store.invite(signed.acting(), secret.hash(), expires_at).await?;
    Ok(Invitation {
        invitation: secret.text,
        expires_in: seconds(life),
    })
}

/// Who works in the caller's shop, its owner first.
///
/// # Errors
/// `Forbidden` for a buyer.
pub async fn agents(app: &App, signed: &Signed) -> Result<Vec<Agent>, Error> {
    let accounts = app.store.agents(shop(signed)?).await?;
    let agent = |(place, account): (usize, prilavok_protocol::rest::Account)| Agent {
        is_owner: place == 0,
        is_you: account.id == signed.account,
        id: account.id,
        name: account.name,
    };
    Ok(accounts.into_iter().enumerate().map(agent).collect())
}

/// Takes an agent out of the caller's shop, who may be the caller. Their sockets close with 4003 at once.
///
/// # Errors
/// `NotFound` for who does not work there; `Forbidden` for a buyer, for the owner themselves, and for anybody else's
/// removal by who is not the owner.
pub async fn remove_agent(app: &App, signed: &Signed, id: AccountId) -> Result<(), Error> {
    let agents = agents(app, signed).await?;
    let theirs = agents
        .iter()
        .find(|agent| agent.id == id)
        .ok_or_else(Error::not_found)?;
    let is_owner = agents.iter().any(|agent| agent.is_you && agent.is_owner);
    if theirs.is_owner {
        return Err(Error::new(ErrorCode::Forbidden).say(
            "Владельца магазина нельзя исключить: обратитесь к маркетплейсу.",
            "The owner of a shop cannot be removed: ask the marketplace.",
        ));
    }
    if !is_owner && !theirs.is_you {
        return Err(Error::new(ErrorCode::Forbidden).say(
            "Исключить сотрудника может только владелец магазина.",
            "Only the owner of the shop may remove an agent.",
        ));
    }
    let ended = app.store.remove_agent(signed.acting(), id).await?;
    shut_out(app, &ended, Why::Removed);
    Ok(())
}

fn shop(signed: &Signed) -> Result<SellerId, Error> {
    match signed.party.role {
        Role::Seller => Ok(SellerId(signed.party.id)),
        Role::Buyer => Err(Error::new(ErrorCode::Forbidden)),
    }
}
