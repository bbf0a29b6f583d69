//! The copy of the marketplace's catalogue: shops, people, products.

use prilavok_protocol::ids::{BuyerId, Party, ProductId, Role, SellerId};
use prilavok_protocol::model::{Buyer, Seller};
use prilavok_protocol::rest::{PutBuyer, PutProduct, PutSeller};
use prilavok_protocol::time::Time;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::rows::{blob, id_of, side_int, time};
use super::threads::key_of;
use super::words::{fold, words};
use crate::store::catalogue::Put;
use crate::store::{Error, Result};

/// What a person or shop that registers brings along.
#[derive(Debug, Clone, Copy)]
pub(super) struct NewFace<'a> {
    pub name: &'a str,
    pub at: Time,
}

/// Puts all rows.
pub(super) fn put_all(db: &Connection, rows: &[Put], at: Time) -> Result<()> {
    for row in rows {
        match row {
            Put::Seller(id, seller) => put_seller(db, *id, seller, at)?,
            Put::Buyer(id, buyer) => put_buyer(db, *id, buyer, at)?,
            Put::Product(id, product) => put_product(db, *id, product, at)?,
        }
    }
    Ok(())
}

/// The key of a party; a new one is given this name, a known one keeps what the catalogue says.
pub(super) fn introduce(db: &Connection, party: Party, face: NewFace<'_>) -> Result<i64> {
    if let Some(key) = key_of(db, party)? {
        return Ok(key);
    }
    let name = face.name.to_owned();
    match party.role {
        Role::Buyer => put_buyer(db, BuyerId(party.id), &PutBuyer { name, avatar_url: None }, face.at)?,
        Role::Seller => {
            put_seller(
                db,
                SellerId(party.id),
                &PutSeller {
                    name,
                    ..PutSeller::default()
                },
                face.at,
            )?;
        }
    }
    key_of(db, party)?.ok_or_else(|| Error::Internal("a new party is missing".into()))
}

fn party_key(db: &Connection, party: Party) -> Result<i64> {
    if let Some(key) = key_of(db, party)? {
        return Ok(key);
    }
    db.prepare_cached("insert into parties (role, id) values (?1, ?2)")?
        .execute(params![side_int(party.role), blob(&party.id)])?;
    Ok(db.last_insert_rowid())
}

fn put_seller(db: &Connection, id: SellerId, seller: &PutSeller, at: Time) -> Result<()> {
    let sql = "insert into sellers \
               (key, name, name_folded, avatar_url, description, rating, replies_in, created_at, updated_at) \
               values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8) on conflict do update set \
               name = excluded.name, name_folded = excluded.name_folded, avatar_url = excluded.avatar_url, \
               description = excluded.description, rating = excluded.rating, replies_in = excluded.replies_in, \
               updated_at = excluded.updated_at";
    db.prepare_cached(sql)?.execute(params![
        party_key(db, Party::seller(id))?,
        seller.name,
        fold(&seller.name),
        seller.avatar_url,
        seller.description,
        seller.rating,
        seller.replies_in,
        at.millis(),
    ])?;
    Ok(())
}

fn put_buyer(db: &Connection, id: BuyerId, buyer: &PutBuyer, at: Time) -> Result<()> {
    let sql = "insert into buyers (key, name, avatar_url, created_at, updated_at) values (?1, ?2, ?3, ?4, ?4) \
               on conflict do update set name = excluded.name, avatar_url = excluded.avatar_url, \
               updated_at = excluded.updated_at";
    let key = party_key(db, Party::buyer(id))?;
    db.prepare_cached(sql)?
        .execute(params![key, buyer.name, buyer.avatar_url, at.millis()])?;
    Ok(())
}

fn put_product(db: &Connection, id: ProductId, product: &PutProduct, at: Time) -> Result<()> {
    let seller = key_of(db, Party::seller(product.seller_id))?.ok_or(Error::NotFound)?;
    let sql = "insert into products \
               (id, seller, title, title_folded, description, price, volume, delivery_possible, pickup_location, \
                wood_type_id, image_url, currency, in_stock, created_at, updated_at) \
               values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?14) on conflict do update set \
               seller = excluded.seller, title = excluded.title, title_folded = excluded.title_folded, \
               description = excluded.description, price = excluded.price, volume = excluded.volume, \
               delivery_possible = excluded.delivery_possible, pickup_location = excluded.pickup_location, \
               wood_type_id = excluded.wood_type_id, image_url = excluded.image_url, currency = excluded.currency, \
               in_stock = excluded.in_stock, updated_at = excluded.updated_at returning key";
    let values = params![
        blob(&id.0),
        seller,
        product.title,
        fold(&product.title),
        product.description,
        product.price,
        product.volume,
        product.delivery_possible,
        product.pickup_location,
        product.wood_type_id.map(|id| *id.as_bytes()),
        product.image_url,
        product.currency,
        product.in_stock,
        at.millis(),
    ];
    let key: i64 = db.prepare_cached(sql)?.query_row(values, |row| row.get(0))?;
    let text = words(&format!("{} {}", product.title, product.description)).join(" ");
    db.prepare_cached("insert or replace into product_words (rowid, words) values (?1, ?2)")?
        .execute(params![key, text])?;
    Ok(())
}

const SELLER: &str = "select p.id, s.name, s.avatar_url, s.description, s.rating, s.replies_in, s.created_at, \
     s.updated_at from sellers s join parties p on p.key = s.key";

pub(super) fn seller(db: &Connection, id: SellerId) -> Result<Seller> {
    let key = key_of(db, Party::seller(id))?.ok_or(Error::NotFound)?;
    let sql = format!("{SELLER} where s.key = ?1");
    db.prepare_cached(&sql)?
        .query_row([key], read_seller)
        .optional()?
        .ok_or(Error::NotFound)
}

/// A page of shops by name, and how many there are.
pub(super) fn sellers(db: &Connection, offset: u32, limit: u32) -> Result<(Vec<Seller>, u64)> {
    let total = db.query_row("select count(*) from sellers", [], |row| super::rows::count(row, 0))?;
    let mut query = db.prepare_cached(&sellers_sql())?;
    let rows = query.query_map([limit, offset], read_seller)?;
    Ok((rows.collect::<rusqlite::Result<_>>()?, total))
}

pub(super) fn sellers_sql() -> String {
    format!("{SELLER} order by s.name_folded, s.key limit ?1 offset ?2")
}

pub(super) fn buyer(db: &Connection, id: BuyerId) -> Result<Buyer> {
    let key = key_of(db, Party::buyer(id))?.ok_or(Error::NotFound)?;
    let sql = "select name, avatar_url, created_at, updated_at from buyers where key = ?1";
    let buyer = db.prepare_cached(sql)?.query_row([key], |row| {
        Ok(Buyer {
            id,
            is_online: false,
            created_at: time(row, 2)?,
            updated_at: time(row, 3)?,
            name: row.get(0)?,
            avatar_url: row.get(1)?,
            rating: None,
            replies_in: None,
        })
    });
    buyer.optional()?.ok_or(Error::NotFound)
}

fn read_seller(row: &Row<'_>) -> rusqlite::Result<Seller> {
    Ok(Seller {
        id: SellerId(id_of(row, 0)?),
        is_online: false,
        created_at: time(row, 6)?,
        updated_at: time(row, 7)?,
        name: row.get(1)?,
        avatar_url: row.get(2)?,
        description: row.get(3)?,
        rating: row.get(4)?,
        replies_in: row.get(5)?,
    })
}
