//! What people do while the disk fails: made from a seed, and run so that the same seed does the same.

use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;
use std::task::Poll;

use fastrand::Rng;
use prilavok_protocol::ids::{BuyerId, MessageId, Party, Pos, Role, SellerId};
use prilavok_protocol::rest::{PutBuyer, PutSeller};
use prilavok_server::store::catalogue::Put;
use prilavok_server::store::chat::NewMessage;
use prilavok_server::store::conformance::at;
use prilavok_server::store::sqlite::{Options, SqliteStore};
use prilavok_server::store::{CatalogueStore, ChatStore, Member, Result};
use prilavok_test_vfs::Disk;
use prilavok_tests::wire::DEADLINE;
use uuid::Uuid;

use crate::ledger::{Entry, Ledger};

/// The database's name in its folder.
pub const FILE: &str = "store.sqlite";

/// Opens the real store, small: few readers, and a checkpoint after this many pages.
pub fn open(folder: &Path, checkpoint: u32) -> Result<Arc<SqliteStore>> {
    let options = Options {
        readers: 1,
        checkpoint,
        ..Options::default()
    };
    SqliteStore::open(&folder.join(FILE), options).map(Arc::new)
}

/// What somebody asks of the store.
#[derive(Debug, Clone)]
pub enum Job {
    /// To append, or to append once more.
    Append(NewMessage),
    /// To move the own mark to the head.
    Read,
}

/// One shop, its buyers, and what they write in batches that share a commit.
pub struct Script {
    shop: SellerId,
    buyers: Vec<BuyerId>,
    /// Jobs with the thread's number and the side of it.
    batches: Vec<Vec<(usize, Role, Job)>>,
    /// Pages of the log between checkpoints.
    pub checkpoint: u32,
}

type Asked = Pin<Box<dyn Future<Output = Entry> + Send>>;

impl Script {
    /// The same for the same seed.
    pub fn of(seed: u64) -> Self {
        let mut dice = Rng::with_seed(seed);
        let threads = dice.usize(1..=3);
        let mut script = Self {
            shop: SellerId(id(&mut dice)),
            buyers: (0..threads).map(|_| BuyerId(id(&mut dice))).collect(),
            batches: Vec::new(),
            checkpoint: *dice.choice(&[4, 12, 40, 4_096]).expect("there are four"),
        };
        let mut before: Vec<(usize, Role, Job)> = Vec::new();
        for number in 0..dice.usize(3..=9) {
            let mut batch = vec![append(&mut dice, threads)];
            // The first commit has one job, so that it does not matter how soon the writer takes it.
            for _ in 0..if number == 0 { 0 } else { dice.usize(0..6) } {
                batch.push(match dice.u8(..6) {
                    0 => (dice.usize(..threads), side(&mut dice), Job::Read),
                    1 => dice.choice(&before).expect("the first batch is not empty").clone(),
                    _ => append(&mut dice, threads),
                });
            }
            before.extend(batch.iter().cloned());
            script.batches.push(batch);
        }
        script
    }

    /// Does all of it, batch after batch; what was answered is in the ledger.
    ///
    /// The writer is held in each sync until the next batch is queued. So it depends on the seed alone what shares a
    /// commit, and which operation of the disk is the hundredth.
    pub async fn run(&self, store: &Arc<SqliteStore>, disk: &Disk) -> Ledger {
        let mut ledger = self.open_shop(store).await;
        if ledger.threads.len() < self.buyers.len() {
            return ledger;
        }
        let gate = disk.gate();
        let mut asked: Vec<Asked> = Vec::new();
        for (number, batch) in self.batches.iter().enumerate() {
            for (thread, role, job) in batch {
                let member = ledger.threads[*thread][usize::from(*role == Role::Seller)];
                let mut answer = ask(Arc::clone(store), member, job.clone());
                match futures::poll!(&mut answer) {
                    Poll::Ready(entry) => ledger.entries.push(entry),
                    Poll::Pending => asked.push(answer),
                }
            }
            if number > 0 {
                gate.pass();
            }
            if gate.next(DEADLINE).is_none() {
                break;
            }
        }
        drop(gate);
        ledger.entries.extend(futures::future::join_all(asked).await);
        is_idle(store, &ledger).await;
        ledger
    }

    /// Does all of it, one after the other.
    pub async fn run_slowly(&self, store: &Arc<SqliteStore>) -> Ledger {
        let mut ledger = self.open_shop(store).await;
        if ledger.threads.len() < self.buyers.len() {
            return ledger;
        }
        for (thread, role, job) in self.batches.iter().flatten() {
            let member = ledger.threads[*thread][usize::from(*role == Role::Seller)];
            let entry = ask(Arc::clone(store), member, job.clone()).await;
            ledger.entries.push(entry);
        }
        ledger
    }

    /// A write more, whatever comes of it: when it is answered, all that was begun before it is over, checkpoints too.
    pub async fn knock(&self, store: &SqliteStore) {
        let shop = PutSeller {
            name: "Лесной двор".into(),
            ..PutSeller::default()
        };
        let _ = store.put(vec![Put::Seller(self.shop, shop)], at(0)).await;
    }

    /// The shop, the buyers and their threads, as far as the disk lets them.
    async fn open_shop(&self, store: &SqliteStore) -> Ledger {
        let mut ledger = Ledger::default();
        let buyer = |id: &BuyerId| {
            Put::Buyer(
                *id,
                PutBuyer {
                    name: "Ольга".into(),
                    avatar_url: None,
                },
            )
        };
        let shop = PutSeller {
            name: "Лесной двор".into(),
            ..PutSeller::default()
        };
        let mut rows = vec![Put::Seller(self.shop, shop)];
        rows.extend(self.buyers.iter().map(buyer));
        if store.put(rows, at(0)).await.is_err() {
            return ledger;
        }
        for buyer in &self.buyers {
            let Ok(started) = store.start_thread((*buyer).into(), self.shop, None, at(0)).await else {
                return ledger;
            };
            let thread = started.value.thread.thread.id;
            // Known from the start of the thread: nothing is read from the disk for it.
            let member = async |party| store.member(thread, party).await.expect("it was just started");
            let sides = [
                member(Party::buyer(*buyer)).await,
                member(Party::seller(self.shop)).await,
            ];
            ledger.threads.push(sides);
        }
        is_idle(store, &ledger).await;
        ledger
    }
}

/// Waits until the writer has also folded its log, as it does after it has answered. Nothing changes by this.
async fn is_idle(store: &SqliteStore, ledger: &Ledger) {
    let _ = store.mark_delivered(ledger.threads[0][0].party().into(), Pos(0)).await;
}

fn ask(store: Arc<SqliteStore>, member: Member, job: Job) -> Asked {
    Box::pin(async move {
        match job {
            Job::Append(new) => {
                let answer = store.append_message(&member, new.clone()).await;
                Entry::Append(member, new, answer.map(|change| change.value.message))
            }
            Job::Read => {
                let answer = store.mark_read(&member, None).await;
                Entry::Read(member, answer.map(|change| change.value))
            }
        }
    })
}

fn append(dice: &mut Rng, threads: usize) -> (usize, Role, Job) {
    let most = if dice.u8(..8) == 0 { 400 } else { 20 };
    let new = NewMessage {
        id: MessageId(id(dice)),
        // From a few bytes to several pages.
        text: "Есть брус? ".repeat(dice.usize(1..=most)),
        product_id: None,
        at: at(1),
    };
    (dice.usize(..threads), side(dice), Job::Append(new))
}

fn side(dice: &mut Rng) -> Role {
    if dice.bool() { Role::Buyer } else { Role::Seller }
}

fn id(dice: &mut Rng) -> Uuid {
    Uuid::from_u128(dice.u128(..))
}
