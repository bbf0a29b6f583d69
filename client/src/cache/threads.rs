//! Threads and read marks.

use prilavok_protocol::ids::{Role, Seq, ThreadId};
use prilavok_protocol::model::ThreadSummary;
use prilavok_protocol::time::Time;
use rusqlite::{OptionalExtension, Transaction};
use uuid::Uuid;

use super::{Cache, drafts, id, json, messages, number, outbox, to_json};
use crate::error::Error;
use crate::sync::{self, Counts, Held};
use crate::update::ThreadItem;

impl Cache {
    /// All threads, newest activity first.
    pub(crate) async fn threads(&self) -> Result<Vec<ThreadItem>, Error> {
        let me = self.role;
        self.run(move |tx| {
            let all: Vec<ThreadId> = {
                let mut rows = tx.prepare_cached("select id from thread")?;
                rows.query_map([], |row| id(row, 0))?.collect::<rusqlite::Result<_>>()?
            };
            let items: rusqlite::Result<Vec<_>> =
                all.into_iter().filter_map(|id| item(tx, me, id).transpose()).collect();
            let mut items = items?;
            items.sort_by_key(|item| std::cmp::Reverse(item.activity_ms));
            Ok(items)
        })
        .await
    }

    /// One thread.
    pub(crate) async fn thread(&self, thread: ThreadId) -> Result<Option<ThreadItem>, Error> {
        let me = self.role;
        self.run(move |tx| item(tx, me, thread)).await
    }

    /// All unread messages.
    pub(crate) async fn unread(&self) -> Result<u32, Error> {
        self.run(unread).await
    }

    /// A thread that this device made itself; one that is here already stays as it is.
    pub(crate) async fn adopt(&self, summary: ThreadSummary) -> Result<Option<ThreadItem>, Error> {
        let me = self.role;
        self.run(move |tx| {
            let thread = summary.thread.id;
            if held(tx, thread)?.is_none() {
                inherit(tx, &summary)?;
                put(tx, &sync::merge(me, None, summary, None))?;
            }
            item(tx, me, thread)
        })
        .await
    }

    /// Moves the own read mark; it waits in the file until the server confirms it. `None` when nothing moved.
    pub(crate) async fn mark_read(&self, thread: ThreadId, up_to: Seq) -> Result<Option<(ThreadItem, Seq)>, Error> {
        let me = self.role;
        self.run(move |tx| {
            let Some(mut row) = held(tx, thread)? else {
                return Ok(None);
            };
            // Never past what is known to exist: the server would refuse it.
            let newest = messages::newest(tx, thread)?.map_or(Seq(0), |line| line.seq());
            let up_to = up_to.min(row.summary.thread.head_seq.max(newest));
            if up_to <= sync::read_seq(&row.summary.thread, me) {
                return Ok(None);
            }
            let counts = counts(tx, me, &row, up_to)?;
            sync::read_up_to(me, &mut row, up_to, counts);
            put(tx, &row)?;
            tx.execute(
                "insert into read_mark (thread_id, up_to) values (?1, ?2)
                 on conflict (thread_id) do update set up_to = max(up_to, excluded.up_to)",
                (thread.to_string(), number(up_to.0)),
            )?;
            Ok(item(tx, me, thread)?.map(|item| (item, up_to)))
        })
        .await
    }

    /// Read marks that the server has not confirmed.
    pub(crate) async fn read_marks(&self) -> Result<Vec<(ThreadId, Seq)>, Error> {
        self.run(|tx| {
            let mut rows = tx.prepare_cached("select thread_id, up_to from read_mark")?;
            let rows = rows.query_map([], |row| Ok((id(row, 0)?, Seq(row.get::<_, i64>(1)?.unsigned_abs()))))?;
            rows.collect()
        })
        .await
    }

    /// The server has the mark, or will never take it.
    pub(crate) async fn drop_read_mark(&self, thread: ThreadId, up_to: Seq) -> Result<(), Error> {
        self.run(move |tx| drop_mark(tx, thread, up_to)).await
    }

    /// Who is there: `None` means nobody can be known to be.
    pub(crate) async fn presence(&self, of: Option<(Uuid, bool)>) -> Result<Vec<ThreadItem>, Error> {
        let me = self.role;
        self.run(move |tx| {
            let touched: Vec<ThreadId> = {
                let mut rows = tx.prepare_cached("select id from thread where ?1 is null or counterpart = ?1")?;
                let rows = rows.query_map([of.map(|(id, _)| id.to_string())], |row| id(row, 0))?;
                rows.collect::<rusqlite::Result<_>>()?
            };
            let is_online = of.is_some_and(|(_, is_online)| is_online);
            let mut items = Vec::new();
            for thread in touched {
                let Some(mut row) = held(tx, thread)? else {
                    continue;
                };
                if row.summary.counterpart.is_online == is_online {
                    continue;
                }
                row.summary.counterpart.is_online = is_online;
                put(tx, &row)?;
                items.extend(item(tx, me, thread)?);
            }
            Ok(items)
        })
        .await
    }
}

pub(super) fn held(tx: &Transaction<'_>, thread: ThreadId) -> rusqlite::Result<Option<Held>> {
    tx.prepare_cached("select body, waiting_ms from thread where id = ?1")?
        .query_row([thread.to_string()], |row| {
            Ok(Held {
                summary: json(row, 0)?,
                waiting_ms: row.get(1)?,
            })
        })
        .optional()
}

/// When the last thing in the thread happened, sent or not. `None`: there is no such thread.
pub(super) fn end(tx: &Transaction<'_>, thread: ThreadId) -> rusqlite::Result<Option<Time>> {
    let Some(held) = held(tx, thread)? else {
        return Ok(None);
    };
    let start = held.summary.thread.created_at;
    let newest = messages::newest(tx, thread)?.map(|line| line.preview().2);
    let unsent = outbox::last_of_thread(tx, thread)?.map(|entry| entry.created_at);
    let told = held.summary.last_message_time;
    Ok([told, newest, unsent]
        .into_iter()
        .flatten()
        .fold(start, Time::max)
        .into())
}

pub(super) fn put(tx: &Transaction<'_>, held: &Held) -> rusqlite::Result<()> {
    tx.prepare_cached(
        "insert into thread (id, body, counterpart, unread, waiting_ms) values (?1, ?2, ?3, ?4, ?5)
         on conflict (id) do update set body = excluded.body, counterpart = excluded.counterpart,
             unread = excluded.unread, waiting_ms = excluded.waiting_ms",
    )?
    .execute((
        held.summary.thread.id.to_string(),
        to_json(&held.summary)?,
        held.summary.counterpart.id.to_string(),
        held.summary.unread_count,
        held.waiting_ms,
    ))?;
    Ok(())
}

pub(super) fn unread(tx: &Transaction<'_>) -> rusqlite::Result<u32> {
    let total: i64 = tx
        .prepare_cached("select coalesce(sum(unread), 0) from thread")?
        .query_row([], |row| row.get(0))?;
    Ok(u32::try_from(total).unwrap_or(u32::MAX))
}

/// The server does not know the thread any more. It goes too, unless the person wrote something in it: that is all
/// that is left of it then.
pub(super) fn let_go(tx: &Transaction<'_>, thread: ThreadId) -> rusqlite::Result<()> {
    let id = thread.to_string();
    tx.execute("delete from message where thread_id = ?1", [&id])?;
    tx.execute("delete from read_mark where thread_id = ?1", [&id])?;
    let draft = drafts::of(tx, thread)?;
    let has_draft = !draft.text.is_empty() || draft.other.is_some();
    let is_written_in = has_draft || outbox::last_of_thread(tx, thread)?.is_some();
    if !is_written_in {
        tx.execute("delete from thread where id = ?1", [&id])?;
        return Ok(());
    }
    let Some(mut row) = held(tx, thread)? else {
        return Ok(());
    };
    sync::forget(&mut row);
    put(tx, &row)
}

/// There is one thread with each counterpart. What was written in one that the server has lost goes on in the new one.
/// True when there was anything.
pub(super) fn inherit(tx: &Transaction<'_>, new: &ThreadSummary) -> rusqlite::Result<bool> {
    let heir = new.thread.id.to_string();
    let counterpart = new.counterpart.id.to_string();
    let old_id: Option<ThreadId> = tx
        .prepare_cached("select id from thread where counterpart = ?1 and id <> ?2")?
        .query_row((&counterpart, &heir), |row| id(row, 0))
        .optional()?;
    let Some(old_id) = old_id else { return Ok(false) };
    let old = old_id.to_string();
    tx.execute("update outbox set thread_id = ?2 where thread_id = ?1", (&old, &heir))?;
    drafts::inherit(tx, old_id, new.thread.id)?;
    tx.execute("delete from thread where id = ?1", [&old])?;
    Ok(true)
}

/// What a read marker needs to know.
pub(super) fn counts(tx: &Transaction<'_>, me: Role, held: &Held, up_to: Seq) -> rusqlite::Result<Counts> {
    let thread = &held.summary.thread;
    Ok(Counts {
        passed: messages::count(tx, me, thread.id, (sync::read_seq(thread, me), up_to))?,
        left: messages::count(tx, me, thread.id, (up_to, thread.head_seq))?,
    })
}

pub(super) fn drop_mark(tx: &Transaction<'_>, thread: ThreadId, up_to: Seq) -> rusqlite::Result<()> {
    tx.execute(
        "delete from read_mark where thread_id = ?1 and up_to <= ?2",
        (thread.to_string(), number(up_to.0)),
    )?;
    Ok(())
}

/// The thread, as a list shows it: with messages that are newer than the summary, sent or not.
pub(super) fn item(tx: &Transaction<'_>, me: Role, thread: ThreadId) -> rusqlite::Result<Option<ThreadItem>> {
    let Some(Held {
        mut summary,
        waiting_ms,
    }) = held(tx, thread)?
    else {
        return Ok(None);
    };
    let head = summary.thread.head_seq;
    let mut newest = head;
    if let Some(line) = messages::newest(tx, thread)?.filter(|line| line.seq() > head) {
        let (text, sender, time) = line.preview();
        summary.last_message = Some(text.to_owned());
        summary.last_sender_type = Some(sender);
        summary.last_message_time = Some(time);
        newest = line.seq();
    }
    let mut last_state = match summary.last_sender_type {
        Some(sender) if sender == me => Some(messages::state(me, &summary.thread, sender, newest)),
        _ => None,
    };
    let mut activity = summary.last_message_time.unwrap_or(summary.thread.created_at);
    if let Some(entry) = outbox::last_of_thread(tx, thread)? {
        activity = activity.max(entry.created_at);
        last_state = Some(entry.stage.state());
        summary.last_message = Some(entry.message);
        summary.last_message_time = Some(entry.created_at);
        summary.last_sender_type = Some(me);
    }
    let waiting_since = waiting_ms.filter(|_| me == Role::Seller).map(Time::from_millis);
    let draft = drafts::of(tx, thread)?;
    Ok(Some(ThreadItem {
        summary,
        activity_ms: activity.millis(),
        draft: Some(draft.text).filter(|text| !text.is_empty()),
        draft_caret: draft.caret,
        draft_filled: draft.filled,
        other_draft: draft.other.map(|other| other.text),
        waiting_since,
        last_state,
    }))
}
