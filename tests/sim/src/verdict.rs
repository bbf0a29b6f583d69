//! What must be true once the weather is good and everybody has waited. Nothing here is asked of the network: the
//! server's store and the devices' caches are read where they lie.

use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use prilavok_client::{Client, Connection, MessageItem, Stretch};
use prilavok_protocol::ids::{MessageId, Party, Pos, Role, Seq, ThreadId};
use prilavok_protocol::model::Message;
use prilavok_protocol::rest::HistoryQuery;
use prilavok_server::app::SharedApp;

use crate::world::{Device, World};

/// More than anybody writes into one thread of a run.
const PAGE: u32 = 100;

/// Runs what never waits: without threads of its own the disk answers at once.
fn at_once<T>(what: &str, work: impl Future<Output = T>) -> Result<T, String> {
    let mut work = pin!(work);
    match work.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(done) => Ok(done),
        Poll::Pending => Err(format!("{what} is not there without the network")),
    }
}

/// Why not everybody has everything yet; nothing when they have.
#[must_use]
pub fn unrest(world: &World) -> Option<String> {
    let server = world.server.borrow().clone();
    let Some(server) = server else {
        return Some("the server is off".into());
    };
    world.devices.iter().find_map(|device| {
        let client = device.client.borrow().clone();
        let Some(client) = client else {
            return Some(format!("{} is off", device.name));
        };
        if client.connection() != Connection::Online {
            return Some(format!("{} is {:?}", device.name, client.connection()));
        }
        let party = party(&client)?;
        let head = at_once("the head", server.store.head(party)).ok()?.ok()?;
        let pos = cursor(device);
        if pos != Some(head) {
            return Some(format!("{} is at {pos:?} of {head}", device.name));
        }
        let threads = at_once("the list", client.threads()).ok()?.ok()?;
        threads.iter().find_map(|item| {
            let (_, waiting) = split(&client, item.summary.thread.id).ok()?;
            let first = waiting.first()?;
            Some(format!(
                "{} has not sent {} ({:?})",
                device.name, first.message, first.state
            ))
        })
    })
}

/// Everything that must be true.
///
/// # Errors
/// What is not.
pub fn judge(world: &World) -> Result<(), String> {
    let server = world.server.borrow().clone().ok_or("the server is off")?;
    let written = world.written.borrow();
    let mut histories: BTreeMap<ThreadId, Vec<Message>> = BTreeMap::new();
    for device in &world.devices {
        let client = device.client.borrow().clone().ok_or("a device is off")?;
        let me = party(&client).ok_or("nobody is signed in")?;
        let threads = at_once("the list", client.threads())?.map_err(|error| error.to_string())?;
        let expected = if me.role == Role::Buyer {
            world.size.shops
        } else {
            world.size.buyers
        };
        ensure(threads.len() == expected, || {
            format!("{} lists {} threads", device.name, threads.len())
        })?;
        let mut derived = 0;
        for item in &threads {
            let t = &item.summary.thread;
            let name = world.name_of(t.id);
            let stored = history(&server, me, t.id)?;
            let is_dense = stored.iter().map(|message| message.seq.0).eq(1..=stored.len() as u64);
            ensure(is_dense, || format!("{name} has holes on the server"))?;
            let (shown, waiting) = split(&client, t.id)?;
            ensure(waiting.is_empty(), || {
                format!("{} has unsent messages in {name}", device.name)
            })?;
            let of_server = stored
                .iter()
                .map(|message| (message.id, Some(message.seq), message.message.as_str()));
            let of_device = shown.iter().map(|item| (item.id, item.seq, item.message.as_str()));
            ensure(of_server.eq(of_device), || {
                format!("{} and the server differ in {name}", device.name)
            })?;
            for message in &stored {
                ensure(message.message.starts_with(&name), || {
                    format!("a foreign message in {name}: {}", message.message)
                })?;
            }
            let read = if me.role == Role::Buyer {
                t.buyer_read_seq
            } else {
                t.seller_read_seq
            };
            let unread = stored
                .iter()
                .filter(|m| m.seq > read && m.sender_type != me.role)
                .count() as u64;
            ensure(u64::from(item.summary.unread_count) == unread, || {
                format!(
                    "{} counts {} unread of {unread} in {name}",
                    device.name, item.summary.unread_count
                )
            })?;
            derived += unread;
            histories.insert(t.id, stored);
        }
        let counted = at_once("the counter", server.store.unread(me, None))?.map_err(|error| error.to_string())?;
        ensure(counted == derived && u64::from(client.unread()) == derived, || {
            format!(
                "{}: {} unread in the badge, {derived} in the list, {counted} on the server",
                device.name,
                client.unread()
            )
        })?;
    }
    let mut found: BTreeMap<&str, Vec<MessageId>> = BTreeMap::new();
    for message in histories.values().flatten() {
        found.entry(&message.message).or_default().push(message.id);
    }
    let begun = world.begun.borrow();
    for (text, ids) in &found {
        ensure(ids.len() == 1, || format!("{text} is there {} times", ids.len()))?;
        ensure(begun.contains(*text), || format!("nobody wrote {text}"))?;
    }
    for (text, written) in written.iter() {
        let ids = found.get(text.as_str());
        ensure(ids.is_some() != written.is_cancelled, || match written.is_cancelled {
            true => format!("{text} was taken back and is there"),
            false => format!("{text} is lost"),
        })?;
        ensure(ids.is_none_or(|ids| ids[0] == written.id), || {
            format!("{text} is there under another id")
        })?;
    }
    in_order(&histories)
}

/// What one device wrote into one thread stands there in the order of writing.
fn in_order(histories: &BTreeMap<ThreadId, Vec<Message>>) -> Result<(), String> {
    for messages in histories.values() {
        let mut last: BTreeMap<&str, u32> = BTreeMap::new();
        for message in messages {
            let (who, count) = message.message.rsplit_once(" №").ok_or("a strange text")?;
            let count = count.parse().map_err(|_| "a strange number")?;
            let before = last.insert(who, count);
            ensure(before.is_none_or(|before| before < count), || {
                format!("{} is out of order", message.message)
            })?;
        }
    }
    Ok(())
}

fn ensure(is_so: bool, otherwise: impl FnOnce() -> String) -> Result<(), String> {
    if is_so { Ok(()) } else { Err(otherwise()) }
}

fn party(client: &Client) -> Option<Party> {
    let account = client.identity().account?;
    let buyer = account.buyer_id.map(Party::buyer);
    buyer.or_else(|| account.seller_id.map(Party::seller))
}

/// What the device shows of a thread: the sent and the unsent.
fn split(client: &Client, thread: ThreadId) -> Result<(Vec<MessageItem>, Vec<MessageItem>), String> {
    let (mut sent, mut unsent) = (Vec::new(), Vec::new());
    let mut after = Seq(0);
    loop {
        let page = at_once("a page", client.messages(thread, Stretch::After { seq: after }, PAGE))?;
        let page = page.map_err(|error| error.to_string())?;
        if page.incomplete {
            return Err("a page has holes".into());
        }
        for item in page.messages {
            match item.seq {
                Some(seq) => {
                    after = seq;
                    sent.push(item);
                }
                None => unsent.push(item),
            }
        }
        if !page.has_newer {
            break;
        }
    }
    let ids: BTreeSet<_> = sent.iter().map(|item| item.id).collect();
    ensure(ids.len() == sent.len(), || "a message is shown twice".into())?;
    Ok((sent, unsent))
}

fn history(server: &SharedApp, party: Party, thread: ThreadId) -> Result<Vec<Message>, String> {
    let member = at_once("the proof", server.store.member(thread, party))?.map_err(|error| error.to_string())?;
    let mut all = Vec::new();
    loop {
        let query = HistoryQuery {
            after_seq: Some(Seq(all.len() as u64)),
            limit: Some(PAGE),
            ..HistoryQuery::default()
        };
        let page = at_once("the history", server.store.messages(&member, query))?;
        let mut page = page.map_err(|error| error.to_string())?;
        page.sort_by_key(|message| message.seq);
        let is_last = page.len() < PAGE as usize;
        all.extend(page);
        if is_last {
            return Ok(all);
        }
    }
}

/// How far the device's file says it is.
fn cursor(device: &Device) -> Option<Pos> {
    let accounts = std::fs::read_dir(device.folder.join("accounts")).ok()?;
    let file = accounts.flatten().next()?.path().join("cache.sqlite");
    let db = rusqlite::Connection::open(file).ok()?;
    let pos: i64 = db.query_row("select pos from cursor", [], |row| row.get(0)).ok()?;
    u64::try_from(pos).ok().map(Pos)
}
