//! Fills an empty marketplace with the demo one. Each step looks first whether it was done, so that starting again
//! wipes nothing and doubles nothing, also after a start that was cut short.

use std::collections::HashMap;

use anyhow::{Context, Result};
use bytes::Bytes;
use prilavok_protocol::ids::{MessageId, Party, Role, ThreadId};
use prilavok_protocol::time::Time;
use uuid::Uuid;

use crate::accounts::passwords;
use crate::app::App;
use crate::catalogue;
use crate::demo::{self, Conversation, Demo, DemoAccount, DemoMessage};
use crate::error::Error;
use crate::store;
use crate::store::accounts::{NewAccount, NewParty};
use crate::store::catalogue::Put;
use crate::store::chat::{Member, NewMessage};

/// Brings the demo marketplace in.
///
/// # Errors
/// Those of the store and of the pictures' folder.
pub async fn sow(app: &App) -> Result<()> {
    let demo = demo::marketplace();
    pictures(app, &demo).await.context("pictures")?;
    goods(app, &demo).await.context("catalogue")?;
    people(app, &demo).await.context("accounts")?;
    talk(app, &demo).await.context("conversations")?;
    Ok(())
}

async fn pictures(app: &App, demo: &Demo) -> Result<(), Error> {
    let shops = demo.sellers.iter().map(|seller| seller.id.0);
    for id in shops.chain(demo.products.iter().map(|product| product.id.0)) {
        let path = format!("demo/{id}.svg");
        let Some(drawing) = demo.picture(id) else { continue };
        let is_there = app
            .blobs
            .read(&path)
            .await
            .is_ok_and(|blob| blob.bytes == drawing.as_bytes());
        if !is_there {
            app.blobs.write(&path, Bytes::from(drawing)).await?;
        }
    }
    Ok(())
}

/// One transaction, so the last product stands for all.
async fn goods(app: &App, demo: &Demo) -> Result<(), Error> {
    if let Some(last) = demo.products.last()
        && app.store.product(last.id).await.is_ok()
    {
        return Ok(());
    }
    let sellers = demo
        .sellers
        .iter()
        .map(|seller| Put::Seller(seller.id, seller.put.clone()));
    let buyers = demo.buyers.iter().map(|buyer| Put::Buyer(buyer.id, buyer.put.clone()));
    let products = demo
        .products
        .iter()
        .map(|product| Put::Product(product.id, product.put.clone()));
    catalogue::put(app, sellers.chain(buyers).chain(products).collect()).await
}

async fn people(app: &App, demo: &Demo) -> Result<(), Error> {
    let sellers = demo
        .sellers
        .iter()
        .map(|seller| (&seller.account, NewParty::Seller(seller.id)));
    let buyers = demo
        .buyers
        .iter()
        .map(|buyer| (&buyer.account, NewParty::Buyer(buyer.id)));
    // One password for all, so one hash for all.
    let mut hash = None;
    for (account, party) in sellers.chain(buyers) {
        if app.store.account_by_email(&account.email).await?.is_some() {
            continue;
        }
        let hash = match &hash {
            Some(hash) => hash,
            None => hash.insert(passwords::hash(demo::PASSWORD)?),
        };
        app.store
            .create_account(new_account(account, party, hash, app.clock.now()))
            .await?;
    }
    Ok(())
}

fn new_account(account: &DemoAccount, party: NewParty, hash: &str, at: Time) -> NewAccount {
    NewAccount {
        id: account.id,
        email: account.email.clone(),
        password_hash: hash.to_owned(),
        name: account.name.clone(),
        party,
        at,
    }
}

/// The whole timeline in its order, so that every party's log reads like weeks of life.
async fn talk(app: &App, demo: &Demo) -> Result<(), Error> {
    let (now, timeline) = (app.clock.now(), demo.timeline());
    if was_said(app, &timeline).await? {
        return Ok(());
    }
    let mut threads: HashMap<ThreadId, (Member, Member)> = HashMap::new();
    for (conversation, message) in timeline {
        let at = Time::from_millis(now.millis() - i64::from(message.minutes_ago) * 60_000);
        let (buyer, seller) = match threads.get(&conversation.id) {
            Some(both) => both,
            None => {
                let both = start(app, conversation, message, at).await?;
                threads.entry(conversation.id).or_insert(both)
            }
        };
        let member = if message.from == Role::Buyer { buyer } else { seller };
        app.store.append_message(member, said(message.id, message, at)).await?;
    }
    for conversation in &demo.conversations {
        let Some((buyer, seller)) = threads.get(&conversation.id) else {
            continue;
        };
        for (member, read) in [(buyer, conversation.buyer_read), (seller, conversation.seller_read)] {
            // Nobody is connected yet who would have to be told.
            app.store.mark_read(member, Some(read)).await?;
        }
    }
    Ok(())
}

fn said(id: MessageId, message: &DemoMessage, at: Time) -> NewMessage {
    NewMessage {
        id,
        text: message.text.clone(),
        product_id: message.product_id,
        at,
    }
}

async fn start(
    app: &App,
    conversation: &Conversation,
    first: &DemoMessage,
    at: Time,
) -> Result<(Member, Member), Error> {
    let (buyer, seller) = (conversation.buyer_id, conversation.seller_id);
    let started = app
        .store
        .start_thread(buyer.into(), seller, first.product_id, at)
        .await?
        .value;
    let id = started.thread.thread.id;
    Ok((
        app.store.member(id, Party::buyer(buyer)).await?,
        app.store.member(id, Party::seller(seller)).await?,
    ))
}

/// Whether the newest message of the timeline is in its thread, and with it all the others.
async fn was_said(app: &App, timeline: &[(&Conversation, &DemoMessage)]) -> Result<bool, Error> {
    let Some((conversation, last)) = timeline.last() else {
        return Ok(true);
    };
    let buyer = Party::buyer(conversation.buyer_id);
    let threads = app.store.threads(buyer, None, u32::MAX >> 1).await?;
    let is_theirs = |id: Uuid| id == conversation.seller_id.0;
    let Some(thread) = threads.iter().find(|thread| is_theirs(thread.thread.seller_id.0)) else {
        return Ok(false);
    };
    let member = app.store.member(thread.thread.id, buyer).await?;
    match app.store.message(&member, last.id).await {
        Ok(message) => Ok(message.is_some()),
        Err(store::Error::NotFound) => Ok(false),
        Err(error) => Err(error.into()),
    }
}
