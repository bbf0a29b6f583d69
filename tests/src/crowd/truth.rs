//! The final truth, read from the server when all is at rest.

use std::time::Duration;

use anyhow::{Context, Result};
use prilavok_protocol::ids::{Party, Seq, ThreadId};
use prilavok_protocol::limits::PAGE_MAX;
use prilavok_protocol::model::{Message, ThreadSummary};
use prilavok_protocol::rest::{Data, Snapshot};
use serde::Deserialize;
use tokio::time::timeout;

use super::account::Account;
use crate::history::{Counter, Line, Listed, Scribe, What};

#[derive(Deserialize)]
struct Page {
    data: Vec<ThreadSummary>,
    next_cursor: Option<String>,
}

/// All that the server says about a party and these threads of it, unless it takes too long.
///
/// # Errors
/// When an answer cannot be read, or does not come in time.
pub async fn read(account: &Account, scribe: &Scribe, (threads, patience): (&[ThreadId], Duration)) -> Result<()> {
    let all = async {
        party(account, scribe).await?;
        for id in threads {
            thread(account, scribe, *id).await?;
        }
        anyhow::Ok(())
    };
    let Party { role, id } = account.party;
    let read = timeout(patience, all).await;
    read.with_context(|| {
        format!(
            "the server does not tell the final truth about the {} {id}",
            role.as_str()
        )
    })?
}

/// A party's head, list and counters.
///
/// # Errors
/// When an answer cannot be read.
async fn party(account: &Account, scribe: &Scribe) -> Result<()> {
    let answer = account.ask("/sync/snapshot").await?;
    let Data { data } = serde_json::from_value::<Data<Snapshot>>(answer)?;
    let (epoch, pos) = (data.cursor.epoch, data.cursor.pos);
    scribe.note(What::Welcome { epoch });
    scribe.note(What::Head { pos });
    for summary in &data.threads {
        scribe.note(What::Listed(Listed::of(summary)));
    }
    let Party { role, id } = account.party;
    let role = role.as_str();
    let path = format!("/chat-messages/unread-count/{id}?user_type={role}");
    let total = serde_json::from_value::<Data<u64>>(account.ask(&path).await?)?.data;
    let unread = |thread, count, counter| scribe.note(What::Unread { thread, count, counter });
    unread(None, total, Counter::Server);
    let mut cursor = String::new();
    loop {
        let path = format!("/chat-threads/by-{role}/{id}?limit={PAGE_MAX}{cursor}");
        let page: Page = serde_json::from_value(account.ask(&path).await?)?;
        for summary in &page.data {
            unread(Some(summary.thread.id), summary.unread_count.into(), Counter::List);
        }
        match page.next_cursor {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return Ok(()),
        }
    }
}

/// All messages of a thread, in order.
///
/// # Errors
/// When an answer cannot be read.
async fn thread(account: &Account, scribe: &Scribe, thread: ThreadId) -> Result<()> {
    let mut last = Seq(0);
    loop {
        let path = format!("/chat-messages/by-thread/{thread}?after_seq={last}&limit={PAGE_MAX}");
        let Data { data } = serde_json::from_value::<Data<Vec<Message>>>(account.ask(&path).await?)?;
        let Some(newest) = data.first() else { return Ok(()) };
        last = newest.seq;
        data.iter()
            .rev()
            .for_each(|message| scribe.note(What::Stored(Line::of(message))));
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Account, read};
    use crate::history::{History, Kind};
    use crate::world::World;
    use prilavok_protocol::ids::Role;

    #[tokio::test(flavor = "multi_thread")]
    async fn a_server_that_is_gone_ends_the_reading_of_the_truth_and_is_named() {
        let mut world = World::new().await;
        let anna = Account::register(world.address, "Анна", Role::Buyer, 0).await;
        let anna = anna.expect("registered");
        let scribe = History::new().join("server", Kind::Server, Some(anna.party));
        world.stop().await;
        let error = read(&anna, &scribe, (&[], Duration::from_millis(300))).await;
        let error = error.expect_err("nobody answers").to_string();
        let sentence = format!(
            "the server does not tell the final truth about the buyer {}",
            anna.party.id
        );
        assert_eq!(error, sentence);
    }
}
