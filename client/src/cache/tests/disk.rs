//! The cache on a disk that loses power or fails: what was shown as being sent is still in the outbox.

use std::collections::BTreeSet;
use std::path::Path;

use prilavok_protocol::ids::MessageId;
use prilavok_protocol::rest::Snapshot;
use prilavok_test_vfs::{Disk, Fault, Kind};
use tempfile::TempDir;

use super::{Cache, ME, OWNER, at, fixtures};

/// Messages that a person writes.
const LINES: usize = 6;

/// Writes as long as the disk lets it, and returns what was shown, in order.
async fn write(folder: &Path) -> Vec<(MessageId, String)> {
    let mut shown = Vec::new();
    let Ok((cache, was_broken)) = Cache::open(&folder.join("cache.sqlite"), ME, OWNER).await else {
        return shown;
    };
    assert!(!was_broken, "a disk that fails is no reason to put the cache aside");
    let summary = fixtures::summary(1, 0, ME);
    let thread = summary.thread.id;
    let snapshot = Snapshot {
        cursor: at(1),
        threads: vec![summary],
    };
    if cache.replace(snapshot, BTreeSet::new()).await.is_ok() {
        for number in 0..LINES {
            let text = format!("строка {number}");
            if let Ok(entry) = cache.enqueue(thread, text.clone(), None, fixtures::now()).await {
                let (entry, _) = entry.expect("the thread is there");
                shown.push((entry.id, text));
            }
        }
    }
    cache.close().await;
    shown
}

/// Everything that was shown is in the outbox of what a power cut leaves, in its order.
async fn verify(disk: &Disk, seed: u64, shown: &[(MessageId, String)], what: &str) {
    let image = TempDir::new().unwrap();
    disk.image(seed, image.path());
    let _mounted = Disk::mount(image.path());
    let (cache, was_broken) = Cache::open(&image.path().join("cache.sqlite"), ME, OWNER)
        .await
        .unwrap();
    assert!(!was_broken, "{what}: the cache was put aside");
    let outbox = cache.outbox().await.unwrap();
    let kept: Vec<_> = outbox.into_iter().map(|entry| (entry.id, entry.message)).collect();
    let kept_of_shown: Vec<_> = kept.iter().filter(|line| shown.contains(line)).cloned().collect();
    assert_eq!(kept_of_shown, shown, "{what}");
    cache.close().await;
}

/// Operations of these kinds when all is well.
async fn operations(kinds: &[Kind]) -> u64 {
    let folder = TempDir::new().unwrap();
    let disk = Disk::mount(folder.path());
    assert_eq!(write(folder.path()).await.len(), LINES);
    disk.operations(kinds)
}

#[tokio::test]
async fn the_cache_is_for_its_owners_eyes_only() {
    use std::os::unix::fs::PermissionsExt;
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("cache.sqlite");
    let mode = |name: &str| {
        let metadata = std::fs::metadata(folder.path().join(name)).unwrap();
        metadata.permissions().mode() & 0o777
    };
    let (cache, _) = Cache::open(&path, ME, OWNER).await.unwrap();
    assert_eq!((mode("cache.sqlite"), mode("cache.sqlite-wal")), (0o600, 0o600));
    cache.close().await;
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
    let (_cache, _) = Cache::open(&path, ME, OWNER).await.unwrap();
    assert_eq!(mode("cache.sqlite"), 0o600, "earlier versions left it to the umask");
}

/// Says which operation it was that failed.
struct Case(u64);

impl Drop for Case {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("this was an error at operation {}", self.0);
        }
    }
}

#[tokio::test]
async fn what_is_shown_as_being_sent_survives_a_power_cut_at_any_change() {
    for cut in 1..=operations(&Kind::CHANGES).await {
        let folder = TempDir::new().unwrap();
        let disk = Disk::mount(folder.path());
        disk.cut_power_at(cut);
        let shown = write(folder.path()).await;
        disk.cut_power();
        for seed in 0..2 {
            verify(&disk, seed, &shown, &format!("cut {cut}, image {seed}")).await;
        }
    }
}

#[tokio::test]
async fn what_is_shown_as_being_sent_survives_an_error_at_any_operation() {
    for nth in 1..=operations(&Kind::ALL).await {
        let folder = TempDir::new().unwrap();
        let disk = Disk::mount(folder.path());
        disk.fail(Fault::once(&Kind::ALL, nth));
        let case = Case(nth);
        let mut shown = write(folder.path()).await;
        // The app is started again, on a disk that works.
        shown.extend(write(folder.path()).await);
        disk.cut_power();
        verify(&disk, nth, &shown, &format!("error {nth}")).await;
        drop(case);
    }
}
