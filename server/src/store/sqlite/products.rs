//! Products: one, or a page of those that fit a search.

use std::fmt::Write as _;

use prilavok_protocol::ids::{Party, ProductId, SellerId};
use prilavok_protocol::limits::PAGE;
use prilavok_protocol::model::Product;
use prilavok_protocol::rest::{ProductQuery, ProductSort, SortOrder};
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, Row, params_from_iter};

use super::rows::{blob, count, id_of, optional_id, time};
use super::threads::key_of;
use super::words::full_text_query;
use crate::store::{Error, Result};

const PRODUCT: &str = "select p.id, p.title, p.description, p.price, p.volume, p.delivery_possible, p.pickup_location, \
     s.id, p.wood_type_id, p.created_at, p.updated_at, p.image_url, p.currency, p.in_stock \
     from products p join parties s on s.key = p.seller";

pub(super) fn product(db: &Connection, id: ProductId) -> Result<Product> {
    let sql = format!("{PRODUCT} where p.id = ?1");
    db.prepare_cached(&sql)?
        .query_row([blob(&id.0)], read)
        .optional()?
        .ok_or(Error::NotFound)
}

/// A page of products that fit, and how many do.
pub(super) fn search(db: &Connection, query: &ProductQuery) -> Result<(Vec<Product>, u64)> {
    let Some((filter, mut values)) = filter(db, query)? else {
        return Ok((Vec::new(), 0));
    };
    let sql = format!("select count(*) from products p where true{filter}");
    let total = db
        .prepare(&sql)?
        .query_row(params_from_iter(&values), |row| count(row, 0))?;
    let limit = if query.limit == 0 { PAGE } else { query.limit };
    values.extend([Value::Integer(limit.into()), Value::Integer(query.offset.into())]);
    let mut page = db.prepare(&page_sql(&filter, query.sort_by, query.sort_order))?;
    let rows = page.query_map(params_from_iter(&values), read)?;
    Ok((rows.collect::<rusqlite::Result<_>>()?, total))
}

pub(super) fn page_sql(filter: &str, by: ProductSort, order: SortOrder) -> String {
    let column = match by {
        ProductSort::CreatedAt => "p.created_at",
        ProductSort::Price => "p.price",
        ProductSort::Title => "p.title_folded",
    };
    let order = match order {
        SortOrder::Asc => "asc",
        SortOrder::Desc => "desc",
    };
    format!("{PRODUCT} where true{filter} order by {column} {order}, p.key {order} limit ? offset ?")
}

/// The conditions and their values; `None` when nothing can fit.
fn filter(db: &Connection, query: &ProductQuery) -> Result<Option<(String, Vec<Value>)>> {
    let mut sql = String::new();
    let mut values = Vec::new();
    if let Some(text) = query.search_query.as_deref().filter(|text| !text.trim().is_empty()) {
        let Some(text) = full_text_query(text) else {
            return Ok(None);
        };
        sql.push_str(" and p.key in (select rowid from product_words where product_words match ?)");
        values.push(Value::Text(text));
    }
    if let Some(price) = query.price_min {
        sql.push_str(" and p.price >= ?");
        values.push(Value::Real(price));
    }
    if let Some(price) = query.price_max {
        sql.push_str(" and p.price <= ?");
        values.push(Value::Real(price));
    }
    if !query.seller_ids.is_empty() {
        let mut keys = Vec::new();
        for seller in &query.seller_ids {
            keys.extend(key_of(db, Party::seller(*seller))?);
        }
        // The keys are our own integers; an empty list fits nothing.
        let keys: Vec<String> = keys.iter().map(i64::to_string).collect();
        let _ = write!(sql, " and p.seller in ({})", keys.join(", "));
    }
    Ok(Some((sql, values)))
}

fn read(row: &Row<'_>) -> rusqlite::Result<Product> {
    let description: String = row.get(2)?;
    Ok(Product {
        id: ProductId(id_of(row, 0)?),
        title: row.get(1)?,
        misspelt_description: description.clone(),
        description,
        price: row.get(3)?,
        volume: row.get(4)?,
        delivery_possible: row.get(5)?,
        pickup_location: row.get(6)?,
        seller_id: SellerId(id_of(row, 7)?),
        wood_type_id: optional_id(row, 8)?,
        created_at: time(row, 9)?,
        updated_at: time(row, 10)?,
        image_url: row.get(11)?,
        currency: row.get(12)?,
        in_stock: row.get(13)?,
    })
}
