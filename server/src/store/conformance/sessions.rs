//! Sessions and refresh tokens.

use prilavok_protocol::ids::{AccountId, BuyerId, SessionId};

use super::accounts::{new_account, secret};
use super::{Kept, at, refused};
use crate::store::accounts::{NewParty, NewSession, Rotation};
use crate::store::{Error, Result, SharedStore};

async fn account(store: &SharedStore, email: &str) -> Result<AccountId> {
    let record = store
        .create_account(new_account(email, NewParty::Buyer(BuyerId::mint())))
        .await?;
    Ok(record.account.id)
}

async fn open(store: &SharedStore, account_id: AccountId, token: u8) -> Result<SessionId> {
    let id = SessionId::mint();
    let device_name = Some(format!("Телефон {token}"));
    let (at, expires_at) = (at(i64::from(token)), at(1_000));
    store
        .open_session(NewSession {
            id,
            account_id,
            refresh_hash: secret(token),
            device_name,
            at,
            expires_at,
        })
        .await?;
    Ok(id)
}

async fn rotate(store: &SharedStore, used: u8, new: u8) -> Result<&'static str> {
    Ok(
        match store.rotate(secret(used), secret(new), at(100), at(2_000)).await? {
            Rotation::Rotated { .. } => "rotated",
            Rotation::Reused { .. } => "reused",
            Rotation::Refused => "refused",
        },
    )
}

/// Each token is good for one exchange, which moves the session's end.
pub async fn a_token_is_exchanged(store: SharedStore) -> Kept {
    let olga = account(&store, "olga@example.org").await?;
    let session = open(&store, olga, 1).await?;
    let rotation = store.rotate(secret(1), secret(2), at(500), at(3_000)).await?;
    let Rotation::Rotated {
        session: rotated,
        account,
    } = rotation
    else {
        panic!("not rotated: {rotation:?}")
    };
    assert_eq!((rotated, account.account.id), (session, olga));
    assert!(store.session_is_open(session, at(2_000)).await?);
    assert!(!store.session_is_open(session, at(3_000)).await?);
    assert_eq!(store.sessions(olga, at(600)).await?[0].last_seen_at, at(500));
    assert_eq!(rotate(&store, 2, 3).await?, "rotated");
    assert_eq!(rotate(&store, 99, 4).await?, "refused");
    Ok(())
}

/// A lost reply is forgiven once; the token that got lost is then worthless and a sign of theft.
pub async fn a_lost_reply_is_forgiven_once(store: SharedStore) -> Kept {
    let olga = account(&store, "olga@example.org").await?;
    let session = open(&store, olga, 1).await?;
    assert_eq!(rotate(&store, 1, 2).await?, "rotated");
    assert_eq!(rotate(&store, 1, 3).await?, "rotated", "the reply with 2 was lost");
    assert_eq!(rotate(&store, 3, 4).await?, "rotated");
    assert_eq!(
        rotate(&store, 3, 5).await?,
        "rotated",
        "each token may be forgiven once"
    );
    assert_eq!(rotate(&store, 3, 6).await?, "reused", "but not twice");
    assert!(!store.session_is_open(session, at(100)).await?);
    assert_eq!(rotate(&store, 5, 7).await?, "refused", "the session has ended");
    Ok(())
}

/// Any other reuse ends the session and only that.
pub async fn reuse_ends_the_session(store: SharedStore) -> Kept {
    let olga = account(&store, "olga@example.org").await?;
    let stolen = open(&store, olga, 1).await?;
    let other = open(&store, olga, 50).await?;
    for (used, new) in [(1, 2), (2, 3)] {
        assert_eq!(rotate(&store, used, new).await?, "rotated");
    }
    let rotation = store.rotate(secret(1), secret(9), at(100), at(2_000)).await?;
    assert!(matches!(rotation, Rotation::Reused { session } if session == stolen));
    assert!(!store.session_is_open(stolen, at(100)).await?);
    assert!(store.session_is_open(other, at(100)).await?);
    assert_eq!(rotate(&store, 3, 10).await?, "refused");
    // The token that got lost on the way is spent too.
    let third = open(&store, olga, 60).await?;
    assert_eq!(rotate(&store, 60, 61).await?, "rotated");
    assert_eq!(rotate(&store, 60, 62).await?, "rotated");
    assert_eq!(rotate(&store, 61, 63).await?, "reused");
    assert!(!store.session_is_open(third, at(100)).await?);
    Ok(())
}

/// An expired session refuses, and so does a closed account.
pub async fn expired_and_closed_are_refused(store: SharedStore) -> Kept {
    let olga = account(&store, "olga@example.org").await?;
    let session = open(&store, olga, 1).await?;
    assert!(matches!(
        store.rotate(secret(1), secret(2), at(1_000), at(2_000)).await?,
        Rotation::Refused
    ));
    assert!(!store.session_is_open(session, at(1_000)).await?);
    assert!(store.sessions(olga, at(1_000)).await?.is_empty());
    let session = open(&store, olga, 3).await?;
    let ended = store.set_disabled(olga, true).await?;
    assert!(ended.contains(&session));
    assert!(!store.session_is_open(session, at(10)).await?);
    assert_eq!(rotate(&store, 3, 4).await?, "refused");
    assert_eq!(store.account(olga).await?.map(|found| found.is_disabled), Some(true));
    assert!(matches!(refused(open(&store, olga, 5).await), Error::NotFound));
    assert!(store.set_disabled(olga, false).await?.is_empty());
    assert!(
        !store.session_is_open(session, at(10)).await?,
        "a reopened account signs in anew"
    );
    open(&store, olga, 6).await?;
    assert!(matches!(
        refused(store.set_disabled(AccountId::mint(), true).await),
        Error::NotFound
    ));
    Ok(())
}

/// Sessions can be listed and ended, by their owner only.
pub async fn sessions_end_by_their_owner(store: SharedStore) -> Kept {
    let (olga, masha) = (
        account(&store, "olga@example.org").await?,
        account(&store, "masha@example.org").await?,
    );
    let (phone, desk) = (open(&store, olga, 1).await?, open(&store, olga, 2).await?);
    let foreign = open(&store, masha, 3).await?;
    let listed = store.sessions(olga, at(10)).await?;
    assert_eq!(
        listed.iter().map(|session| session.id).collect::<Vec<_>>(),
        [desk, phone]
    );
    assert_eq!(listed[0].device_name.as_deref(), Some("Телефон 2"));
    assert!(matches!(
        refused(store.end_session(olga, foreign).await),
        Error::NotFound
    ));
    assert!(store.session_is_open(foreign, at(10)).await?);
    store.end_session(olga, phone).await?;
    assert!(!store.session_is_open(phone, at(10)).await?);
    assert_eq!(store.end_sessions(olga).await?, [desk]);
    assert!(store.end_sessions(olga).await?.is_empty());
    assert!(matches!(
        refused(open(&store, AccountId::mint(), 9).await),
        Error::NotFound
    ));
    Ok(())
}
