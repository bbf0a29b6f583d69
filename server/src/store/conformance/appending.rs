//! Messages are appended once, in order, without holes.

use std::collections::BTreeSet;

use prilavok_protocol::event::Event;
use prilavok_protocol::ids::{Party, Pos, Role, Seq};
use prilavok_protocol::rest::HistoryQuery;

use super::{Kept, Talk, at, buyer, product, refused, seller, text};
use crate::store::{Error, SharedStore};

/// 64 at once get the places 1 to 64 in the thread and the next 64 in both logs.
pub async fn parallel_appends_leave_no_holes(store: SharedStore) -> Kept {
    let talk = Talk::start(&store).await?;
    let mut tasks = tokio::task::JoinSet::new();
    for number in 0..64 {
        let store = store.clone();
        let side = talk.side(if number % 2 == 0 { Role::Buyer } else { Role::Seller });
        tasks.spawn(async move { store.append_message(&side, text(&format!("сообщение {number}"))).await });
    }
    let mut seqs = BTreeSet::new();
    let mut positions = [BTreeSet::new(), BTreeSet::new()];
    while let Some(change) = tasks.join_next().await {
        let change = change??;
        seqs.insert(change.value.message.seq.0);
        assert_eq!(change.deliveries.len(), 2, "one event for each party");
        for delivery in &change.deliveries {
            positions[usize::from(delivery.party.role == Role::Seller)].insert(delivery.pos.0);
            let Event::Message { message } = &**delivery.event else {
                panic!("not a message: {:?}", delivery.event)
            };
            assert_eq!(*message, change.value.message);
        }
    }
    assert_eq!(seqs, (1..=64).collect());
    // Position 1 is the start of the thread.
    assert_eq!(positions, [(2..=65).collect(), (2..=65).collect()]);
    assert_eq!(store.head(talk.olga.party()).await?, Pos(65));
    assert_eq!(store.thread(&talk.olga).await?.head_seq, Seq(64));
    Ok(())
}

/// What is answered is there for readers at once.
pub async fn an_answered_message_is_readable(store: SharedStore) -> Kept {
    let talk = Talk::start(&store).await?;
    let message = talk.say(Role::Buyer, "Есть брус 100×150?").await?;
    assert_eq!(message.message, "Есть брус 100×150?");
    assert_eq!(
        (message.buyer_id, message.seller_id),
        (Some(talk.olga.buyer_id()), None)
    );
    assert_eq!((message.is_read_by_buyer, message.is_read_by_seller), (true, false));
    assert_eq!(
        (message.seq, message.thread_id, message.created_at),
        (Seq(1), talk.id(), at(1))
    );
    let history = store.messages(&talk.ivan, HistoryQuery::default()).await?;
    assert_eq!(history, std::slice::from_ref(&message));
    assert_eq!(store.message(&talk.olga, message.id).await?, Some(message));
    assert_eq!(store.message(&talk.olga, text("").id).await?, None);
    Ok(())
}

/// The same id with the same content is the original, and nothing new is written.
pub async fn a_repeat_yields_the_original(store: SharedStore) -> Kept {
    let talk = Talk::start(&store).await?;
    let asked = product(&store, talk.olga.seller_id(), "Доска").await?;
    for product_id in [None, Some(asked)] {
        let message = crate::store::chat::NewMessage {
            product_id,
            ..text("Здравствуйте")
        };
        let first = talk.append(Role::Buyer, message.clone()).await?;
        let head = store.head(talk.ivan.party()).await?;
        let again = talk
            .append(Role::Buyer, crate::store::chat::NewMessage { at: at(500), ..message })
            .await?;
        assert!(!first.value.is_repeat && again.value.is_repeat);
        assert_eq!(again.value.message, first.value.message);
        assert!(again.deliveries.is_empty());
        assert_eq!(store.head(talk.ivan.party()).await?, head);
    }
    assert_eq!(store.thread(&talk.olga).await?.head_seq, Seq(2));
    Ok(())
}

/// Twenty copies at once are one message.
pub async fn parallel_repeats_are_one_message(store: SharedStore) -> Kept {
    let talk = Talk::start(&store).await?;
    let message = text("Только один раз");
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..20 {
        let (store, olga, message) = (store.clone(), talk.olga, message.clone());
        tasks.spawn(async move { store.append_message(&olga, message).await });
    }
    let mut new = 0;
    while let Some(change) = tasks.join_next().await {
        let change = change??;
        new += usize::from(!change.value.is_repeat);
        assert_eq!(change.value.message.seq, Seq(1));
    }
    assert_eq!(new, 1);
    assert_eq!(store.messages(&talk.olga, HistoryQuery::default()).await?.len(), 1);
    Ok(())
}

/// The same id with other content, or from the other side, is a conflict and writes nothing.
pub async fn a_taken_id_is_a_conflict(store: SharedStore) -> Kept {
    let talk = Talk::start(&store).await?;
    let asked = product(&store, talk.olga.seller_id(), "Доска").await?;
    let message = text("Первое");
    talk.append(Role::Buyer, message.clone()).await?;
    let mut other = message.clone();
    other.text = "Второе".into();
    assert!(matches!(
        refused(talk.append(Role::Buyer, other).await),
        Error::Conflict
    ));
    let mut about = message.clone();
    about.product_id = Some(asked);
    assert!(matches!(
        refused(talk.append(Role::Buyer, about).await),
        Error::Conflict
    ));
    assert!(matches!(
        refused(talk.append(Role::Seller, message).await),
        Error::Conflict
    ));
    assert_eq!(store.thread(&talk.olga).await?.head_seq, Seq(1));
    // The next one has the next place: the refused ones took none.
    assert_eq!(talk.say(Role::Seller, "Да").await?.seq, Seq(2));
    assert_eq!(store.head(talk.ivan.party()).await?, Pos(3));
    Ok(())
}

/// A client id lives in its thread.
pub async fn the_same_id_in_another_thread_is_another_message(store: SharedStore) -> Kept {
    let first = Talk::start(&store).await?;
    let second = Talk::start(&store).await?;
    let message = text("Одно и то же");
    let one = first.append(Role::Buyer, message.clone()).await?.value;
    let other = second.append(Role::Seller, message.clone()).await?.value;
    assert!(!one.is_repeat && !other.is_repeat);
    assert_eq!(store.message(&first.olga, message.id).await?, Some(one.message));
    assert_eq!(store.message(&second.olga, message.id).await?, Some(other.message));
    Ok(())
}

/// A message may be about a product of the thread's shop, and of no other.
pub async fn a_message_is_about_a_product_of_its_shop(store: SharedStore) -> Kept {
    let talk = Talk::start(&store).await?;
    let own = product(&store, talk.olga.seller_id(), "Доска").await?;
    let foreign = product(&store, seller(&store, "Другой").await?, "Гвозди").await?;
    let mut message = text("Сколько стоит?");
    message.product_id = Some(foreign);
    assert!(matches!(
        refused(talk.append(Role::Buyer, message.clone()).await),
        Error::NotFound
    ));
    message.product_id = Some(own);
    let stored = talk.append(Role::Buyer, message).await?.value;
    assert_eq!((stored.message.product_id, stored.is_repeat), (Some(own), false));
    Ok(())
}

/// A refused write leaves its neighbours in the same moment alone.
pub async fn a_refused_write_harms_no_other(store: SharedStore) -> Kept {
    let talk = Talk::start(&store).await?;
    let taken = text("Занято");
    talk.append(Role::Buyer, taken.clone()).await?;
    let mut tasks = tokio::task::JoinSet::new();
    for number in 0..60 {
        let (store, olga) = (store.clone(), talk.olga);
        let mut message = text(&format!("сообщение {number}"));
        if number % 3 == 0 {
            message.id = taken.id;
        }
        tasks.spawn(async move { store.append_message(&olga, message).await });
    }
    let (mut stored, mut conflicts) = (0, 0);
    while let Some(result) = tasks.join_next().await {
        match result? {
            Ok(_) => stored += 1,
            Err(Error::Conflict) => conflicts += 1,
            Err(other) => return Err(other.into()),
        }
    }
    assert_eq!((stored, conflicts), (40, 20));
    assert_eq!(store.thread(&talk.olga).await?.head_seq, Seq(41));
    Ok(())
}

/// Threads that share a party do not disturb each other's order.
pub async fn one_shop_with_many_buyers_has_one_dense_log(store: SharedStore) -> Kept {
    let shop = seller(&store, "Лесной двор").await?;
    let mut tasks = tokio::task::JoinSet::new();
    for number in 0..16 {
        let store = store.clone();
        tasks.spawn(async move {
            let person = buyer(&store, &format!("Покупатель {number}")).await?;
            let talk = Talk::between(&store, person, shop).await?;
            for line in 0..8 {
                talk.say(Role::Buyer, &format!("строка {line}")).await?;
            }
            Ok::<_, Error>(talk)
        });
    }
    while let Some(talk) = tasks.join_next().await {
        let talk = talk??;
        let texts: Vec<_> = store.messages(&talk.ivan, HistoryQuery::default()).await?;
        let lines: Vec<_> = texts.iter().rev().map(|message| message.message.clone()).collect();
        assert_eq!(lines, (0..8).map(|line| format!("строка {line}")).collect::<Vec<_>>());
    }
    let party = Party::seller(shop);
    let events = store.events_after(party, Pos(0), 1_000).await?;
    let positions: Vec<u64> = events.iter().map(|(pos, _)| pos.0).collect();
    assert_eq!(positions, (1..=16 * 9).collect::<Vec<_>>());
    Ok(())
}
