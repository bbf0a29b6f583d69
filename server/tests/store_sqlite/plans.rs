//! Every statement that the store runs finds its rows by an index and sorts nothing, save those named here.
//!
//! The statements are those that ran while all promises were kept, so a new one is held to it without being named. Their
//! plans are those of an empty store: what the schema says, not what a table happens to hold.

use std::collections::BTreeSet;
use std::path::Path;

use prilavok_server::store::sqlite::{Options, SqliteStore};
use prilavok_test_vfs::statements;
use rusqlite::{Connection, OpenFlags};
use tempfile::TempDir;

/// Fewer than the promises run: with less than this, they were not seen.
const FEWEST: usize = 70;

/// What may walk a whole table or sort: a part of the statement, the step of its plan, and why.
const ALLOWED: &[(&str, &str, &str)] = &[
    (
        "delete from accounts where id",
        "SCAN invitations",
        "the operator does it, seldom, and invitations are few",
    ),
    (
        "delete from invitations where account",
        "SCAN invitations",
        "an agent leaves seldom, and invitations are few",
    ),
    (
        "from accounts a join parties p on p.key = a.party order by a.email",
        "SCAN a USING INDEX sqlite_autoindex_accounts_2",
        "the operator lists all accounts",
    ),
    (
        "select count(*) from products p where true",
        "SCAN p USING COVERING INDEX products_by_seller",
        "a page of the catalogue says how many there are; the narrowest index is counted, and chat does not wait for it",
    ),
    (
        "select count(*) from sellers",
        "SCAN sellers USING COVERING INDEX sellers_by_name",
        "the same for the list of shops",
    ),
    (
        "from products p join parties s",
        "SCAN p USING INDEX products_by_created",
        "walks in the order that is asked for and stops with the page",
    ),
    (
        "from products p join parties s",
        "SCAN p USING INDEX products_by_price",
        "walks in the order that is asked for and stops with the page",
    ),
    (
        "from products p join parties s",
        "SCAN p USING INDEX products_by_title",
        "walks in the order that is asked for and stops with the page",
    ),
    (
        "from sellers s join parties p",
        "SCAN s USING INDEX sellers_by_name",
        "walks in the order that is asked for and stops with the page",
    ),
    (
        "from products p join parties s",
        "USE TEMP B-TREE FOR ORDER BY",
        "what a filter has found by its own index is put in the order that is asked for",
    ),
    (
        "from sessions s join accounts a",
        "USE TEMP B-TREE FOR ORDER BY",
        "the open sessions of one account are a handful",
    ),
    (
        "select t.id, max(l.seq) from by_party b",
        "USE TEMP B-TREE FOR GROUP BY",
        "groups the entries that a device has just stored, which a range of the index has found",
    ),
    (" indexed", "SCAN indexed", "one row says how far the tables are"),
    (" meta", "SCAN meta", "the search index has one row there"),
];

#[tokio::test(flavor = "multi_thread")]
async fn every_statement_finds_its_rows_by_an_index_and_sorts_nothing() -> anyhow::Result<()> {
    statements::watch();
    // As SQLite says the path of an open file.
    let folder = TempDir::new()?;
    let path = folder.path().canonicalize()?;
    super::keep_all(&path).await?;
    let ran: BTreeSet<(bool, String)> = statements::under(&path)
        .into_iter()
        .filter(|(_, sql)| touches_rows(sql))
        .map(|(file, sql)| (is_index(&file), sql))
        .collect();
    assert!(ran.len() >= FEWEST, "only {} statements were seen", ran.len());

    let empty = path.join("empty.db");
    let store = SqliteStore::open(&empty, Options::default())?;
    store.open_index().await?;
    let (main, index) = (read(&empty)?, read(&path.join("empty.db-search"))?);
    let mut unused: BTreeSet<_> = ALLOWED.iter().collect();
    let mut poor = Vec::new();
    for (of_index, sql) in &ran {
        let db = if *of_index { &index } else { &main };
        for step in poor_steps(db, sql)? {
            let allowed = ALLOWED.iter().find(|(part, of, _)| sql.contains(part) && step == *of);
            match allowed {
                Some(allowed) => drop(unused.remove(allowed)),
                None => poor.push(format!("{step}: {sql}")),
            }
        }
    }
    assert!(poor.is_empty(), "{}", poor.join("\n\n"));
    assert!(unused.is_empty(), "allowed, and not needed any more: {unused:?}");
    Ok(())
}

/// Others begin and end transactions and lay out the schema. The rows of a full-text table are its own affair.
fn touches_rows(sql: &str) -> bool {
    let sql = sql.trim_start().to_lowercase();
    let verbs = ["select", "insert", "update", "delete", "replace", "with"];
    let is_inside = ["product_words_", "spoken_", "sqlite_"]
        .iter()
        .any(|part| sql.contains(part));
    verbs.iter().any(|verb| sql.starts_with(verb)) && !is_inside
}

fn is_index(file: &Path) -> bool {
    file.to_string_lossy().ends_with("-search")
}

fn read(path: &Path) -> rusqlite::Result<Connection> {
    Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE)
}

/// Steps of the plan that read a whole table, make an index for the occasion, or sort.
fn poor_steps(db: &Connection, sql: &str) -> rusqlite::Result<Vec<String>> {
    let mut explain = db.prepare(&format!("explain query plan {sql}"))?;
    let mut rows = explain.raw_query();
    let mut poor = Vec::new();
    while let Some(row) = rows.next()? {
        let step: String = row.get(3)?;
        let is_found = step.contains("VIRTUAL TABLE INDEX") && !step.ends_with("INDEX 0:");
        // The rows of the statement's own text.
        let is_own = step == "SCAN CONSTANT ROW" || step.ends_with("-ROW VALUES CLAUSE");
        let is_poor = step.starts_with("SCAN") && !is_own && !is_found;
        if is_poor || step.contains("TEMP B-TREE") || step.contains("AUTOMATIC") {
            poor.push(step);
        }
    }
    Ok(poor)
}
