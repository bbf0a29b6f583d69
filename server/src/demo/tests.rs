//! The demo is whole: what it names exists, and every picture can be drawn.

use std::collections::HashSet;

use prilavok_protocol::ids::{Role, Seq};

use super::{marketplace, product_picture};

#[test]
fn the_marketplace_is_as_large_as_promised_and_its_ids_are_all_different() {
    let demo = marketplace();
    assert_eq!(demo.sellers.len(), 12);
    assert!(demo.products.len() >= 150);
    assert_eq!(demo.buyers[0].id.to_string(), "81f81c96-c56e-4b36-aec3-656f3576d09f");
    assert_eq!(demo.buyers[1].id.to_string(), "b8c8e1e0-1234-5678-9abc-def012345678");
    let mut ids: Vec<_> = demo.products.iter().map(|product| product.id.0).collect();
    ids.extend(
        demo.sellers
            .iter()
            .flat_map(|seller| [seller.id.0, seller.account.id.0]),
    );
    ids.extend(demo.buyers.iter().flat_map(|buyer| [buyer.id.0, buyer.account.id.0]));
    let messages = demo.conversations.iter().flat_map(|talk| &talk.messages);
    ids.extend(messages.map(|message| message.id.0));
    assert_eq!(ids.iter().collect::<HashSet<_>>().len(), ids.len());
}

#[test]
fn every_conversation_is_between_people_who_exist_about_goods_of_that_shop() {
    let demo = marketplace();
    let mut pairs = HashSet::new();
    for talk in &demo.conversations {
        assert!(pairs.insert((talk.buyer_id, talk.seller_id)), "one thread a pair");
        assert!(demo.buyers.iter().any(|buyer| buyer.id == talk.buyer_id));
        assert!(demo.sellers.iter().any(|seller| seller.id == talk.seller_id));
        assert_eq!(talk.messages[0].from, Role::Buyer, "only a buyer starts a thread");
        let head = Seq(talk.messages.len() as u64);
        assert!(talk.buyer_read <= head && talk.seller_read <= head);
        for message in &talk.messages {
            assert!(!message.text.trim().is_empty() && message.minutes_ago > 0);
            let Some(product_id) = message.product_id else {
                continue;
            };
            let product = demo.products.iter().find(|product| product.id == product_id);
            assert_eq!(product.map(|product| product.put.seller_id), Some(talk.seller_id));
        }
        let minutes: Vec<_> = talk.messages.iter().map(|message| message.minutes_ago).collect();
        assert!(minutes.is_sorted_by(|earlier, later| earlier >= later));
    }
    assert!(
        demo.timeline()
            .is_sorted_by(|(_, a), (_, b)| a.minutes_ago >= b.minutes_ago)
    );
}

#[test]
fn every_product_and_shop_has_a_picture_of_its_own_without_scripts_or_links() {
    let demo = marketplace();
    let products = demo.products.iter().map(|product| product.id.0);
    let ids: Vec<_> = products.chain(demo.sellers.iter().map(|seller| seller.id.0)).collect();
    let mut seen = HashSet::new();
    for id in ids {
        let svg = demo.picture(id).expect("every id of the marketplace has a picture");
        assert!(svg.starts_with("<svg") && svg.ends_with("</svg>"));
        for forbidden in ["<script", "href", "url(http", "<foreignObject", "<image"] {
            assert!(!svg.contains(forbidden), "{forbidden} in a picture");
        }
        assert!(seen.insert(svg), "two pictures are the same");
    }
}

#[test]
fn no_product_falls_back_to_the_plain_parcel() {
    let parcel = product_picture("parcel", 1);
    for product in marketplace().products {
        assert_ne!(
            product_picture(&product.picture, 1),
            parcel,
            "{} is not drawn",
            product.picture
        );
    }
}
