//! Files that cannot be used.

use prilavok_protocol::ids::AccountId;
use uuid::Uuid;

use super::super::Cache;
use super::{ME, OWNER, with_thread};
use crate::sync::fixtures;

#[tokio::test]
async fn a_broken_file_is_moved_aside_and_what_was_written_is_saved() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cache.sqlite");
    let cache = with_thread(&path).await;
    let thread = fixtures::summary(1, 0, ME).thread.id;
    for n in 0..20 {
        cache
            .enqueue(thread, format!("не отправлено {n}"), None, fixtures::now())
            .await
            .unwrap();
    }
    cache.write_draft(thread, super::field("черновик")).await.unwrap();
    // Something bulky whose pages can be hurt without hurting the rest.
    let bulk: Vec<_> = (1..400)
        .map(|seq| fixtures::message(&fixtures::summary(1, 0, ME).thread, seq, ME))
        .collect();
    cache.keep(bulk).await.unwrap();
    cache.close().await;

    // The middle of the file becomes noise.
    let mut bytes = std::fs::read(&path).unwrap();
    let last = bytes.len();
    bytes[last - 8192..].fill(0xa5);
    std::fs::write(&path, bytes).unwrap();
    let (cache, was_broken) = Cache::open(&path, ME, OWNER).await.unwrap();
    assert!(was_broken);
    assert_eq!(cache.outbox().await.unwrap().len(), 20);
    assert_eq!(cache.draft(thread).await.unwrap().as_deref(), Some("черновик"));
    assert_eq!(
        cache.cursor().await.unwrap(),
        None,
        "the rest comes from the server again"
    );
    let names: Vec<_> = std::fs::read_dir(folder.path())
        .unwrap()
        .map(|e| e.unwrap().file_name().into_string().unwrap())
        .collect();
    assert!(
        names
            .iter()
            .any(|name| name.starts_with("cache-") && name.ends_with(".broken")),
        "{names:?}"
    );
}

#[tokio::test]
async fn foreign_and_truncated_files_are_moved_aside() {
    let folder = tempfile::tempdir().unwrap();
    let noise = folder.path().join("noise.sqlite");
    std::fs::write(&noise, "это не база данных, а письмо".repeat(100)).unwrap();
    assert!(Cache::open(&noise, ME, OWNER).await.unwrap().1);

    let other = folder.path().join("other.sqlite");
    rusqlite::Connection::open(&other)
        .unwrap()
        .execute_batch("create table their_table (x)")
        .unwrap();
    assert!(Cache::open(&other, ME, OWNER).await.unwrap().1);

    let cut = folder.path().join("cut.sqlite");
    let cache = with_thread(&cut).await;
    cache.close().await;
    let bytes = std::fs::read(&cut).unwrap();
    std::fs::write(&cut, &bytes[..bytes.len() / 2]).unwrap();
    let (cache, was_broken) = Cache::open(&cut, ME, OWNER).await.unwrap();
    assert!(was_broken);
    assert!(cache.threads().await.unwrap().is_empty());
}

#[tokio::test]
async fn another_accounts_file_is_moved_aside_and_nothing_of_it_is_taken() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cache.sqlite");
    let cache = with_thread(&path).await;
    let thread = fixtures::summary(1, 0, ME).thread.id;
    cache
        .enqueue(thread, "чужое".into(), None, fixtures::now())
        .await
        .unwrap();
    cache.write_draft(thread, super::field("чужой черновик")).await.unwrap();
    cache.close().await;
    let other = AccountId(Uuid::from_u128(101));
    let (cache, was_broken) = Cache::open(&path, ME, other).await.unwrap();
    assert!(was_broken);
    assert_eq!(cache.outbox().await.unwrap(), []);
    assert_eq!(cache.draft(thread).await.unwrap(), None);
    assert_eq!(cache.cursor().await.unwrap(), None);
    cache.close().await;
    assert!(!Cache::open(&path, ME, other).await.unwrap().1, "the new one is theirs");
}

/// Where the page begins on which this text first stands.
fn page_of(bytes: &[u8], text: &str) -> usize {
    let mut windows = bytes.windows(text.len());
    windows.position(|window| window == text.as_bytes()).unwrap() / 4096 * 4096
}

#[tokio::test]
async fn a_bad_page_in_the_middle_of_the_outbox_costs_only_what_stands_on_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cache.sqlite");
    let cache = with_thread(&path).await;
    let thread = fixtures::summary(1, 0, ME).thread.id;
    for n in 0..60 {
        let text = format!("{n} {}", "ш".repeat(500));
        cache.enqueue(thread, text, None, fixtures::now()).await.unwrap();
    }
    cache.close().await;
    let mut bytes = std::fs::read(&path).unwrap();
    for numbers in [18..23, 38..43] {
        let page = numbers.map(|n| page_of(&bytes, &format!("{n} ш")));
        // A root holds rows too; with it all ways to the others would be gone.
        let leaf = page.into_iter().find(|page| matches!(bytes[*page], 0x0a | 0x0d));
        let leaf = leaf.expect("most rows stand on leaves");
        bytes[leaf..leaf + 4096].fill(0xa5);
    }
    std::fs::write(&path, bytes).unwrap();
    let (cache, was_broken) = Cache::open(&path, ME, OWNER).await.unwrap();
    assert!(was_broken);
    let saved = cache.outbox().await.unwrap();
    let numbers: Vec<u32> = saved
        .iter()
        .map(|entry| entry.message.split_once(' ').unwrap().0.parse().unwrap())
        .collect();
    assert!(numbers.is_sorted(), "{numbers:?}");
    assert!(
        (50..60).contains(&numbers.len()),
        "two pages of a few rows are lost: {numbers:?}"
    );
    assert!([0, 30, 59].iter().all(|n| numbers.contains(n)), "{numbers:?}");
}
