//! A planted bug: `seq` is handed out when a message comes in, as a database's sequence does, and not in the order of
//! commits. Readers see a later message before an earlier one, and what was never committed leaves a hole.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, MutexGuard};

use prilavok_protocol::ids::{MessageId, Seq, ThreadId};

use crate::faults;
use crate::store::chat::{ChatStore, NewMessage};
use crate::store::sqlite::SqliteStore;
use crate::store::{Member, Result};

static HEADS: LazyLock<Mutex<HashMap<ThreadId, Seq>>> = LazyLock::new(Mutex::default);
static ALLOCATED: LazyLock<Mutex<HashMap<MessageId, Seq>>> = LazyLock::new(Mutex::default);

/// Hands out the next `seq` before it is the message's turn.
pub(super) async fn allocate(store: &SqliteStore, member: &Member, message: &NewMessage) -> Result<()> {
    if !faults::planted("bug.order_by_allocation") {
        return Ok(());
    }
    let head = store.thread(member).await?.head_seq;
    let seq = {
        let mut heads = lock(&HEADS);
        let last = heads.entry(member.thread_id()).or_insert(head);
        *last = last.next();
        *last
    };
    lock(&ALLOCATED).insert(message.id, seq);
    faults::point("planted.allocated");
    Ok(())
}

/// What was handed out to this message.
pub(super) fn allocated(message: MessageId) -> Option<Seq> {
    lock(&ALLOCATED).get(&message).copied()
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().expect("no holder of this lock panics")
}
