//! A store that has grown: how soon it is ready, and whether its pages cost more than those of a small one.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result};
use futures::future::try_join_all;
use prilavok_protocol::ids::{MessageId, Party, Role, ThreadId};
use prilavok_protocol::time::Time;
use prilavok_server::store::ChatStore;
use prilavok_server::store::chat::NewMessage;
use prilavok_server::store::sqlite::{Options, SqliteStore};

use crate::mark::Mark;
use crate::town::{Pair, Town};

/// Messages on their way to the disk at once: one commit of the server's.
const AT_ONCE: u64 = 1_024;

/// Fills the threads of a town in turn until so many more messages are in them. The server does not run meanwhile.
///
/// # Errors
/// When the store refuses.
pub async fn fill(town: Town, messages: u64) -> Result<Town> {
    let asleep = town.stop().await?;
    write(&asleep.data().join("store.sqlite"), &asleep.pairs, messages).await?;
    asleep.start().await
}

async fn write(path: &Path, pairs: &[Pair], messages: u64) -> Result<()> {
    let store = Arc::new(SqliteStore::open(path, Options::default())?);
    let mut members = Vec::new();
    for pair in pairs {
        let buyer = Party {
            role: Role::Buyer,
            id: pair.buyer.party,
        };
        members.push(store.member(ThreadId(pair.buyer.thread), buyer).await?);
    }
    let mut next = 0;
    while next < messages {
        let slice = next..messages.min(next + AT_ONCE);
        next = slice.end;
        let appending = slice.map(|number| {
            let at = usize::try_from(number).expect("a number of messages fits") % members.len();
            let mark = Mark {
                pair: u32::try_from(at).expect("a number of pairs fits"),
                number,
                sent: 0,
            };
            let message = NewMessage {
                id: MessageId::mint(),
                text: mark.text(),
                product_id: None,
                at: Time::now(),
            };
            store.append_message(&members[at], message)
        });
        try_join_all(appending).await.context("the store takes messages")?;
    }
    store.close().await;
    Ok(())
}
