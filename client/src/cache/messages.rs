//! Messages: what is held of a thread's dense history.

use prilavok_protocol::ids::{MessageId, ProductId, Role, Seq, ThreadId};
use prilavok_protocol::model::{Message, Thread};
use prilavok_protocol::time::Time;
use rusqlite::{OptionalExtension, Row, Transaction};

use super::{Cache, catalogue, id, number, outbox, threads};
use crate::error::Error;
use crate::sync::{self, Counted};
use crate::update::{MessageItem, MessageState};

/// A stretch of a thread, as far as it is held.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Held {
    /// Oldest first.
    pub messages: Vec<MessageItem>,
    /// The first and the last `seq` that are wanted and not held.
    pub hole: Option<(Seq, Seq)>,
}

impl Cache {
    /// The newest `seq` known of a thread: the summary's, or that of a message that came another way.
    pub(crate) async fn tip(&self, thread: ThreadId) -> Result<Option<Seq>, Error> {
        self.run(move |tx| {
            let Some(held) = threads::held(tx, thread)? else {
                return Ok(None);
            };
            Ok(Some(held.summary.thread.head_seq.max(newest_seq(tx, thread)?)))
        })
        .await
    }

    /// The messages from `first` to `last`, both included.
    pub(crate) async fn stretch(&self, thread: ThreadId, first: Seq, last: Seq) -> Result<Held, Error> {
        let me = self.role;
        self.run(move |tx| {
            let Some(held) = threads::held(tx, thread)? else {
                return Ok(Held {
                    messages: Vec::new(),
                    hole: None,
                });
            };
            let rows = between(tx, thread, first, last)?;
            let hole = hole(&rows, first, last);
            let messages = items(tx, me, &held.summary.thread, rows)?;
            Ok(Held { messages, hole })
        })
        .await
    }

    /// What waits in the outbox for this thread, in the order of writing.
    pub(crate) async fn unsent(&self, thread: ThreadId) -> Result<Vec<MessageItem>, Error> {
        let me = self.role;
        self.run(move |tx| {
            let entries = outbox::of_thread(tx, thread)?;
            entries.iter().map(|entry| outbox::item(tx, me, entry)).collect()
        })
        .await
    }

    /// Keeps a fetched page of history. True when own messages came back because the server does not know them.
    pub(crate) async fn keep(&self, messages: Vec<Message>) -> Result<bool, Error> {
        let me = self.role;
        self.run(move |tx| {
            let mut has_taken_back = false;
            for message in &messages {
                has_taken_back |= insert(tx, me, message)?;
            }
            Ok(has_taken_back)
        })
        .await
    }
}

/// A row of the table.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Line {
    id: MessageId,
    seq: Seq,
    message: String,
    sender: Role,
    created_at: Time,
    product_id: Option<ProductId>,
    is_doubtful: bool,
}

const COLUMNS: &str = "id, seq, message, sender, created_ms, product_id, is_doubtful";

fn line(row: &Row<'_>) -> rusqlite::Result<Line> {
    let sender: String = row.get(3)?;
    let product: Option<String> = row.get(5)?;
    Ok(Line {
        id: id(row, 0)?,
        seq: Seq(row.get::<_, i64>(1)?.unsigned_abs()),
        message: row.get(2)?,
        sender: if sender == Role::Buyer.as_str() {
            Role::Buyer
        } else {
            Role::Seller
        },
        created_at: Time::from_millis(row.get(4)?),
        product_id: product.and_then(|text| text.parse().ok()),
        is_doubtful: row.get(6)?,
    })
}

/// Keeps a message; what stood in its place (a history that was rolled back) gives way. True when own messages came
/// back with that.
pub(super) fn insert(tx: &Transaction<'_>, me: Role, message: &Message) -> rusqlite::Result<bool> {
    let has_taken_back = compare(tx, me, message)?;
    tx.prepare_cached(
        "insert or replace into message (thread_id, id, seq, message, sender, created_ms, product_id)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?
    .execute((
        message.thread_id.to_string(),
        message.id.to_string(),
        number(message.seq.0),
        &message.message,
        message.sender_type.as_str(),
        message.created_at.millis(),
        message.product_id.map(|id| id.to_string()),
    ))?;
    // The server has it, whichever way the news came.
    outbox::delete(tx, message.thread_id, message.id)?;
    Ok(has_taken_back)
}

/// What the server's word at this place says of what is kept from a history that it has left. Two histories of one
/// thread are the same up to where they part: one message in common vouches for all before it, one that differs
/// disowns all after it.
fn compare(tx: &Transaction<'_>, me: Role, message: &Message) -> rusqlite::Result<bool> {
    let (thread, seq) = (message.thread_id, message.seq);
    let Some(line) = between(tx, thread, seq, seq)?.pop().filter(|line| line.is_doubtful) else {
        return Ok(false);
    };
    if line.id == message.id {
        vouch(tx, thread, seq)?;
        return Ok(false);
    }
    outbox::take_back(tx, me, thread, seq.0 - 1)
}

/// Whatever is kept of the thread may be from another history.
pub(super) fn doubt(tx: &Transaction<'_>, thread: ThreadId) -> rusqlite::Result<()> {
    tx.execute(
        "update message set is_doubtful = 1 where thread_id = ?1",
        [thread.to_string()],
    )?;
    Ok(())
}

/// The server has all that is kept up to here.
pub(super) fn vouch(tx: &Transaction<'_>, thread: ThreadId, up_to: Seq) -> rusqlite::Result<()> {
    tx.execute(
        "update message set is_doubtful = 0 where thread_id = ?1 and seq <= ?2",
        (thread.to_string(), number(up_to.0)),
    )?;
    Ok(())
}

pub(super) fn between(tx: &Transaction<'_>, thread: ThreadId, first: Seq, last: Seq) -> rusqlite::Result<Vec<Line>> {
    let sql = format!("select {COLUMNS} from message where thread_id = ?1 and seq between ?2 and ?3 order by seq");
    let mut rows = tx.prepare_cached(&sql)?;
    let rows = rows.query_map((thread.to_string(), number(first.0), number(last.0)), line)?;
    rows.collect()
}

/// The newest message held.
pub(super) fn newest(tx: &Transaction<'_>, thread: ThreadId) -> rusqlite::Result<Option<Line>> {
    let sql = format!("select {COLUMNS} from message where thread_id = ?1 order by seq desc limit 1");
    tx.prepare_cached(&sql)?
        .query_row([thread.to_string()], line)
        .optional()
}

impl Line {
    pub(super) fn seq(&self) -> Seq {
        self.seq
    }

    /// Text, sender and time, for a thread's list row.
    pub(super) fn preview(&self) -> (&str, Role, Time) {
        (&self.message, self.sender, self.created_at)
    }
}

fn newest_seq(tx: &Transaction<'_>, thread: ThreadId) -> rusqlite::Result<Seq> {
    Ok(newest(tx, thread)?.map_or(Seq(0), |line| line.seq))
}

/// How many messages are held after `after`, up to `up_to`.
pub(super) fn count(
    tx: &Transaction<'_>,
    me: Role,
    thread: ThreadId,
    (after, up_to): (Seq, Seq),
) -> rusqlite::Result<Counted> {
    tx.prepare_cached(
        "select count(*), coalesce(sum(sender <> ?4), 0) from message
         where thread_id = ?1 and seq > ?2 and seq <= ?3 and is_doubtful = 0",
    )?
    .query_row(
        (thread.to_string(), number(after.0), number(up_to.0), me.as_str()),
        |row| {
            Ok(Counted {
                known: row.get::<_, i64>(0)?.unsigned_abs(),
                theirs: row.get::<_, i64>(1)?.unsigned_abs(),
            })
        },
    )
}

/// Rows, as a screen shows them.
pub(super) fn items(
    tx: &Transaction<'_>,
    me: Role,
    thread: &Thread,
    lines: Vec<Line>,
) -> rusqlite::Result<Vec<MessageItem>> {
    lines.into_iter().map(|line| item(tx, me, thread, line)).collect()
}

fn item(tx: &Transaction<'_>, me: Role, thread: &Thread, line: Line) -> rusqlite::Result<MessageItem> {
    let product = line
        .product_id
        .map(|id| catalogue::product(tx, id))
        .transpose()?
        .flatten();
    Ok(MessageItem {
        id: line.id,
        thread_id: thread.id,
        seq: Some(line.seq),
        local_order: 0,
        message: line.message,
        sender_type: line.sender,
        is_mine: line.sender == me,
        created_at: line.created_at,
        state: state(me, thread, line.sender, line.seq),
        product_id: line.product_id,
        product,
    })
}

/// How far a message of this side got, by the other side's marks.
pub(super) fn state(me: Role, thread: &Thread, sender: Role, seq: Seq) -> MessageState {
    if sender != me {
        MessageState::Received
    } else if seq <= sync::read_seq(thread, me.other()) {
        MessageState::Read
    } else if seq <= sync::delivered_seq(thread, me.other()) {
        MessageState::Delivered
    } else {
        MessageState::Sent
    }
}

/// The smallest stretch that covers everything missing.
fn hole(lines: &[Line], first: Seq, last: Seq) -> Option<(Seq, Seq)> {
    if first > last {
        return None;
    }
    let mut low = first.0;
    let mut high = last.0;
    // The server is asked about what is in doubt; until it answers, that is shown.
    let sure = || lines.iter().filter(|line| !line.is_doubtful);
    for line in sure() {
        if line.seq.0 != low {
            break;
        }
        low += 1;
    }
    for line in sure().rev() {
        if line.seq.0 != high || high < low {
            break;
        }
        high -= 1;
    }
    (low <= high).then_some((Seq(low), Seq(high)))
}
