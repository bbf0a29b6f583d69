//! The catalogue's trait.

use async_trait::async_trait;
use prilavok_protocol::ids::{BuyerId, ProductId, SellerId};
use prilavok_protocol::model::{Buyer, Product, Seller};
use prilavok_protocol::rest::ProductQuery;
use prilavok_protocol::time::Time;

use super::super::{SqliteStore, catalogue, products};
use crate::store::Result;
use crate::store::catalogue::{CatalogueStore, Put};

#[async_trait]
impl CatalogueStore for SqliteStore {
    async fn put(&self, rows: Vec<Put>, at: Time) -> Result<()> {
        self.writer
            .write(move |writing| catalogue::put_all(&writing.db, &rows, at))
            .await
    }

    async fn sellers(&self, offset: u32, limit: u32) -> Result<(Vec<Seller>, u64)> {
        self.readers.read(move |db| catalogue::sellers(db, offset, limit)).await
    }

    async fn seller(&self, id: SellerId) -> Result<Seller> {
        self.readers.read(move |db| catalogue::seller(db, id)).await
    }

    async fn buyer(&self, id: BuyerId) -> Result<Buyer> {
        self.readers.read(move |db| catalogue::buyer(db, id)).await
    }

    async fn products(&self, query: ProductQuery) -> Result<(Vec<Product>, u64)> {
        self.readers.read(move |db| products::search(db, &query)).await
    }

    async fn product(&self, id: ProductId) -> Result<Product> {
        self.readers.read(move |db| products::product(db, id)).await
    }
}
