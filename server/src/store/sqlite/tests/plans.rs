//! The plans of hot queries: they walk an index and sort nothing.

use prilavok_protocol::ids::Role;
use prilavok_protocol::rest::{ProductSort, SortOrder};

use super::super::{catalogue, counters, events, marks, messages, products, schema, search, threads};
use super::{Options, Shop};
use crate::store::conformance::Kept;

#[tokio::test(flavor = "multi_thread")]
async fn hot_queries_walk_an_index_and_sort_nothing() -> Kept {
    let shop = Shop::open(Options::default()).await?;
    let db = schema::open_reader(&shop.path)?;
    for (sql, index) in [
        (
            threads::list_sql(Role::Buyer),
            "threads_of_buyer (buyer=? AND (buyer_has_unread,activity)<(?,?))",
        ),
        (
            threads::list_sql(Role::Seller),
            "threads_of_seller (seller=? AND (seller_has_unread,activity)<(?,?))",
        ),
        (
            threads::unread_sql(Role::Buyer).into(),
            "threads_of_buyer (buyer=? AND buyer_has_unread=?)",
        ),
        (
            threads::unread_sql(Role::Seller).into(),
            "threads_of_seller (seller=? AND seller_has_unread=?)",
        ),
        (
            messages::find_sql(),
            "SEARCH b USING PRIMARY KEY (thread=? AND client_id=?)",
        ),
        (
            counters::HIGHEST_SQL.into(),
            "SEARCH by_client USING PRIMARY KEY (thread=?)",
        ),
        (
            messages::history_sql(),
            "SEARCH b USING PRIMARY KEY (thread=? AND seq>? AND seq<?)",
        ),
        (search::tail_sql(), "SEARCH b USING PRIMARY KEY (thread=?)"),
        (search::one_sql(), "SEARCH l USING INTEGER PRIMARY KEY (rowid=?)"),
        (messages::of_party_sql(), "SEARCH b USING PRIMARY KEY (party=?)"),
        (events::after_sql(), "SEARCH b USING PRIMARY KEY (party=? AND pos>?)"),
        (catalogue::sellers_sql(), "sellers_by_name"),
        (
            products::page_sql("", ProductSort::CreatedAt, SortOrder::Desc),
            "products_by_created",
        ),
        (
            products::page_sql("", ProductSort::Price, SortOrder::Asc),
            "products_by_price",
        ),
        (
            products::page_sql("", ProductSort::Title, SortOrder::Asc),
            "products_by_title",
        ),
    ] {
        let plan = plan(&db, &sql)?;
        assert!(plan.contains(index), "{sql}\n{plan}");
        assert!(!plan.contains("TEMP B-TREE"), "{sql}\n{plan}");
    }
    // Grouping a few entries needs a sort; finding them must not need a scan.
    let plan = plan(&db, marks::REACHED_SQL)?;
    assert!(
        plan.contains("SEARCH b USING PRIMARY KEY (party=? AND pos>? AND pos<?)"),
        "{plan}"
    );
    assert!(!plan.contains("SCAN"), "{plan}");
    Ok(())
}

fn plan(db: &rusqlite::Connection, sql: &str) -> rusqlite::Result<String> {
    let mut explain = db.prepare(&format!("explain query plan {sql}"))?;
    let mut rows = explain.raw_query();
    let mut plan = String::new();
    while let Some(row) = rows.next()? {
        plan.push_str(&row.get::<_, String>(3)?);
        plan.push('\n');
    }
    Ok(plan)
}
