//! The two JSON files of the demo marketplace, and how they become [`Demo`].

use prilavok_protocol::ids::{AccountId, BuyerId, MessageId, ProductId, Role, SellerId, Seq, ThreadId};
use prilavok_protocol::rest::{PutBuyer, PutProduct, PutSeller};
use serde::Deserialize;
use uuid::Uuid;

use super::{Conversation, Demo, DemoAccount, DemoBuyer, DemoMessage, DemoProduct, DemoSeller};

const MARKETPLACE: &str = include_str!("../../demo/marketplace.json");
const CONVERSATIONS: &str = include_str!("../../demo/conversations.json");

/// Reads both files.
pub(super) fn read() -> Result<Demo, serde_json::Error> {
    let file: MarketplaceFile = serde_json::from_str(MARKETPLACE)?;
    let talks: Vec<ConversationFile> = serde_json::from_str(CONVERSATIONS)?;
    let products = file.sellers.iter().flat_map(SellerFile::goods).collect();
    Ok(Demo {
        sellers: file.sellers.into_iter().map(SellerFile::shop).collect(),
        buyers: file.buyers.into_iter().map(BuyerFile::person).collect(),
        products,
        wood_types: file.wood_types.into_iter().map(|wood| (wood.id, wood.name)).collect(),
        conversations: talks.into_iter().map(ConversationFile::conversation).collect(),
    })
}

fn picture_path(id: Uuid) -> String {
    format!("/media/demo/{id}.svg")
}

#[derive(Deserialize)]
struct MarketplaceFile {
    wood_types: Vec<WoodFile>,
    buyers: Vec<BuyerFile>,
    sellers: Vec<SellerFile>,
}

#[derive(Deserialize)]
struct WoodFile {
    id: Uuid,
    name: String,
}

#[derive(Deserialize)]
struct BuyerFile {
    id: BuyerId,
    account: AccountId,
    email: String,
    name: String,
}

impl BuyerFile {
    fn person(self) -> DemoBuyer {
        DemoBuyer {
            id: self.id,
            put: PutBuyer {
                name: self.name.clone(),
                avatar_url: None,
            },
            account: DemoAccount {
                id: self.account,
                email: self.email,
                name: self.name,
            },
        }
    }
}

#[derive(Deserialize)]
struct SellerFile {
    id: SellerId,
    name: String,
    description: String,
    rating: f64,
    replies_in: u32,
    pickup_location: String,
    account: AccountId,
    email: String,
    agent: String,
    products: Vec<ProductFile>,
}

impl SellerFile {
    fn goods(&self) -> Vec<DemoProduct> {
        self.products.iter().map(|product| product.of_shop(self)).collect()
    }

    fn shop(self) -> DemoSeller {
        DemoSeller {
            id: self.id,
            put: PutSeller {
                name: self.name,
                avatar_url: Some(picture_path(self.id.0)),
                description: Some(self.description),
                rating: Some(self.rating),
                replies_in: Some(self.replies_in),
            },
            account: DemoAccount {
                id: self.account,
                email: self.email,
                name: self.agent,
            },
        }
    }
}

#[derive(Deserialize)]
struct ProductFile {
    id: ProductId,
    title: String,
    description: String,
    price: f64,
    picture: String,
    volume: Option<f64>,
    wood_type_id: Option<Uuid>,
    #[serde(default = "yes")]
    delivery_possible: bool,
    /// It can be fetched at the shop's place.
    #[serde(default = "yes")]
    pickup: bool,
    #[serde(default = "yes")]
    in_stock: bool,
}

fn yes() -> bool {
    true
}

impl ProductFile {
    fn of_shop(&self, shop: &SellerFile) -> DemoProduct {
        DemoProduct {
            id: self.id,
            picture: self.picture.clone(),
            put: PutProduct {
                title: self.title.clone(),
                description: self.description.clone(),
                price: self.price,
                volume: self.volume,
                delivery_possible: self.delivery_possible,
                pickup_location: self.pickup.then(|| shop.pickup_location.clone()),
                seller_id: shop.id,
                wood_type_id: self.wood_type_id,
                image_url: Some(picture_path(self.id.0)),
                currency: "RUB".into(),
                in_stock: self.in_stock,
            },
        }
    }
}

#[derive(Deserialize)]
struct ConversationFile {
    id: ThreadId,
    buyer_id: BuyerId,
    seller_id: SellerId,
    buyer_read: Seq,
    seller_read: Seq,
    messages: Vec<MessageFile>,
}

impl ConversationFile {
    fn conversation(self) -> Conversation {
        Conversation {
            id: self.id,
            buyer_id: self.buyer_id,
            seller_id: self.seller_id,
            messages: self.messages.into_iter().map(MessageFile::message).collect(),
            buyer_read: self.buyer_read,
            seller_read: self.seller_read,
        }
    }
}

#[derive(Deserialize)]
struct MessageFile {
    id: MessageId,
    from: Role,
    text: String,
    product_id: Option<ProductId>,
    minutes_ago: u32,
}

impl MessageFile {
    fn message(self) -> DemoMessage {
        DemoMessage {
            id: self.id,
            from: self.from,
            text: self.text,
            product_id: self.product_id,
            minutes_ago: self.minutes_ago,
        }
    }
}
