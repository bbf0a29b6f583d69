//! A planted bug: `seq` is handed out when a message comes in, as a database's sequence does, and not in the order of
//! commits. Readers see a later message before an earlier one, and what was never committed leaves a hole.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, MutexGuard};

use prilavok_protocol::ids::{MessageId, Seq, ThreadId};

use crate::faults;
use crate::store::chat::{Appending, NewMessage};
use crate::store::sqlite::readers::Readers;
use crate::store::sqlite::rows::count;
use crate::store::sqlite::writer::Writer;
use crate::store::sqlite::{SqliteStore, messages, threads};
use crate::store::{Error, Member, Result};

static HEADS: LazyLock<Mutex<HashMap<ThreadId, Seq>>> = LazyLock::new(Mutex::default);
static ALLOCATED: LazyLock<Mutex<HashMap<MessageId, Seq>>> = LazyLock::new(Mutex::default);

/// Hands out the next `seq` before it is the message's turn.
pub(super) fn append(store: &SqliteStore, member: Member, message: NewMessage) -> Appending {
    let (readers, writer) = (store.readers.clone(), store.writer.clone());
    // On its own, so that several hand out at once, whoever waits for which.
    let task = tokio::spawn(async move {
        let thread = member.thread_id();
        let is_new = !lock(&HEADS).contains_key(&thread);
        let highest = if is_new {
            highest(&readers, &writer, thread).await?
        } else {
            Seq(0)
        };
        let seq = {
            let mut heads = lock(&HEADS);
            let last = heads.entry(thread).or_insert(highest);
            *last = last.next();
            *last
        };
        lock(&ALLOCATED).insert(message.id, seq);
        faults::point("planted.allocated");
        writer
            .write(move |writing| messages::append(writing, &member, &message))
            .await
    });
    Box::pin(async move {
        task.await
            .unwrap_or_else(|error| Err(Error::Internal(error.to_string())))
    })
}

/// Not the thread's head: out of order as they are, the last one need not be the highest.
async fn highest(readers: &Readers, writer: &Writer, thread: ThreadId) -> Result<Seq> {
    writer.follow().await?;
    let highest = readers.read(move |db| {
        let sql = "select coalesce(max(seq), 0) from by_thread where thread = ?1";
        let key = threads::find(db, thread)?.key;
        Ok(Seq(db.query_row(sql, [key], |row| count(row, 0))?))
    });
    highest.await
}

/// What was handed out to this message.
pub(super) fn allocated(message: MessageId) -> Option<Seq> {
    lock(&ALLOCATED).get(&message).copied()
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().expect("no holder of this lock panics")
}
