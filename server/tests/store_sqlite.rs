//! The SQLite store keeps every promise of the store.

use std::path::Path;
use std::sync::Arc;

use anyhow::Result;
use prilavok_server::store::SharedStore;
use prilavok_server::store::conformance;
use prilavok_server::store::sqlite::{Options, SqliteStore};
use tempfile::TempDir;

#[path = "store_sqlite/plans.rs"]
mod plans;

/// One test for each promise; [`every_promise_is_tested`] sees to it that none is left out.
macro_rules! keeps {
    ($($part:ident: $($promise:ident)+;)+) => {
        $(mod $part {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $promise() -> anyhow::Result<()> {
                super::keep(super::conformance::$part::$promise).await
            })+
        })+

        const TESTED: &[(&str, &str, &[&str])] = &[$((
            stringify!($part),
            include_str!(concat!("../src/store/conformance/", stringify!($part), ".rs")),
            &[$(stringify!($promise)),+],
        )),+];

        /// Keeps all promises, each on a file of its own in this folder, with the search index beside it.
        async fn keep_all(folder: &Path) -> Result<()> {
            $($(keep_in(&folder.join(stringify!($promise)), conformance::$part::$promise).await?;)+)+
            Ok(())
        }
    };
}

keeps! {
    appending:
        parallel_appends_leave_no_holes
        an_answered_message_is_readable
        a_repeat_yields_the_original
        parallel_repeats_are_one_message
        a_taken_id_is_a_conflict
        the_same_id_in_another_thread_is_another_message
        a_message_is_about_a_product_of_its_shop
        a_refused_write_harms_no_other
        one_shop_with_many_buyers_has_one_dense_log;
    history:
        pages_lie_before_after_and_around
        read_flags_follow_the_markers
        a_party_sees_the_newest_of_all_its_threads;
    found:
        words_are_found_in_any_form
        hits_come_in_pages
        a_search_stays_in_its_thread
        an_answered_message_is_found;
    threads:
        parallel_starts_make_one_thread
        a_thread_needs_known_parties
        a_thread_remembers_the_product
        a_foreign_thread_is_not_found
        a_summary_shows_the_newest_message
        lists_show_unread_first_then_newest
        counterparts_are_those_with_a_thread;
    marks:
        read_markers_only_move_forward
        writing_marks_as_read
        unread_is_what_counting_yields
        stored_events_are_delivered
        a_long_backlog_is_delivered_at_once;
    drafts:
        a_draft_is_set_from_its_newest_version_only
        a_removed_draft_is_told_as_empty
        drafts_are_the_accounts_own_and_bounded;
    events:
        the_log_repeats_what_was_delivered
        the_log_is_read_in_pages
        a_log_tells_of_own_threads_only
        a_snapshot_and_its_cursor_belong_together;
    accounts:
        an_account_brings_its_party
        an_email_is_taken_once
        an_account_may_take_a_known_party
        an_invitation_is_good_once
        a_failed_registration_keeps_the_invitation
        a_password_can_be_replaced
        agents_are_listed_until_they_leave
        agents_are_removed_from_their_own_shop_only
        sessions_and_invitations_go_with_their_account
        the_address_of_a_removed_agent_is_free_again;
    sessions:
        a_token_is_exchanged
        lost_replies_are_forgiven_until_a_successor_is_used
        a_token_whose_successor_was_used_ends_the_session
        reuse_ends_the_session
        expired_and_closed_are_refused
        sessions_end_by_their_owner
        ends_are_told_in_order_with_their_reasons
        who_writes_in_an_ended_session_is_refused;
    catalogue:
        what_was_put_can_be_read
        a_load_is_all_or_nothing
        shops_are_listed_by_name;
    search:
        words_find_products
        filters_sort_and_pages;
}

/// Holds a store on a fresh file to a promise, and then looks whether its counters add up.
async fn keep<K>(promise: impl FnOnce(SharedStore) -> K) -> Result<()>
where
    K: Future<Output = Result<()>>,
{
    let folder = TempDir::new()?;
    let store = Arc::new(SqliteStore::open(
        &folder.path().join("prilavok.db"),
        Options::default(),
    )?);
    promise(store.clone()).await?;
    assert_eq!(store.check().await?.problems, [""; 0]);
    Ok(())
}

/// The same without the recount, which reads everything on purpose.
async fn keep_in<K>(folder: &Path, promise: impl FnOnce(SharedStore) -> K) -> Result<()>
where
    K: Future<Output = Result<()>>,
{
    std::fs::create_dir(folder)?;
    let store = Arc::new(SqliteStore::open(&folder.join("prilavok.db"), Options::default())?);
    store.open_index().await?;
    promise(store.clone()).await?;
    while store.index_more().await? {}
    store.close().await;
    Ok(())
}

#[test]
fn every_promise_is_tested() {
    for (part, source, tested) in TESTED {
        let promises = source
            .lines()
            .filter_map(|line| line.strip_prefix("pub async fn ")?.split_once('('));
        let promises: Vec<&str> = promises.map(|(name, _)| name).collect();
        assert_eq!(&promises, tested, "of {part}");
    }
}
