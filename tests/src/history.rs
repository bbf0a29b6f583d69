//! What every client of a run said and saw, in one order, so that a checker can tell afterwards whether all was well.
//!
//! A [`History`] is shared by all tasks of a run. One lock gives every record its place: whoever writes *acked* before
//! somebody else writes *invoked* has really been acknowledged before that send began. It is kept as JSON Lines, so that
//! a failed run can be looked at and checked again with `cargo run -p prilavok-tests --bin check-history FILE`.

pub mod canary;
pub mod record;
pub mod shape;

use std::collections::HashSet;
use std::fs::File;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard};

use anyhow::{Context, Result};
use prilavok_protocol::ids::Party;

pub use canary::Canary;
pub use record::{ClientId, Counter, Kind, Place, Record, What};
pub use shape::{Entry, Line, Listed, Marks};

/// The hash of a text.
#[must_use]
pub fn hash(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

/// The hash of a stretch of a thread: of its messages one after another, in order.
#[derive(Debug, Clone, Default)]
pub struct Digest(DefaultHasher);

impl Digest {
    /// The next message.
    pub fn add(&mut self, line: &Line) {
        (line.seq, line.id, line.hash, line.sender).hash(&mut self.0);
    }

    /// Of all so far.
    #[must_use]
    pub fn value(&self) -> u64 {
        self.0.finish()
    }

    /// Of these messages.
    #[must_use]
    pub fn of<'a>(lines: impl IntoIterator<Item = &'a Line>) -> u64 {
        let mut digest = Self::default();
        lines.into_iter().for_each(|line| digest.add(line));
        digest.value()
    }
}

/// The records of a run. Clones share them.
#[derive(Debug, Clone, Default)]
pub struct History {
    inner: Arc<Mutex<Inner>>,
}

#[derive(Debug, Default)]
struct Inner {
    records: Vec<Record>,
    clients: u32,
}

impl History {
    /// An empty one.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Introduces a client; it writes with what it is given.
    #[must_use]
    pub fn join(&self, name: &str, kind: Kind, party: Option<Party>) -> Scribe {
        let mut inner = self.lock();
        let who = ClientId(inner.clients);
        inner.clients += 1;
        let what = What::Joined {
            name: name.to_owned(),
            kind,
            party,
        };
        inner.records.push(Record { who, what });
        drop(inner);
        Scribe {
            history: self.clone(),
            who,
            seen: Arc::default(),
        }
    }

    /// Looks at everything so far. Nobody can write meanwhile.
    pub fn look<T>(&self, look: impl FnOnce(&[Record]) -> T) -> T {
        look(&self.lock().records)
    }

    /// Takes everything out.
    #[must_use]
    pub fn take(&self) -> Vec<Record> {
        std::mem::take(&mut self.lock().records)
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().expect("no holder of this lock panics")
    }
}

/// The pen of one client. Clones write as the same client.
#[derive(Debug, Clone)]
pub struct Scribe {
    history: History,
    who: ClientId,
    /// Canaries that were written down already.
    seen: Arc<Mutex<HashSet<(Place, Canary)>>>,
}

impl Scribe {
    /// As whom it writes.
    #[must_use]
    pub fn id(&self) -> ClientId {
        self.who
    }

    /// The history that it writes into.
    #[must_use]
    pub fn history(&self) -> &History {
        &self.history
    }

    /// Writes a record.
    pub fn note(&self, what: What) {
        let record = Record { who: self.who, what };
        self.history.lock().records.push(record);
    }

    /// Notes whose canaries stand in a raw text; each once per place.
    pub fn sees(&self, place: Place, text: &str) {
        for canary in Canary::all_in(text) {
            let is_new = self
                .seen
                .lock()
                .expect("no holder of this lock panics")
                .insert((place, canary));
            if is_new {
                self.note(What::Saw { place, canary });
            }
        }
    }
}

/// Writes a history as JSON Lines.
///
/// # Errors
/// When the file cannot be written.
pub fn save(records: &[Record], file: &Path) -> Result<()> {
    let to = File::create(file).with_context(|| format!("{} cannot be written", file.display()))?;
    let mut to = BufWriter::new(to);
    for record in records {
        serde_json::to_writer(&mut to, record)?;
        to.write_all(b"\n")?;
    }
    to.flush()?;
    Ok(())
}

/// Reads a history from JSON Lines.
///
/// # Errors
/// When the file cannot be read, or a line is no record.
pub fn load(file: &Path) -> Result<Vec<Record>> {
    let from = File::open(file).with_context(|| format!("{} cannot be read", file.display()))?;
    let mut records = Vec::new();
    for (number, line) in BufReader::new(from).lines().enumerate() {
        let record = serde_json::from_str(&line?);
        records.push(record.with_context(|| format!("{}, line {}", file.display(), number + 1))?);
    }
    Ok(records)
}

/// Where the history of a failed run is kept: a new file for each process and run.
#[must_use]
pub fn keep_at(run: &str) -> PathBuf {
    std::env::temp_dir().join(format!("prilavok-{run}-{}.jsonl", std::process::id()))
}
