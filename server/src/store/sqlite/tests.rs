//! What can only be seen from inside: the commit and the queue; [`plans`] of hot queries.

use std::path::PathBuf;
use std::sync::{Arc, mpsc};

use prilavok_protocol::ids::{Pos, Role, Seq};
use tempfile::TempDir;

use super::{Options, SqliteStore, messages};
use crate::store::conformance::{Kept, Talk, text};
use crate::store::{ChatStore, Error, SharedStore};

mod index;
mod plans;
mod tail;

struct Shop {
    _folder: TempDir,
    path: PathBuf,
    store: Arc<SqliteStore>,
    talk: Talk,
}

impl Shop {
    async fn open(options: Options) -> anyhow::Result<Self> {
        let folder = TempDir::new()?;
        let path = folder.path().join("prilavok.db");
        let store = Arc::new(SqliteStore::open(&path, options)?);
        let shared: SharedStore = store.clone();
        Ok(Self {
            _folder: folder,
            path,
            talk: Talk::start(&shared).await?,
            store,
        })
    }

    /// Holds the writer inside a transaction until the sender is used or dropped; then more jobs share a batch.
    async fn hold(&self) -> (mpsc::Sender<()>, tokio::task::JoinHandle<crate::store::Result<()>>) {
        let (release, released) = mpsc::channel();
        let (held, holding) = tokio::sync::oneshot::channel();
        let mut held = Some(held);
        let store = self.store.clone();
        let task = tokio::spawn(async move {
            let wait = move |_: &mut super::writer::Writing| {
                if let Some(held) = held.take() {
                    let _ = held.send(());
                    let _ = released.recv();
                }
                Ok(())
            };
            store.writer.write(wait).await
        });
        holding.await.expect("the writer runs the job");
        (release, task)
    }

    async fn pragma(&self, name: &'static str, value: i64) -> crate::store::Result<()> {
        self.store
            .writer
            .write(move |writing| Ok(writing.db.pragma_update(None, name, value)?))
            .await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn readers_see_only_what_is_committed() -> Kept {
    let shop = Shop::open(Options::default()).await?;
    // The thread's start is in the tables then, and nobody need wait for the writer, who is held up here.
    assert_eq!(shop.store.head(shop.talk.olga.party()).await?, Pos(1));
    let (release, released) = mpsc::channel::<()>();
    let (written, is_written) = tokio::sync::oneshot::channel();
    let (store, olga) = (shop.store.clone(), shop.talk.olga);
    let mut written = Some(written);
    let append = tokio::spawn(async move {
        let message = text("ещё не записано");
        let slow = move |writing: &mut super::writer::Writing| {
            let change = messages::append(writing, &olga, &message)?;
            if let Some(written) = written.take() {
                let _ = written.send(());
                let _ = released.recv();
            }
            Ok(change)
        };
        store.writer.write(slow).await
    });
    is_written.await?;
    assert_eq!(shop.store.head(olga.party()).await?, Pos(1));
    assert_eq!(
        shop.store.snapshot(olga.party()).await?.threads[0].thread.head_seq,
        Seq(0)
    );
    drop(release);
    append.await??;
    assert_eq!(shop.store.head(olga.party()).await?, Pos(2));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_are_set_up_for_durability() -> Kept {
    let shop = Shop::open(Options::default()).await?;
    let settings = ["journal_mode", "synchronous", "foreign_keys", "query_only"];
    let read = move |db: &rusqlite::Connection| {
        let value = |name| db.pragma_query_value(None, name, |row| row.get::<_, rusqlite::types::Value>(0));
        settings.map(value).into_iter().collect::<rusqlite::Result<Vec<_>>>()
    };
    let writer = shop.store.writer.write(move |writing| Ok(read(&writing.db)?)).await?;
    let reader = shop.store.readers.read(move |db| Ok(read(db)?)).await?;
    assert_eq!(writer, ["wal".to_owned().into(), 2.into(), 1.into(), 0.into()]);
    assert_eq!(reader[3], 1.into());
    let write = |db: &rusqlite::Connection| Ok(db.execute("delete from log", [])?);
    assert!(shop.store.readers.read(write).await.is_err(), "a reader cannot write");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_shares_one_commit() -> Kept {
    let shop = Shop::open(Options::default()).await?;
    let (release, hold) = shop.hold().await;
    let (commits, counted) = mpsc::channel();
    let mut commits = Some(commits);
    let count = shop.store.writer.write(move |writing| {
        if let Some(commits) = commits.take() {
            writing.db.commit_hook(Some(move || {
                let _ = commits.send(());
                false
            }))?;
        }
        Ok(())
    });
    let appends = (0..100).map(|number| {
        let (store, olga) = (shop.store.clone(), shop.talk.olga);
        async move { store.append_message(&olga, text(&format!("{number}"))).await }
    });
    let all = futures::future::join(count, futures::future::join_all(appends));
    let all = async {
        let mut all = std::pin::pin!(all);
        // Polled once, everything is queued; only then may the writer go on.
        assert!(futures::poll!(&mut all).is_pending());
        drop(release);
        all.await
    };
    let (set, appended) = all.await;
    set?;
    for change in appended {
        change?;
    }
    hold.await??;
    assert_eq!(counted.try_iter().count(), 1, "a hundred messages, one commit");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_writes_nothing_and_ends() -> Kept {
    let shop = Shop::open(Options::default()).await?;
    let pages = shop
        .store
        .readers
        .read(|db| Ok(db.query_row("pragma page_count", [], |row| row.get::<_, i64>(0))?))
        .await?;
    shop.pragma("max_page_count", pages + 2).await?;
    let long = "длинное сообщение ".repeat(200);
    let mut stored = 0;
    let refusal = loop {
        match shop.talk.say(Role::Buyer, &long).await {
            Ok(message) => stored = message.seq.0,
            Err(error) => break error,
        }
        assert!(stored < 100, "the limit never came");
    };
    assert!(matches!(refusal, Error::Full), "{refusal:?}");
    assert_eq!(shop.store.thread(&shop.talk.olga).await?.head_seq, Seq(stored));
    assert!(matches!(shop.talk.say(Role::Seller, &long).await, Err(Error::Full)));
    assert_eq!(shop.store.check().await?.problems, [""; 0]);
    shop.pragma("max_page_count", 1_000_000).await?;
    assert_eq!(
        shop.talk.say(Role::Buyer, &long).await?.seq,
        Seq(stored + 1),
        "nothing was left of the refused ones"
    );
    assert_eq!(shop.store.check().await?.problems, [""; 0]);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_commit_is_not_acknowledged() -> Kept {
    let shop = Shop::open(Options::default()).await?;
    let spoil = shop
        .store
        .writer
        .write(|writing| Ok(writing.db.commit_hook(Some(|| true))?));
    assert!(
        matches!(spoil.await, Err(Error::Unknown(_))),
        "its own commit fails already"
    );
    assert_eq!(
        shop.talk.say(Role::Buyer, "после").await?.seq,
        Seq(1),
        "the file was opened anew"
    );
    let (release, hold) = shop.hold().await;
    let spoil = shop
        .store
        .writer
        .write(|writing| Ok(writing.db.commit_hook(Some(|| true))?));
    let both = futures::future::join(spoil, shop.talk.say(Role::Buyer, "вместе"));
    let mut both = std::pin::pin!(both);
    assert!(futures::poll!(&mut both).is_pending());
    drop(release);
    let (_, message) = both.await;
    let held = hold.await?;
    assert!(matches!(message, Err(Error::Unknown(_))), "{message:?}");
    assert!(held.is_ok() || matches!(held, Err(Error::Unknown(_))));
    assert_eq!(shop.store.thread(&shop.talk.olga).await?.head_seq, Seq(1));
    assert_eq!(shop.talk.say(Role::Buyer, "дальше").await?.seq, Seq(2));
    assert_eq!(shop.store.check().await?.problems, [""; 0]);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_panic_or_failure_harms_only_itself() -> Kept {
    let shop = Shop::open(Options::default()).await?;
    let (release, hold) = shop.hold().await;
    let olga = shop.talk.olga;
    let panics = shop.store.writer.write(move |writing| -> crate::store::Result<()> {
        messages::append(writing, &olga, &text("от паникёра"))?;
        panic!("this panic is part of the test");
    });
    let fails = shop.store.writer.write(move |writing| -> crate::store::Result<()> {
        messages::append(writing, &olga, &text("от неудачника"))?;
        Err(Error::Conflict)
    });
    let before = shop.talk.say(Role::Buyer, "до");
    let after = shop.talk.say(Role::Seller, "после");
    let all = futures::future::join4(before, panics, fails, after);
    let mut all = std::pin::pin!(all);
    assert!(futures::poll!(&mut all).is_pending());
    drop(release);
    let (before, panicked, failed, after) = all.await;
    hold.await??;
    assert_eq!((before?.seq, after?.seq), (Seq(1), Seq(2)));
    assert!(matches!(panicked, Err(Error::Internal(_))), "{panicked:?}");
    assert!(matches!(failed, Err(Error::Conflict)), "{failed:?}");
    assert_eq!(shop.store.check().await?.problems, [""; 0]);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_queue_is_busy() -> Kept {
    let shop = Shop::open(Options {
        queue: 3,
        ..Options::default()
    })
    .await?;
    let (release, hold) = shop.hold().await;
    let appends: Vec<_> = (0..5).map(|_| shop.talk.say(Role::Buyer, "ждёт")).collect();
    let mut all = std::pin::pin!(futures::future::join_all(appends));
    assert!(futures::poll!(&mut all).is_pending());
    drop(release);
    let results = all.await;
    hold.await??;
    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 3);
    assert_eq!(
        results
            .iter()
            .filter(|result| matches!(result, Err(Error::Busy)))
            .count(),
        2
    );
    Ok(())
}
