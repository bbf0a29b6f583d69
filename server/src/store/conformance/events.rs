//! Each party's log: exact, in order, and in step with the snapshot.

use std::collections::BTreeMap;

use prilavok_protocol::event::Event;
use prilavok_protocol::ids::{BuyerId, Party, Pos, Role, Seq, ThreadId};
use prilavok_protocol::model::Thread;

use super::{Kept, Talk, buyer, seller, text};
use crate::store::{Delivery, SharedStore};

/// What was handed to the hub is what a later reader finds, entry by entry.
pub async fn the_log_repeats_what_was_delivered(store: SharedStore) -> Kept {
    let talk = Talk::start(&store).await?;
    let (olga, ivan) = (talk.olga.party(), talk.ivan.party());
    let mut live: Vec<Delivery> = Vec::new();
    live.extend(talk.append(Role::Buyer, text("Почём доска?")).await?.deliveries);
    live.extend(store.mark_delivered(ivan.into(), Pos(2)).await?.deliveries);
    live.extend(store.mark_read(&talk.ivan, None).await?.deliveries);
    live.extend(talk.append(Role::Seller, text("По сто рублей")).await?.deliveries);
    live.extend(store.mark_read(&talk.olga, None).await?.deliveries);
    for party in [olga, ivan] {
        let expected: Vec<(Pos, Event)> = live
            .iter()
            .filter(|delivery| delivery.party == party)
            .map(|delivery| (delivery.pos, (**delivery.event).clone()))
            .collect();
        assert_eq!(store.events_after(party, Pos(1), 100).await?, expected);
        let first = store.events_after(party, Pos(0), 1).await?;
        let [(Pos(1), Event::ThreadStarted { thread })] = first.as_slice() else {
            panic!("not a start: {first:?}")
        };
        // Its counters are those of its start.
        assert_eq!((thread.thread.head_seq, thread.unread_count), (Seq(0), 0));
        assert_eq!((thread.last_message.as_ref(), thread.last_message_time), (None, None));
        assert_eq!(store.head(party).await?, expected.last().expect("there are events").0);
    }
    Ok(())
}

/// Pages of the log join without holes; beyond its end there is nothing.
pub async fn the_log_is_read_in_pages(store: SharedStore) -> Kept {
    let talk = Talk::start(&store).await?;
    for number in 0..20 {
        talk.say(Role::Buyer, &format!("строка {number}")).await?;
    }
    let party = talk.ivan.party();
    let all = store.events_after(party, Pos(0), 100).await?;
    assert_eq!(
        all.iter().map(|(pos, _)| pos.0).collect::<Vec<_>>(),
        (1..=21).collect::<Vec<_>>()
    );
    let mut paged = Vec::new();
    let mut pos = Pos(0);
    loop {
        let page = store.events_after(party, pos, 4).await?;
        let Some((last, _)) = page.last() else { break };
        pos = *last;
        paged.extend(page);
    }
    assert_eq!(paged, all);
    assert!(store.events_after(party, Pos(u64::MAX), 4).await?.is_empty());
    let nobody = Party::buyer(BuyerId::mint());
    assert!(store.events_after(nobody, Pos(0), 4).await?.is_empty());
    assert_eq!(store.head(nobody).await?, Pos(0));
    Ok(())
}

/// A party's log holds nothing of threads that it is not in.
pub async fn a_log_tells_of_own_threads_only(store: SharedStore) -> Kept {
    let first = Talk::start(&store).await?;
    let second = Talk::between(&store, buyer(&store, "Маша").await?, first.olga.seller_id()).await?;
    first.say(Role::Buyer, "От Ольги").await?;
    second.say(Role::Buyer, "От Маши").await?;
    store.mark_read(&second.ivan, None).await?;
    for (_, event) in store.events_after(second.olga.party(), Pos(0), 100).await? {
        assert_eq!(thread_of(&event), second.id());
    }
    assert_eq!(store.head(second.olga.party()).await?, Pos(3));
    assert_eq!(store.head(first.olga.party()).await?, Pos(2));
    assert_eq!(store.head(first.ivan.party()).await?, Pos(5));
    Ok(())
}

fn thread_of(event: &Event) -> ThreadId {
    match event {
        Event::ThreadStarted { thread } => thread.thread.id,
        Event::Message { message } => message.thread_id,
        Event::Read { thread_id, .. } | Event::Delivered { thread_id, .. } => *thread_id,
        Event::Unknown => panic!("an unknown event"),
    }
}

/// A snapshot taken in the middle of everything, and the events after its cursor, lead to the state of the end.
pub async fn a_snapshot_and_its_cursor_belong_together(store: SharedStore) -> Kept {
    let shop = seller(&store, "Лесной двор").await?;
    let party = Party::seller(shop);
    let mut writers = tokio::task::JoinSet::new();
    for number in 0..8 {
        let store = store.clone();
        writers.spawn(async move {
            let talk = Talk::between(&store, buyer(&store, &format!("Покупатель {number}")).await?, shop).await?;
            for line in 0..20 {
                talk.say(if line % 4 == 3 { Role::Seller } else { Role::Buyer }, "строка")
                    .await?;
                if line % 5 == 0 {
                    store.mark_read(&talk.ivan, None).await?;
                }
            }
            crate::store::Result::Ok(())
        });
    }
    let mut snapshots = Vec::new();
    while !writers.is_empty() {
        snapshots.push(store.snapshot(party).await?);
        while let Some(done) = writers.try_join_next() {
            done??;
        }
        tokio::task::yield_now().await;
    }
    let last = store.snapshot(party).await?;
    assert_eq!((last.threads.len(), last.cursor.epoch), (8, store.epoch().await?));
    assert_eq!(last.cursor.pos, store.head(party).await?);
    let expected: BTreeMap<_, _> = last
        .threads
        .iter()
        .map(|row| (row.thread.id, row.thread.clone()))
        .collect();
    for snapshot in snapshots {
        let mut threads: BTreeMap<_, _> = snapshot
            .threads
            .into_iter()
            .map(|row| (row.thread.id, row.thread))
            .collect();
        for (_, event) in store.events_after(party, snapshot.cursor.pos, 10_000).await? {
            apply(&mut threads, event);
        }
        assert_eq!(threads, expected, "from {:?}", snapshot.cursor.pos);
    }
    Ok(())
}

/// What a device does with an event, as far as the thread's numbers go. It is strict: an event that a snapshot
/// already contained would not fit.
fn apply(threads: &mut BTreeMap<ThreadId, Thread>, event: Event) {
    let id = thread_of(&event);
    if let Event::ThreadStarted { thread } = event {
        assert!(
            threads.insert(id, thread.thread).is_none(),
            "the start was in the snapshot"
        );
        return;
    }
    let thread = threads
        .get_mut(&id)
        .expect("a thread starts before anything happens in it");
    match event {
        Event::Message { message } => {
            assert_eq!(
                message.seq,
                thread.head_seq.next(),
                "the message does not follow the snapshot"
            );
            thread.head_seq = message.seq;
            let (read, delivered) = marks(thread, message.sender_type);
            (*read, *delivered) = (message.seq, message.seq);
        }
        Event::Read {
            user_type, up_to_seq, ..
        } => {
            let (read, delivered) = marks(thread, user_type);
            (*read, *delivered) = (up_to_seq, up_to_seq.max(*delivered));
        }
        Event::Delivered {
            user_type, up_to_seq, ..
        } => *marks(thread, user_type).1 = up_to_seq,
        Event::ThreadStarted { .. } | Event::Unknown => {}
    }
}

fn marks(thread: &mut Thread, role: Role) -> (&mut Seq, &mut Seq) {
    match role {
        Role::Buyer => (&mut thread.buyer_read_seq, &mut thread.buyer_delivered_seq),
        Role::Seller => (&mut thread.seller_read_seq, &mut thread.seller_delivered_seq),
    }
}
