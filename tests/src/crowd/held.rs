//! The threads as a device holds them: how far, and a hash of all messages in order.

use std::collections::HashMap;

use prilavok_protocol::ids::{Seq, ThreadId};

use crate::history::{Digest, Line, Listed, Scribe, What};

/// What a device holds.
#[derive(Debug, Default)]
pub struct Held {
    threads: HashMap<ThreadId, Stretch>,
}

#[derive(Debug)]
struct Stretch {
    first: Seq,
    last: Seq,
    /// The newest message that this device's person has asked to be marked as read.
    read: Seq,
    digest: Digest,
}

impl Held {
    /// After a snapshot: whatever comes next.
    pub fn from(threads: &[Listed]) -> Self {
        let mut held = Self::default();
        for listed in threads {
            held.begin(listed.marks.thread, listed.marks.head);
        }
        held
    }

    /// A thread from its very beginning.
    pub fn start(&mut self, thread: ThreadId) {
        self.begin(thread, Seq(0));
    }

    fn begin(&mut self, thread: ThreadId, head: Seq) {
        self.threads.entry(thread).or_insert_with(|| Stretch {
            first: head.next(),
            last: head,
            read: head,
            digest: Digest::default(),
        });
    }

    /// The next message.
    pub fn add(&mut self, line: &Line) {
        if let Some(stretch) = self.threads.get_mut(&line.thread) {
            stretch.digest.add(line);
            stretch.last = line.seq;
        }
    }

    /// What the person now reads, thread by thread.
    pub fn unread(&mut self) -> Vec<(ThreadId, Seq)> {
        let unread = self
            .threads
            .iter_mut()
            .filter(|(_, stretch)| stretch.last > stretch.read);
        unread
            .map(|(thread, stretch)| {
                stretch.read = stretch.last;
                (*thread, stretch.last)
            })
            .collect()
    }

    /// At rest: writes down what is held.
    pub fn note(&self, scribe: &Scribe) {
        for (thread, stretch) in &self.threads {
            scribe.note(What::Holds {
                thread: *thread,
                first: stretch.first,
                last: stretch.last,
                digest: stretch.digest.value(),
            });
        }
    }
}
