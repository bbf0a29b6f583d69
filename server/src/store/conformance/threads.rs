//! One thread a pair, proofs of membership, and lists.

use std::collections::BTreeSet;

use prilavok_protocol::event::Event;
use prilavok_protocol::ids::{BuyerId, Party, Pos, ProductId, Role, SellerId, Seq, ThreadId};
use prilavok_protocol::model::ThreadSummary;

use super::{Kept, Talk, at, buyer, product, refused, seller, text};
use crate::store::chat::ThreadsCursor;
use crate::store::{Error, SharedStore};

/// Sixteen starts at once make one thread, and each party hears of it once.
pub async fn parallel_starts_make_one_thread(store: SharedStore) -> Kept {
    let (olga, ivan) = (buyer(&store, "Ольга").await?, seller(&store, "Лесной двор").await?);
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..16 {
        let store = store.clone();
        tasks.spawn(async move { store.start_thread(olga.into(), ivan, None, at(5)).await });
    }
    let mut ids = BTreeSet::new();
    let mut deliveries = Vec::new();
    while let Some(change) = tasks.join_next().await {
        let change = change??;
        ids.insert(change.value.thread.thread.id);
        assert_eq!(change.value.is_new, !change.deliveries.is_empty());
        deliveries.extend(change.deliveries);
    }
    assert_eq!((ids.len(), deliveries.len()), (1, 2));
    for delivery in &deliveries {
        assert_eq!(delivery.pos, Pos(1));
        let Event::ThreadStarted { thread } = &**delivery.event else {
            panic!("not a start: {:?}", delivery.event)
        };
        assert_eq!(Some(&thread.thread.id), ids.first());
        assert_eq!(thread.thread.created_at, at(5));
        assert_eq!(thread.counterpart.role, delivery.party.role.other());
        let name = if delivery.party.role == Role::Buyer {
            "Лесной двор"
        } else {
            "Ольга"
        };
        assert_eq!(thread.counterpart.name, name);
    }
    Ok(())
}

/// Unknown buyers, shops and products are not found, nor is another shop's product; nothing is made.
pub async fn a_thread_needs_known_parties(store: SharedStore) -> Kept {
    let (olga, ivan) = (buyer(&store, "Ольга").await?, seller(&store, "Лесной двор").await?);
    let foreign = product(&store, seller(&store, "Другой").await?, "Гвозди").await?;
    for (person, shop, asked) in [
        (BuyerId::mint(), ivan, None),
        (olga, SellerId::mint(), None),
        (olga, ivan, Some(ProductId::mint())),
        (olga, ivan, Some(foreign)),
    ] {
        assert!(matches!(
            refused(store.start_thread(person.into(), shop, asked, at(0)).await),
            Error::NotFound
        ));
    }
    assert_eq!(store.head(Party::buyer(olga)).await?, Pos(0));
    assert!(store.threads(Party::seller(ivan), None, 10).await?.is_empty());
    Ok(())
}

/// The product asked about last stays with the thread.
pub async fn a_thread_remembers_the_product(store: SharedStore) -> Kept {
    let (olga, ivan) = (buyer(&store, "Ольга").await?, seller(&store, "Лесной двор").await?);
    let (board, beam) = (
        product(&store, ivan, "Доска").await?,
        product(&store, ivan, "Брус").await?,
    );
    for (asked, expected) in [(Some(board), board), (None, board), (Some(beam), beam)] {
        let started = store.start_thread(olga.into(), ivan, asked, at(0)).await?.value.thread;
        assert_eq!(started.thread.product_id, Some(expected));
        let listed = store.threads(Party::seller(ivan), None, 10).await?;
        assert_eq!(listed[0].thread.product_id, Some(expected));
    }
    // The log tells of the start as it was.
    let events = store.events_after(Party::seller(ivan), Pos(0), 10).await?;
    let [(Pos(1), Event::ThreadStarted { thread })] = events.as_slice() else {
        panic!("not one start: {events:?}")
    };
    assert_eq!(thread.thread.product_id, Some(board));
    Ok(())
}

/// A foreign thread looks exactly like one that never was.
pub async fn a_foreign_thread_is_not_found(store: SharedStore) -> Kept {
    let talk = Talk::start(&store).await?;
    let masha = buyer(&store, "Маша").await?;
    let other = seller(&store, "Другой").await?;
    // The same number on the other side of the counter is another party.
    let twin = Party {
        role: Role::Seller,
        id: talk.olga.buyer_id().0,
    };
    for party in [
        Party::buyer(masha),
        Party::seller(other),
        twin,
        Party::buyer(BuyerId::mint()),
    ] {
        assert!(matches!(refused(store.member(talk.id(), party).await), Error::NotFound));
        assert!(matches!(
            refused(store.member(ThreadId::mint(), party).await),
            Error::NotFound
        ));
        assert!(matches!(
            refused(store.unread(party, Some(talk.id())).await),
            Error::NotFound
        ));
    }
    let member = store.member(talk.id(), talk.olga.party()).await?;
    assert_eq!((member.role(), member.other()), (Role::Buyer, talk.ivan.party()));
    let pair = (talk.olga.buyer_id(), talk.olga.seller_id());
    assert_eq!(store.parties(talk.id()).await?, pair);
    assert!(matches!(
        refused(store.parties(ThreadId::mint()).await),
        Error::NotFound
    ));
    Ok(())
}

/// A row of the list says what a person needs to choose.
pub async fn a_summary_shows_the_newest_message(store: SharedStore) -> Kept {
    let talk = Talk::start(&store).await?;
    let fresh = store.thread_summary(&talk.olga).await?;
    assert_eq!(
        (fresh.last_message, fresh.last_message_time, fresh.last_sender_type),
        (None, None, None)
    );
    talk.say(Role::Buyer, "Добрый день").await?;
    let mut answer = text("Здравствуйте!");
    answer.at = at(77);
    talk.append(Role::Seller, answer).await?;
    let row = store.thread_summary(&talk.olga).await?;
    assert_eq!(row.last_message.as_deref(), Some("Здравствуйте!"));
    assert_eq!(
        (row.last_message_time, row.last_sender_type),
        (Some(at(77)), Some(Role::Seller))
    );
    assert_eq!((row.unread_count, row.thread.head_seq), (1, Seq(2)));
    assert_eq!(row.counterpart.name, "Лесной двор");
    assert_eq!(store.threads(talk.olga.party(), None, 10).await?, [row]);
    let row = store.thread_summary(&talk.ivan).await?;
    assert_eq!((row.unread_count, row.counterpart.name.as_str()), (0, "Ольга"));
    Ok(())
}

fn cursor(row: &ThreadSummary) -> ThreadsCursor {
    ThreadsCursor {
        has_unread: row.unread_count > 0,
        activity: row.last_message_time.unwrap_or(row.thread.created_at),
        id: row.thread.id,
    }
}

/// Unread threads come first, then the newest activity; pages join without holes or repeats, ties included.
pub async fn lists_show_unread_first_then_newest(store: SharedStore) -> Kept {
    let shop = seller(&store, "Лесной двор").await?;
    let mut talks = Vec::new();
    for number in 0..9 {
        let person = buyer(&store, &format!("Покупатель {number}")).await?;
        let talk = Talk::between(&store, person, shop).await?;
        let mut message = text(&format!("{number}"));
        // Threes share a moment.
        message.at = at(10 + number / 3);
        talk.append(Role::Buyer, message).await?;
        talks.push(talk);
    }
    for number in [8, 4, 0] {
        store.mark_read(&talks[number].ivan, None).await?;
    }
    let party = Party::seller(shop);
    let all = store.threads(party, None, 100).await?;
    let groups: Vec<(bool, i64)> = all
        .iter()
        .map(|row| (row.unread_count > 0, cursor(row).activity.millis()))
        .collect();
    let mut sorted = groups.clone();
    sorted.sort_by(|left, right| right.cmp(left));
    assert_eq!(groups, sorted);
    assert_eq!(groups.iter().filter(|(is_unread, _)| *is_unread).count(), 6);

    let mut paged = Vec::new();
    let mut after = None;
    loop {
        let page = store.threads(party, after.take(), 2).await?;
        let Some(last) = page.last() else { break };
        after = Some(cursor(last));
        paged.extend(page);
    }
    assert_eq!(paged, all);
    Ok(())
}

/// A party hears of the presence of those it talks with, and of nobody else.
pub async fn counterparts_are_those_with_a_thread(store: SharedStore) -> Kept {
    let talk = Talk::start(&store).await?;
    let masha = buyer(&store, "Маша").await?;
    Talk::start(&store).await?;
    Talk::between(&store, masha, talk.olga.seller_id()).await?;
    let mut expected = vec![talk.olga.party(), Party::buyer(masha)];
    let mut found = store.counterparts(talk.ivan.party()).await?;
    expected.sort();
    found.sort();
    assert_eq!(found, expected);
    assert_eq!(store.counterparts(talk.olga.party()).await?, [talk.ivan.party()]);
    assert!(store.counterparts(Party::buyer(BuyerId::mint())).await?.is_empty());
    Ok(())
}
