//! What people were told, and whether the store that comes back agrees.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use prilavok_protocol::event::Event;
use prilavok_protocol::ids::{MessageId, Party, Pos, Role, Seq, ThreadId};
use prilavok_protocol::model::Message;
use prilavok_protocol::rest::HistoryQuery;
use prilavok_server::store::chat::NewMessage;
use prilavok_server::store::sqlite::SqliteStore;
use prilavok_server::store::{ChatStore, Error, Member, Result};

use crate::script::{FILE, open};

/// Something that was asked, and the answer.
#[derive(Debug)]
pub enum Entry {
    /// A message, perhaps not for the first time.
    Append(Member, NewMessage, Result<Message>),
    /// The own mark to the head.
    Read(Member, Result<Seq>),
}

/// Everything that was asked and answered.
#[derive(Debug, Default)]
pub struct Ledger {
    /// Threads whose start was acknowledged: the buyer's side and the shop's.
    pub threads: Vec<[Member; 2]>,
    /// In the order of asking.
    pub entries: Vec<Entry>,
}

/// What all answers about one message come to.
#[derive(Debug)]
enum Fate<'a> {
    /// It is there, in this place.
    Acked(&'a Message),
    /// It may be there.
    Unknown,
    /// It is not there.
    Refused,
}

impl Ledger {
    /// How many answers were acknowledgements of a message.
    pub fn acked(&self) -> usize {
        let is_acked = |entry: &&Entry| matches!(entry, Entry::Append(_, _, Ok(_)));
        self.entries.iter().filter(is_acked).count()
    }

    /// Opens what the disk has kept, and holds it against every answer. Then everybody asks again, and it must be as if
    /// nothing had happened.
    pub async fn verify(&self, folder: &Path) {
        let store = open(folder, 4_096).expect("what is left opens");
        is_whole(&store, folder).await;
        for side in self.threads.iter().flatten() {
            let again = store.member(side.thread_id(), side.party()).await;
            assert_eq!(again.expect("a thread whose start was acknowledged is there"), *side);
        }
        let fates = self.fates();
        for (&(thread, id), &(member, new, ref fate)) in &fates {
            let found = store.message(member, id).await.expect("it can be looked for");
            match (fate, found) {
                (Fate::Acked(told), Some(found)) => assert_eq!(facts(told), facts(&found), "in {thread:?}"),
                (Fate::Acked(told), None) => panic!("an acknowledged message is lost: {told:?}"),
                (Fate::Refused, Some(found)) => panic!("a refused message is there: {found:?}"),
                (Fate::Unknown, Some(found)) => assert_eq!(found.message, new.text),
                (Fate::Unknown | Fate::Refused, None) => {}
            }
        }
        for entry in &self.entries {
            let Entry::Read(member, Ok(up_to)) = entry else {
                continue;
            };
            let thread = store.thread(member).await.expect("it is there");
            let mark = [thread.buyer_read_seq, thread.seller_read_seq][usize::from(member.role() == Role::Seller)];
            assert!(
                mark >= *up_to,
                "an acknowledged mark went back from {up_to:?} to {mark:?}"
            );
        }
        for &(member, new, ref fate) in fates.values() {
            let answer = store
                .append_message(member, new.clone())
                .await
                .expect("it is taken")
                .value;
            match fate {
                Fate::Acked(told) => {
                    assert!(answer.is_repeat, "what was acknowledged is known");
                    assert_eq!(facts(told), facts(&answer.message));
                }
                Fate::Refused => assert!(!answer.is_repeat, "what was refused is new"),
                Fate::Unknown => {}
            }
            let again = store
                .append_message(member, new.clone())
                .await
                .expect("it is taken")
                .value;
            assert!(again.is_repeat && facts(&again.message) == facts(&answer.message));
        }
        is_whole(&store, folder).await;
        self.agree(&store, fates.keys().copied().collect()).await;
        store.close().await;
    }

    /// History and logs: each message once, everywhere in the same order, without holes.
    async fn agree(&self, store: &SqliteStore, sent: BTreeSet<(ThreadId, MessageId)>) {
        let mut stored = BTreeSet::new();
        let mut histories: BTreeMap<ThreadId, Vec<MessageId>> = BTreeMap::new();
        for [member, _] in &self.threads {
            let query = HistoryQuery {
                limit: Some(1_000),
                ..HistoryQuery::default()
            };
            let mut history = store.messages(member, query).await.expect("history");
            history.reverse();
            let seqs: Vec<u64> = history.iter().map(|message| message.seq.0).collect();
            assert_eq!(
                seqs,
                (1..=history.len() as u64).collect::<Vec<_>>(),
                "no holes in a thread"
            );
            let ids: Vec<MessageId> = history.iter().map(|message| message.id).collect();
            assert!(
                ids.iter().all(|id| stored.insert((member.thread_id(), *id))),
                "each once"
            );
            histories.insert(member.thread_id(), ids);
        }
        assert_eq!(stored, sent, "exactly what was sent");
        let parties: BTreeSet<(usize, Party)> = self
            .threads
            .iter()
            .flat_map(|sides| sides.map(|side| (usize::from(side.role() == Role::Seller), side.party())))
            .collect();
        for (_, party) in parties {
            let events = store.events_after(party, Pos(0), 10_000).await.expect("the log");
            let positions: Vec<u64> = events.iter().map(|(pos, _)| pos.0).collect();
            assert_eq!(
                positions,
                (1..=events.len() as u64).collect::<Vec<_>>(),
                "no holes in a log"
            );
            let mut told: BTreeMap<ThreadId, Vec<MessageId>> = BTreeMap::new();
            for (_, event) in &events {
                if let Event::Message { message } = event {
                    told.entry(message.thread_id).or_default().push(message.id);
                }
            }
            for (thread, ids) in told {
                assert_eq!(
                    Some(&ids),
                    histories.get(&thread),
                    "one event a message, in the thread's order"
                );
            }
        }
    }

    fn fates(&self) -> BTreeMap<(ThreadId, MessageId), (&Member, &NewMessage, Fate<'_>)> {
        let mut fates = BTreeMap::new();
        for entry in &self.entries {
            let Entry::Append(member, new, answer) = entry else {
                continue;
            };
            let fate = fates
                .entry((member.thread_id(), new.id))
                .or_insert((member, new, Fate::Refused));
            match (&mut fate.2, answer) {
                (Fate::Acked(first), Ok(message)) => {
                    assert_eq!(facts(first), facts(message), "a repeat tells the same")
                }
                (known, Ok(message)) => *known = Fate::Acked(message),
                (known @ Fate::Refused, Err(Error::Unknown(_))) => *known = Fate::Unknown,
                (_, Err(Error::Conflict | Error::NotFound)) => panic!("nothing was wrong with {new:?}"),
                _ => {}
            }
        }
        fates
    }
}

/// What never changes about a message.
fn facts(message: &Message) -> (MessageId, Seq, &str, Role) {
    (message.id, message.seq, &message.message, message.sender_type)
}

/// The file is sound, and every counter is what it counts.
async fn is_whole(store: &SqliteStore, folder: &Path) {
    let report = store.check().await.expect("it can be examined");
    assert_eq!(report.problems, [""; 0]);
    let db = rusqlite::Connection::open(folder.join(FILE)).expect("it opens");
    let verdict: String = db
        .query_row("pragma integrity_check", [], |row| row.get(0))
        .expect("it can be examined");
    assert_eq!(verdict, "ok");
}
