//! The search in the catalogue.

use prilavok_protocol::ids::{ProductId, SellerId};
use prilavok_protocol::rest::{ProductQuery, ProductSort, PutProduct, SortOrder};

use super::{Kept, at, goods, seller};
use crate::store::catalogue::Put;
use crate::store::{Result, SharedStore};

/// The titles that a search finds, by title.
pub(super) async fn found(store: &SharedStore, words: &str) -> Result<Vec<String>> {
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
        let product = PutProduct {
            description: description.into(),
            ..goods(shop, title, 1.0)
        };
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
        (
            "  ",
            &["Брус клеёный", "Доска обрезная", "Доска террасная", "Ёлка живая"],
        ),
    ] {
        assert_eq!(found(&store, words).await?, expected, "{words}");
    }
    Ok(())
}

/// Prices and shops narrow the search; order, page and total are right.
pub async fn filters_sort_and_pages(store: SharedStore) -> Kept {
    let (first, second) = (seller(&store, "Первый").await?, seller(&store, "Второй").await?);
    for (number, (shop, title, price)) in [
        (first, "Брус", 300.0),
        (second, "ёлка", 100.5),
        (first, "Доска", 200.0),
        (second, "Яблоня", 200.0),
    ]
    .into_iter()
    .enumerate()
    {
        let when = at(i64::try_from(number)?);
        store
            .put(vec![Put::Product(ProductId::mint(), goods(shop, title, price))], when)
            .await?;
    }
    let all = ProductQuery {
        limit: 10,
        ..ProductQuery::default()
    };
    let by = |sort_by, sort_order| ProductQuery {
        sort_by,
        sort_order,
        ..all.clone()
    };
    for (query, expected, expected_total) in [
        (all.clone(), &["Яблоня", "Доска", "ёлка", "Брус"][..], 4),
        (
            by(ProductSort::CreatedAt, SortOrder::Asc),
            &["Брус", "ёлка", "Доска", "Яблоня"],
            4,
        ),
        (
            by(ProductSort::Title, SortOrder::Asc),
            &["Брус", "Доска", "ёлка", "Яблоня"],
            4,
        ),
        (
            by(ProductSort::Price, SortOrder::Asc),
            &["ёлка", "Доска", "Яблоня", "Брус"],
            4,
        ),
        (
            ProductQuery {
                price_min: Some(200.0),
                price_max: Some(250.0),
                ..all.clone()
            },
            &["Яблоня", "Доска"],
            2,
        ),
        (
            ProductQuery {
                seller_ids: vec![second],
                ..all.clone()
            },
            &["Яблоня", "ёлка"],
            2,
        ),
        (
            ProductQuery {
                seller_ids: vec![second, first],
                ..all.clone()
            },
            &["Яблоня", "Доска", "ёлка", "Брус"],
            4,
        ),
        (
            ProductQuery {
                seller_ids: vec![SellerId::mint()],
                ..all.clone()
            },
            &[],
            0,
        ),
        (
            ProductQuery {
                offset: 1,
                limit: 2,
                ..all.clone()
            },
            &["Доска", "ёлка"],
            4,
        ),
        (
            ProductQuery {
                offset: 9,
                ..all.clone()
            },
            &[],
            4,
        ),
        (
            ProductQuery {
                limit: 0,
                ..all.clone()
            },
            &["Яблоня", "Доска", "ёлка", "Брус"],
            4,
        ),
        (
            ProductQuery {
                search_query: Some("доска".into()),
                price_max: Some(199.0),
                ..all.clone()
            },
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
