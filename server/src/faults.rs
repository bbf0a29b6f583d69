//! Where a test may kill the server, and the bugs that a test may plant. Nothing of it is in a build without the feature
//! `faults`, which no release may have.
//!
//! The variable `FAILPOINTS` says what happens: `writer.full=6*off->return` kills the process at the seventh commit,
//! `bug.no_sync=return` plants a bug, and `hub.before=30%sleep(20)` slows a point down. Several stand with `;` between.

#[cfg(all(feature = "faults", not(debug_assertions)))]
compile_error!("the feature `faults` kills servers on demand: it is for the fault suite, never for a release");

/// The points on the way of a message, in their order. At each of them the process may die.
pub const POINTS: [&str; 14] = [
    "writer.taken",
    "writer.begun",
    "writer.job",
    "writer.full",
    "writer.committed",
    "writer.answered",
    "publish.before",
    "hub.before",
    "hub.after",
    "tail.begun",
    "tail.half",
    "tail.full",
    "tail.followed",
    "checkpoint.during",
];

/// The points of a server that stops.
pub const STOPPING: [&str; 4] = ["stop.begun", "stop.quiet", "writer.closing", "writer.closed"];

/// The points of a server that starts on an empty data directory.
pub const STARTING: [&str; 6] = [
    "home.locked",
    "home.key",
    "migrate.before",
    "migrate.commit",
    "migrate.after",
    "build.after",
];

/// The points of a backup.
pub const BACKUP: [&str; 4] = ["copy.begun", "copy.copied", "appear.synced", "appear.renamed"];

/// The points of a restore, those of a backup included.
pub const RESTORE: [&str; 6] = [
    "copy.begun",
    "copy.copied",
    "restore.unfolded",
    "appear.synced",
    "appear.renamed",
    "restore.migrating",
];

/// The bugs that can be planted, each beside the right code.
pub const BUGS: [&str; 15] = [
    "bug.ack_before_commit",
    "bug.backlog_before_subscribe",
    "bug.epoch_of_each_start",
    "bug.foreign_delivery",
    "bug.heartbeat_without_head",
    "bug.mark_not_stored",
    "bug.no_sync",
    "bug.no_unique_ids",
    "bug.order_by_allocation",
    "bug.own_is_unread",
    "bug.partial_resume",
    "bug.read_mark_back",
    "bug.snapshot_in_two_reads",
    "bug.told_twice",
    "bug.typing_is_event",
];

#[cfg(feature = "faults")]
pub use armed::{arm, at_death, planted, point, watch};
#[cfg(not(feature = "faults"))]
pub use harmless::{planted, point, watch};

#[cfg(not(feature = "faults"))]
mod harmless {
    use std::path::Path;

    /// Nothing happens here.
    #[inline(always)]
    pub const fn point(_name: &str) {}

    /// No bug is planted.
    #[must_use]
    #[inline(always)]
    pub const fn planted(_bug: &str) -> bool {
        false
    }

    /// Nobody watches.
    #[inline(always)]
    pub const fn watch(_name: &'static str, _path: &Path) {}
}

#[cfg(feature = "faults")]
mod armed {
    use std::path::Path;
    use std::sync::OnceLock;
    use std::time::SystemTime;

    use fail::{FailScenario, fail_point};

    /// Reads `FAILPOINTS`. Called once, before anything else.
    pub fn arm() {
        // It disarms when it is dropped.
        std::mem::forget(FailScenario::setup());
    }

    /// Done once at a point, before the process dies there.
    static LAST_DEED: OnceLock<Box<dyn Fn() + Send + Sync>> = OnceLock::new();

    /// Has something done before the process dies at a point.
    pub fn at_death(deed: impl Fn() + Send + Sync + 'static) {
        let _ = LAST_DEED.set(Box::new(deed));
    }

    /// Dies here, or waits, as the test wishes.
    pub fn point(name: &str) {
        fail_point!(name, |_| {
            if let Some(deed) = LAST_DEED.get() {
                deed();
            }
            std::process::abort();
        });
    }

    /// Whether this bug is planted.
    #[must_use]
    pub fn planted(bug: &str) -> bool {
        fail_point!(bug, |_| true);
        false
    }

    /// A point inside of what only the file shows: it is passed each time the file has just changed.
    pub fn watch(name: &'static str, path: &Path) {
        if !fail::list().iter().any(|(armed, _)| armed == name) {
            return;
        }
        let path = path.to_owned();
        let changed = move || {
            path.metadata()
                .and_then(|file| file.modified())
                .unwrap_or(SystemTime::UNIX_EPOCH)
        };
        std::thread::spawn(move || {
            let mut before = changed();
            loop {
                let now = changed();
                if now != before {
                    before = now;
                    point(name);
                }
                std::thread::yield_now();
            }
        });
    }
}
