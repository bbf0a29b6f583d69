//! The tables behind the log: what they lack is found by whoever reads, and by the next start.

use std::path::Path;

use prilavok_protocol::ids::{Party, Pos, Role, Seq};
use prilavok_protocol::rest::HistoryQuery;
use tempfile::TempDir;
use uuid::Uuid;

use super::super::tail::Of;
use super::super::writer::Writing;
use super::{Options, Shop};
use crate::store::conformance::{Kept, text};
use crate::store::sqlite::SqliteStore;
use crate::store::{Acting, ChatStore};

/// The file as a power cut would leave it now.
fn as_it_lies(file: &Path) -> anyhow::Result<(TempDir, SqliteStore)> {
    let folder = TempDir::new()?;
    let copy = folder.path().join("prilavok.db");
    for end in ["", "-wal"] {
        let name = |path: &Path| format!("{}{end}", path.display());
        std::fs::copy(name(file), name(&copy))?;
    }
    let store = SqliteStore::open(&copy, Options::default())?;
    Ok((folder, store))
}

/// How far the tables are behind the log.
async fn behind(shop: &Shop) -> crate::store::Result<i64> {
    let sql = "select (select max(id) from log) - (select log from indexed)";
    shop.store
        .readers
        .read(move |db| Ok(db.query_row(sql, [], |row| row.get(0))?))
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_tables_lack_is_taken_from_the_log_by_the_next_start() -> Kept {
    let shop = Shop::open(Options::default()).await?;
    let (olga, seller) = (shop.talk.olga, Party::seller(shop.talk.olga.seller_id()));
    let repeated = text("дважды");
    for number in 0..5 {
        shop.talk.say(Role::Seller, &format!("{number}")).await?;
    }
    shop.store.append_message(&olga, repeated.clone()).await?;
    shop.talk.say(Role::Seller, "последнее").await?;
    shop.store.mark_read(&olga, Some(Seq(7))).await?;
    shop.store.mark_delivered(Acting::from(seller), Pos(7)).await?;
    assert!(behind(&shop).await? >= 8, "or else there is nothing to be found");

    let (_folder, again) = as_it_lies(&shop.path)?;
    assert_eq!(again.check().await?.problems, [""; 0]);
    let all = HistoryQuery::default();
    assert_eq!(
        again.messages(&olga, all).await?,
        shop.store.messages(&olga, all).await?
    );
    for party in [olga.party(), seller] {
        let before = shop.store.snapshot(party).await?;
        let after = again.snapshot(party).await?;
        assert_eq!((after.cursor, after.threads), (before.cursor, before.threads));
        assert_eq!(
            again.events_after(party, Pos(0), 100).await?,
            shop.store.events_after(party, Pos(0), 100).await?
        );
    }
    let repeat = again.append_message(&olga, repeated).await?;
    assert!(repeat.value.is_repeat && repeat.value.message.seq == Seq(6));
    assert_eq!(
        again.append_message(&olga, text("дальше")).await?.value.message.seq,
        Seq(8)
    );
    assert_eq!(again.check().await?.problems, [""; 0]);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeat_is_known_before_the_tables_know_of_the_first() -> Kept {
    let shop = Shop::open(Options::default()).await?;
    let (olga, message) = (shop.talk.olga, text("дважды"));
    let first = shop.store.append_message(&olga, message.clone()).await?;
    let again = shop.store.append_message(&olga, message).await?;
    assert!(behind(&shop).await? > 0, "or else nothing is shown");
    assert!(again.value.is_repeat && again.deliveries.is_empty());
    assert_eq!(again.value.message, first.value.message);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_tables_follow_when_somebody_reads_and_whoever_is_not_concerned_waits_for_nobody() -> Kept {
    let shop = Shop::open(Options::default()).await?;
    let (olga, other) = (shop.talk.olga, Party::buyer(prilavok_protocol::ids::BuyerId::mint()));
    shop.talk.say(Role::Buyer, "раз").await?;
    let lagging = shop.store.writer.lagging();
    assert!(lagging.is(Of::Thread(olga.thread_id())) && lagging.is(Of::Party(olga.party())));
    assert!(!lagging.is(Of::Party(other)));
    assert_eq!(shop.store.thread(&olga).await?.head_seq, Seq(1));
    assert_eq!(behind(&shop).await?, 0);
    assert!(!lagging.is(Of::Thread(olga.thread_id())));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_tables_follow_by_themselves_once_enough_has_piled_up() -> Kept {
    let shop = Shop::open(Options::default()).await?;
    let mut most = 0;
    for number in 0..600 {
        shop.talk.say(Role::Buyer, &format!("{number}")).await?;
        most = behind(&shop).await?.max(most);
    }
    assert!((64..=600).contains(&most), "{most}");
    assert!(behind(&shop).await? < 400, "the tables have followed");
    assert_eq!(shop.store.check().await?.problems, [""; 0]);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_piece_that_is_half_in_the_tables_is_known_as_a_whole_and_again_after_a_start() -> Kept {
    let shop = Shop::open(Options::default()).await?;
    let (olga, seller) = (shop.talk.olga, Party::seller(shop.talk.olga.seller_id()));
    let mut said = Vec::new();
    for number in 0..6 {
        let message = text(&format!("{number}"));
        shop.store.append_message(&olga, message.clone()).await?;
        said.push(message);
    }
    // Six rows of each of `by_thread` and `by_client` and twelve of `by_party`: every table is met half-way.
    for rows in [3, 6, 9] {
        let slice = move |writing: &mut Writing| {
            let Writing { db, counters } = writing;
            if !counters.tail.is_settling() {
                counters.settle();
            }
            counters.tail.write(db, rows)
        };
        shop.store.writer.write(slice).await?;
        let repeat = shop.store.append_message(&olga, said[4].clone()).await?;
        assert!(repeat.value.is_repeat && repeat.value.message.seq == Seq(5));
        let message = text(&format!("после {rows}"));
        shop.store.append_message(&olga, message.clone()).await?;
        said.push(message);

        let (_folder, again) = as_it_lies(&shop.path)?;
        assert_eq!(again.check().await?.problems, [""; 0]);
        let history = again.messages(&olga, HistoryQuery::default()).await?;
        let texts: Vec<&str> = history.iter().rev().map(|message| message.message.as_str()).collect();
        assert!(texts.iter().eq(said.iter().map(|message| &message.text)), "{texts:?}");
        for message in &said {
            assert!(again.append_message(&olga, message.clone()).await?.value.is_repeat);
        }
        let head = u64::try_from(said.len())? + 1;
        assert_eq!(again.snapshot(seller).await?.cursor.pos, Pos(head));
    }
    assert!(shop.store.writer.lagging().is(Of::Thread(olga.thread_id())));
    shop.store.mark_delivered(Acting::from(seller), Pos(10)).await?;
    assert_eq!(shop.store.thread(&olga).await?.head_seq, Seq(9));
    assert_eq!(shop.store.thread(&olga).await?.seller_delivered_seq, Seq(9));
    assert_eq!(behind(&shop).await?, 0);
    assert_eq!(shop.store.check().await?.problems, [""; 0]);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_ids_a_device_makes_a_message_is_stored_once() -> Kept {
    let shop = Shop::open(Options::default()).await?;
    let olga = shop.talk.olga;
    // Growing, in no order, the highest there is, the lowest, falling: whoever is not above all others is looked for.
    let mut ids: Vec<Uuid> = (0..8).map(|_| Uuid::now_v7()).collect();
    ids.extend((0..8).map(|_| Uuid::new_v4()));
    ids.extend([Uuid::max(), Uuid::nil()]);
    ids.extend((1..8_u128).rev().map(Uuid::from_u128));
    ids.extend((0..8).map(|_| Uuid::now_v7()));
    let message = |id: Uuid| crate::store::chat::NewMessage {
        id: id.into(),
        ..text("раз")
    };
    for (number, id) in ids.iter().enumerate() {
        let stored = shop.store.append_message(&olga, message(*id)).await?.value;
        assert!(!stored.is_repeat && stored.message.seq.0 == number as u64 + 1, "{id}");
        // The tables stand at another place each time.
        let slice = |writing: &mut Writing| writing.counters.follow_a_little(&writing.db);
        if number % 3 == 0 {
            shop.store.writer.write(slice).await?;
        }
        let (_folder, again) = as_it_lies(&shop.path)?;
        for (known, id) in ids.iter().enumerate().take(number + 1) {
            for store in [&shop.store, &again] {
                let repeat = store.append_message(&olga, message(*id)).await?.value;
                assert!(repeat.is_repeat && repeat.message.seq.0 == known as u64 + 1, "{id}");
            }
        }
    }
    assert_eq!(shop.store.check().await?.problems, [""; 0]);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_follow_on_a_full_disk_is_read_all_the_same() -> Kept {
    let shop = Shop::open(Options::default()).await?;
    shop.talk.say(Role::Buyer, "раз").await?;
    let pages = shop
        .store
        .readers
        .read(|db| Ok(db.query_row("pragma page_count", [], |row| row.get::<_, i64>(0))?))
        .await?;
    shop.pragma("max_page_count", pages).await?;
    let long = "длинное сообщение ".repeat(20);
    let mut said = 1;
    while shop.talk.say(Role::Seller, &long).await.is_ok() {
        said += 1;
    }
    assert_eq!(shop.store.thread(&shop.talk.olga).await?.head_seq, Seq(said));
    assert_eq!(shop.store.unread(shop.talk.olga.party(), None).await?, said - 1);
    shop.pragma("max_page_count", 1_000_000).await?;
    assert_eq!(shop.store.check().await?.problems, [""; 0]);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_follow_is_read_by_way_of_the_writer_which_takes_it_back() -> Kept {
    let shop = Shop::open(Options::default()).await?;
    shop.talk.say(Role::Buyer, "раз").await?;
    // The first commit is that of this very job; the second would be that of the tables.
    let mut commits = 0;
    let hook = move || {
        commits += 1;
        commits > 1
    };
    let mut hook = Some(hook);
    let spoil = move |writing: &mut Writing| Ok(writing.db.commit_hook(hook.take())?);
    shop.store.writer.write(spoil).await?;
    assert_eq!(shop.store.thread(&shop.talk.olga).await?.head_seq, Seq(1));
    assert!(behind(&shop).await? > 0, "the tables could not follow");
    assert_eq!(shop.talk.say(Role::Seller, "два").await?.seq, Seq(2));
    assert_eq!(shop.store.thread(&shop.talk.olga).await?.head_seq, Seq(2));
    assert_eq!(shop.store.check().await?.problems, [""; 0]);
    Ok(())
}
