//! A server that is replaced by another version of itself, forwards and back, while a crowd talks through both doors.
//!
//! What another version is can be told by what differs on the wire and on the disk. The one before says nothing that a
//! device can do without, does not know every command, and leaves its file as earlier ones did; the one after says more
//! than is understood. Each says `going_away` and takes over the other's folder, sessions, cursors and ids. A store that a
//! later version has changed is not touched by an earlier one.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use prilavok_server::home::database_in;
use prilavok_tests::checker::{self, Report};
use prilavok_tests::crowd::{Crowd, GENEROUS, Plan};
use prilavok_tests::history::History;
use prilavok_tests::person::frames::{Fate, Frames, Way};
use prilavok_tests::wire::DEADLINE;
use prilavok_tests::world::process::{Process, Program};
use rusqlite::{Connection, OpenFlags};
use serde_json::{Value, json};
use tokio::time::timeout;

/// Acknowledged messages between two replacements.
const STRETCH: u64 = 100;

/// Which version is behind the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Version {
    Before,
    This,
    After,
}

/// The servers, one after another, and the crowd.
struct Rolling {
    server: Process,
    frames: Frames,
    farewells: Arc<AtomicUsize>,
    crowd: Crowd,
    acks: u64,
}

impl Rolling {
    async fn starts_with(version: Version) -> Self {
        let mut server = Process::waiting(Program::Product)
            .with("PRILAVOK_LOG__FILTER", "error")
            .with("PRILAVOK_SOCKETS__SPREAD", "400ms")
            .with("PRILAVOK_SOCKETS__HEARTBEAT", "500ms");
        for (name, value) in GENEROUS {
            server = server.with(name, value);
        }
        server.start().await;
        let (frames, farewells) = (Frames::to(server.address).await, Arc::default());
        speaks_as(&frames, version, &farewells);
        let crowd = Crowd::start(frames.address(), Plan::default(), History::new()).await;
        let mut rolling = Self {
            server,
            frames,
            farewells,
            crowd,
            acks: 0,
        };
        rolling.talks().await;
        rolling
    }

    async fn talks(&mut self) {
        self.acks = self.crowd.orders.acks() + STRETCH;
        self.crowd.has_acked(self.acks).await;
    }

    /// The running version stops, as an operator stops it, and is told to have left its file in this way.
    async fn stops(&mut self, leaves: impl FnOnce(&Path)) {
        let before = self.farewells.load(Ordering::SeqCst);
        assert!(self.server.terminate().await, "it ends well");
        assert!(self.farewells.load(Ordering::SeqCst) > before, "it said `going_away`");
        leaves(&self.file());
    }

    async fn is_replaced_by(&mut self, version: Version, leaves: impl FnOnce(&Path)) {
        self.stops(leaves).await;
        speaks_as(&self.frames, version, &self.farewells);
        self.server.start().await;
        self.talks().await;
    }

    fn file(&self) -> PathBuf {
        database_in(self.server.folder())
    }

    /// Everything comes to rest under the last version.
    async fn ends(self) -> Report {
        let report = checker::must_hold(&self.crowd.stop().await, "rolling-versions");
        let doctor = self.server.command(&["doctor"], "").output().await.expect("it runs");
        let doctor = String::from_utf8_lossy(&doctor.stdout);
        assert!(doctor.contains("the database is whole"), "{doctor}");
        println!("{report}");
        assert!(
            report.acked >= self.acks && report.cuts > 0 && report.snapshots > 0,
            "{report:?}"
        );
        assert_eq!(report.snapshots_unchecked, 0, "{report:?}");
        report
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn versions_that_replace_each_other_there_and_back_lose_double_and_reorder_nothing() {
    let mut rolling = Rolling::starts_with(Version::Before).await;
    rolling.is_replaced_by(Version::This, as_earlier_versions_did).await;
    rolling.is_replaced_by(Version::Before, |_| {}).await;
    rolling.is_replaced_by(Version::This, as_earlier_versions_did).await;
    rolling.is_replaced_by(Version::After, |_| {}).await;
    rolling.is_replaced_by(Version::This, |_| {}).await;
    rolling.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_a_later_version_has_changed_is_refused_untouched_and_nothing_is_lost() {
    let mut rolling = Rolling::starts_with(Version::This).await;
    let file = rolling.file();
    let migrated = "alter table threads add column mood text not null default ''; create table moods (name text)";
    rolling.stops(|file| change(file, migrated, 1)).await;
    let (left, listen) = (
        std::fs::read(&file).expect("it is there"),
        rolling.server.address.to_string(),
    );
    // Somebody goes back, with the whole crowd at the door.
    let back = rolling.server.command(&["serve", "--listen", &listen], "").output();
    let back = timeout(DEADLINE, back)
        .await
        .expect("it does not serve")
        .expect("it runs");
    assert!(!back.status.success(), "it is an error");
    let said = String::from_utf8_lossy(&back.stderr);
    let schema = schema_of(&file);
    let reason = format!(
        "was written by a newer version (schema {schema}, this one knows {})",
        schema - 1
    );
    assert!(
        said.contains(&file.display().to_string()) && said.contains(&reason),
        "{said}"
    );
    assert!(
        left == std::fs::read(&file).expect("it is there"),
        "not a byte was changed"
    );
    // The later version is put back. It is this one, without what it could not have known.
    change(&file, "alter table threads drop column mood; drop table moods", -1);
    speaks_as(&rolling.frames, Version::After, &rolling.farewells);
    rolling.server.start().await;
    rolling.talks().await;
    rolling.ends().await;
}

/// The line carries what a device hears from, and says to, a server of this version.
fn speaks_as(frames: &Frames, version: Version, farewells: &Arc<AtomicUsize>) {
    let farewells = Arc::clone(farewells);
    frames.rule(move |way, frame| {
        if frame["type"] == "going_away" {
            farewells.fetch_add(1, Ordering::SeqCst);
        }
        let mut said = frame.clone();
        match (version, way) {
            (Version::This, _) => return Fate::Carry,
            (Version::Before, Way::Down) => without_the_latest(&mut said),
            // What it does not know it answers as every version answers what it does not know.
            (Version::Before, Way::Up) if frame["command"]["kind"] == "typing" => {
                said["command"]["kind"] = json!("hum")
            }
            (Version::Before, Way::Up) => return Fate::Carry,
            (Version::After, _) => with_news(&mut said),
        }
        let said = said.to_string();
        Fate::Say(match (version, way) {
            (Version::After, Way::Down) => vec![json!({"type": "weather", "pos": 1, "id": 1}).to_string(), said],
            _ => vec![said],
        })
    });
}

/// Takes out what was added in the course of time, and what is not set: a device must do without.
fn without_the_latest(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            for optional in ["product_id", "last_sender_type", "presence"] {
                fields.remove(optional);
            }
            fields.values_mut().for_each(without_the_latest);
        }
        Value::Array(items) => items.iter_mut().for_each(without_the_latest),
        _ => {}
    }
}

/// Puts a field that this version does not know into every object.
fn with_news(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.values_mut().for_each(with_news);
            fields.insert("mood".into(), json!({"is": ["good", 1, null]}));
        }
        Value::Array(items) => items.iter_mut().for_each(with_news),
        _ => {}
    }
}

/// Without a write-ahead log, and with the rights that the umask gave.
fn as_earlier_versions_did(file: &Path) {
    use std::os::unix::fs::PermissionsExt;
    let db = opened(file);
    let mode = db.query_row("pragma journal_mode = delete", [], |row| row.get::<_, String>(0));
    assert_eq!(mode.as_deref(), Ok("delete"));
    db.close().expect("it closes");
    std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o644)).expect("it is ours");
}

/// Changes the schema as another version does, and its number with it.
fn change(file: &Path, sql: &str, by: i64) {
    let db = opened(file);
    db.busy_timeout(Duration::from_secs(5)).expect("it can wait");
    let next = schema_of(file) + by;
    db.execute_batch(&format!("begin; {sql}; pragma user_version = {next}; commit"))
        .expect("the schema is changed");
    db.close().expect("it closes");
}

/// What is there already.
fn opened(file: &Path) -> Connection {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    Connection::open_with_flags(file, flags).expect("it opens")
}

fn schema_of(file: &Path) -> i64 {
    let db = opened(file);
    db.query_row("pragma user_version", [], |row| row.get(0))
        .expect("it has a number")
}
