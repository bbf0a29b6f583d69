//! The server's copy of the marketplace's catalogue. `is_online` is always false here: presence is the hub's.

use async_trait::async_trait;
use prilavok_protocol::ids::{BuyerId, ProductId, SellerId};
use prilavok_protocol::model::{Buyer, Product, Seller};
use prilavok_protocol::rest::{ProductQuery, PutBuyer, PutProduct, PutSeller};
use prilavok_protocol::time::Time;

use super::Result;

/// One thing to put into the catalogue.
#[derive(Debug, Clone)]
pub enum Put {
    /// A shop.
    Seller(SellerId, PutSeller),
    /// A person.
    Buyer(BuyerId, PutBuyer),
    /// A product; `NotFound` when its shop is not there.
    Product(ProductId, PutProduct),
}

/// The catalogue as the store keeps it.
#[async_trait]
pub trait CatalogueStore: Send + Sync + 'static {
    /// Puts all of it in one transaction: all or nothing.
    async fn put(&self, rows: Vec<Put>, at: Time) -> Result<()>;

    /// A page of shops by name, and how many there are.
    async fn sellers(&self, offset: u32, limit: u32) -> Result<(Vec<Seller>, u64)>;

    /// One shop.
    async fn seller(&self, id: SellerId) -> Result<Seller>;

    /// One person.
    async fn buyer(&self, id: BuyerId) -> Result<Buyer>;

    /// A page of products that fit, and how many do. Words match in any order and case, ё as е, the last as a prefix.
    async fn products(&self, query: ProductQuery) -> Result<(Vec<Product>, u64)>;

    /// One product.
    async fn product(&self, id: ProductId) -> Result<Product>;
}
