//! The copy of the catalogue.

use prilavok_protocol::ids::{BuyerId, ProductId, SellerId};
use prilavok_protocol::rest::{PutBuyer, PutProduct, PutSeller};

use super::search::found;
use super::{Kept, at, goods, refused, seller};
use crate::store::catalogue::Put;
use crate::store::{Error, SharedStore};

/// What was put can be read; putting it again changes it and keeps its first date.
pub async fn what_was_put_can_be_read(store: SharedStore) -> Kept {
    let (shop, person, item) = (SellerId::mint(), BuyerId::mint(), ProductId::mint());
    let described = PutProduct {
        description: "Сухая, строганая".into(),
        volume: Some(1.5),
        delivery_possible: true,
        pickup_location: Some("Вологда".into()),
        image_url: Some("/blobs/1".into()),
        wood_type_id: Some(item.0),
        in_stock: false,
        ..goods(shop, "Доска", 19_900.5)
    };
    let yard = PutSeller {
        name: "Лесной двор".into(),
        avatar_url: Some("/blobs/2".into()),
        description: Some("Пилим сами".into()),
        rating: Some(4.8),
        replies_in: Some(600),
    };
    let olga = PutBuyer {
        name: "Ольга".into(),
        avatar_url: Some("/blobs/3".into()),
    };
    let rows = vec![
        Put::Seller(shop, yard),
        Put::Buyer(person, olga),
        Put::Product(item, described),
    ];
    store.put(rows, at(1)).await?;
    let read = store.product(item).await?;
    assert_eq!(
        (read.title.as_str(), read.price, read.seller_id),
        ("Доска", 19_900.5, shop)
    );
    assert_eq!(read.description, "Сухая, строганая");
    assert_eq!(read.misspelt_description, read.description);
    assert_eq!(
        (read.volume, read.delivery_possible, read.in_stock),
        (Some(1.5), true, false)
    );
    assert_eq!(
        (read.pickup_location.as_deref(), read.wood_type_id),
        (Some("Вологда"), Some(item.0))
    );
    assert_eq!(
        (read.image_url.as_deref(), read.currency.as_str()),
        (Some("/blobs/1"), "RUB")
    );
    let read = store.seller(shop).await?;
    assert_eq!(
        (read.rating, read.replies_in, read.is_online),
        (Some(4.8), Some(600), false)
    );
    assert_eq!(read.description.as_deref(), Some("Пилим сами"));
    assert_eq!(store.buyer(person).await?.avatar_url.as_deref(), Some("/blobs/3"));

    store
        .put(vec![Put::Product(item, goods(shop, "Вагонка", 5.0))], at(9))
        .await?;
    let read = store.product(item).await?;
    assert_eq!(
        (read.title.as_str(), read.created_at, read.updated_at),
        ("Вагонка", at(1), at(9))
    );
    assert_eq!(found(&store, "доска").await?, [""; 0]);
    assert_eq!(found(&store, "вагонка").await?, ["Вагонка"]);
    assert!(matches!(
        refused(store.product(ProductId::mint()).await),
        Error::NotFound
    ));
    assert!(matches!(
        refused(store.seller(SellerId(person.0)).await),
        Error::NotFound
    ));
    assert!(matches!(refused(store.buyer(BuyerId(shop.0)).await), Error::NotFound));
    Ok(())
}

/// A load is put as a whole or not at all.
pub async fn a_load_is_all_or_nothing(store: SharedStore) -> Kept {
    let person = BuyerId::mint();
    let rows = vec![
        Put::Buyer(
            person,
            PutBuyer {
                name: "Ольга".into(),
                avatar_url: None,
            },
        ),
        Put::Product(ProductId::mint(), goods(SellerId::mint(), "Ничья доска", 1.0)),
    ];
    assert!(matches!(refused(store.put(rows, at(1)).await), Error::NotFound));
    assert!(matches!(refused(store.buyer(person).await), Error::NotFound));
    Ok(())
}

/// Shops come by name, in pages, with their number.
pub async fn shops_are_listed_by_name(store: SharedStore) -> Kept {
    for name in ["яблоня", "Бор", "Ёлка", "Авиатор", "ель"] {
        seller(&store, name).await?;
    }
    let (page, total) = store.sellers(0, 10).await?;
    let names: Vec<_> = page.iter().map(|shop| shop.name.as_str()).collect();
    assert_eq!((names, total), (vec!["Авиатор", "Бор", "Ёлка", "ель", "яблоня"], 5));
    let (page, total) = store.sellers(3, 1).await?;
    assert_eq!((page[0].name.as_str(), page.len(), total), ("ель", 1, 5));
    Ok(())
}
