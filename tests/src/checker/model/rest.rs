//! The end of a history: what is read when all is at rest.

use prilavok_protocol::ids::{Cursor, Pos, Role, Seq};

use super::{Model, Pair};
use crate::history::{Counter, Digest, Kind, Line, Listed, Record, What};

impl Model {
    /// All is at rest: the end of the history.
    pub fn finish(mut self) -> Vec<Record> {
        for pair in 0..self.pairs.len() {
            for role in 0..2 {
                self.hear(pair, role);
                self.snapshot(pair, role);
            }
        }
        for pair in &self.pairs {
            let thread = pair.marks.thread;
            for (role, party) in pair.parties.into_iter().enumerate() {
                let server = self.history.join("server", Kind::Server, Some(party));
                server.note(What::Welcome { epoch: self.epoch });
                server.note(What::Head {
                    pos: Pos(pair.logs[role].len() as u64),
                });
                server.note(What::Listed(pair.listed(role)));
                if role == 0 {
                    pair.rows.iter().for_each(|row| server.note(What::Stored(*row)));
                }
                let count = u64::from(pair.listed(role).unread);
                for (thread, counter) in [
                    (Some(thread), Counter::List),
                    (Some(thread), Counter::Server),
                    (None, Counter::Badge),
                ] {
                    pair.devices[role].0.note(What::Unread { thread, count, counter });
                }
                pair.devices[role].0.note(What::Holds {
                    thread,
                    first: Seq(1),
                    last: Seq(pair.rows.len() as u64),
                    digest: Digest::of(&pair.rows),
                });
            }
            for row in &pair.rows[pair.engine.1..] {
                pair.engine.0.note(What::Shown(*row));
            }
            pair.engine.0.note(What::Cursor {
                cursor: Cursor {
                    epoch: self.epoch,
                    pos: Pos(pair.logs[0].len() as u64),
                },
            });
        }
        self.history.take()
    }
}

impl Pair {
    pub(super) fn listed(&self, role: usize) -> Listed {
        let read = self.marks.read[role];
        let sides = [Role::Buyer, Role::Seller];
        let is_unread = |row: &&Line| row.seq > read && row.sender != sides[role];
        let unread = self.rows.iter().filter(is_unread).count();
        Listed {
            marks: self.marks,
            unread: u32::try_from(unread).expect("few messages"),
        }
    }
}
