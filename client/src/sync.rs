//! What an entry of the log changes on this device. Pure: (state, event) → state, or a gap.
//!
//! The cursor decides whether an entry is the next one, a repeat or beyond a gap; repeats change nothing.

use prilavok_protocol::event::Event;
use prilavok_protocol::ids::{Cursor, Pos, Role, Seq, ThreadId};
use prilavok_protocol::model::{Message, Thread, ThreadSummary};

/// A thread as this device holds it.
#[derive(Debug, Clone, PartialEq)]
pub struct Held {
    /// With this device's own read mark applied.
    pub summary: ThreadSummary,
    /// Since when the buyer waits for an answer, in milliseconds.
    pub waiting_ms: Option<i64>,
}

/// Where an entry stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arrival {
    /// Apply it.
    Next,
    /// It has been applied: drop it.
    Repeat,
    /// Something is missing before it: connect again with the cursor.
    Gap,
}

/// Where the entry at `pos` stands for a device at `cursor`.
#[must_use]
pub fn arrival(cursor: Cursor, pos: Pos) -> Arrival {
    match pos.cmp(&cursor.pos.next()) {
        std::cmp::Ordering::Equal => Arrival::Next,
        std::cmp::Ordering::Less => Arrival::Repeat,
        std::cmp::Ordering::Greater => Arrival::Gap,
    }
}

/// Messages that this device holds in a stretch of a thread.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counted {
    /// All.
    pub known: u64,
    /// Those of the other side.
    pub theirs: u64,
}

/// What a read marker needs to know to say what is left unread.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// In what the marker passes: after the old mark, up to the new one.
    pub passed: Counted,
    /// In what it leaves: after the new mark, up to the head.
    pub left: Counted,
}

/// The thread that an event is about.
#[must_use]
pub fn thread_of(event: &Event) -> Option<ThreadId> {
    match event {
        Event::ThreadStarted { thread } => Some(thread.thread.id),
        Event::Message { message } => Some(message.thread_id),
        Event::Read { thread_id, .. } | Event::Delivered { thread_id, .. } => Some(*thread_id),
        Event::Unknown => None,
    }
}

/// Up to where a side has read.
#[must_use]
pub fn read_seq(thread: &Thread, side: Role) -> Seq {
    match side {
        Role::Buyer => thread.buyer_read_seq,
        Role::Seller => thread.seller_read_seq,
    }
}

/// Up to where a side's devices have everything.
#[must_use]
pub fn delivered_seq(thread: &Thread, side: Role) -> Seq {
    match side {
        Role::Buyer => thread.buyer_delivered_seq,
        Role::Seller => thread.seller_delivered_seq,
    }
}

/// The thread after the event. `None` when it is about a thread that this device should hold and does not:
/// then only a snapshot helps. `counts` matter for the own read marker alone.
#[must_use]
pub fn apply(me: Role, held: Option<&Held>, event: &Event, counts: Counts) -> Option<Held> {
    if let Event::ThreadStarted { thread } = event {
        return Some(started(held, thread));
    }
    let mut held = held?.clone();
    match event {
        Event::Message { message } => arrived(me, &mut held, message),
        Event::Read {
            user_type, up_to_seq, ..
        } if *user_type == me => {
            read_up_to(me, &mut held, *up_to_seq, counts);
        }
        Event::Read {
            user_type, up_to_seq, ..
        } => {
            let thread = &mut held.summary.thread;
            let mark = read_mark(thread, *user_type);
            *mark = (*mark).max(*up_to_seq);
            // What was read was delivered, whether or not its marker got here first.
            let mark = delivered_mark(thread, *user_type);
            *mark = (*mark).max(*up_to_seq);
        }
        Event::Delivered {
            user_type, up_to_seq, ..
        } => {
            let mark = delivered_mark(&mut held.summary.thread, *user_type);
            *mark = (*mark).max(*up_to_seq);
        }
        Event::ThreadStarted { .. } | Event::Unknown => {}
    }
    Some(held)
}

/// A thread that the device may have made itself already: then only the other side's looks are news.
fn started(held: Option<&Held>, thread: &ThreadSummary) -> Held {
    let Some(held) = held else {
        return Held {
            summary: thread.clone(),
            waiting_ms: waiting_of(thread),
        };
    };
    let mut held = held.clone();
    held.summary.counterpart = thread.counterpart.clone();
    held.summary.thread.product_id = held.summary.thread.product_id.or(thread.thread.product_id);
    held
}

fn arrived(me: Role, held: &mut Held, message: &Message) {
    let summary = &mut held.summary;
    if message.seq <= summary.thread.head_seq {
        return;
    }
    summary.thread.head_seq = message.seq;
    summary.last_message = Some(message.message.clone());
    summary.last_message_time = Some(message.created_at);
    summary.last_sender_type = Some(message.sender_type);
    if message.product_id.is_some() {
        summary.thread.product_id = message.product_id;
    }
    // Whoever writes has the thread open: the server moves the sender's marks along and says no more about it.
    let mark = read_mark(&mut summary.thread, message.sender_type);
    *mark = (*mark).max(message.seq);
    let mark = delivered_mark(&mut summary.thread, message.sender_type);
    *mark = (*mark).max(message.seq);
    if message.sender_type == me {
        summary.unread_count = 0;
    } else if message.seq > read_seq(&summary.thread, me) {
        summary.unread_count += 1;
    }
    held.waiting_ms = match message.sender_type {
        Role::Buyer => held.waiting_ms.or(Some(message.created_at.millis())),
        Role::Seller => None,
    };
}

/// Moves the own read mark forward and says what is left unread: exactly, where the messages are known.
pub fn read_up_to(me: Role, held: &mut Held, up_to: Seq, counts: Counts) {
    let summary = &mut held.summary;
    let old = read_seq(&summary.thread, me);
    if up_to <= old {
        return;
    }
    let head = summary.thread.head_seq;
    let left = head.0.saturating_sub(up_to.0);
    let passed = up_to.0 - old.0;
    let before = u64::from(summary.unread_count);
    let unread = if left == 0 {
        0
    } else if counts.left.known == left {
        counts.left.theirs
    } else if counts.passed.known == passed {
        before.saturating_sub(counts.passed.theirs)
    } else {
        // Neither stretch is held in full: at most what the holes may hide.
        before.min(counts.left.theirs + (left - counts.left.known.min(left)))
    };
    summary.unread_count = u32::try_from(unread).unwrap_or(u32::MAX);
    *read_mark(&mut summary.thread, me) = up_to;
    // The server moves it along and says no more about it; a device that did not would differ from its next snapshot.
    let mark = delivered_mark(&mut summary.thread, me);
    *mark = (*mark).max(up_to);
}

/// A thread that the server has lost: nothing of it is known any more but whom it was with.
pub fn forget(held: &mut Held) {
    let summary = &mut held.summary;
    for side in [Role::Buyer, Role::Seller] {
        *read_mark(&mut summary.thread, side) = Seq(0);
        *delivered_mark(&mut summary.thread, side) = Seq(0);
    }
    summary.thread.head_seq = Seq(0);
    summary.last_message = None;
    summary.last_message_time = None;
    summary.last_sender_type = None;
    summary.unread_count = 0;
    held.waiting_ms = None;
}

/// The thread of a snapshot, with what only this device knows: its unsent read mark and the waiting clock.
#[must_use]
pub fn merge(me: Role, held: Option<&Held>, fresh: ThreadSummary, mark: Option<(Seq, Counts)>) -> Held {
    let waiting_ms = match held {
        Some(held) if held.summary.thread.head_seq == fresh.thread.head_seq => held.waiting_ms,
        _ => waiting_of(&fresh),
    };
    let mut held = Held {
        summary: fresh,
        waiting_ms,
    };
    if let Some((up_to, counts)) = mark {
        read_up_to(me, &mut held, up_to, counts);
    }
    held
}

fn waiting_of(thread: &ThreadSummary) -> Option<i64> {
    match thread.last_sender_type {
        Some(Role::Buyer) => thread.last_message_time.map(prilavok_protocol::time::Time::millis),
        _ => None,
    }
}

fn read_mark(thread: &mut Thread, side: Role) -> &mut Seq {
    match side {
        Role::Buyer => &mut thread.buyer_read_seq,
        Role::Seller => &mut thread.seller_read_seq,
    }
}

fn delivered_mark(thread: &mut Thread, side: Role) -> &mut Seq {
    match side {
        Role::Buyer => &mut thread.buyer_delivered_seq,
        Role::Seller => &mut thread.seller_delivered_seq,
    }
}

#[cfg(test)]
mod model;

#[cfg(test)]
mod tests;

#[cfg(test)]
pub(crate) mod fixtures;
