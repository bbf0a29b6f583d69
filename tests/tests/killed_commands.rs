//! Killed while it starts, stops, is backed up or restored: what is left is whole, and the next try works.

use std::path::Path;

use prilavok_server::faults;
use prilavok_tests::wire::DEADLINE;
use prilavok_tests::world::Guest;
use prilavok_tests::world::process::{ABORTED, Process, Program};
use serde_json::Value;
use std::os::unix::process::ExitStatusExt;
use tokio::time::timeout;
use uuid::Uuid;

/// A server with a conversation in it.
struct Shop {
    server: Process,
    anna: Guest,
    tea: Guest,
    thread: Uuid,
}

impl Shop {
    async fn new() -> Self {
        let mut server = quiet();
        server.start().await;
        let (anna, tea) = (server.buyer("Анна").await, server.seller("Чайная гора").await);
        let thread = anna.start(&tea).await;
        for number in 1..=3 {
            anna.says(thread, &format!("до, номер {number}")).await;
        }
        Self {
            server,
            anna,
            tea,
            thread,
        }
    }

    /// Every text, oldest first.
    async fn texts(&self) -> Vec<String> {
        let mut history = self.tea.history(self.thread).await;
        history.reverse();
        let text = |message: &Value| message["message"].as_str().expect("a text").to_owned();
        history.iter().map(text).collect()
    }

    async fn epoch(&self) -> Value {
        let (status, snapshot) = self.tea.get("/sync/snapshot").await;
        assert_eq!(status, 200, "{snapshot}");
        snapshot["data"]["cursor"]["epoch"].clone()
    }

    /// Runs a command that is killed at a point.
    async fn killed(&self, arguments: &[&str], point: &str) {
        let mut command = self.server.command(arguments, &format!("{point}=return"));
        let end = timeout(DEADLINE, command.status())
            .await
            .expect("it ends in time")
            .expect("it runs");
        assert_eq!(end.signal(), Some(ABORTED), "{arguments:?} passed no {point}: {end}");
    }

    /// Runs a command that must work.
    async fn runs(&self, arguments: &[&str]) -> String {
        let mut command = self.server.command(arguments, "");
        let output = timeout(DEADLINE, command.output())
            .await
            .expect("it ends in time")
            .expect("it runs");
        let (said, error) = (
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr),
        );
        assert!(output.status.success(), "{arguments:?}: {error}");
        said.into_owned()
    }

    async fn is_whole(&self) {
        let doctor = self.runs(&["doctor"]).await;
        assert!(doctor.contains("the database is whole"), "{doctor}");
    }
}

/// Faulty, and silent about its restarts.
fn quiet() -> Process {
    Process::waiting(Program::Faulty).with("PRILAVOK_LOG__FILTER", "error")
}

fn path(path: &Path) -> &str {
    path.to_str().expect("UTF-8")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kill_during_a_backup_leaves_no_file_or_a_whole_one() {
    let shop = Shop::new().await;
    let before = shop.texts().await;
    let folder = tempfile::tempdir().expect("a folder");
    for point in faults::BACKUP {
        let copy = folder.path().join(point);
        shop.killed(&["backup", path(&copy)], point).await;
        assert_eq!(shop.texts().await, before, "the running server does not notice");
        assert_eq!(copy.exists(), point == "appear.renamed", "{point}");
        if !copy.exists() {
            shop.runs(&["backup", path(&copy)]).await;
        }
        let elsewhere = quiet();
        let mut restore = elsewhere.command(&["restore", path(&copy)], "");
        assert!(
            restore.output().await.expect("it runs").status.success(),
            "{point}: the copy is not whole"
        );
        let mut doctor = elsewhere.command(&["doctor"], "");
        let doctor = doctor.output().await.expect("it runs");
        assert!(
            String::from_utf8_lossy(&doctor.stdout).contains("the database is whole"),
            "{point}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kill_during_a_restore_leaves_the_old_store_or_the_backup() {
    let mut shop = Shop::new().await;
    let folder = tempfile::tempdir().expect("a folder");
    let copy = folder.path().join("copy.sqlite");
    let of_backup = shop.texts().await;
    shop.runs(&["backup", path(&copy)]).await;
    for point in faults::RESTORE {
        shop.anna.says(shop.thread, "после").await;
        let (of_store, epoch) = (shop.texts().await, shop.epoch().await);
        // A killed server leaves a write-ahead log that holds the newest message.
        shop.server.kill().await;
        shop.killed(&["restore", path(&copy), "--overwrite"], point).await;
        shop.is_whole().await;
        shop.server.start().await;
        let is_restored = shop.epoch().await != epoch;
        let expected = if is_restored { &of_backup } else { &of_store };
        assert_eq!(&shop.texts().await, expected, "{point}: neither the one nor the other");
        let is_late = matches!(point, "appear.renamed" | "restore.migrating");
        assert_eq!(is_restored, is_late, "{point}");
        shop.server.kill().await;
        shop.runs(&["restore", path(&copy), "--overwrite"]).await;
        shop.server.start().await;
        assert_eq!(shop.texts().await, of_backup, "{point}: the next try works");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kill_during_the_first_start_and_its_migration_leaves_a_folder_that_starts() {
    for point in faults::STARTING {
        let mut server = quiet();
        assert!(
            !server.start_with(&format!("{point}=return")).await,
            "{point} comes before it is ready"
        );
        server.dies().await;
        server.start().await;
        let (anna, tea) = (server.buyer("Анна").await, server.seller("Чайная гора").await);
        let thread = anna.start(&tea).await;
        anna.says(thread, "начали").await;
        server.kill().await;
        server.start().await;
        assert_eq!(
            tea.history(thread).await.len(),
            1,
            "{point}: also the key is the same again"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kill_while_it_stops_loses_nothing() {
    let mut shop = Shop::new().await;
    let mut expected = shop.texts().await;
    for point in faults::STOPPING {
        shop.server.kill().await;
        assert!(shop.server.start_with(&format!("{point}=return")).await);
        shop.anna.says(shop.thread, point).await;
        expected.push(point.to_owned());
        shop.server.ask_to_stop().await;
        shop.server.dies().await;
        shop.server.start().await;
        assert_eq!(shop.texts().await, expected, "{point}");
    }
    assert!(shop.server.terminate().await);
    shop.is_whole().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_server_leaves_no_lock_and_no_two_share_a_folder() {
    let mut shop = Shop::new().await;
    for _ in 0..3 {
        let mut second = shop.server.command(&["serve", "--listen", "127.0.0.1:0"], "");
        let refused = timeout(DEADLINE, second.output())
            .await
            .expect("it ends in time")
            .expect("it runs");
        let sentence = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert!(
            !refused.status.success() && sentence.contains("another server is running"),
            "{sentence}"
        );
        assert_eq!(shop.texts().await.len(), 3, "the first one goes on");
        shop.server.kill().await;
        shop.server.start().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_product_has_no_points_to_die_at() {
    let mut server = Process::waiting(Program::Product).with("PRILAVOK_LOG__FILTER", "error");
    let all: Vec<String> = faults::POINTS.iter().map(|point| format!("{point}=return")).collect();
    assert!(server.start_with(&all.join(";")).await);
    let (anna, tea) = (server.buyer("Анна").await, server.seller("Чайная гора").await);
    let thread = anna.start(&tea).await;
    anna.says(thread, "живой").await;
    assert!(server.terminate().await);
}
