//! The file survives what happens to files, and what a person wrote survives the file.

use std::collections::BTreeSet;
use std::path::Path;

use prilavok_protocol::event::Event;
use prilavok_protocol::ids::{AccountId, Cursor, Epoch, Pos, Role, Seq};
use prilavok_protocol::rest::Snapshot;
use uuid::Uuid;

use super::Cache;
use crate::outbox::Stage;
use crate::sync::fixtures;
use crate::update::MessageState;

#[cfg(unix)]
mod disk;
mod files;
mod snapshots;

const ME: Role = Role::Buyer;
const OWNER: AccountId = AccountId(Uuid::from_u128(100));

fn at(pos: u64) -> Cursor {
    Cursor {
        epoch: Epoch(Uuid::from_u128(7)),
        pos: Pos(pos),
    }
}

async fn open(path: &Path) -> Cache {
    let (cache, was_broken) = Cache::open(path, ME, OWNER).await.unwrap();
    assert!(!was_broken);
    cache
}

fn field(text: &str) -> super::Field {
    super::Field {
        text: text.into(),
        caret: 0,
        filled: 0,
    }
}

/// A cache with thread 1 in it, at position 1.
async fn with_thread(path: &Path) -> Cache {
    let cache = open(path).await;
    let threads = vec![fixtures::summary(1, 0, ME)];
    cache
        .replace(Snapshot { cursor: at(1), threads }, BTreeSet::new())
        .await
        .unwrap();
    cache
}

fn message(seq: u64, sender: Role) -> Event {
    Event::Message {
        message: fixtures::message(&fixtures::summary(1, 0, ME).thread, seq, sender),
    }
}

#[tokio::test]
async fn an_event_and_its_cursor_are_one_step_and_repeats_change_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cache.sqlite");
    let cache = with_thread(&path).await;
    let applied = cache.apply(vec![(Pos(2), message(1, Role::Seller))]).await.unwrap();
    assert_eq!(
        (applied.cursor, applied.unread, applied.arrived.len()),
        (Some(at(2)), 1, 1)
    );
    drop(cache);

    let cache = open(&path).await;
    let again = vec![(Pos(2), message(1, Role::Seller)), (Pos(3), message(2, Role::Seller))];
    let applied = cache.apply(again).await.unwrap();
    assert_eq!((applied.cursor, applied.unread), (Some(at(3)), 2));
    let gap = cache.apply(vec![(Pos(5), message(3, Role::Seller))]).await.unwrap();
    assert!(gap.is_gap);
    assert_eq!(
        cache.cursor().await.unwrap(),
        Some(at(3)),
        "nothing beyond a gap is applied"
    );
}

#[tokio::test]
async fn a_message_on_the_wire_when_the_process_died_goes_again_under_the_same_id() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cache.sqlite");
    let cache = with_thread(&path).await;
    let thread = fixtures::summary(1, 0, ME).thread.id;
    let (mut entry, shown) = cache
        .enqueue(thread, "чай есть?".into(), None, fixtures::now())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(shown.message.state, MessageState::Queued);
    entry.stage = Stage::Sending;
    cache.set_stage(entry.clone()).await.unwrap();
    drop(cache);

    let cache = open(&path).await;
    let rows = cache.outbox().await.unwrap();
    assert_eq!(rows.len(), 1);
    assert_eq!(
        (rows[0].id, &rows[0].stage, rows[0].is_uncertain),
        (entry.id, &Stage::Unconfirmed, true)
    );
}

#[tokio::test]
async fn an_own_message_leaves_the_outbox_whichever_news_of_it_comes_first() {
    let folder = tempfile::tempdir().unwrap();
    let cache = with_thread(&folder.path().join("cache.sqlite")).await;
    let summary = fixtures::summary(1, 0, ME);
    let (entry, _) = cache
        .enqueue(summary.thread.id, "раз".into(), None, fixtures::now())
        .await
        .unwrap()
        .unwrap();
    let mut stored = fixtures::message(&summary.thread, 1, ME);
    stored.id = entry.id;
    let shown = cache.confirm(stored.clone()).await.unwrap().unwrap();
    assert_eq!(
        (shown.message.seq, shown.message.state),
        (Some(Seq(1)), MessageState::Sent)
    );
    assert!(cache.outbox().await.unwrap().is_empty());
    let applied = cache
        .apply(vec![(
            Pos(2),
            Event::Message {
                message: stored.clone(),
            },
        )])
        .await
        .unwrap();
    assert_eq!(applied.confirmed, [stored.id]);
    let page = cache.stretch(summary.thread.id, Seq(1), Seq(1)).await.unwrap();
    assert_eq!((page.messages.len(), page.hole), (1, None));
}

#[tokio::test]
async fn marks_of_the_other_side_change_the_states_of_own_messages() {
    let folder = tempfile::tempdir().unwrap();
    let cache = with_thread(&folder.path().join("cache.sqlite")).await;
    let thread_id = fixtures::summary(1, 0, ME).thread.id;
    let own = vec![(Pos(2), message(1, ME)), (Pos(3), message(2, ME))];
    cache.apply(own).await.unwrap();
    let up_to = |seq| Seq(seq);
    let delivered = Event::Delivered {
        thread_id,
        user_type: Role::Seller,
        up_to_seq: up_to(2),
    };
    let applied = cache.apply(vec![(Pos(4), delivered)]).await.unwrap();
    assert!(applied.messages.iter().all(|m| m.state == MessageState::Delivered));
    let read = Event::Read {
        thread_id,
        user_type: Role::Seller,
        up_to_seq: up_to(1),
    };
    let applied = cache.apply(vec![(Pos(5), read)]).await.unwrap();
    let states: Vec<_> = applied.messages.iter().map(|m| (m.seq, m.state.clone())).collect();
    assert_eq!(states, [(Some(Seq(1)), MessageState::Read)]);
}

#[tokio::test]
async fn a_read_mark_waits_until_it_is_confirmed_and_survives_a_snapshot() {
    let folder = tempfile::tempdir().unwrap();
    let cache = with_thread(&folder.path().join("cache.sqlite")).await;
    let thread_id = fixtures::summary(1, 0, ME).thread.id;
    let theirs = vec![(Pos(2), message(1, Role::Seller)), (Pos(3), message(2, Role::Seller))];
    cache.apply(theirs).await.unwrap();
    let (item, up_to) = cache.mark_read(thread_id, Seq(99)).await.unwrap().unwrap();
    assert_eq!(
        (item.summary.unread_count, up_to),
        (0, Seq(2)),
        "never past what exists"
    );
    let mut old = fixtures::summary(1, 2, ME);
    old.unread_count = 2;
    cache
        .replace(
            Snapshot {
                cursor: at(9),
                threads: vec![old],
            },
            BTreeSet::new(),
        )
        .await
        .unwrap();
    assert_eq!(cache.unread().await.unwrap(), 0);
    assert_eq!(cache.read_marks().await.unwrap(), [(thread_id, Seq(2))]);
    let read = Event::Read {
        thread_id,
        user_type: ME,
        up_to_seq: Seq(2),
    };
    cache.apply(vec![(Pos(10), read)]).await.unwrap();
    assert!(cache.read_marks().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_hole_in_the_history_is_known() {
    let folder = tempfile::tempdir().unwrap();
    let cache = with_thread(&folder.path().join("cache.sqlite")).await;
    let summary = fixtures::summary(1, 0, ME);
    let kept = [1, 2, 5, 9, 10].map(|seq| fixtures::message(&summary.thread, seq, Role::Seller));
    cache.keep(kept.to_vec()).await.unwrap();
    for (first, last, hole) in [
        (1, 2, None),
        (1, 10, Some((3, 8))),
        (2, 5, Some((3, 4))),
        (5, 9, Some((6, 8))),
        (6, 8, Some((6, 8))),
    ] {
        let page = cache.stretch(summary.thread.id, Seq(first), Seq(last)).await.unwrap();
        assert_eq!(page.hole, hole.map(|(a, b)| (Seq(a), Seq(b))), "{first}..{last}");
    }
}

#[tokio::test]
async fn an_answer_says_that_what_stands_before_it_was_read() {
    let folder = tempfile::tempdir().unwrap();
    let cache = with_thread(&folder.path().join("cache.sqlite")).await;
    cache.apply(vec![(Pos(2), message(1, ME))]).await.unwrap();
    let applied = cache.apply(vec![(Pos(3), message(2, Role::Seller))]).await.unwrap();
    let own = applied.messages.iter().find(|item| item.is_mine).unwrap();
    assert_eq!((own.seq, &own.state), (Some(Seq(1)), &MessageState::Read));
    assert_eq!(applied.unread, 1);
    let applied = cache.apply(vec![(Pos(4), message(3, ME))]).await.unwrap();
    assert_eq!(applied.unread, 0, "whoever answers has read");
}
