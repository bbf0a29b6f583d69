//! The catalogue: from the server, and without one from what this device has seen.

use prilavok_protocol::ids::{BuyerId, ProductId, Role, SellerId, ThreadId};
use prilavok_protocol::limits::PAGE;
use prilavok_protocol::model::{Buyer, Counterpart, Product, Seller, ThreadSummary};
use prilavok_protocol::rest::{Paged, ProductQuery, ProductSort, SortOrder, StartThread};
use uuid::Uuid;

use super::{Client, Media};
use crate::address;
use crate::cache::Seen;
use crate::engine::Input;
use crate::error::Error;
use crate::media;
use crate::update::{CataloguePage, Connection};

impl Client {
    /// Starts the thread with a shop, or finds it. Needs the server.
    pub async fn start(&self, seller: SellerId, product: Option<ProductId>) -> Result<ThreadId, Error> {
        let signed = self.signed()?;
        let account = self.identity().account.ok_or(Error::SignedOut)?;
        let buyer_id = account.buyer_id.ok_or(Error::WrongRole)?;
        let start = StartThread {
            buyer_id,
            seller_id: seller,
            product_id: product,
        };
        let thread = self.checked(signed.api.start(&start).await).await?;
        let id = thread.id;
        if signed.cache.thread(id).await?.is_none() {
            // The log brings it too; but the screen opens it right now.
            let shop = self.seller(seller).await?;
            let counterpart = Counterpart {
                role: Role::Seller,
                id: seller.0,
                name: shop.name,
                avatar_url: shop.avatar_url,
                is_online: shop.is_online,
            };
            let summary = ThreadSummary {
                thread,
                last_message: None,
                last_message_time: None,
                last_sender_type: None,
                unread_count: 0,
                counterpart,
            };
            self.ask(|answer| Input::Adopt {
                summary: Box::new(summary),
                answer,
            })
            .await?;
        }
        Ok(id)
    }

    /// A page of products; without the server, of those that this device has seen.
    pub async fn products(&self, query: ProductQuery) -> Result<CataloguePage<Product>, Error> {
        let signed = self.signed()?;
        if self.is_offline() {
            let seen = signed.cache.all_seen().await?;
            if !seen.is_empty() {
                return Ok(search(seen, &query));
            }
        }
        match self.checked(signed.api.products(&query).await).await {
            Ok(paged) => self.remembered(paged).await,
            Err(error) => {
                let seen = self.instead(error).await?;
                Ok(search(seen, &query))
            }
        }
    }

    /// A page of shops; without the server, of those that this device has seen.
    pub async fn sellers(&self, offset: u32, limit: u32) -> Result<CataloguePage<Seller>, Error> {
        let signed = self.signed()?;
        let limit = if limit == 0 { PAGE } else { limit };
        let answer = if self.is_offline() {
            Err(Error::Unreachable(crate::error::Unreachable::Network))
        } else {
            self.checked(signed.api.sellers(offset, limit).await).await
        };
        match answer {
            Ok(paged) => self.remembered(paged).await,
            Err(error) => {
                let mut seen: Vec<Seller> = self.instead(error).await?;
                seen.sort_by(|a, b| a.name.cmp(&b.name));
                Ok(page(seen, offset, limit))
            }
        }
    }

    /// One product.
    pub async fn product(&self, id: ProductId) -> Result<Product, Error> {
        let signed = self.signed()?;
        self.one(id.0, signed.api.product(id)).await
    }

    /// One shop.
    pub async fn seller(&self, id: SellerId) -> Result<Seller, Error> {
        let signed = self.signed()?;
        self.one(id.0, signed.api.seller(id)).await
    }

    /// One buyer.
    pub async fn buyer(&self, id: BuyerId) -> Result<Buyer, Error> {
        let signed = self.signed()?;
        self.one(id.0, signed.api.buyer(id)).await
    }

    /// A picture of the own server; only paths under `/media/`.
    pub async fn media(&self, path: &str) -> Result<Media, Error> {
        let api = self.inner.shared.server().ok_or(Error::NoServer)?;
        let folder = self.inner.data_dir.join("media").join(address::file_name(api.base()));
        media::load(&api, &folder, path).await
    }

    /// A row from the server, or the one that was seen last.
    async fn one<T: Seen>(&self, id: Uuid, call: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
        let cache = self.signed()?.cache;
        if self.is_offline()
            && let Some(row) = cache.seen(id).await?
        {
            return Ok(row);
        }
        match self.checked(call.await).await {
            Ok(row) => {
                cache.remember(vec![row.clone()]).await?;
                Ok(row)
            }
            Err(error) if error.is_retryable() => cache.seen(id).await?.ok_or(error),
            Err(error) => Err(error),
        }
    }

    async fn remembered<T: Seen>(&self, paged: Paged<T>) -> Result<CataloguePage<T>, Error> {
        self.signed()?.cache.remember(paged.data.clone()).await?;
        Ok(CataloguePage {
            items: paged.data,
            total: paged.pagination.total,
        })
    }

    /// What was seen, instead of an answer; the error stays where nothing was.
    async fn instead<T: Seen>(&self, error: Error) -> Result<Vec<T>, Error> {
        if !error.is_retryable() {
            return Err(error);
        }
        let seen = self.signed()?.cache.all_seen().await?;
        if seen.is_empty() { Err(error) } else { Ok(seen) }
    }

    fn is_offline(&self) -> bool {
        matches!(
            self.connection(),
            Connection::Offline { .. } | Connection::Stopped { .. }
        )
    }
}

/// The server's search, over what was seen: all words somewhere in title or description.
fn search(mut seen: Vec<Product>, query: &ProductQuery) -> CataloguePage<Product> {
    let plain = |text: &str| text.to_lowercase().replace('ё', "е");
    let wanted = plain(query.search_query.as_deref().unwrap_or_default());
    let words: Vec<&str> = wanted.split_whitespace().collect();
    seen.retain(|product| {
        let text = plain(&format!("{} {}", product.title, product.description));
        words.iter().all(|word| text.contains(word))
            && query.price_min.is_none_or(|least| product.price >= least)
            && query.price_max.is_none_or(|most| product.price <= most)
            && (query.seller_ids.is_empty() || query.seller_ids.contains(&product.seller_id))
    });
    seen.sort_by(|a, b| match query.sort_by {
        ProductSort::CreatedAt => a.created_at.cmp(&b.created_at).then(a.id.cmp(&b.id)),
        ProductSort::Price => a.price.total_cmp(&b.price).then(a.id.cmp(&b.id)),
        ProductSort::Title => plain(&a.title).cmp(&plain(&b.title)).then(a.id.cmp(&b.id)),
    });
    if query.sort_order == SortOrder::Desc {
        seen.reverse();
    }
    let limit = if query.limit == 0 { PAGE } else { query.limit };
    page(seen, query.offset, limit)
}

fn page<T>(rows: Vec<T>, offset: u32, limit: u32) -> CataloguePage<T> {
    let total = rows.len() as u64;
    let items = rows.into_iter().skip(offset as usize).take(limit as usize).collect();
    CataloguePage { items, total }
}
