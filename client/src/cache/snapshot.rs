//! A snapshot takes the place of what the server knows, with its cursor in one transaction. What only this device
//! knows stays: outbox, drafts, history, read marks that the server has not confirmed.
//!
//! A snapshot of another history (a backup was restored) may lack messages that this device has seen confirmed. Own
//! ones come back as failed, so that the person decides; what cannot be judged by the snapshot alone is in doubt until
//! the server has been asked.

use std::collections::BTreeSet;

use prilavok_protocol::ids::{Role, Seq, ThreadId};
use prilavok_protocol::model::ThreadSummary;
use prilavok_protocol::rest::Snapshot;
use rusqlite::{OptionalExtension, Transaction};

use super::{Cache, cursor, id, messages, outbox, set_cursor, threads};
use crate::error::Error;
use crate::sync;

/// What a snapshot changed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Replaced {
    /// Threads with more unread messages than before. Empty on a device that knew nothing before.
    pub risen: Vec<ThreadId>,
    /// Own messages came back because the server does not know them any more.
    pub has_taken_back: bool,
}

impl Cache {
    /// Replaces what the server knows by a snapshot. What was started after it had been asked for may be missing in
    /// it, and stays: the log that follows the snapshot tells it.
    pub(crate) async fn replace(&self, snapshot: Snapshot, started: BTreeSet<ThreadId>) -> Result<Replaced, Error> {
        let me = self.role;
        self.run(move |tx| replace(tx, me, snapshot, &started)).await
    }
}

fn replace(
    tx: &Transaction<'_>,
    me: Role,
    snapshot: Snapshot,
    started: &BTreeSet<ThreadId>,
) -> rusqlite::Result<Replaced> {
    let old = cursor(tx)?;
    let is_other_history = old.is_some_and(|old| old.epoch != snapshot.cursor.epoch);
    let mut replaced = Replaced::default();
    let fresh: BTreeSet<ThreadId> = snapshot.threads.iter().map(|thread| thread.thread.id).collect();
    for thread in all(tx)? {
        if fresh.contains(&thread) || started.contains(&thread) {
            continue;
        }
        if is_other_history {
            messages::doubt(tx, thread)?;
            replaced.has_taken_back |= outbox::take_back(tx, me, thread, 0)?;
        }
        threads::let_go(tx, thread)?;
    }
    for summary in snapshot.threads {
        let thread = summary.thread.id;
        if is_other_history {
            replaced.has_taken_back |= judge(tx, me, &summary)?;
        }
        threads::inherit(tx, &summary)?;
        let held = threads::held(tx, thread)?;
        let before = held.as_ref().map_or(0, |held| held.summary.unread_count);
        let mut merged = sync::merge(me, held.as_ref(), summary, None);
        if let Some(up_to) = mark(tx, thread)? {
            let up_to = up_to.min(merged.summary.thread.head_seq);
            let counts = threads::counts(tx, me, &merged, up_to)?;
            sync::read_up_to(me, &mut merged, up_to, counts);
        }
        if old.is_some() && merged.summary.unread_count > before {
            replaced.risen.push(thread);
        }
        threads::put(tx, &merged)?;
    }
    set_cursor(tx, snapshot.cursor)?;
    Ok(replaced)
}

/// What another history's summary says of the messages that are kept. True when own ones came back.
fn judge(tx: &Transaction<'_>, me: Role, summary: &ThreadSummary) -> rusqlite::Result<bool> {
    let (thread, head) = (summary.thread.id, summary.thread.head_seq);
    messages::doubt(tx, thread)?;
    let has_taken_back = outbox::take_back(tx, me, thread, head.0)?;
    let newest = messages::between(tx, thread, head, head)?.pop();
    let told = (
        &summary.last_message,
        summary.last_sender_type,
        summary.last_message_time,
    );
    if newest.is_some_and(|line| {
        let (text, sender, at) = line.preview();
        (told.0.as_deref(), told.1, told.2) == (Some(text), Some(sender), Some(at))
    }) {
        messages::vouch(tx, thread, head)?;
    }
    Ok(has_taken_back)
}

fn all(tx: &Transaction<'_>) -> rusqlite::Result<Vec<ThreadId>> {
    let mut rows = tx.prepare_cached("select id from thread")?;
    rows.query_map([], |row| id(row, 0))?.collect()
}

fn mark(tx: &Transaction<'_>, thread: ThreadId) -> rusqlite::Result<Option<Seq>> {
    tx.prepare_cached("select up_to from read_mark where thread_id = ?1")?
        .query_row([thread.to_string()], |row| {
            Ok(Seq(row.get::<_, i64>(0)?.unsigned_abs()))
        })
        .optional()
}
