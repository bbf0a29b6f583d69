//! What existing clients begin with, in `trusted-ids` mode only.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::MethodRouter;
use http::StatusCode;
use prilavok_protocol::ids::SellerId;
use prilavok_protocol::model::Seller;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::answer::{Reply, data};
use super::ask::Id;
use super::body::Body;
use crate::app::{App, SharedApp};
use crate::catalogue;
use crate::config::AuthMode;
use crate::error::Error;

/// `POST /sellers` of existing clients.
#[derive(Deserialize)]
pub struct NewSeller {
    id: SellerId,
    keycloak_uuid: Uuid,
    /// Presence is what sockets say, not what a body claims.
    #[serde(default, rename = "is_online")]
    _is_online: Option<bool>,
}

/// A seller as those clients read it.
#[derive(Serialize)]
pub struct KnownSeller {
    #[serde(flatten)]
    seller: Seller,
    keycloak_uuid: Uuid,
}

/// A kind of wood, which is what those clients sell.
#[derive(Serialize)]
pub struct WoodType {
    id: Uuid,
    name: String,
}

/// The route in `trusted-ids` mode, no route in any other.
pub fn only(app: &App, route: MethodRouter<SharedApp>) -> MethodRouter<SharedApp> {
    match app.config.auth.mode {
        AuthMode::TrustedIds => route,
        AuthMode::Tokens => MethodRouter::new(),
    }
}

pub async fn seller_by_keycloak(State(app): State<SharedApp>, Id(keycloak_uuid): Id<Uuid>) -> Reply<KnownSeller> {
    let id = catalogue::seller_of_keycloak(&app, keycloak_uuid).await?;
    Ok(data(KnownSeller {
        seller: app.store.seller(id).await?,
        keycloak_uuid,
    }))
}

pub async fn put_seller(State(app): State<SharedApp>, Body(body): Body<NewSeller>) -> Result<Response, Error> {
    catalogue::admit_seller(&app, body.id, body.keycloak_uuid).await?;
    let seller = app.store.seller(body.id).await?;
    Ok((
        StatusCode::CREATED,
        data(KnownSeller {
            seller,
            keycloak_uuid: body.keycloak_uuid,
        }),
    )
        .into_response())
}

pub async fn wood_types() -> Reply<Vec<WoodType>> {
    let types = crate::demo::marketplace().wood_types.into_iter();
    Ok(data(types.map(|(id, name)| WoodType { id, name }).collect()))
}
