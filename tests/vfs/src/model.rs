//! What a disk holds: every file once as programs see it (the real file) and once as a power cut would leave it.
//!
//! A write is durable after a successful sync of its file; a new or deleted name after a sync of its folder. Until then
//! a power cut may keep it, drop it, or keep any of its 512-byte sectors, and so in any order: keeping a later write
//! without an earlier one *is* reordering. After a failed sync the system believes that its pages are clean: they stay
//! readable, but no later sync keeps them unless they are written again.

use std::collections::{BTreeSet, HashMap, HashSet};

use fastrand::Rng;

/// What a disk writes whole or not at all.
const SECTOR: usize = 512;

/// One file, whatever its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct FileId(usize);

/// Everything in one folder.
#[derive(Debug, Default)]
pub(crate) struct Model {
    files: Vec<Content>,
    names: HashMap<String, FileId>,
    /// As of the folder's last sync.
    settled_names: HashMap<String, FileId>,
}

#[derive(Debug, Default)]
struct Content {
    /// As of the last sync.
    settled: Vec<u8>,
    /// Since then, in order.
    unsettled: Vec<Piece>,
    /// The length that programs see.
    length: u64,
}

#[derive(Debug)]
enum Piece {
    /// Within one sector.
    Write {
        at: usize,
        bytes: Vec<u8>,
        /// A sync has failed since.
        is_lost: bool,
    },
    Cut {
        to: usize,
    },
}

impl Model {
    /// The file of this name, if it was seen before.
    pub(crate) fn find(&self, name: &str) -> Option<FileId> {
        self.names.get(name).copied()
    }

    /// A file that was there before the disk was mounted, or that came to be without our seeing it.
    pub(crate) fn add(&mut self, name: &str, content: Vec<u8>, is_settled: bool) -> FileId {
        let id = FileId(self.files.len());
        self.files.push(Content {
            length: content.len() as u64,
            settled: content,
            unsettled: Vec::new(),
        });
        self.names.insert(name.to_owned(), id);
        if is_settled {
            self.settled_names.insert(name.to_owned(), id);
        }
        id
    }

    pub(crate) fn write(&mut self, id: FileId, at: u64, mut bytes: &[u8]) {
        let content = &mut self.files[id.0];
        let mut at = index(at);
        content.length = content.length.max((at + bytes.len()) as u64);
        while !bytes.is_empty() {
            let (piece, rest) = bytes.split_at(bytes.len().min(SECTOR - at % SECTOR));
            content.unsettled.push(Piece::Write {
                at,
                bytes: piece.to_vec(),
                is_lost: false,
            });
            at += piece.len();
            bytes = rest;
        }
    }

    pub(crate) fn cut(&mut self, id: FileId, to: u64) {
        let content = &mut self.files[id.0];
        content.length = to;
        content.unsettled.push(Piece::Cut { to: index(to) });
    }

    /// The length that programs see.
    pub(crate) fn length(&self, id: FileId) -> u64 {
        self.files[id.0].length
    }

    /// What was written is durable.
    pub(crate) fn sync(&mut self, id: FileId) {
        let content = &mut self.files[id.0];
        let written: HashSet<usize> = content.unsettled.iter().filter_map(Piece::fresh_sector).collect();
        let mut lost = Vec::new();
        for piece in std::mem::take(&mut content.unsettled) {
            match &piece {
                // A sector that was written again goes to the disk with all that is in it.
                Piece::Write { at, is_lost, .. } if *is_lost && !written.contains(&(at / SECTOR)) => lost.push(piece),
                Piece::Write { .. } => piece.apply(&mut content.settled),
                Piece::Cut { to } => {
                    lost.retain(|piece| matches!(piece, Piece::Write { at, .. } if at < to));
                    piece.apply(&mut content.settled);
                }
            }
        }
        content.unsettled = lost;
    }

    /// The sync has failed: the system forgets that there was something to write.
    pub(crate) fn fail_sync(&mut self, id: FileId) {
        for piece in &mut self.files[id.0].unsettled {
            if let Piece::Write { is_lost, .. } = piece {
                *is_lost = true;
            }
        }
    }

    pub(crate) fn delete(&mut self, name: &str) {
        self.names.remove(name);
    }

    /// New and deleted names are durable.
    pub(crate) fn sync_names(&mut self) {
        self.settled_names.clone_from(&self.names);
    }

    /// What a power cut leaves: names and contents, chosen by the dice.
    pub(crate) fn survivors(&self, dice: &mut Rng) -> Vec<(String, Vec<u8>)> {
        let names: BTreeSet<&String> = self.names.keys().chain(self.settled_names.keys()).collect();
        let mut files = Vec::new();
        for name in names {
            let (now, then) = (self.names.get(name), self.settled_names.get(name));
            let kept = if now == then || dice.bool() { now } else { then };
            if let Some(id) = kept {
                files.push((name.clone(), self.files[id.0].survivor(dice)));
            }
        }
        files
    }
}

impl Content {
    fn survivor(&self, dice: &mut Rng) -> Vec<u8> {
        let mut content = self.settled.clone();
        let count = self.unsettled.len();
        // Nothing, everything, the first few in order, or each for itself with some luck.
        let (first, luck) = match dice.u8(..5) {
            0 => (0, 0.0),
            1 => (count, 0.0),
            2 => (dice.usize(..=count), 0.0),
            3 => (0, dice.f64()),
            _ => (dice.usize(..=count), dice.f64()),
        };
        for (number, piece) in self.unsettled.iter().enumerate() {
            if number < first || dice.f64() < luck {
                piece.apply(&mut content);
            } else if let Piece::Write { at, bytes, .. } = piece
                && luck > 0.0
                && dice.u8(..8) == 0
            {
                // The new length was kept, and what should fill it was not.
                let end = (at + bytes.len()).max(content.len());
                content.resize(end, 0);
            }
        }
        content
    }
}

impl Piece {
    fn fresh_sector(&self) -> Option<usize> {
        match self {
            Self::Write { at, is_lost: false, .. } => Some(at / SECTOR),
            _ => None,
        }
    }

    fn apply(&self, content: &mut Vec<u8>) {
        match self {
            Self::Write { at, bytes, .. } => {
                let end = at + bytes.len();
                if content.len() < end {
                    content.resize(end, 0);
                }
                content[*at..end].copy_from_slice(bytes);
            }
            Self::Cut { to } => content.truncate(*to),
        }
    }
}

fn index(at: u64) -> usize {
    usize::try_from(at).expect("a test's file fits into memory")
}

#[cfg(test)]
mod tests;
