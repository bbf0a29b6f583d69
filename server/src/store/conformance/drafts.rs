//! Drafts: compare and set, the account's own, numbered, bounded.

use prilavok_protocol::ids::{AccountId, BuyerId, DeviceId, DraftVersion};
use uuid::Uuid;

use super::accounts::new_account;
use super::{Kept as Promise, Talk, at, refused};
use crate::store::accounts::NewParty;
use crate::store::drafts::{Kept, NewDraft};
use crate::store::{Error, Result, SharedStore};

const PHONE: DeviceId = DeviceId(Uuid::from_u128(1));
const LAPTOP: DeviceId = DeviceId(Uuid::from_u128(2));

struct Desk {
    talk: Talk,
    account: AccountId,
}

impl Desk {
    async fn new(store: &SharedStore) -> Result<Self> {
        let record = store
            .create_account(new_account("olga@example.ru", NewParty::Buyer(BuyerId::mint())))
            .await?;
        let talk = Talk::start(store).await?;
        Ok(Self {
            talk,
            account: record.account.id,
        })
    }

    async fn sets(&self, device: DeviceId, base: u64, text: &str) -> Result<Kept> {
        let draft = NewDraft {
            account: self.account,
            device,
            base: DraftVersion(base),
            text: text.into(),
            at: at(5),
            most: 2,
        };
        self.talk.store.set_draft(&self.talk.olga, draft).await
    }

    async fn after(&self, version: u64) -> Result<Vec<(u64, String)>> {
        let drafts = self
            .talk
            .store
            .drafts_after(self.account, DraftVersion(version), 10)
            .await?;
        Ok(drafts
            .into_iter()
            .map(|draft| (draft.version.0, draft.message))
            .collect())
    }
}

/// A change that was made from an old version changes nothing and is told the newest; a repeat is answered again.
pub async fn a_draft_is_set_from_its_newest_version_only(store: SharedStore) -> Promise {
    let desk = Desk::new(&store).await?;
    let first = desk.sets(PHONE, 0, "раз").await?;
    assert!(first.is_kept && first.is_new && first.draft.version == DraftVersion(1));
    let late = desk.sets(LAPTOP, 0, "два").await?;
    assert!(!late.is_kept && !late.is_new);
    assert_eq!((late.draft.message.as_str(), late.draft.device), ("раз", PHONE));
    let again = desk.sets(PHONE, 0, "раз").await?;
    assert!(again.is_kept && !again.is_new && again.draft == first.draft);
    let next = desk.sets(LAPTOP, 1, "раз-два").await?;
    assert!(next.is_kept && next.draft.version == DraftVersion(2));
    assert_eq!(desk.after(0).await?, [(2, "раз-два".to_owned())]);
    let own = desk.sets(LAPTOP, 1, "раз-два-три").await?;
    assert!(!own.is_kept, "its own lost answer is no newer version either");
    Ok(())
}

/// A removal is a change like any other: other devices must learn of it.
pub async fn a_removed_draft_is_told_as_empty(store: SharedStore) -> Promise {
    let desk = Desk::new(&store).await?;
    let nothing = desk.sets(PHONE, 0, "").await?;
    assert!(nothing.is_kept && !nothing.is_new, "there was nothing to remove");
    desk.sets(PHONE, 0, "раз").await?;
    desk.sets(PHONE, 1, "").await?;
    assert_eq!(desk.after(1).await?, [(2, String::new())]);
    assert_eq!(store.drafts_version(desk.account).await?, Some(DraftVersion(2)));
    assert!(desk.sets(LAPTOP, 2, "снова").await?.is_kept);
    Ok(())
}

/// Other accounts have drafts, versions and limits of their own.
pub async fn drafts_are_the_accounts_own_and_bounded(store: SharedStore) -> Promise {
    let desk = Desk::new(&store).await?;
    desk.sets(PHONE, 0, "раз").await?;
    let other = store
        .create_account(new_account("inna@example.ru", NewParty::Buyer(BuyerId::mint())))
        .await?;
    let other = Desk {
        talk: Talk::start(&store).await?,
        account: other.account.id,
    };
    assert_eq!(other.after(0).await?, []);
    assert_eq!(store.drafts_version(other.account).await?, Some(DraftVersion(0)));
    let stranger = Desk {
        talk: Talk::start(&store).await?,
        account: AccountId::mint(),
    };
    assert!(matches!(
        refused(stranger.sets(PHONE, 0, "чужое").await),
        Error::NotFound
    ));
    assert_eq!(store.drafts_version(stranger.account).await?, None);
    // Two at most, and it holds for threads, not for changes.
    for (n, base) in [(1, 0), (2, 0)] {
        let next = Desk {
            talk: Talk::start(&store).await?,
            account: desk.account,
        };
        let set = next.sets(PHONE, base, "ещё").await;
        assert_eq!(set.is_ok(), n == 1, "{n}: {set:?}");
    }
    assert!(desk.sets(PHONE, 1, "раз два").await?.is_kept);
    Ok(())
}
