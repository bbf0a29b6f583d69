//! What is left when the server's history is another one.

use std::collections::BTreeSet;

use prilavok_protocol::ids::{Cursor, Epoch, Pos, Role, Seq, ThreadId};
use prilavok_protocol::model::{Message, ThreadSummary};
use prilavok_protocol::rest::Snapshot;
use uuid::Uuid;

use super::super::Cache;
use super::{ME, message, with_thread};
use crate::outbox::Stage;
use crate::sync::fixtures;
use crate::update::MessageState;

#[tokio::test]
async fn own_messages_of_a_rolled_back_history_come_back_as_failed() {
    let folder = tempfile::tempdir().unwrap();
    let cache = with_thread(&folder.path().join("cache.sqlite")).await;
    let entries = vec![
        (Pos(2), message(1, ME)),
        (Pos(3), message(2, Role::Seller)),
        (Pos(4), message(3, ME)),
    ];
    cache.apply(entries).await.unwrap();
    let cursor = Cursor {
        epoch: Epoch(Uuid::from_u128(8)),
        pos: Pos(2),
    };
    cache
        .replace(
            Snapshot {
                cursor,
                threads: vec![fixtures::summary(1, 1, ME)],
            },
            BTreeSet::new(),
        )
        .await
        .unwrap();
    let rows = cache.outbox().await.unwrap();
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].stage, Stage::Failed("rolled_back".into()));
}

/// A snapshot of another history.
fn restored(threads: Vec<ThreadSummary>) -> Snapshot {
    let cursor = Cursor {
        epoch: Epoch(Uuid::from_u128(8)),
        pos: Pos(9),
    };
    Snapshot { cursor, threads }
}

/// Own messages 1 and 3, and the answer between them, all confirmed.
async fn with_three(folder: &tempfile::TempDir) -> (Cache, ThreadId) {
    let cache = with_thread(&folder.path().join("cache.sqlite")).await;
    let entries = vec![
        (Pos(2), message(1, ME)),
        (Pos(3), message(2, Role::Seller)),
        (Pos(4), message(3, ME)),
    ];
    cache.apply(entries).await.unwrap();
    (cache, fixtures::summary(1, 0, ME).thread.id)
}

fn head(message: &Message) -> ThreadSummary {
    let mut summary = fixtures::summary(1, message.seq.0, ME);
    summary.last_message = Some(message.message.clone());
    summary.last_message_time = Some(message.created_at);
    summary.last_sender_type = Some(message.sender_type);
    summary
}

fn of_thread(seq: u64, sender: Role) -> Message {
    fixtures::message(&fixtures::summary(1, 0, ME).thread, seq, sender)
}

#[tokio::test]
async fn a_history_that_ends_with_the_same_message_is_the_same_and_is_not_fetched_again() {
    let folder = tempfile::tempdir().unwrap();
    let (cache, thread) = with_three(&folder).await;
    let replaced = cache
        .replace(restored(vec![head(&of_thread(3, ME))]), BTreeSet::new())
        .await
        .unwrap();
    assert!(!replaced.has_taken_back);
    let page = cache.stretch(thread, Seq(1), Seq(3)).await.unwrap();
    assert_eq!((page.messages.len(), page.hole), (3, None));
}

#[tokio::test]
async fn where_another_history_parted_is_found_by_asking_and_own_messages_after_it_come_back() {
    let folder = tempfile::tempdir().unwrap();
    let (cache, thread) = with_three(&folder).await;
    // After the restore others wrote as much as was lost, so the head says nothing.
    let mut theirs: Vec<Message> = (2..=4).map(|seq| of_thread(seq, Role::Seller)).collect();
    for message in &mut theirs {
        message.id = prilavok_protocol::ids::MessageId::mint();
        message.message = format!("заново {}", message.seq);
    }
    let replaced = cache
        .replace(restored(vec![head(&theirs[2])]), BTreeSet::new())
        .await
        .unwrap();
    assert!(!replaced.has_taken_back, "not known yet");
    let page = cache.stretch(thread, Seq(1), Seq(4)).await.unwrap();
    assert_eq!(page.messages.len(), 3, "what is in doubt is shown meanwhile");
    assert_eq!(page.hole, Some((Seq(1), Seq(4))), "and asked for");

    let mut answer: Vec<Message> = theirs.into_iter().rev().collect();
    answer.push(of_thread(1, ME));
    assert!(cache.keep(answer).await.unwrap());
    let page = cache.stretch(thread, Seq(1), Seq(4)).await.unwrap();
    let texts: Vec<&str> = page.messages.iter().map(|item| item.message.as_str()).collect();
    assert_eq!(texts, ["сообщение 1", "заново 2", "заново 3", "заново 4"]);
    assert_eq!(page.hole, None);
    let unsent = cache.unsent(thread).await.unwrap();
    let unsent: Vec<_> = unsent.iter().map(|item| (item.message.as_str(), &item.state)).collect();
    let failed = MessageState::Failed {
        reason: "rolled_back".into(),
    };
    assert_eq!(unsent, [("сообщение 3", &failed)]);
}

#[tokio::test]
async fn a_thread_that_the_server_has_lost_keeps_what_was_written_until_its_successor_inherits_it() {
    let folder = tempfile::tempdir().unwrap();
    let (cache, thread) = with_three(&folder).await;
    cache.write_draft(thread, super::field("черновик")).await.unwrap();
    let replaced = cache.replace(restored(vec![]), BTreeSet::new()).await.unwrap();
    assert!(replaced.has_taken_back);
    let texts = |items: Vec<crate::update::MessageItem>| items.into_iter().map(|item| item.message).collect::<Vec<_>>();
    assert_eq!(cache.threads().await.unwrap().len(), 1, "it is still in the list");
    assert_eq!(
        texts(cache.unsent(thread).await.unwrap()),
        ["сообщение 1", "сообщение 3"]
    );
    assert_eq!(
        cache.tip(thread).await.unwrap(),
        Some(Seq(0)),
        "nothing is left to be fetched"
    );

    let mut successor = fixtures::summary(1, 0, ME);
    successor.thread.id = ThreadId(Uuid::from_u128(77));
    let heir = successor.thread.id;
    cache.adopt(successor).await.unwrap();
    let threads = cache.threads().await.unwrap();
    assert_eq!(
        threads.iter().map(|item| item.summary.thread.id).collect::<Vec<_>>(),
        [heir]
    );
    assert_eq!(texts(cache.unsent(heir).await.unwrap()), ["сообщение 1", "сообщение 3"]);
    assert_eq!(cache.draft(heir).await.unwrap().as_deref(), Some("черновик"));
}

#[tokio::test]
async fn a_snapshot_says_where_there_is_more_unread_than_before_except_to_a_new_device() {
    let folder = tempfile::tempdir().unwrap();
    let (cache, thread) = with_three(&folder).await;
    let mut summary = head(&of_thread(5, Role::Seller));
    summary.unread_count = 2;
    let snapshot = |threads| Snapshot {
        cursor: super::at(20),
        threads,
    };
    let risen = cache
        .replace(snapshot(vec![summary.clone()]), BTreeSet::new())
        .await
        .unwrap()
        .risen;
    assert_eq!(risen, [thread]);
    let risen = cache
        .replace(snapshot(vec![summary.clone()]), BTreeSet::new())
        .await
        .unwrap()
        .risen;
    assert_eq!(risen, [], "the same again is no news");
    let path = folder.path().join("new.sqlite");
    let new = Cache::open(&path, ME, super::OWNER).await.unwrap().0;
    assert_eq!(
        new.replace(snapshot(vec![summary]), BTreeSet::new())
            .await
            .unwrap()
            .risen,
        []
    );
}

#[tokio::test]
async fn a_thread_started_after_a_snapshot_had_been_asked_for_stays() {
    let folder = tempfile::tempdir().unwrap();
    let (cache, _) = with_three(&folder).await;
    let mut new = fixtures::summary(2, 0, ME);
    new.counterpart.id = Uuid::from_u128(78);
    let id = new.thread.id;
    cache.adopt(new).await.unwrap();
    let older = restored(vec![head(&of_thread(3, ME))]);
    cache.replace(older.clone(), BTreeSet::from([id])).await.unwrap();
    assert!(cache.thread(id).await.unwrap().is_some());
    cache.replace(older, BTreeSet::new()).await.unwrap();
    assert!(cache.thread(id).await.unwrap().is_none(), "the next one knew it");
}
