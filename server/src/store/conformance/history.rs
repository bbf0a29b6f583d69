//! Pages of history, newest first.

use prilavok_protocol::ids::{Party, Role, Seq};
use prilavok_protocol::rest::HistoryQuery;

use super::{Kept, Talk, buyer};
use crate::store::SharedStore;

async fn page(talk: &Talk, query: HistoryQuery) -> crate::store::Result<Vec<u64>> {
    let messages = talk.store.messages(&talk.olga, query).await?;
    Ok(messages.iter().map(|message| message.seq.0).collect())
}

/// Before, after and around a place; always newest first, always the page next to that place.
pub async fn pages_lie_before_after_and_around(store: SharedStore) -> Kept {
    let talk = Talk::start(&store).await?;
    assert!(page(&talk, HistoryQuery::default()).await?.is_empty());
    for number in 1..=20 {
        let role = if number % 3 == 0 { Role::Seller } else { Role::Buyer };
        talk.say(role, &format!("сообщение {number}")).await?;
    }
    let four = HistoryQuery {
        limit: Some(4),
        ..HistoryQuery::default()
    };
    assert_eq!(page(&talk, four).await?, [20, 19, 18, 17]);
    assert_eq!(
        page(
            &talk,
            HistoryQuery {
                before_seq: Some(Seq(17)),
                ..four
            }
        )
        .await?,
        [16, 15, 14, 13]
    );
    assert_eq!(
        page(
            &talk,
            HistoryQuery {
                before_seq: Some(Seq(3)),
                ..four
            }
        )
        .await?,
        [2, 1]
    );
    assert!(
        page(
            &talk,
            HistoryQuery {
                before_seq: Some(Seq(1)),
                ..four
            }
        )
        .await?
        .is_empty()
    );
    assert_eq!(
        page(
            &talk,
            HistoryQuery {
                after_seq: Some(Seq(0)),
                ..four
            }
        )
        .await?,
        [4, 3, 2, 1]
    );
    assert_eq!(
        page(
            &talk,
            HistoryQuery {
                after_seq: Some(Seq(18)),
                ..four
            }
        )
        .await?,
        [20, 19]
    );
    assert!(
        page(
            &talk,
            HistoryQuery {
                after_seq: Some(Seq(20)),
                ..four
            }
        )
        .await?
        .is_empty()
    );
    assert!(
        page(
            &talk,
            HistoryQuery {
                after_seq: Some(Seq(u64::MAX)),
                ..four
            }
        )
        .await?
        .is_empty()
    );
    let five = HistoryQuery { limit: Some(5), ..four };
    assert_eq!(
        page(
            &talk,
            HistoryQuery {
                around_seq: Some(Seq(10)),
                ..five
            }
        )
        .await?,
        [12, 11, 10, 9, 8]
    );
    assert_eq!(
        page(
            &talk,
            HistoryQuery {
                around_seq: Some(Seq(20)),
                ..five
            }
        )
        .await?,
        [20, 19, 18, 17, 16]
    );
    assert_eq!(
        page(
            &talk,
            HistoryQuery {
                around_seq: Some(Seq(1)),
                ..five
            }
        )
        .await?,
        [5, 4, 3, 2, 1]
    );
    Ok(())
}

/// Both flags of a message follow the markers; one's own messages are read by oneself.
pub async fn read_flags_follow_the_markers(store: SharedStore) -> Kept {
    let talk = Talk::start(&store).await?;
    for line in ["раз", "два", "три"] {
        talk.say(Role::Buyer, line).await?;
    }
    store.mark_read(&talk.ivan, Some(Seq(2))).await?;
    let messages = store.messages(&talk.olga, HistoryQuery::default()).await?;
    let flags: Vec<_> = messages
        .iter()
        .map(|message| (message.is_read_by_buyer, message.is_read_by_seller))
        .collect();
    assert_eq!(flags, [(true, false), (true, true), (true, true)]);
    talk.say(Role::Seller, "ответ").await?;
    let messages = store.messages(&talk.olga, HistoryQuery::default()).await?;
    let flags: Vec<_> = messages
        .iter()
        .map(|message| (message.is_read_by_buyer, message.is_read_by_seller))
        .collect();
    assert_eq!(flags, [(false, true), (true, true), (true, true), (true, true)]);
    Ok(())
}

/// The newest of all threads of a party, and nothing of anybody else's.
pub async fn a_party_sees_the_newest_of_all_its_threads(store: SharedStore) -> Kept {
    let first = Talk::start(&store).await?;
    let masha = buyer(&store, "Маша").await?;
    let second = Talk::between(&store, masha, first.olga.seller_id()).await?;
    for number in 0..3 {
        first.say(Role::Buyer, &format!("Ольга {number}")).await?;
        second.say(Role::Buyer, &format!("Маша {number}")).await?;
    }
    // Marks sit in the same log and are no messages.
    store.mark_read(&first.ivan, None).await?;
    let shop = Party::seller(first.olga.seller_id());
    let (page, total) = store.messages_of(shop, 1, 3).await?;
    let texts: Vec<_> = page.iter().map(|message| message.message.as_str()).collect();
    assert_eq!((texts, total), (vec!["Ольга 2", "Маша 1", "Ольга 1"], 6));
    let (page, total) = store.messages_of(Party::buyer(masha), 0, 50).await?;
    assert_eq!((page.len(), total), (3, 3));
    assert!(page.iter().all(|message| message.thread_id == second.id()));
    let (page, total) = store
        .messages_of(Party::buyer(buyer(&store, "Никто").await?), 0, 50)
        .await?;
    assert_eq!((page.len(), total), (0, 0));
    Ok(())
}
