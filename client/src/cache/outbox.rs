//! The outbox's rows.

use prilavok_protocol::ids::{MessageId, ProductId, Role, ThreadId};
use prilavok_protocol::model::Message;
use prilavok_protocol::time::Time;
use rusqlite::{OptionalExtension, Row, Transaction};

use super::{Cache, catalogue, drafts, id, messages, number, threads};
use crate::error::Error;
use crate::outbox::{Entry, Stage};
use crate::update::{MessageItem, ThreadItem};

/// An entry with the thread that it changed.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Shown {
    /// The message.
    pub message: MessageItem,
    /// Its thread.
    pub thread: Option<ThreadItem>,
}

impl Cache {
    /// All entries. What was on the wire when the process died becomes unconfirmed.
    pub(crate) async fn outbox(&self) -> Result<Vec<Entry>, Error> {
        self.run(|tx| {
            tx.execute(
                "update outbox set stage = 'unconfirmed', is_uncertain = 1 where stage = 'sending'",
                [],
            )?;
            all(tx)
        })
        .await
    }

    /// All entries, as they stand.
    pub(crate) async fn entries(&self) -> Result<Vec<Entry>, Error> {
        self.run(all).await
    }

    /// A new message at the end, and its draft away, as one step; another text in the field stays. It is dated `at`, but never before what it follows:
    /// a clock that is behind would put it under a day long past.
    pub(crate) async fn enqueue(
        &self,
        thread: ThreadId,
        text: String,
        product: Option<ProductId>,
        at: Time,
    ) -> Result<Option<(Entry, Shown)>, Error> {
        let me = self.role;
        self.run(move |tx| {
            let Some(created_at) = threads::end(tx, thread)?.map(|end| end.max(at)) else {
                return Ok(None);
            };
            let mut entry = Entry {
                place: 0,
                thread_id: thread,
                id: MessageId::mint(),
                message: text,
                product_id: product,
                created_at,
                stage: Stage::Queued,
                is_uncertain: false,
            };
            entry.place = insert(tx, &entry)?;
            drafts::sent(tx, thread, &entry.message)?;
            let shown = shown(tx, me, &entry)?;
            Ok(Some((entry, shown)))
        })
        .await
    }

    /// Writes how far an entry got.
    pub(crate) async fn set_stage(&self, entry: Entry) -> Result<Shown, Error> {
        let me = self.role;
        self.run(move |tx| {
            let (stage, reason) = stage_words(&entry.stage);
            tx.execute(
                "update outbox set stage = ?2, reason = ?3, is_uncertain = ?4 where id = ?1",
                (entry.id.to_string(), stage, reason, entry.is_uncertain),
            )?;
            shown(tx, me, &entry)
        })
        .await
    }

    /// Queues a failed entry again, at the end and under `id`.
    pub(crate) async fn requeue(&self, mut entry: Entry, id: MessageId) -> Result<(Entry, Shown), Error> {
        let me = self.role;
        self.run(move |tx| {
            delete(tx, entry.thread_id, entry.id)?;
            // Under the same id an earlier try may still have arrived.
            entry.is_uncertain &= entry.id == id;
            entry.id = id;
            entry.stage = Stage::Queued;
            entry.place = insert(tx, &entry)?;
            let shown = shown(tx, me, &entry)?;
            Ok((entry, shown))
        })
        .await
    }

    /// Deletes an entry for good.
    pub(crate) async fn cancel(&self, thread: ThreadId, id: MessageId) -> Result<Option<ThreadItem>, Error> {
        let me = self.role;
        self.run(move |tx| {
            delete(tx, thread, id)?;
            threads::item(tx, me, thread)
        })
        .await
    }

    /// An entry goes back into the field of its thread, as one step.
    pub(crate) async fn take_back(&self, entry: Entry) -> Result<Option<ThreadItem>, Error> {
        let me = self.role;
        self.run(move |tx| {
            delete(tx, entry.thread_id, entry.id)?;
            drafts::take_back(tx, entry.thread_id, &entry.message)?;
            threads::item(tx, me, entry.thread_id)
        })
        .await
    }

    /// The server has it: out of the outbox, into the thread, as one step.
    pub(crate) async fn confirm(&self, message: Message) -> Result<Option<Shown>, Error> {
        let me = self.role;
        self.run(move |tx| {
            messages::insert(tx, me, &message)?;
            let Some(held) = threads::held(tx, message.thread_id)? else {
                return Ok(None);
            };
            let line = messages::between(tx, message.thread_id, message.seq, message.seq)?;
            let item = messages::items(tx, me, &held.summary.thread, line)?.pop();
            let thread = threads::item(tx, me, message.thread_id)?;
            Ok(item.map(|message| Shown { message, thread }))
        })
        .await
    }
}

const COLUMNS: &str = "place, thread_id, id, message, product_id, created_ms, stage, reason, is_uncertain";

fn all(tx: &Transaction<'_>) -> rusqlite::Result<Vec<Entry>> {
    let mut rows = tx.prepare_cached(&format!("select {COLUMNS} from outbox order by place"))?;
    rows.query_map([], entry)?.collect()
}

fn entry(row: &Row<'_>) -> rusqlite::Result<Entry> {
    let stage: String = row.get(6)?;
    let product: Option<String> = row.get(4)?;
    Ok(Entry {
        place: row.get(0)?,
        thread_id: id(row, 1)?,
        id: id(row, 2)?,
        message: row.get(3)?,
        product_id: product.and_then(|text| text.parse().ok()),
        created_at: Time::from_millis(row.get(5)?),
        stage: match stage.as_str() {
            "failed" => Stage::Failed(row.get(7)?),
            "sending" => Stage::Sending,
            "unconfirmed" => Stage::Unconfirmed,
            _ => Stage::Queued,
        },
        is_uncertain: row.get(8)?,
    })
}

fn stage_words(stage: &Stage) -> (&'static str, &str) {
    match stage {
        Stage::Queued => ("queued", ""),
        Stage::Sending => ("sending", ""),
        Stage::Unconfirmed => ("unconfirmed", ""),
        Stage::Failed(reason) => ("failed", reason),
    }
}

fn insert(tx: &Transaction<'_>, entry: &Entry) -> rusqlite::Result<i64> {
    let (stage, reason) = stage_words(&entry.stage);
    tx.execute(
        "insert into outbox (thread_id, id, message, product_id, created_ms, stage, reason, is_uncertain)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        (
            entry.thread_id.to_string(),
            entry.id.to_string(),
            &entry.message,
            entry.product_id.map(|id| id.to_string()),
            entry.created_at.millis(),
            stage,
            reason,
            entry.is_uncertain,
        ),
    )?;
    Ok(tx.last_insert_rowid())
}

pub(super) fn delete(tx: &Transaction<'_>, thread: ThreadId, id: MessageId) -> rusqlite::Result<()> {
    tx.prepare_cached("delete from outbox where thread_id = ?1 and id = ?2")?
        .execute((thread.to_string(), id.to_string()))?;
    Ok(())
}

/// What is in doubt after `head` was rolled back with the server's history. Own messages come back as failed: the
/// person decides, nothing vanishes. True when there were any.
pub(super) fn take_back(tx: &Transaction<'_>, me: Role, thread: ThreadId, head: u64) -> rusqlite::Result<bool> {
    let (thread, head) = (thread.to_string(), number(head));
    let taken = tx.execute(
        "insert or ignore into outbox (thread_id, id, message, product_id, created_ms, stage, reason, is_uncertain)
         select thread_id, id, message, product_id, created_ms, 'failed', 'rolled_back', 0 from message
         where thread_id = ?1 and seq > ?2 and sender = ?3 and is_doubtful = 1 order by seq",
        (&thread, head, me.as_str()),
    )?;
    tx.execute(
        "delete from message where thread_id = ?1 and seq > ?2 and is_doubtful = 1",
        (&thread, head),
    )?;
    Ok(taken > 0)
}

pub(super) fn of_thread(tx: &Transaction<'_>, thread: ThreadId) -> rusqlite::Result<Vec<Entry>> {
    let sql = format!("select {COLUMNS} from outbox where thread_id = ?1 order by place");
    let mut rows = tx.prepare_cached(&sql)?;
    rows.query_map([thread.to_string()], entry)?.collect()
}

pub(super) fn last_of_thread(tx: &Transaction<'_>, thread: ThreadId) -> rusqlite::Result<Option<Entry>> {
    let sql = format!("select {COLUMNS} from outbox where thread_id = ?1 order by place desc limit 1");
    tx.prepare_cached(&sql)?
        .query_row([thread.to_string()], entry)
        .optional()
}

/// An entry, as a screen shows it.
pub(super) fn item(tx: &Transaction<'_>, me: Role, entry: &Entry) -> rusqlite::Result<MessageItem> {
    let product = entry
        .product_id
        .map(|id| catalogue::product(tx, id))
        .transpose()?
        .flatten();
    Ok(MessageItem {
        id: entry.id,
        thread_id: entry.thread_id,
        seq: None,
        local_order: entry.place,
        message: entry.message.clone(),
        sender_type: me,
        is_mine: true,
        created_at: entry.created_at,
        state: entry.stage.state(),
        product_id: entry.product_id,
        product,
    })
}

fn shown(tx: &Transaction<'_>, me: Role, entry: &Entry) -> rusqlite::Result<Shown> {
    Ok(Shown {
        message: item(tx, me, entry)?,
        thread: threads::item(tx, me, entry.thread_id)?,
    })
}
