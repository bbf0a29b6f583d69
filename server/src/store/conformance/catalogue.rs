//! The copy of the catalogue, and the search in it.

use prilavok_protocol::ids::{BuyerId, ProductId, SellerId};
use prilavok_protocol::rest::{ProductQuery, ProductSort, PutBuyer, PutProduct, PutSeller, SortOrder};

use super::{Kept, at, goods, refused, seller};
use crate::store::catalogue::Put;
use crate::store::{Error, Result, SharedStore};

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
    let olga = PutBuyer { name: "Ольга".into(), avatar_url: Some("/blobs/3".into()) };
    let rows = vec![Put::Seller(shop, yard), Put::Buyer(person, olga), Put::Product(item, described)];
    store.put(rows, at(1)).await?;
    let found = store.product(item).await?;
    assert_eq!((found.title.as_str(), found.price, found.seller_id), ("Доска", 19_900.5, shop));
    assert_eq!(found.description, "Сухая, строганая");
    assert_eq!(found.misspelt_description, found.description);
    assert_eq!((found.volume, found.delivery_possible, found.in_stock), (Some(1.5), true, false));
    assert_eq!((found.pickup_location.as_deref(), found.wood_type_id), (Some("Вологда"), Some(item.0)));
    assert_eq!((found.image_url.as_deref(), found.currency.as_str()), (Some("/blobs/1"), "RUB"));
    let found = store.seller(shop).await?;
    assert_eq!((found.rating, found.replies_in, found.is_online), (Some(4.8), Some(600), false));
    assert_eq!(found.description.as_deref(), Some("Пилим сами"));
    assert_eq!(store.buyer(person).await?.avatar_url.as_deref(), Some("/blobs/3"));

    store.put(vec![Put::Product(item, goods(shop, "Вагонка", 5.0))], at(9)).await?;
    let found = store.product(item).await?;
    assert_eq!((found.title.as_str(), found.created_at, found.updated_at), ("Вагонка", at(1), at(9)));
    assert_eq!(search(&store, "доска").await?, [""; 0]);
    assert_eq!(search(&store, "вагонка").await?, ["Вагонка"]);
    assert!(matches!(refused(store.product(ProductId::mint()).await), Error::NotFound));
    assert!(matches!(refused(store.seller(SellerId(person.0)).await), Error::NotFound));
    assert!(matches!(refused(store.buyer(BuyerId(shop.0)).await), Error::NotFound));
    Ok(())
}

/// A load is put as a whole or not at all.
pub async fn a_load_is_all_or_nothing(store: SharedStore) -> Kept {
    let person = BuyerId::mint();
    let rows = vec![
        Put::Buyer(person, PutBuyer { name: "Ольга".into(), avatar_url: None }),
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

async fn search(store: &SharedStore, words: &str) -> Result<Vec<String>> {
    let query = ProductQuery {
        search_query: Some(words.into()),
        sort_by: ProductSort::Title,
        sort_order: SortOrder::Asc,
        ..ProductQuery::default()
    };
    let (page, total) = store.products(query).await?;
    assert_eq!(page.len() as u64, total, "everything fits on one page here");
    Ok(page.into_iter().map(|product| product.title).collect())
}

/// Words match in any order and case, ё as е, the last as a prefix; nothing in them is syntax.
pub async fn words_find_products(store: SharedStore) -> Kept {
    let shop = seller(&store, "Лесной двор").await?;
    let mut rows = Vec::new();
    for (title, description) in [
        ("Доска обрезная", "сосна, сухая"),
        ("Доска террасная", "лиственница"),
        ("Брус клеёный", "СОСНА 100×150"),
        ("Ёлка живая", ""),
    ] {
        let product = PutProduct { description: description.into(), ..goods(shop, title, 1.0) };
        rows.push(Put::Product(ProductId::mint(), product));
    }
    store.put(rows, at(1)).await?;
    let both = ["Доска обрезная", "Доска террасная"];
    for (words, expected) in [
        ("доска", &both[..]),
        ("ДОСКА", &both),
        ("обрезная доска", &["Доска обрезная"]),
        ("сосна доска", &["Доска обрезная"]),
        ("сосна", &["Брус клеёный", "Доска обрезная"]),
        ("клееный", &["Брус клеёный"]),
        ("елка", &["Ёлка живая"]),
        ("ЁЛКА", &["Ёлка живая"]),
        ("дос", &both),
        ("доска обр", &["Доска обрезная"]),
        ("дос обрезная", &[]),
        ("150", &["Брус клеёный"]),
        ("доска\"", &both),
        ("доска OR елка", &[]),
        ("\"*-(", &[]),
        ("железо", &[]),
        ("  ", &["Брус клеёный", "Доска обрезная", "Доска террасная", "Ёлка живая"]),
    ] {
        assert_eq!(search(&store, words).await?, expected, "{words}");
    }
    Ok(())
}

/// Prices and shops narrow the search; order, page and total are right.
pub async fn filters_sort_and_pages(store: SharedStore) -> Kept {
    let (first, second) = (seller(&store, "Первый").await?, seller(&store, "Второй").await?);
    for (number, (shop, title, price)) in
        [(first, "Брус", 300.0), (second, "ёлка", 100.5), (first, "Доска", 200.0), (second, "Яблоня", 200.0)]
            .into_iter()
            .enumerate()
    {
        let when = at(i64::try_from(number)?);
        store.put(vec![Put::Product(ProductId::mint(), goods(shop, title, price))], when).await?;
    }
    let all = ProductQuery { limit: 10, ..ProductQuery::default() };
    let by = |sort_by, sort_order| ProductQuery { sort_by, sort_order, ..all.clone() };
    for (query, expected, expected_total) in [
        (all.clone(), &["Яблоня", "Доска", "ёлка", "Брус"][..], 4),
        (by(ProductSort::CreatedAt, SortOrder::Asc), &["Брус", "ёлка", "Доска", "Яблоня"], 4),
        (by(ProductSort::Title, SortOrder::Asc), &["Брус", "Доска", "ёлка", "Яблоня"], 4),
        (by(ProductSort::Price, SortOrder::Asc), &["ёлка", "Доска", "Яблоня", "Брус"], 4),
        (ProductQuery { price_min: Some(200.0), price_max: Some(250.0), ..all.clone() }, &["Яблоня", "Доска"], 2),
        (ProductQuery { seller_ids: vec![second], ..all.clone() }, &["Яблоня", "ёлка"], 2),
        (ProductQuery { seller_ids: vec![second, first], ..all.clone() }, &["Яблоня", "Доска", "ёлка", "Брус"], 4),
        (ProductQuery { seller_ids: vec![SellerId::mint()], ..all.clone() }, &[], 0),
        (ProductQuery { offset: 1, limit: 2, ..all.clone() }, &["Доска", "ёлка"], 4),
        (ProductQuery { offset: 9, ..all.clone() }, &[], 4),
        (ProductQuery { limit: 0, ..all.clone() }, &["Яблоня", "Доска", "ёлка", "Брус"], 4),
        (
            ProductQuery { search_query: Some("доска".into()), price_max: Some(199.0), ..all.clone() },
            &[],
            0,
        ),
    ] {
        let asked = format!("{query:?}");
        let (page, total) = store.products(query).await?;
        let titles: Vec<_> = page.iter().map(|product| product.title.as_str()).collect();
        assert_eq!((titles.as_slice(), total), (expected, expected_total), "{asked}");
    }
    Ok(())
}
