//! Read and delivered markers, and the counts that follow from them.

use prilavok_protocol::event::Event;
use prilavok_protocol::ids::{BuyerId, Party, Pos, Role, Seq};
use prilavok_protocol::rest::HistoryQuery;

use super::{Kept, Talk, buyer, refused};
use crate::store::{Change, Error, SharedStore};

async fn lines(talk: &Talk, role: Role, count: u32) -> Kept {
    for number in 0..count {
        talk.say(role, &format!("строка {number}")).await?;
    }
    Ok(())
}

/// A marker moves forward only, never past the head, and both parties learn of each move once.
pub async fn read_markers_only_move_forward(store: SharedStore) -> Kept {
    let talk = Talk::start(&store).await?;
    lines(&talk, Role::Buyer, 5).await?;
    for (asked, expected, events) in [
        (Some(Seq(2)), 2, 2),
        (Some(Seq(2)), 2, 0),
        (Some(Seq(1)), 2, 0),
        (Some(Seq(0)), 2, 0),
        (Some(Seq(4)), 4, 2),
        (Some(Seq(900)), 5, 2),
        (None, 5, 0),
        (Some(Seq(u64::MAX)), 5, 0),
    ] {
        let before = store.head(talk.olga.party()).await?;
        let change = store.mark_read(&talk.ivan, asked).await?;
        assert_eq!(
            (change.value.0, change.deliveries.len()),
            (expected, events),
            "{asked:?}"
        );
        let after = store.head(talk.olga.party()).await?;
        assert_eq!(after.0 - before.0, events as u64 / 2);
        for delivery in &change.deliveries {
            let read = Event::Read {
                thread_id: talk.id(),
                user_type: Role::Seller,
                up_to_seq: Seq(expected),
            };
            assert_eq!(**delivery.event, read);
        }
    }
    let thread = store.thread(&talk.olga).await?;
    assert_eq!(
        (thread.seller_read_seq, thread.seller_delivered_seq),
        (Seq(5), Seq(5)),
        "reading implies delivered"
    );
    Ok(())
}

/// Whoever writes has seen what came before.
pub async fn writing_marks_as_read(store: SharedStore) -> Kept {
    let talk = Talk::start(&store).await?;
    lines(&talk, Role::Buyer, 3).await?;
    assert_eq!(store.unread(talk.ivan.party(), None).await?, 3);
    talk.say(Role::Seller, "Слушаю").await?;
    let thread = store.thread(&talk.ivan).await?;
    assert_eq!((thread.seller_read_seq, thread.buyer_read_seq), (Seq(4), Seq(3)));
    assert_eq!(store.unread(talk.ivan.party(), None).await?, 0);
    assert_eq!(store.unread(talk.olga.party(), None).await?, 1);
    Ok(())
}

/// Every count of unread messages is what one gets by counting them.
pub async fn unread_is_what_counting_yields(store: SharedStore) -> Kept {
    let first = Talk::start(&store).await?;
    let second = Talk::between(&store, buyer(&store, "Маша").await?, first.olga.seller_id()).await?;
    let script: &[(&Talk, Role, u32, Option<u64>)] = &[
        (&first, Role::Buyer, 4, None),
        (&second, Role::Buyer, 2, Some(1)),
        (&first, Role::Seller, 1, None),
        (&first, Role::Buyer, 3, Some(7)),
        (&second, Role::Seller, 2, Some(2)),
        (&second, Role::Buyer, 1, None),
    ];
    for (talk, role, count, read) in script {
        lines(talk, *role, *count).await?;
        if let Some(seq) = read {
            store.mark_read(&talk.side(role.other()), Some(Seq(*seq))).await?;
        }
        let mut total = 0;
        for talk in [&first, &second] {
            for role in [Role::Buyer, Role::Seller] {
                let side = talk.side(role);
                let counted = count_unread(&store, talk, role).await?;
                assert_eq!(store.unread(side.party(), Some(talk.id())).await?, counted);
                assert_eq!(u64::from(store.thread_summary(&side).await?.unread_count), counted);
                total += if role == Role::Seller { counted } else { 0 };
            }
        }
        assert_eq!(store.unread(first.ivan.party(), None).await?, total);
    }
    assert_eq!(store.unread(Party::buyer(BuyerId::mint()), None).await?, 0);
    Ok(())
}

async fn count_unread(store: &SharedStore, talk: &Talk, role: Role) -> crate::store::Result<u64> {
    let thread = store.thread(&talk.side(role)).await?;
    let read = if role == Role::Buyer {
        thread.buyer_read_seq
    } else {
        thread.seller_read_seq
    };
    let messages = store
        .messages(
            &talk.side(role),
            HistoryQuery {
                limit: Some(100),
                ..HistoryQuery::default()
            },
        )
        .await?;
    Ok(messages
        .iter()
        .filter(|message| message.seq > read && message.sender_type != role)
        .count() as u64)
}

fn told(change: &Change<()>) -> Vec<(Party, u64)> {
    let up_to = |event: &Event| match event {
        Event::Delivered { up_to_seq, .. } => up_to_seq.0,
        other => panic!("not a delivery: {other:?}"),
    };
    change
        .deliveries
        .iter()
        .map(|delivery| (delivery.party, up_to(&delivery.event)))
        .collect()
}

/// What a device has stored is delivered; only the other side is told, and only of news.
pub async fn stored_events_are_delivered(store: SharedStore) -> Kept {
    let talk = Talk::start(&store).await?;
    lines(&talk, Role::Buyer, 3).await?;
    let (olga, ivan) = (talk.olga.party(), talk.ivan.party());
    // The shop's log: 1 the start, 2 to 4 the messages.
    assert!(told(&store.mark_delivered(ivan.into(), Pos(1)).await?).is_empty());
    assert_eq!(told(&store.mark_delivered(ivan.into(), Pos(3)).await?), [(olga, 2)]);
    assert!(told(&store.mark_delivered(ivan.into(), Pos(3)).await?).is_empty());
    assert!(told(&store.mark_delivered(ivan.into(), Pos(2)).await?).is_empty());
    let thread = store.thread(&talk.olga).await?;
    assert_eq!((thread.seller_delivered_seq, thread.seller_read_seq), (Seq(2), Seq(0)));
    // Past the head counts as the head.
    assert_eq!(
        told(&store.mark_delivered(ivan.into(), Pos(u64::MAX)).await?),
        [(olga, 3)]
    );
    // The buyer's own messages are no news to the buyer.
    assert!(told(&store.mark_delivered(olga.into(), Pos(4)).await?).is_empty());
    lines(&talk, Role::Buyer, 1).await?;
    assert_eq!(
        told(&store.mark_delivered(ivan.into(), store.head(ivan).await?).await?),
        [(olga, 4)]
    );
    // What has been read was delivered before.
    lines(&talk, Role::Buyer, 1).await?;
    store.mark_read(&talk.ivan, None).await?;
    assert!(told(&store.mark_delivered(ivan.into(), store.head(ivan).await?).await?).is_empty());
    let nobody = Party::buyer(BuyerId::mint());
    assert!(matches!(
        refused(store.mark_delivered(nobody.into(), Pos(1)).await),
        Error::NotFound
    ));
    Ok(())
}

/// A device that comes with a long backlog gets the same markers as one that comes with a short one.
pub async fn a_long_backlog_is_delivered_at_once(store: SharedStore) -> Kept {
    let first = Talk::start(&store).await?;
    let second = Talk::between(&store, buyer(&store, "Маша").await?, first.olga.seller_id()).await?;
    let shop = first.ivan.party();
    // More than any store would look at one by one.
    let mut tasks = tokio::task::JoinSet::new();
    for number in 0..700 {
        let (store, side) = (store.clone(), if number % 7 == 0 { second.olga } else { first.olga });
        tasks.spawn(async move { store.append_message(&side, super::text("привет")).await });
    }
    while let Some(done) = tasks.join_next().await {
        done??;
    }
    let pos = store.head(shop).await?;
    first.say(Role::Buyer, "после снимка").await?;
    let mut reached = told(&store.mark_delivered(shop.into(), pos).await?);
    let mut expected = vec![(first.olga.party(), 600), (second.olga.party(), 100)];
    reached.sort();
    expected.sort();
    assert_eq!(reached, expected);
    assert_eq!(store.thread(&first.olga).await?.seller_delivered_seq, Seq(600));
    Ok(())
}
