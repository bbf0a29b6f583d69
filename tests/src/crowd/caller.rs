//! Somebody who only calls the marketplace API: POSTs, takes snapshots, searches.

use std::sync::Arc;

use anyhow::Result;
use prilavok_protocol::error::{ErrorCode, Problem};
use prilavok_protocol::ids::Role;
use prilavok_protocol::model::Message;
use prilavok_protocol::rest::{Data, Snapshot};
use reqwest::Method;
use serde_json::json;
use tokio::time::{MissedTickBehavior, interval};

use super::account::Account;
use super::orders::{Orders, Phase};
use super::outbox::{Desk, Outbox, Pending};
use super::{Pace, wait_a_little};
use crate::history::{Listed, Place, Scribe, What};

/// One in so many messages is followed by a look at the list and at the search.
const LOOK: u64 = 20;

/// Somebody who only calls.
pub struct Caller {
    /// Who.
    pub account: Account,
    /// What it writes with.
    pub scribe: Scribe,
    /// What it is told.
    pub orders: Arc<Orders>,
    /// Its thread.
    pub desk: Desk,
    /// How much it says.
    pub pace: Pace,
}

impl Caller {
    /// Lives until nothing new begins, and its last message has been answered.
    pub async fn run(self) {
        let mut outbox = Outbox::new(self.scribe.clone(), Arc::clone(&self.orders));
        let mut speak = interval(self.pace.pause);
        speak.set_missed_tick_behavior(MissedTickBehavior::Skip);
        while self.orders.phase() == Phase::Talk {
            speak.tick().await;
            if !outbox.compose(self.desk) {
                return;
            }
            self.post(&mut outbox).await;
            if outbox.count() % LOOK == 1 {
                // A server that is away is looked at another time.
                let _ = look(&self.account, &self.scribe).await;
            }
        }
    }

    /// POSTs until there is an answer.
    async fn post(&self, outbox: &mut Outbox) {
        let mut tries = 0;
        while outbox.len() > 0 {
            let Some(pending) = outbox.write() else { return };
            let own = match self.account.party.role {
                Role::Buyer => "buyer_id",
                Role::Seller => "seller_id",
            };
            let Pending { thread, id, text, .. } = pending;
            let body = json!({"id": id, "message": text, "thread_id": thread, own: self.account.party.id});
            match self.account.call(Method::POST, "/chat-messages", Some(&body)).await {
                Ok((200 | 201, answer)) => match serde_json::from_str::<Data<Message>>(&answer) {
                    Ok(Data { data }) => outbox.acked(data.id, data.seq),
                    Err(_) => outbox.cut(),
                },
                Ok((_, answer)) => {
                    let problem = serde_json::from_str::<Problem>(&answer);
                    let code = problem.map_or(ErrorCode::Internal, |problem| problem.code);
                    outbox.refused(id, code);
                }
                Err(_) => outbox.cut(),
            }
            if outbox.len() > 0 {
                tries += 1;
                wait_a_little(tries).await;
            }
        }
    }
}

/// Looks at the list of one's threads, and searches for what others have written.
///
/// # Errors
/// When the server does not answer.
pub async fn look(account: &Account, scribe: &Scribe) -> Result<()> {
    let (status, answer) = account.call(Method::GET, "/sync/snapshot", None).await?;
    scribe.sees(Place::Answer, &answer);
    if status == 200 {
        let Data { data } = serde_json::from_str::<Data<Snapshot>>(&answer)?;
        scribe.note(What::Snapshot {
            cursor: data.cursor,
            threads: data.threads.iter().map(Listed::of).collect(),
        });
    }
    let (_, answer) = account
        .call(Method::GET, "/products/search?search_query=canary", None)
        .await?;
    scribe.sees(Place::Search, &answer);
    let (_, answer) = account.call(Method::GET, "/chat-messages?limit=20", None).await?;
    scribe.sees(Place::Answer, &answer);
    Ok(())
}
