//! The demo marketplace: a dozen shops, their goods, a few weeks of conversations, and pictures for all of it.
//!
//! Data only. It is parsed from files that are part of the program; who calls it puts it into the store. All ids
//! are fixed, so that starting twice on one data directory can see what is there already. Times are minutes
//! before now, so the marketplace is always a lively one.

mod files;
mod pictures;
#[cfg(test)]
mod tests;

use prilavok_protocol::ids::{AccountId, BuyerId, MessageId, ProductId, Role, SellerId, Seq, ThreadId};
use prilavok_protocol::rest::{PutBuyer, PutProduct, PutSeller};
use uuid::Uuid;

pub use pictures::{product_picture, shop_avatar};

/// The password of every demo account.
pub const PASSWORD: &str = "prilavok-demo";

/// Everything that `--demo` puts into an empty store.
#[derive(Debug, Clone)]
pub struct Demo {
    /// The shops.
    pub sellers: Vec<DemoSeller>,
    /// The people.
    pub buyers: Vec<DemoBuyer>,
    /// The goods of all shops.
    pub products: Vec<DemoProduct>,
    /// What `GET /wood-types` answers: id and name.
    pub wood_types: Vec<(Uuid, String)>,
    /// The threads, oldest start first.
    pub conversations: Vec<Conversation>,
}

/// Somebody who can sign in with [`PASSWORD`].
#[derive(Debug, Clone)]
pub struct DemoAccount {
    /// The account.
    pub id: AccountId,
    /// `…@demo.prilavok`
    pub email: String,
    /// The person's own name.
    pub name: String,
}

/// A shop and its one agent.
#[derive(Debug, Clone)]
pub struct DemoSeller {
    /// The shop.
    pub id: SellerId,
    /// As the catalogue takes it.
    pub put: PutSeller,
    /// Who answers for it.
    pub account: DemoAccount,
}

/// A person who buys.
#[derive(Debug, Clone)]
pub struct DemoBuyer {
    /// The person.
    pub id: BuyerId,
    /// As the catalogue takes it.
    pub put: PutBuyer,
    /// How they sign in.
    pub account: DemoAccount,
}

/// One of the goods.
#[derive(Debug, Clone)]
pub struct DemoProduct {
    /// The product.
    pub id: ProductId,
    /// As the catalogue takes it.
    pub put: PutProduct,
    /// What its picture shows: the first argument of [`product_picture`].
    pub picture: String,
}

/// A thread with its messages, oldest first.
#[derive(Debug, Clone)]
pub struct Conversation {
    /// The thread.
    pub id: ThreadId,
    /// Who started it.
    pub buyer_id: BuyerId,
    /// The shop.
    pub seller_id: SellerId,
    /// Never empty; the first is the buyer's. `seq` is the place in this list, counted from one.
    pub messages: Vec<DemoMessage>,
    /// How far the buyer has read.
    pub buyer_read: Seq,
    /// How far the shop has read.
    pub seller_read: Seq,
}

/// One message of a conversation.
#[derive(Debug, Clone)]
pub struct DemoMessage {
    /// The message.
    pub id: MessageId,
    /// Which side wrote it.
    pub from: Role,
    /// The text.
    pub text: String,
    /// What it is about.
    pub product_id: Option<ProductId>,
    /// When, counted back from now.
    pub minutes_ago: u32,
}

impl Demo {
    /// All messages of all conversations in the order they were sent, each with its conversation.
    #[must_use]
    pub fn timeline(&self) -> Vec<(&Conversation, &DemoMessage)> {
        let mut all: Vec<_> = self
            .conversations
            .iter()
            .flat_map(|talk| talk.messages.iter().map(move |message| (talk, message)))
            .collect();
        // Stable: messages of one conversation in the same minute keep their order.
        all.sort_by_key(|(_, message)| std::cmp::Reverse(message.minutes_ago));
        all
    }

    /// The SVG behind `/media/demo/<id>.svg`, for a product's or a shop's id.
    #[must_use]
    pub fn picture(&self, id: Uuid) -> Option<String> {
        if let Some(product) = self.products.iter().find(|product| product.id.0 == id) {
            return Some(product_picture(&product.picture, id.as_u128() as u64));
        }
        let place = self.sellers.iter().position(|seller| seller.id.0 == id)?;
        let seller = &self.sellers[place];
        let first = self
            .products
            .iter()
            .find(|product| product.put.seller_id == seller.id)?;
        Some(shop_avatar(&first.picture, place as u64))
    }
}

/// The demo marketplace.
///
/// # Panics
/// Never: the files are compiled in, and a test reads them.
#[must_use]
pub fn marketplace() -> Demo {
    files::read().expect("the demo files are part of the program and a test reads them")
}
