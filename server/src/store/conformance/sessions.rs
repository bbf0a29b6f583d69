//! Sessions and refresh tokens.

use prilavok_protocol::ids::{AccountId, BuyerId, SessionId};

use super::accounts::{new_account, secret};
use super::{Kept, at, refused};
use crate::store::accounts::{NewParty, NewSession, Revocation, Rotation, Standing, Why};
use crate::store::{Acting, Error, Result, SharedStore};

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

/// However many replies are lost, a token may be presented again, until one that was given for it is used. Which reply
/// arrived in the end is for the device to know: any of them is good.
pub async fn lost_replies_are_forgiven_until_a_successor_is_used(store: SharedStore) -> Kept {
    let olga = account(&store, "olga@example.org").await?;
    let session = open(&store, olga, 1).await?;
    for (new, lost) in [(2, "the first"), (3, "the second"), (4, "the third"), (5, "none")] {
        assert_eq!(rotate(&store, 1, new).await?, "rotated", "{lost} reply is lost");
    }
    assert_eq!(rotate(&store, 4, 6).await?, "rotated", "the third was only late");
    assert_eq!(
        rotate(&store, 4, 7).await?,
        "rotated",
        "and its own replies are lost, too"
    );
    assert_eq!(rotate(&store, 7, 8).await?, "rotated");
    assert!(store.session_is_open(session, at(100)).await?);
    assert!(store.revocations_after(0).await?.is_empty());
    Ok(())
}

/// Once a successor was used, the token and its other successors end the session, whoever has them.
pub async fn a_token_whose_successor_was_used_ends_the_session(store: SharedStore) -> Kept {
    let olga = account(&store, "olga@example.org").await?;
    for (number, stolen, why) in [(10, 10, "the old one"), (20, 21, "the one that got lost")] {
        let session = open(&store, olga, number).await?;
        assert_eq!(rotate(&store, number, number + 1).await?, "rotated");
        assert_eq!(rotate(&store, number, number + 2).await?, "rotated", "a reply is lost");
        assert_eq!(rotate(&store, number + 2, number + 3).await?, "rotated", "it is used");
        assert_eq!(rotate(&store, stolen, number + 4).await?, "reused", "{why}");
        assert!(!store.session_is_open(session, at(100)).await?, "{why}");
        assert_eq!(rotate(&store, number + 3, number + 5).await?, "refused", "{why}");
    }
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
    assert_eq!(
        store.account(olga).await?.map(|found| found.standing),
        Some(Standing::Closed)
    );
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
        refused(store.end_session(olga.into(), foreign).await),
        Error::NotFound
    ));
    assert!(store.session_is_open(foreign, at(10)).await?);
    store.end_session(olga.into(), phone).await?;
    assert!(!store.session_is_open(phone, at(10)).await?);
    assert_eq!(store.end_sessions(olga.into()).await?, [desk]);
    assert!(store.end_sessions(olga.into()).await?.is_empty());
    assert!(matches!(
        refused(open(&store, AccountId::mint(), 9).await),
        Error::NotFound
    ));
    Ok(())
}

/// Whatever ends a session is told to every process that asks, once, in order, with its reason.
pub async fn ends_are_told_in_order_with_their_reasons(store: SharedStore) -> Kept {
    let (olga, masha) = (
        account(&store, "olga@example.org").await?,
        account(&store, "masha@example.org").await?,
    );
    let (first, second) = (open(&store, olga, 1).await?, open(&store, olga, 2).await?);
    let (stolen, closed) = (open(&store, olga, 3).await?, open(&store, masha, 6).await?);
    assert!(store.revocations_after(0).await?.is_empty());
    store.end_session(olga.into(), first).await?;
    for (used, new) in [(3, 4), (4, 5)] {
        assert_eq!(rotate(&store, used, new).await?, "rotated");
    }
    assert_eq!(rotate(&store, 3, 7).await?, "reused");
    store.set_disabled(masha, true).await?;
    store.end_sessions(olga.into()).await?;
    let told = store.revocations_after(0).await?;
    let told_as = |told: &[Revocation]| told.iter().map(|told| (told.session, told.why)).collect::<Vec<_>>();
    let all = [
        (first, Why::SignedOut),
        (stolen, Why::SignedOut),
        (closed, Why::Closed),
        (second, Why::SignedOut),
    ];
    assert_eq!(told_as(&told), all);
    assert!(told.windows(2).all(|pair| pair[0].number < pair[1].number));
    assert_eq!(told_as(&store.revocations_after(told[1].number).await?), all[2..]);
    assert!(store.revocations_after(told[3].number).await?.is_empty());
    Ok(())
}

/// What somebody asks for in a session that has ended is not done.
pub async fn who_writes_in_an_ended_session_is_refused(store: SharedStore) -> Kept {
    let olga = account(&store, "olga@example.org").await?;
    let (ended, other) = (open(&store, olga, 1).await?, open(&store, olga, 2).await?);
    store.end_session(olga.into(), ended).await?;
    let late = Acting::from(olga).within(ended);
    assert!(matches!(
        refused(store.end_session(late, other).await),
        Error::SessionEnded
    ));
    assert!(matches!(refused(store.end_sessions(late).await), Error::SessionEnded));
    assert!(matches!(
        refused(store.invite(late, secret(9), at(100)).await),
        Error::SessionEnded
    ));
    assert!(matches!(
        refused(store.remove_agent(late, olga).await),
        Error::SessionEnded
    ));
    assert!(store.session_is_open(other, at(10)).await?);
    store.end_session(Acting::from(olga).within(other), other).await?;
    Ok(())
}
