//! What the SQLite store promises about its file: reopening, backups, damage, other programs' files.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Result;
use prilavok_protocol::ids::{BuyerId, Party, Pos, Role, SellerId, Seq};
use prilavok_protocol::rest::HistoryQuery;
use prilavok_server::store::conformance::{Talk, text};
use prilavok_server::store::sqlite::{Options, SqliteStore, restore};
use prilavok_server::store::{AccountStore, ChatStore, Error, SharedStore};
use tempfile::TempDir;

fn file(folder: &TempDir) -> PathBuf {
    folder.path().join("prilavok.db")
}

fn open(path: &Path) -> prilavok_server::store::Result<SqliteStore> {
    SqliteStore::open(path, Options::default())
}

/// What a refused opening says.
fn refusal(path: &Path) -> String {
    open(path).expect_err("this file must be refused").to_string()
}

async fn some_talk(store: &Arc<SqliteStore>, lines: u32) -> Result<Talk> {
    let shared: SharedStore = store.clone();
    let talk = Talk::start(&shared).await?;
    for number in 0..lines {
        talk.say(Role::Buyer, &format!("строка {number}")).await?;
    }
    Ok(talk)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reopened_store_has_everything_and_goes_on() -> Result<()> {
    let folder = TempDir::new()?;
    let path = file(&folder);
    let store = Arc::new(open(&path)?);
    let talk = some_talk(&store, 5).await?;
    store.mark_read(&talk.ivan, Some(Seq(3))).await?;
    store.mark_delivered(talk.ivan.party().into(), Pos(5)).await?;
    let repeated = text("ещё раз");
    let first = talk.append(Role::Seller, repeated.clone()).await?.value;
    let epoch = store.epoch().await?;
    let events = store.events_after(talk.ivan.party(), Pos(0), 100).await?;
    let thread = store.thread(&talk.olga).await?;
    store.close().await;
    assert!(matches!(talk.say(Role::Buyer, "поздно").await, Err(Error::Busy)));
    assert!(!path.with_extension("db-wal").exists(), "a closed store is one file");

    let store = Arc::new(open(&path)?);
    for stranger in [
        Party::buyer(BuyerId::mint()),
        Party::seller(SellerId(talk.olga.buyer_id().0)),
    ] {
        assert!(
            matches!(store.member(talk.id(), stranger).await, Err(Error::NotFound)),
            "nothing is remembered yet"
        );
    }
    assert_eq!(store.member(talk.id(), talk.ivan.party()).await?, talk.ivan);
    assert_eq!(store.epoch().await?, epoch);
    assert_eq!(store.events_after(talk.ivan.party(), Pos(0), 100).await?, events);
    assert_eq!(store.thread(&talk.olga).await?, thread);
    let talk = Talk {
        store: store.clone(),
        ..talk
    };
    let again = talk.append(Role::Seller, repeated).await?.value;
    assert!(again.is_repeat);
    assert_eq!(again.message, first.message);
    assert_eq!(talk.say(Role::Buyer, "дальше").await?.seq, thread.head_seq.next());
    assert_eq!(store.check().await?.problems, [""; 0]);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_files_are_for_their_owners_eyes_only() -> Result<()> {
    let mode = |path: &Path| std::fs::metadata(path).map(|metadata| metadata.permissions().mode() & 0o777);
    let folder = TempDir::new()?;
    let path = file(&folder);
    let store = Arc::new(open(&path)?);
    some_talk(&store, 1).await?;
    for end in ["db", "db-wal", "db-shm"] {
        assert_eq!(mode(&path.with_extension(end))?, 0o600, "{end}");
    }
    let (backup, restored) = (folder.path().join("backup.db"), folder.path().join("restored.db"));
    store.backup_to(&backup).await?;
    restore(&backup, &restored, false)?;
    assert_eq!((mode(&backup)?, mode(&restored)?), (0o600, 0o600));
    store.close().await;

    std::fs::set_permissions(&path, Permissions::from_mode(0o644))?;
    let store = open(&path)?;
    assert_eq!(mode(&path)?, 0o600, "earlier versions left it to the umask");
    store.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn two_processes_on_one_file_do_not_confuse_the_counters() -> Result<()> {
    let folder = TempDir::new()?;
    let first = Arc::new(open(&file(&folder))?);
    let second = Arc::new(open(&file(&folder))?);
    let talk = some_talk(&first, 1).await?;
    let other = Talk {
        store: second.clone(),
        ..talk
    };
    let talk = Talk {
        store: first.clone(),
        ..other
    };
    for number in 0..10 {
        let message = if number % 2 == 0 {
            other.say(Role::Seller, "там")
        } else {
            talk.say(Role::Buyer, "тут")
        };
        assert_eq!(message.await?.seq, Seq(number + 2));
    }
    assert_eq!(first.check().await?.problems, [""; 0]);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn other_files_are_refused_and_left_alone() -> Result<()> {
    let folder = TempDir::new()?;
    let garbage = folder.path().join("garbage.db");
    let content = "не база, а письмо\n".repeat(500);
    std::fs::write(&garbage, &content)?;
    assert!(refusal(&garbage).contains("is not a database"));
    assert_eq!(std::fs::read_to_string(&garbage)?, content);

    let foreign = folder.path().join("foreign.db");
    rusqlite::Connection::open(&foreign)?.execute_batch("create table stamps (id integer)")?;
    let before = std::fs::read(&foreign)?;
    assert!(refusal(&foreign).contains("the database of another program"));
    assert_eq!(std::fs::read(&foreign)?, before);

    let missing = folder.path().join("no/such/folder.db");
    assert!(refusal(&missing).contains("cannot be opened"));

    let newer = file(&folder);
    open(&newer)?.close().await;
    rusqlite::Connection::open(&newer)?.pragma_update(None, "user_version", 9_999)?;
    assert!(
        refusal(&newer).contains("was written by a newer version"),
        "{}",
        refusal(&newer)
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_made_during_writes_is_one_moment() -> Result<()> {
    let folder = TempDir::new()?;
    let (path, backup, restored) = (
        file(&folder),
        folder.path().join("backup.db"),
        folder.path().join("restored.db"),
    );
    let store = Arc::new(open(&path)?);
    let talk = some_talk(&store, 50).await?;
    let writer = tokio::spawn({
        let (store, olga) = (store.clone(), talk.olga);
        async move {
            for number in 0..400 {
                store.append_message(&olga, text(&format!("во время {number}"))).await?;
            }
            prilavok_server::store::Result::Ok(())
        }
    });
    store.backup_to(&backup).await?;
    assert!(
        store.backup_to(&backup).await.is_err(),
        "a backup never replaces another"
    );
    writer.await??;

    restore(&backup, &restored, false)?;
    let copy = Arc::new(open(&restored)?);
    assert_eq!(copy.check().await?.problems, [""; 0]);
    assert_ne!(
        copy.epoch().await?,
        store.epoch().await?,
        "a restored backup is another history"
    );
    let head = copy.thread(&talk.olga).await?.head_seq.0;
    assert!((50..=450).contains(&head), "{head}");
    let original = store.messages(
        &talk.olga,
        HistoryQuery {
            before_seq: Some(Seq(head + 1)),
            ..Default::default()
        },
    );
    assert_eq!(
        copy.messages(&talk.olga, HistoryQuery::default()).await?,
        original.await?
    );
    let talk = Talk {
        store: copy.clone(),
        ..talk
    };
    assert_eq!(talk.say(Role::Seller, "дальше").await?.seq, Seq(head + 1));

    let refusal = restore(&backup, &restored, false)
        .expect_err("something is there")
        .to_string();
    assert!(refusal.contains("is there already"), "{refusal}");
    let refusal = restore(&backup, &restored, true).expect_err("it is open").to_string();
    assert!(refusal.contains("in use"), "{refusal}");
    copy.close().await;
    restore(&backup, &restored, true)?;
    let copy = open(&restored)?;
    assert_eq!(
        copy.messages(&talk.olga, HistoryQuery::default()).await?[0].seq,
        Seq(head)
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_backup_is_not_restored() -> Result<()> {
    let folder = TempDir::new()?;
    let (path, backup) = (file(&folder), folder.path().join("backup.db"));
    let store = Arc::new(open(&path)?);
    some_talk(&store, 300).await?;
    store.backup_to(&backup).await?;
    let mut bytes = std::fs::read(&backup)?;
    let middle = bytes.len() / 2;
    bytes[middle..middle + 8_192].fill(0x5a);
    std::fs::write(&backup, bytes)?;
    let restored = folder.path().join("restored.db");
    assert!(restore(&backup, &restored, false).is_err());
    assert!(!restored.exists());
    assert!(restore(&folder.path().join("missing.db"), &restored, false).is_err());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_doctor_sees_wrong_counters() -> Result<()> {
    let folder = TempDir::new()?;
    let store = Arc::new(open(&file(&folder))?);
    let talk = some_talk(&store, 3).await?;
    let report = store.check().await?;
    assert_eq!((report.threads, report.messages, report.problems.len()), (1, 3, 0));
    for (damage, repair) in [
        ("update threads set head_seq = 4", "update threads set head_seq = 3"),
        ("update threads set last_log = 1", "update threads set last_log = 4"),
        (
            "update threads set seller_read_seq = 1",
            "update threads set seller_read_seq = 0",
        ),
        (
            "update parties set head = head + 1",
            "update parties set head = head - 1",
        ),
        (
            "update by_party set log = 77 where pos = 2",
            "update by_party set log = 2 where pos = 2",
        ),
        (
            "update log set text = '', kind = 0 where id = 1",
            "update log set text = null, kind = 3 where id = 1",
        ),
    ] {
        let db = rusqlite::Connection::open(file(&folder))?;
        db.execute_batch(damage)?;
        assert_ne!(store.check().await?.problems, [""; 0], "{damage}");
        db.execute_batch(repair)?;
        assert_eq!(store.check().await?.problems, [""; 0], "{repair}");
    }
    assert_eq!(store.head(Party::buyer(talk.olga.buyer_id())).await?, Pos(4));
    assert!(store.accounts().await?.is_empty());
    Ok(())
}
