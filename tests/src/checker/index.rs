//! What the rules look up: clients, threads, sends and the final rows, gathered in one pass.

use std::collections::HashMap;

use prilavok_protocol::ids::{MessageId, Party, Role, Seq, ThreadId};

use crate::history::{Canary, ClientId, Kind, Line, Listed, Record, What};

/// A message, wherever it is spoken of.
pub type Key = (ThreadId, MessageId);

/// Who took part.
#[derive(Debug, Clone)]
pub struct Client<'a> {
    /// For people.
    pub name: &'a str,
    /// What it is.
    pub kind: Kind,
    /// As whom.
    pub party: Option<Party>,
}

/// Everything that was said about sending one message.
#[derive(Debug, Clone)]
pub struct Send {
    /// Which message.
    pub key: Key,
    /// Who sent it first.
    pub who: ClientId,
    /// Where in the history its sending began.
    pub began: usize,
    /// Of the text that was sent first.
    pub hash: u64,
    /// Of other texts under the same id.
    pub others: Vec<u64>,
    /// The place that was acknowledged, and where in the history.
    pub acked: Option<(Seq, usize)>,
    /// Attempts without an answer so far.
    pub open: usize,
    /// Some attempt has never been answered, or was told to come later: it may be stored.
    pub is_doubtful: bool,
    /// It was told to come later, so a later one may have passed it.
    pub is_deferred: bool,
    /// It was taken back.
    pub is_cancelled: bool,
    /// It was refused for good.
    pub is_refused: bool,
}

/// One thread.
#[derive(Debug, Clone)]
pub struct Thread {
    /// `[buyer, seller]`.
    pub parties: [Party; 2],
}

/// The index of a history.
#[derive(Debug, Default)]
pub struct Index<'a> {
    /// By id.
    pub clients: HashMap<ClientId, Client<'a>>,
    /// By id.
    pub threads: HashMap<ThreadId, Thread>,
    /// By canary.
    pub canaries: HashMap<Canary, ThreadId>,
    /// In the order in which they were first spoken of.
    pub sends: Vec<Send>,
    /// Where in `sends`.
    pub by_key: HashMap<Key, usize>,
    /// What was refused for good: message, text, where in the history.
    pub refused: Vec<(Key, u64, usize)>,
    /// The final rows of each thread, as they were read.
    pub rows: HashMap<ThreadId, Vec<Line>>,
    /// The first final row of each message.
    pub row: HashMap<Key, Line>,
    /// At rest, as each party's side of the store has it.
    pub listed: HashMap<(Party, ThreadId), Listed>,
    /// At rest, all unread messages of each party, by its rows of `listed`.
    pub unread: HashMap<Party, u64>,
    /// Stretches of the history that a restored backup has undone.
    pub undone: Vec<(usize, usize)>,
}

impl<'a> Index<'a> {
    /// Gathers it.
    pub fn of(records: &'a [Record]) -> Self {
        let mut index = Self::default();
        let mut composed = HashMap::new();
        let mut backup = 0;
        for (at, record) in records.iter().enumerate() {
            let who = record.who;
            match &record.what {
                What::Joined { name, kind, party } => {
                    let (kind, party) = (*kind, *party);
                    index.clients.insert(who, Client { name, kind, party });
                }
                What::Thread {
                    thread,
                    parties,
                    canary,
                } => {
                    index.threads.insert(*thread, Thread { parties: *parties });
                    index.canaries.insert(*canary, *thread);
                }
                What::BackedUp => backup = at,
                What::Restored => index.undone.push((backup, at)),
                What::Composed { thread, hash } => {
                    composed.insert((who, *thread, *hash), at);
                }
                What::Invoked { thread, id, hash } => {
                    let began = composed.get(&(who, *thread, *hash)).copied().unwrap_or(at);
                    index.invoke((*thread, *id), *hash, who, began);
                }
                What::Acked { thread, id, seq } => index.on((*thread, *id), |send| {
                    send.open = send.open.saturating_sub(1);
                    send.acked.get_or_insert((*seq, at));
                }),
                What::Refused { thread, id, hash, .. } => {
                    index.refused.push(((*thread, *id), *hash, at));
                    index.on((*thread, *id), |send| {
                        (send.open, send.is_refused) = (send.open.saturating_sub(1), true);
                    });
                }
                What::Deferred { thread, id, .. } => index.on((*thread, *id), |send| {
                    (send.is_deferred, send.is_doubtful) = (true, true);
                }),
                What::Unknown { thread, id } => index.on((*thread, *id), |send| send.is_doubtful = true),
                What::Cancelled { thread, id } => index.on((*thread, *id), |send| send.is_cancelled = true),
                What::Stored(line) => {
                    index.rows.entry(line.thread).or_default().push(*line);
                    index.row.entry((line.thread, line.id)).or_insert(*line);
                }
                What::Listed(listed) => {
                    if let Some(party) = index.clients.get(&who).and_then(|client| client.party) {
                        index.listed.insert((party, listed.marks.thread), *listed);
                        *index.unread.entry(party).or_default() += u64::from(listed.unread);
                    }
                }
                _ => {}
            }
        }
        index
    }

    fn invoke(&mut self, key: Key, hash: u64, who: ClientId, began: usize) {
        let at = *self.by_key.entry(key).or_insert(self.sends.len());
        if at == self.sends.len() {
            self.sends.push(Send {
                key,
                who,
                began,
                hash,
                others: Vec::new(),
                acked: None,
                open: 0,
                is_doubtful: false,
                is_deferred: false,
                is_cancelled: false,
                is_refused: false,
            });
        }
        let send = &mut self.sends[at];
        send.open += 1;
        if send.hash != hash && !send.others.contains(&hash) {
            send.others.push(hash);
        }
    }

    fn on(&mut self, key: Key, note: impl FnOnce(&mut Send)) {
        if let Some(at) = self.by_key.get(&key) {
            note(&mut self.sends[*at]);
        }
    }

    /// How a message was sent.
    pub fn send(&self, key: &Key) -> Option<&Send> {
        self.by_key.get(key).map(|at| &self.sends[*at])
    }

    /// The name of a client, for sentences.
    pub fn name(&self, who: ClientId) -> &str {
        self.clients.get(&who).map_or("nobody", |client| client.name)
    }

    /// As whom a client takes part.
    pub fn party(&self, who: ClientId) -> Option<Party> {
        self.clients.get(&who)?.party
    }

    /// What kind of client it is.
    pub fn kind(&self, who: ClientId) -> Option<Kind> {
        self.clients.get(&who).map(|client| client.kind)
    }

    /// Whether a restored backup has undone what stands here. Restored backups are few.
    pub fn is_undone(&self, at: usize) -> bool {
        self.undone.iter().any(|(from, to)| (*from..*to).contains(&at))
    }
}

/// The place of a side in `[buyer, seller]`.
pub fn side(role: Role) -> usize {
    match role {
        Role::Buyer => 0,
        Role::Seller => 1,
    }
}
