//! What every store is held to: each function is one promise of the traits, checked on a fresh, empty store.
//!
//! An implementation runs all of them, one test each. They panic or fail where the promise is broken.
//!
//! - [`appending`], [`history`], [`found`], [`threads`], [`marks`], [`events`] chat
//! - [`accounts`], [`sessions`], [`drafts`], [`catalogue`], [`search`]

use prilavok_protocol::ids::{BuyerId, MessageId, Party, ProductId, Role, SellerId, ThreadId};
use prilavok_protocol::model::Message;
use prilavok_protocol::rest::{PutBuyer, PutProduct, PutSeller};
use prilavok_protocol::time::Time;

use super::catalogue::Put;
use super::chat::{Appended, NewMessage};
use super::{Change, Member, Result, SharedStore};

pub mod accounts;
pub mod appending;
pub mod catalogue;
pub mod drafts;
pub mod events;
pub mod found;
pub mod history;
pub mod marks;
pub mod search;
pub mod sessions;
pub mod threads;

/// How a promise is reported kept.
pub type Kept = anyhow::Result<()>;

/// A moment, in seconds after the tests' beginning of time.
#[must_use]
pub fn at(second: i64) -> Time {
    Time::from_millis(1_760_000_000_000 + second * 1_000)
}

/// A buyer whom the catalogue knows.
pub async fn buyer(store: &SharedStore, name: &str) -> Result<BuyerId> {
    let id = BuyerId::mint();
    let buyer = PutBuyer {
        name: name.into(),
        avatar_url: None,
    };
    store.put(vec![Put::Buyer(id, buyer)], at(0)).await?;
    Ok(id)
}

/// A shop that the catalogue knows.
pub async fn seller(store: &SharedStore, name: &str) -> Result<SellerId> {
    let id = SellerId::mint();
    let seller = PutSeller {
        name: name.into(),
        ..PutSeller::default()
    };
    store.put(vec![Put::Seller(id, seller)], at(0)).await?;
    Ok(id)
}

/// A product for sale.
#[must_use]
pub fn goods(seller_id: SellerId, title: &str, price: f64) -> PutProduct {
    PutProduct {
        title: title.into(),
        description: String::new(),
        price,
        volume: None,
        delivery_possible: false,
        pickup_location: None,
        seller_id,
        wood_type_id: None,
        image_url: None,
        currency: "RUB".into(),
        in_stock: true,
    }
}

/// A product that the catalogue knows.
pub async fn product(store: &SharedStore, seller: SellerId, title: &str) -> Result<ProductId> {
    let id = ProductId::mint();
    store
        .put(vec![Put::Product(id, goods(seller, title, 100.0))], at(0))
        .await?;
    Ok(id)
}

/// A message with a new id.
#[must_use]
pub fn text(text: &str) -> NewMessage {
    NewMessage {
        id: MessageId::mint(),
        text: text.into(),
        product_id: None,
        at: at(1),
    }
}

/// Ольга the buyer and the shop of Иван, with the thread between them.
pub struct Talk {
    /// The store under test.
    pub store: SharedStore,
    /// Ольга's side of the thread.
    pub olga: Member,
    /// The shop's side of the thread.
    pub ivan: Member,
}

impl Talk {
    /// Both are new, and so is the thread.
    pub async fn start(store: &SharedStore) -> Result<Self> {
        let buyer = buyer(store, "Ольга").await?;
        let seller = seller(store, "Лесной двор").await?;
        Self::between(store, buyer, seller).await
    }

    /// The thread of two who are known.
    pub async fn between(store: &SharedStore, buyer: BuyerId, seller: SellerId) -> Result<Self> {
        let thread = store
            .start_thread(buyer.into(), seller, None, at(0))
            .await?
            .value
            .thread
            .thread
            .id;
        let olga = store.member(thread, Party::buyer(buyer)).await?;
        let ivan = store.member(thread, Party::seller(seller)).await?;
        Ok(Self {
            store: store.clone(),
            olga,
            ivan,
        })
    }

    /// The thread.
    #[must_use]
    pub fn id(&self) -> ThreadId {
        self.olga.thread_id()
    }

    /// One side of it.
    #[must_use]
    pub fn side(&self, role: Role) -> Member {
        match role {
            Role::Buyer => self.olga,
            Role::Seller => self.ivan,
        }
    }

    /// A side writes.
    pub async fn say(&self, role: Role, words: &str) -> Result<Message> {
        Ok(self.append(role, text(words)).await?.value.message)
    }

    /// A side sends exactly this.
    pub async fn append(&self, role: Role, message: NewMessage) -> Result<Change<Appended>> {
        self.store.append_message(&self.side(role), message).await
    }
}

/// Unwraps the refusal that a promise demands.
pub fn refused<T: std::fmt::Debug>(result: Result<T>) -> super::Error {
    result.expect_err("this must be refused")
}
