//! A crowd that talks to a server through both doors, and writes down all that it says and sees.
//!
//! It knows the server only by its address, which may be killed, stopped and started again at any time: everybody comes
//! back, resumes from the cursor and repeats what was not answered under the same id. [`Crowd::stop`] lets everything
//! come to rest, reads the final truth, and gives the history to the [checker](crate::checker).

pub mod account;
mod caller;
mod device;
mod engine;
mod held;
pub mod orders;
mod outbox;
mod plan;
mod room;
mod truth;
mod unanswered;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use futures::{StreamExt, TryStreamExt, stream};
use prilavok_protocol::ids::{Party, Role, SellerId, ThreadId};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::task::JoinSet;
use tokio::time::timeout;

use crate::history::{self, Canary, History, Kind, Scribe, What};
use account::Account;
use caller::Caller;
use device::Device;
use engine::Engine;
use orders::{Orders, Phase};
use outbox::Desk;
pub use plan::{GENEROUS, Pace, Plan, generous};
use room::Room;

/// Registrations at once: each is a password hash of the server's.
const AT_ONCE: usize = 4;
/// How long a crowd may take to come to rest once the server is well again.
const REST: Duration = Duration::from_secs(180);
/// A crowd at work.
pub struct Crowd {
    /// To cut its lines, and to see how it does.
    pub orders: Arc<Orders>,
    history: History,
    tasks: JoinSet<Result<()>>,
    accounts: Vec<Account>,
    threads: Vec<(Account, ThreadId)>,
    clients: usize,
}

impl Crowd {
    /// Registers everybody and lets them talk. The server must be there; from then on it may come and go.
    ///
    /// # Panics
    /// When the crowd cannot be brought together.
    pub async fn start(address: SocketAddr, plan: Plan, history: History) -> Self {
        Self::gather(address, plan, history)
            .await
            .expect("the crowd comes together")
    }

    async fn gather(address: SocketAddr, plan: Plan, history: History) -> Result<Self> {
        let buyers = plan.pairs + plan.engines;
        let shops = buyers.div_ceil(plan.per_shop.max(1));
        let http = reqwest::Client::builder().timeout(Duration::from_secs(10)).build()?;
        let register = |number: usize| {
            let (role, name) = if number < shops {
                (Role::Seller, format!("Лавка {number}"))
            } else {
                (Role::Buyer, format!("Покупатель {}", number - shops))
            };
            let http = http.clone();
            async move { anyhow::Ok(Account::register(address, &name, role, number).await?.sharing(&http)) }
        };
        let all = stream::iter(0..shops + buyers).map(register).buffered(AT_ONCE);
        let mut sellers: Vec<Account> = all.try_collect::<Vec<_>>().await?;
        let buyers = sellers.split_off(shops);

        let mut crowd = Self {
            orders: Arc::default(),
            history,
            tasks: JoinSet::new(),
            accounts: sellers.iter().chain(&buyers).cloned().collect(),
            threads: Vec::new(),
            clients: 0,
        };
        let mut desks: Vec<Vec<Desk>> = vec![Vec::new(); shops];
        let mut last = None;
        for (number, buyer) in buyers.iter().enumerate() {
            let (shop, seller) = (number % shops, &sellers[number % shops]);
            let desk = if number < plan.pairs {
                let desk = crowd.desk(buyer, seller).await?;
                crowd.buyer(buyer, seller, (desk, last), plan.pace);
                last = Some(desk);
                desk
            } else {
                crowd.person((address, buyer), seller, plan.pace).await?
            };
            desks[shop].push(desk);
        }
        for (seller, desks) in sellers.iter().zip(desks) {
            crowd.device(seller, "shop", desks, None, plan.pace);
            crowd.device(seller, "shop, listening", Vec::new(), None, plan.pace);
        }
        Ok(crowd)
    }

    /// Clients that take part.
    #[must_use]
    pub fn clients(&self) -> usize {
        self.clients
    }

    /// Waits until so many messages have been acknowledged since the beginning.
    ///
    /// # Panics
    /// When that takes too long.
    pub async fn has_acked(&self, acks: u64) {
        let reached = timeout(REST, self.orders.has_acked(acks)).await;
        assert!(reached.is_ok(), "{} of {acks} acknowledged in time", self.orders.acks());
    }

    /// The history so far.
    #[must_use]
    pub fn history(&self) -> &History {
        &self.history
    }

    /// Lets everything come to rest, reads the final truth, and returns the history. The server must be there.
    ///
    /// # Panics
    /// When the crowd does not come to rest.
    pub async fn stop(mut self) -> History {
        let end = self.finish().await;
        if let Err(error) = end {
            let (file, busy) = (history::keep_at("crowd"), self.orders.busy());
            let kept = self.history.look(|records| history::save(records, &file));
            let kept = kept.map_or_else(
                |error| format!("not kept: {error:#}"),
                |()| format!("kept in {}", file.display()),
            );
            let unanswered = self.history.look(unanswered::tell);
            panic!("the crowd did not come to rest: {error:#}; {busy} under way; the history is {kept}\n{unanswered}");
        }
        self.history
    }

    async fn finish(&mut self) -> Result<()> {
        self.orders.enter(Phase::Quiet);
        tokio::select! {
            rested = timeout(REST, self.orders.rest()) => rested.context("not all is answered")?,
            error = failed(&mut self.tasks) => return Err(error.context("somebody gave up")),
        }
        // Before the last entries are told, so that these snapshots can be compared with them.
        for account in &self.accounts {
            let scribe = self.join(account, "list", Kind::Rest);
            timeout(REST, caller::look(account, &scribe)).await??;
        }
        self.orders.enter(Phase::Leave);
        let all = async {
            while let Some(task) = self.tasks.join_next().await {
                task.context("somebody panicked")??;
            }
            anyhow::Ok(())
        };
        timeout(REST, all).await.context("not all have left")??;
        for account in &self.accounts {
            let scribe = self.join(account, "server", Kind::Server);
            let threads = self.threads.iter().filter(|(buyer, _)| buyer.party == account.party);
            let threads: Vec<ThreadId> = threads.map(|(_, thread)| *thread).collect();
            truth::read(account, &scribe, (&threads, REST)).await?;
        }
        Ok(())
    }

    /// The thread of a buyer and a shop.
    async fn desk(&mut self, buyer: &Account, seller: &Account) -> Result<Desk> {
        let body = json!({"buyer_id": buyer.party.id, "seller_id": seller.party.id});
        let path = "/chat-threads/start-with-seller";
        let (status, answer) = buyer.call(Method::POST, path, Some(&body)).await?;
        let answer: Value = serde_json::from_str(&answer)?;
        let Some(id) = answer["data"]["id"].as_str() else {
            bail!("the thread was refused with {status}: {answer}")
        };
        Ok(self.introduce(buyer, seller, id.parse()?))
    }

    fn introduce(&mut self, buyer: &Account, seller: &Account, thread: ThreadId) -> Desk {
        let canary = Canary::mint();
        let scribe = self.join(buyer, "thread", Kind::Rest);
        scribe.note(What::Thread {
            thread,
            parties: [buyer.party, seller.party],
            canary,
        });
        self.threads.push((buyer.clone(), thread));
        Desk { thread, canary }
    }

    /// A buyer's device, and by turns a second device, the buyer's page, the shop's page, or callers of both sides.
    fn buyer(&mut self, buyer: &Account, seller: &Account, at: (Desk, Option<Desk>), pace: Pace) {
        let (desk, foreign) = at;
        self.device(buyer, "buyer", vec![desk], foreign, pace);
        self.device(buyer, "buyer, listening", Vec::new(), None, pace);
        let slow = Pace {
            pause: pace.pause * 10,
            ..pace
        };
        for (account, kind) in [(buyer, Kind::Room), (seller, Kind::Rest)] {
            let is_swapped = self.threads.len().is_multiple_of(2);
            let account = match (is_swapped, account.party.role) {
                (true, Role::Buyer) => seller.clone(),
                (true, Role::Seller) => buyer.clone(),
                _ => account.clone(),
            };
            let (orders, scribe) = (Arc::clone(&self.orders), self.join(&account, "page or caller", kind));
            self.clients += 1;
            let pace = slow;
            self.tasks.spawn(async move {
                if kind == Kind::Room {
                    Room {
                        account,
                        scribe,
                        orders,
                        desk,
                        pace,
                    }
                    .run()
                    .await;
                } else {
                    Caller {
                        account,
                        scribe,
                        orders,
                        desk,
                        pace,
                    }
                    .run()
                    .await;
                }
                Ok(())
            });
        }
    }

    fn device(&mut self, account: &Account, name: &str, desks: Vec<Desk>, foreign: Option<Desk>, pace: Pace) {
        let device = Device {
            account: account.clone(),
            scribe: self.join(account, name, Kind::Device),
            orders: Arc::clone(&self.orders),
            desks,
            foreign,
            pace,
        };
        self.clients += 1;
        self.tasks.spawn(async move {
            device.run().await;
            Ok(())
        });
    }

    /// A buyer with the app.
    async fn person(&mut self, at: (SocketAddr, &Account), seller: &Account, pace: Pace) -> Result<Desk> {
        let (address, buyer) = at;
        let slow = Pace {
            pause: pace.pause * 10,
            ..pace
        };
        let engine = Engine::open(address, buyer.clone(), Arc::clone(&self.orders), slow).await?;
        let thread = engine.start(SellerId(seller.party.id)).await?;
        let desk = self.introduce(buyer, seller, thread);
        let scribe = self.join(buyer, "app", Kind::Engine);
        self.clients += 1;
        let who = scribe.id().0;
        self.tasks.spawn(async move {
            engine
                .run(desk, scribe)
                .await
                .with_context(|| format!("the app of client {who}"))
        });
        self.device(buyer, "buyer, listening", Vec::new(), None, slow);
        Ok(desk)
    }

    fn join(&self, account: &Account, name: &str, kind: Kind) -> Scribe {
        let Party { role, id } = account.party;
        let name = format!("{name} of {} {id}", role.as_str());
        self.history.join(&name, kind, Some(account.party))
    }
}

/// Why somebody left before they were told to; never, as long as nobody does.
async fn failed(tasks: &mut JoinSet<Result<()>>) -> anyhow::Error {
    while let Some(ended) = tasks.join_next().await {
        match ended {
            Ok(Ok(())) => {}
            Ok(Err(error)) => return error,
            Err(panic) => return panic.into(),
        }
    }
    std::future::pending().await
}

/// Between two tries to come back: a random part of a length that doubles up to two seconds.
async fn wait_a_little(tries: u32) {
    let most = 50_u64 << tries.min(5);
    let random = uuid::Uuid::new_v4().as_u128() as u64;
    tokio::time::sleep(Duration::from_millis(random % most)).await;
}
