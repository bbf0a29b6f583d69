//! The search index may lag, be lost or be of another history: what is found stays the same.

use std::path::Path;
use std::time::Duration;

use prilavok_protocol::ids::Role;
use prilavok_protocol::search::Query;

use super::super::index::Index;
use super::super::search::Searching;
use super::super::{Options, SqliteStore};
use super::Shop;
use crate::store::conformance::{Kept, Talk, buyer};
use crate::store::{ChatStore, Error, Member};

async fn found(store: &SqliteStore, member: &Member, text: &str) -> anyhow::Result<(Vec<u64>, u64)> {
    let query = Query::parse(text).expect("there is a word");
    let (messages, total) = store.search(member, query, None, 100).await?;
    Ok((messages.iter().map(|message| message.seq.0).collect(), total))
}

/// Many more entries than one stretch of indexing takes, with another buyer's among them.
async fn talk_at_length(shop: &Shop) -> Kept {
    let masha = buyer(&shop.talk.store, "Маша").await?;
    let other = Talk::between(&shop.talk.store, masha, shop.talk.olga.seller_id()).await?;
    for number in 1..=700 {
        let line = match number % 100 {
            0 => "Доставки не будет, shipping is off",
            _ => "Здравствуйте!",
        };
        shop.talk.say(Role::Buyer, line).await?;
        if number % 50 == 0 {
            other.say(Role::Buyer, "Доставки не будет, shipping is off").await?;
        }
    }
    Ok(())
}

async fn everything_is_found(store: &SqliteStore, member: &Member, when: &str) -> Kept {
    let sevenths = (vec![700, 600, 500, 400, 300, 200, 100], 7);
    for text in ["доставка", "дост", "«доставки не»", "shippi", "ship", "будет доставка"]
    {
        assert_eq!(found(store, member, text).await?, sevenths, "{text} {when}");
    }
    assert_eq!(found(store, member, "здравствуй").await?.1, 693, "{when}");
    assert_eq!(found(store, member, "«доставка»").await?.1, 0, "{when}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_index_lacks_is_read_from_the_log() -> Kept {
    let shop = Shop::open(Options::default()).await?;
    talk_at_length(&shop).await?;
    let (store, olga) = (&shop.store, &shop.talk.olga);
    everything_is_found(store, olga, "without an index").await?;
    store.open_index().await?;
    everything_is_found(store, olga, "with an empty one").await?;
    assert!(store.index_more().await?);
    everything_is_found(store, olga, "with a part of it").await?;
    while store.index_more().await? {}
    everything_is_found(store, olga, "with all of it").await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_index_that_does_not_fit_is_made_anew() -> Kept {
    let shop = Shop::open(Options::default()).await?;
    talk_at_length(&shop).await?;
    let path = Index::path(&shop.path);
    let olga = shop.talk.olga;
    // Died between log and index: it goes on where it was.
    shop.store.open_index().await?;
    shop.store.index_more().await?;
    for damage in ["none", "ahead", "foreign", "of another rule", "broken", "gone"] {
        match damage {
            "ahead" => emptied(&path, "up_to = 1000000")?,
            "foreign" => emptied(&path, "epoch = zeroblob(16)")?,
            "of another rule" => emptied(&path, "version = 0")?,
            "broken" => std::fs::write(&path, "no database".repeat(1_000))?,
            "gone" => std::fs::remove_file(&path)?,
            _ => {}
        }
        let store = SqliteStore::open(&shop.path, Options::default())?;
        store.open_index().await?;
        everything_is_found(&store, &olga, damage).await?;
        while store.index_more().await? {}
        everything_is_found(&store, &olga, damage).await?;
        store.close().await;
    }
    Ok(())
}

/// Claims to know what it has known, and holds nothing of it.
fn emptied(path: &Path, change: &str) -> rusqlite::Result<()> {
    let file = rusqlite::Connection::open(path)?;
    file.execute_batch(&format!(
        "insert into spoken (spoken) values ('delete-all'); update meta set {change}"
    ))
}

/// A search that finds its hits must not have read the thread: with an index that claims to know all and holds nothing,
/// nothing is found.
#[tokio::test(flavor = "multi_thread")]
async fn an_indexed_thread_is_not_read() -> Kept {
    let shop = Shop::open(Options::default()).await?;
    talk_at_length(&shop).await?;
    shop.store.open_index().await?;
    let file = rusqlite::Connection::open(Index::path(&shop.path))?;
    file.execute("update meta set up_to = 1000000", [])?;
    assert_eq!(found(&shop.store, &shop.talk.olga, "доставка").await?.1, 0);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn searches_that_wait_for_their_turn_keep_nobody_from_reading() -> Kept {
    let shop = Shop::open(Options {
        readers: 1,
        ..Options::default()
    })
    .await?;
    shop.talk.say(Role::Buyer, "Когда доставка?").await?;
    let (store, olga) = (shop.store.clone(), shop.talk.olga);
    let turn = store.searching.turn().await?;
    let mut searches: Vec<_> = (0..8).map(|_| Box::pin(found(&store, &olga, "доставку"))).collect();
    for search in &mut searches {
        assert!(futures::poll!(search).is_pending(), "somebody else is searching");
    }
    assert_eq!(store.thread(&olga).await?.head_seq.0, 1, "the only connection is free");
    drop(turn);
    for search in searches {
        assert_eq!(search.await?, (vec![1], 1));
    }
    Ok(())
}

#[tokio::test]
async fn nobody_waits_for_ever_for_their_turn_to_search() {
    let searching = Searching::default();
    let turn = searching.turn().await.expect("nobody is in front");
    assert!(matches!(searching.turn_within(Duration::ZERO).await, Err(Error::Busy)));
    drop(turn);
    assert!(searching.turn().await.is_ok());
}
