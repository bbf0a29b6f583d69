//! Products, shops and buyers that this device has seen, for when there is no server.

use prilavok_protocol::ids::ProductId;
use prilavok_protocol::model::{Buyer, Product, Seller};
use rusqlite::{OptionalExtension, Transaction};
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use super::{Cache, json, to_json};
use crate::error::Error;

/// Something of the catalogue.
pub(crate) trait Seen: Serialize + DeserializeOwned + Clone + Send + 'static {
    /// Its kind in the table.
    const KIND: &'static str;
    /// Its id.
    fn id(&self) -> Uuid;
}

impl Seen for Product {
    const KIND: &'static str = "product";
    fn id(&self) -> Uuid {
        self.id.0
    }
}

impl Seen for Seller {
    const KIND: &'static str = "seller";
    fn id(&self) -> Uuid {
        self.id.0
    }
}

impl Seen for Buyer {
    const KIND: &'static str = "buyer";
    fn id(&self) -> Uuid {
        self.id.0
    }
}

impl Cache {
    /// Remembers rows.
    pub(crate) async fn remember<T: Seen>(&self, rows: Vec<T>) -> Result<(), Error> {
        self.run(move |tx| {
            let mut insert = tx.prepare_cached("insert or replace into seen (kind, id, body) values (?1, ?2, ?3)")?;
            for row in &rows {
                insert.execute((T::KIND, row.id().to_string(), to_json(row)?))?;
            }
            Ok(())
        })
        .await
    }

    /// One row, if it was seen.
    pub(crate) async fn seen<T: Seen>(&self, id: Uuid) -> Result<Option<T>, Error> {
        self.run(move |tx| one(tx, id)).await
    }

    /// All rows of a kind.
    pub(crate) async fn all_seen<T: Seen>(&self) -> Result<Vec<T>, Error> {
        self.run(|tx| {
            let mut rows = tx.prepare_cached("select body from seen where kind = ?1")?;
            rows.query_map([T::KIND], |row| json(row, 0))?.collect()
        })
        .await
    }
}

fn one<T: Seen>(tx: &Transaction<'_>, id: Uuid) -> rusqlite::Result<Option<T>> {
    tx.prepare_cached("select body from seen where kind = ?1 and id = ?2")?
        .query_row((T::KIND, id.to_string()), |row| json(row, 0))
        .optional()
}

pub(super) fn product(tx: &Transaction<'_>, id: ProductId) -> rusqlite::Result<Option<Product>> {
    one(tx, id.0)
}
