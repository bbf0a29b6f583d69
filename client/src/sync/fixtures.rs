//! Threads and messages for the tests of the pure parts and of the cache.

use prilavok_protocol::ids::{BuyerId, MessageId, Role, SellerId, Seq, ThreadId};
use prilavok_protocol::model::{Counterpart, Message, Thread, ThreadSummary};
use prilavok_protocol::time::Time;
use uuid::Uuid;

/// The thread number `n` with `head` messages, as the side `me` lists it.
pub(crate) fn summary(n: u128, head: u64, me: Role) -> ThreadSummary {
    let buyer = Uuid::from_u128(1000 + n);
    let seller = Uuid::from_u128(2000 + n);
    let thread = Thread {
        id: ThreadId(Uuid::from_u128(n)),
        created_at: Time::from_millis(1_000),
        buyer_id: BuyerId(buyer),
        seller_id: SellerId(seller),
        product_id: None,
        head_seq: Seq(head),
        buyer_read_seq: Seq(0),
        seller_read_seq: Seq(0),
        buyer_delivered_seq: Seq(0),
        seller_delivered_seq: Seq(0),
    };
    let id = if me == Role::Buyer { seller } else { buyer };
    let counterpart = Counterpart {
        role: me.other(),
        id,
        name: "Чайная гора".into(),
        avatar_url: None,
        is_online: false,
    };
    ThreadSummary {
        thread,
        last_message: None,
        last_message_time: None,
        last_sender_type: None,
        unread_count: 0,
        counterpart,
    }
}

/// A message of the thread.
pub(crate) fn message(thread: &Thread, seq: u64, sender: Role) -> Message {
    Message {
        id: MessageId(Uuid::from_u128(thread.id.0.as_u128() * 1_000_000 + u128::from(seq))),
        seq: Seq(seq),
        message: format!("сообщение {seq}"),
        thread_id: thread.id,
        created_at: Time::from_millis(10_000 + i64::try_from(seq).expect("tests count low")),
        buyer_id: (sender == Role::Buyer).then_some(thread.buyer_id),
        seller_id: (sender == Role::Seller).then_some(thread.seller_id),
        sender_type: sender,
        is_read_by_buyer: sender == Role::Buyer,
        is_read_by_seller: sender == Role::Seller,
        product_id: None,
    }
}

/// Some moment after the start of every thread.
pub(crate) fn now() -> Time {
    Time::from_millis(9_000)
}
