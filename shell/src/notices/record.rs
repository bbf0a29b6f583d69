//! Which notices stand, on disk: after a restart of the app a click on an older one still finds its thread.
//!
//! A daemon counts its notices from one, so an id means something to one run of one daemon alone. The record says which,
//! and what it holds of another is worth nothing.

use std::path::PathBuf;

use prilavok_protocol::ids::Seq;
use serde::{Deserialize, Serialize};

use super::order::Topic;

/// One notice on the screen, or in the daemon's list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Standing {
    /// The daemon's name for it.
    pub(crate) id: u32,
    /// Whose messages it tells of.
    #[serde(flatten)]
    pub(crate) topic: Topic,
    /// The newest of them.
    pub(crate) up_to: Seq,
}

/// What the file says.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Page {
    /// This run of this daemon.
    daemon: String,
    standing: Vec<Standing>,
}

/// The notices that stand, each change written down at once.
#[derive(Debug)]
pub(crate) struct Record {
    path: PathBuf,
    page: Page,
}

impl Record {
    /// Reads the file. One that is missing or broken is an empty one: notices of an earlier run are then left alone.
    pub(crate) fn open(path: PathBuf) -> Self {
        let page = std::fs::read(&path)
            .ok()
            .and_then(|bytes| serde_json::from_slice(&bytes).ok())
            .unwrap_or_default();
        Self { path, page }
    }

    /// This run of this daemon answers. What stood in another is gone.
    pub(crate) fn answers(&mut self, daemon: &str) {
        if self.page.daemon != daemon {
            daemon.clone_into(&mut self.page.daemon);
            self.page.standing.clear();
            self.write();
        }
    }

    /// A notice of the thread stands under this id.
    pub(crate) fn stands(&mut self, standing: Standing) {
        if self.page.standing.contains(&standing) {
            return;
        }
        self.page.standing.retain(|other| other.topic != standing.topic);
        self.page.standing.push(standing);
        self.write();
    }

    /// The thread's notice.
    pub(crate) fn of(&self, topic: Topic) -> Option<Standing> {
        self.page.standing.iter().find(|it| it.topic == topic).copied()
    }

    /// The notice that the daemon calls so.
    pub(crate) fn under(&self, id: u32) -> Option<Standing> {
        self.page.standing.iter().find(|it| it.id == id).copied()
    }

    /// Whose notices stand.
    pub(crate) fn topics(&self) -> Vec<Topic> {
        self.page.standing.iter().map(|it| it.topic).collect()
    }

    /// The notice is gone.
    pub(crate) fn gone(&mut self, id: u32) {
        let before = self.page.standing.len();
        self.page.standing.retain(|it| it.id != id);
        if self.page.standing.len() != before {
            self.write();
        }
    }

    /// Beside the file and then in its place: a crash leaves the old one or the new one.
    fn write(&self) {
        let beside = self.path.with_extension("new");
        let written = serde_json::to_vec(&self.page)
            .map_err(std::io::Error::other)
            .and_then(|bytes| std::fs::write(&beside, bytes))
            .and_then(|()| std::fs::rename(&beside, &self.path));
        if let Err(error) = written {
            tracing::warn!(%error, "It could not be written down which notices stand.");
        }
    }
}

#[cfg(test)]
mod tests {
    use prilavok_client::SeatId;
    use prilavok_protocol::ids::ThreadId;

    use super::*;

    fn standing(id: u32) -> Standing {
        Standing {
            id,
            topic: Topic {
                seat: SeatId(2),
                thread_id: ThreadId::mint(),
            },
            up_to: Seq(7),
        }
    }

    #[test]
    fn what_stands_is_known_after_a_restart_and_only_to_the_same_daemon() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("notices.json");
        let (first, second) = (standing(1), standing(2));
        let mut record = Record::open(path.clone());
        record.answers("one");
        record.stands(first);
        record.stands(second);
        record.gone(2);

        let mut record = Record::open(path.clone());
        record.answers("one");
        assert_eq!((record.under(1), record.under(2)), (Some(first), None));
        assert_eq!(record.of(first.topic), Some(first));

        record.answers("another");
        assert_eq!(record.under(1), None);
        assert_eq!(Record::open(path).topics(), []);
    }

    #[test]
    fn a_record_of_before_there_were_several_accounts_speaks_of_the_first() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("notices.json");
        let thread_id = ThreadId::mint();
        let page =
            format!("{{\"daemon\":\"one\",\"standing\":[{{\"id\":3,\"thread_id\":\"{thread_id}\",\"up_to\":7}}]}}");
        std::fs::write(&path, page).expect("the file is written");
        let seat = SeatId(1);
        assert_eq!(Record::open(path).topics(), [Topic { seat, thread_id }]);
    }

    #[test]
    fn a_broken_record_is_an_empty_one() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("notices.json");
        std::fs::write(&path, "{\"daemon\":").expect("the file is written");
        assert_eq!(Record::open(path).topics(), []);
    }
}
