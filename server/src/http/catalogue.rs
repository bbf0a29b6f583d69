//! `/sellers`, `/buyers`, `/products`, and `/catalogue/…` for the marketplace itself.

use axum::Json;
use axum::extract::{FromRequestParts, State};
use http::request::Parts;
use prilavok_protocol::ids::{BuyerId, Party, ProductId, SellerId};
use prilavok_protocol::model::{Buyer, Product, Seller};
use prilavok_protocol::rest::{Paged, ProductQuery, ProductSort, PutBuyer, PutProduct, PutSeller, SortOrder};
use serde_json::{Map, Value};

use super::answer::{Reply, data, paged};
use super::ask::{Caller, Id, Params};
use super::body::{self, Body};
use crate::app::SharedApp;
use crate::error::Error;
use crate::store::catalogue::Put;
use crate::{accounts, catalogue};

pub async fn sellers(State(app): State<SharedApp>, _: Caller, params: Params) -> Result<Json<Paged<Seller>>, Error> {
    let (offset, limit) = params.page()?;
    let (mut sellers, total) = app.store.sellers(offset, limit).await?;
    for seller in &mut sellers {
        seller.is_online = app.hub.is_online(Party::seller(seller.id));
    }
    Ok(paged((sellers, total)))
}

pub async fn seller(State(app): State<SharedApp>, _: Caller, Id(id): Id<SellerId>) -> Reply<Seller> {
    read_seller(&app, id).await
}

pub async fn buyer(State(app): State<SharedApp>, _: Caller, Id(id): Id<BuyerId>) -> Reply<Buyer> {
    read_buyer(&app, id).await
}

pub async fn products(State(app): State<SharedApp>, _: Caller, params: Params) -> Result<Json<Paged<Product>>, Error> {
    let (offset, limit) = params.page()?;
    let query = ProductQuery {
        offset,
        limit,
        ..ProductQuery::default()
    };
    Ok(paged(app.store.products(query).await?))
}

pub async fn search(State(app): State<SharedApp>, _: Caller, params: Params) -> Result<Json<Paged<Product>>, Error> {
    Ok(paged(app.store.products(product_query(&params)?).await?))
}

pub async fn product(State(app): State<SharedApp>, _: Caller, Id(id): Id<ProductId>) -> Reply<Product> {
    Ok(data(app.store.product(id).await?))
}

pub async fn put_seller(
    State(app): State<SharedApp>,
    _: Marketplace,
    Id(id): Id<SellerId>,
    Body(body): Body<PutSeller>,
) -> Reply<Seller> {
    catalogue::put(&app, vec![Put::Seller(id, body)]).await?;
    read_seller(&app, id).await
}

pub async fn put_buyer(
    State(app): State<SharedApp>,
    _: Marketplace,
    Id(id): Id<BuyerId>,
    Body(body): Body<PutBuyer>,
) -> Reply<Buyer> {
    catalogue::put(&app, vec![Put::Buyer(id, body)]).await?;
    read_buyer(&app, id).await
}

pub async fn put_product(
    State(app): State<SharedApp>,
    _: Marketplace,
    Id(id): Id<ProductId>,
    Body(mut body): Body<Map<String, Value>>,
) -> Reply<Product> {
    catalogue::one_description(&mut body);
    let product: PutProduct = body::fit(Value::Object(body))?;
    catalogue::put(&app, vec![Put::Product(id, product)]).await?;
    Ok(data(app.store.product(id).await?))
}

/// The marketplace itself, by its service token.
pub struct Marketplace;

impl FromRequestParts<SharedApp> for Marketplace {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &SharedApp) -> Result<Self, Error> {
        accounts::check_service_token(app, &parts.headers).await?;
        Ok(Self)
    }
}

async fn read_seller(app: &SharedApp, id: SellerId) -> Reply<Seller> {
    let mut seller = app.store.seller(id).await?;
    seller.is_online = app.hub.is_online(Party::seller(id));
    Ok(data(seller))
}

async fn read_buyer(app: &SharedApp, id: BuyerId) -> Reply<Buyer> {
    let mut buyer = app.store.buyer(id).await?;
    buyer.is_online = app.hub.is_online(Party::buyer(id));
    Ok(data(buyer))
}

fn product_query(params: &Params) -> Result<ProductQuery, Error> {
    let (offset, limit) = params.page()?;
    let sort_by = match params.text("sort_by") {
        None | Some("created_at") => ProductSort::CreatedAt,
        Some("price") => ProductSort::Price,
        Some("title") => ProductSort::Title,
        Some(_) => {
            return Err(Error::invalid(
                "/sort_by",
                "sort_by должен быть created_at, price или title.",
                "sort_by must be created_at, price or title.",
            ));
        }
    };
    let sort_order = match params.text("sort_order") {
        None if sort_by == ProductSort::CreatedAt => SortOrder::Desc,
        None | Some("asc") => SortOrder::Asc,
        Some("desc") => SortOrder::Desc,
        Some(_) => {
            return Err(Error::invalid(
                "/sort_order",
                "sort_order должен быть asc или desc.",
                "sort_order must be asc or desc.",
            ));
        }
    };
    Ok(ProductQuery {
        search_query: params
            .text("search_query")
            .map(|words| words.chars().take(catalogue::QUERY_CHARS).collect()),
        price_min: price(params, "price_min")?,
        price_max: price(params, "price_max")?,
        seller_ids: params.values("seller_ids")?,
        sort_by,
        sort_order,
        offset,
        limit,
    })
}

fn price(params: &Params, name: &'static str) -> Result<Option<f64>, Error> {
    match params.value::<f64>(name)? {
        Some(price) if !price.is_finite() || price < 0.0 => Err(Error::invalid(
            &format!("/{name}"),
            "Цена не подходит.",
            "The price does not fit.",
        )),
        price => Ok(price),
    }
}
