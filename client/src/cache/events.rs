//! Entries of the log: applied with their cursor in one transaction.

use std::collections::BTreeSet;

use prilavok_protocol::event::Event;
use prilavok_protocol::ids::{Cursor, MessageId, Pos, Role, Seq, ThreadId};
use prilavok_protocol::model::Message;
use rusqlite::Transaction;

use super::{Cache, cursor, messages, number, set_cursor, threads};
use crate::error::Error;
use crate::faults;
use crate::sync::{self, Arrival, Counts};
use crate::update::{MessageItem, ThreadItem};

/// A mark can pass over years of history; a screen shows the end of it.
const MARKED: u64 = 300;

/// What a run of entries changed.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Applied {
    /// The cursor after them.
    pub cursor: Option<Cursor>,
    /// The threads that changed.
    pub threads: Vec<ThreadItem>,
    /// The messages that are new or changed their state.
    pub messages: Vec<MessageItem>,
    /// The newest message of the other side in each thread, for notices.
    pub arrived: Vec<Message>,
    /// Own messages that are confirmed by being in the log.
    pub confirmed: Vec<MessageId>,
    /// All unread messages.
    pub unread: u32,
    /// What was written in a thread that the server had lost went on in a new one.
    pub has_inherited: bool,
    /// Something is missing before an entry: connect again.
    pub is_gap: bool,
    /// An entry is about a thread that should be here and is not: only a snapshot helps.
    pub is_lost: bool,
}

#[derive(Default)]
struct Touched {
    threads: BTreeSet<ThreadId>,
    messages: BTreeSet<(ThreadId, Seq)>,
    arrived: std::collections::BTreeMap<ThreadId, Message>,
    confirmed: Vec<MessageId>,
    has_inherited: bool,
}

impl Cache {
    /// Applies a run of entries and moves the cursor, all as one step.
    pub(crate) async fn apply(&self, entries: Vec<(Pos, Event)>) -> Result<Applied, Error> {
        let me = self.role;
        if faults::planted("bug.cursor_outside_transaction") {
            return self.apply_in_two_steps(entries).await;
        }
        self.run(move |tx| apply(tx, me, &entries)).await
    }

    /// A planted bug: the cursor moves in a transaction of its own. Whoever dies in between never hears of the entries.
    async fn apply_in_two_steps(&self, entries: Vec<(Pos, Event)>) -> Result<Applied, Error> {
        let (me, last) = (self.role, entries.last().map(|(pos, _)| *pos));
        let advance = move |tx: &Transaction<'_>| {
            let before = cursor(tx)?;
            if let (Some(before), Some(pos)) = (before, last) {
                set_cursor(tx, Cursor { pos, ..before })?;
            }
            Ok(before)
        };
        let before = self.run(advance).await?;
        faults::point("cache.advanced");
        let apply = move |tx: &Transaction<'_>| {
            before.map_or(Ok(()), |before| set_cursor(tx, before))?;
            apply(tx, me, &entries)
        };
        self.run(apply).await
    }
}

fn apply(tx: &Transaction<'_>, me: Role, entries: &[(Pos, Event)]) -> rusqlite::Result<Applied> {
    let Some(mut at) = cursor(tx)? else {
        return Ok(Applied {
            is_lost: true,
            ..Applied::default()
        });
    };
    let mut touched = Touched::default();
    let mut applied = Applied::default();
    for (pos, event) in entries {
        match sync::arrival(at, *pos) {
            Arrival::Repeat => continue,
            Arrival::Gap => {
                applied.is_gap = true;
                break;
            }
            Arrival::Next => {}
        }
        if !one(tx, me, event, &mut touched)? {
            applied.is_lost = true;
            break;
        }
        at.pos = *pos;
    }
    set_cursor(tx, at)?;
    applied.cursor = Some(at);
    applied.unread = threads::unread(tx)?;
    for thread in &touched.threads {
        applied.threads.extend(threads::item(tx, me, *thread)?);
    }
    for (thread, seq) in &touched.messages {
        let Some(held) = threads::held(tx, *thread)? else {
            continue;
        };
        let lines = messages::between(tx, *thread, *seq, *seq)?;
        applied
            .messages
            .extend(messages::items(tx, me, &held.summary.thread, lines)?);
    }
    applied.arrived = touched.arrived.into_values().collect();
    applied.confirmed = touched.confirmed;
    applied.has_inherited = touched.has_inherited;
    Ok(applied)
}

/// False when the event's thread is not here.
fn one(tx: &Transaction<'_>, me: Role, event: &Event, touched: &mut Touched) -> rusqlite::Result<bool> {
    let Some(thread) = sync::thread_of(event) else {
        return Ok(true);
    };
    let held = threads::held(tx, thread)?;
    let counts = match (event, &held) {
        (
            Event::Read {
                user_type, up_to_seq, ..
            },
            Some(held),
        ) if *user_type == me => threads::counts(tx, me, held, *up_to_seq)?,
        _ => Counts::default(),
    };
    let Some(after) = sync::apply(me, held.as_ref(), event, counts) else {
        return Ok(false);
    };
    if let (Event::ThreadStarted { thread }, None) = (event, &held) {
        touched.has_inherited |= threads::inherit(tx, thread)?;
    }
    threads::put(tx, &after)?;
    touched.threads.insert(thread);
    match event {
        Event::Message { message } => {
            messages::insert(tx, me, message)?;
            touched.messages.insert((thread, message.seq));
            if message.sender_type == me {
                threads::drop_mark(tx, thread, message.seq)?;
                touched.confirmed.push(message.id);
            } else {
                // An answer says that what stands before it was read.
                let other = me.other();
                let old = held.map_or(Seq(0), |held| sync::read_seq(&held.summary.thread, other));
                let passed = own_between(tx, me, thread, marked(old, message.seq))?;
                touched.messages.extend(passed);
                touched.arrived.insert(thread, message.clone());
            }
        }
        Event::Read {
            user_type, up_to_seq, ..
        } if *user_type == me => {
            threads::drop_mark(tx, thread, *up_to_seq)?;
        }
        Event::Read {
            user_type, up_to_seq, ..
        }
        | Event::Delivered {
            user_type, up_to_seq, ..
        } if *user_type != me => {
            let old = held.map_or(Seq(0), |held| match event {
                Event::Read { .. } => sync::read_seq(&held.summary.thread, me.other()),
                _ => sync::delivered_seq(&held.summary.thread, me.other()),
            });
            let passed = own_between(tx, me, thread, marked(old, *up_to_seq))?;
            touched.messages.extend(passed);
        }
        _ => {}
    }
    Ok(true)
}

/// What a mark passes on its way from `old` to `up_to`, as far as a screen may show it.
fn marked(old: Seq, up_to: Seq) -> (u64, u64) {
    (old.0.max(up_to.0.saturating_sub(MARKED)) + 1, up_to.0)
}

fn own_between(
    tx: &Transaction<'_>,
    me: Role,
    thread: ThreadId,
    (first, last): (u64, u64),
) -> rusqlite::Result<Vec<(ThreadId, Seq)>> {
    let mut rows =
        tx.prepare_cached("select seq from message where thread_id = ?1 and seq between ?2 and ?3 and sender = ?4")?;
    let rows = rows.query_map((thread.to_string(), number(first), number(last), me.as_str()), |row| {
        Ok((thread, Seq(row.get::<_, i64>(0)?.unsigned_abs())))
    })?;
    rows.collect()
}
