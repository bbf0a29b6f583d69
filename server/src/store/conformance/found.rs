//! Search within a thread.

use prilavok_protocol::ids::{Role, Seq};
use prilavok_protocol::search::Query;

use super::{Kept, Talk, buyer};
use crate::store::SharedStore;

async fn found(talk: &Talk, text: &str, before: Option<u64>, limit: u32) -> anyhow::Result<(Vec<u64>, u64)> {
    let query = Query::parse(text).expect("there is a word");
    let (messages, total) = talk.store.search(&talk.olga, query, before.map(Seq), limit).await?;
    Ok((messages.iter().map(|message| message.seq.0).collect(), total))
}

/// Word forms, beginnings, numbers, phrases; newest first.
pub async fn words_are_found_in_any_form(store: SharedStore) -> Kept {
    let talk = Talk::start(&store).await?;
    for (role, line) in [
        (Role::Buyer, "Здравствуйте! Сколько стоит доставка?"),
        (Role::Seller, "Доставку посчитаем: заказ №12345, ёлка 2 м"),
        (Role::Buyer, "А без доставки? Заберу сам."),
        (Role::Seller, "Самовывоз с 9 до 18. We ship tomorrow"),
    ] {
        talk.say(role, line).await?;
    }
    for (text, expected) in [
        ("доставка", vec![3, 2, 1]),
        ("ДОСТАВКОЙ", vec![3, 2, 1]),
        ("дост", vec![3, 2, 1]),
        ("елки", vec![2]),
        ("1234", vec![2]),
        ("2345", vec![]),
        ("«без доставки»", vec![3]),
        ("«доставки без»", vec![]),
        ("доставка заказ", vec![2]),
        ("доставка самовывоз", vec![]),
        ("shipping", vec![4]),
        ("молоко", vec![]),
    ] {
        let total = expected.len() as u64;
        assert_eq!(found(&talk, text, None, 50).await?, (expected, total), "{text}");
    }
    Ok(())
}

/// A page ends before a place, and the total counts all.
pub async fn hits_come_in_pages(store: SharedStore) -> Kept {
    let talk = Talk::start(&store).await?;
    for number in 1..=12 {
        let line = if number % 2 == 0 {
            "чай чёрный"
        } else {
            "кофе"
        };
        talk.say(Role::Buyer, line).await?;
    }
    assert_eq!(found(&talk, "чай", None, 4).await?, (vec![12, 10, 8, 6], 6));
    assert_eq!(found(&talk, "чай", Some(6), 4).await?, (vec![4, 2], 6));
    assert_eq!(found(&talk, "чай", Some(2), 4).await?, (vec![], 6));
    Ok(())
}

/// Nothing of another thread is found, neither of the same buyer's nor of the same shop's.
pub async fn a_search_stays_in_its_thread(store: SharedStore) -> Kept {
    let talk = Talk::start(&store).await?;
    let masha = buyer(&store, "Маша").await?;
    let other = Talk::between(&store, masha, talk.olga.seller_id()).await?;
    talk.say(Role::Buyer, "доставка для Ольги").await?;
    other.say(Role::Buyer, "доставка для Маши").await?;
    other.say(Role::Seller, "ещё о доставке").await?;
    assert_eq!(found(&talk, "доставка", None, 50).await?, (vec![1], 1));
    assert_eq!(found(&other, "доставка", None, 50).await?, (vec![2, 1], 2));
    Ok(())
}

/// What was answered is found at once.
pub async fn an_answered_message_is_found(store: SharedStore) -> Kept {
    let talk = Talk::start(&store).await?;
    for number in 1..=50 {
        talk.say(Role::Buyer, &format!("заказ {number}00")).await?;
        assert_eq!(found(&talk, &format!("{number}00"), None, 1).await?.0, [number]);
    }
    Ok(())
}
