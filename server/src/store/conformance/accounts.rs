//! Accounts, their parties, invitations.

use prilavok_protocol::ids::{AccountId, BuyerId, Role, SellerId, SessionId};
use prilavok_protocol::rest::Account;

use super::{Kept, at, buyer, refused};
use crate::store::accounts::{NewAccount, NewParty, NewSession, SecretHash, Standing, Why};
use crate::store::{Error, Result, SharedStore};

/// An account that differs from others by its e-mail address.
#[must_use]
pub fn new_account(email: &str, party: NewParty) -> NewAccount {
    NewAccount {
        id: AccountId::mint(),
        email: email.into(),
        password_hash: "$argon2id$проба".into(),
        name: "Ольга".into(),
        party,
        at: at(3),
    }
}

/// A secret's hash for tests.
#[must_use]
pub fn secret(number: u8) -> SecretHash {
    [number; 32]
}

/// A shop and its owner.
async fn shop(store: &SharedStore) -> Result<(SellerId, AccountId)> {
    let shop = SellerId::mint();
    let owner = new_account("owner@example.org", NewParty::Seller(shop));
    Ok((shop, store.create_account(owner).await?.account.id))
}

/// A colleague, by an invitation of this agent.
async fn colleague(store: &SharedStore, by: AccountId, (number, email): (u8, &str)) -> Result<AccountId> {
    store.invite(by.into(), secret(number), at(100)).await?;
    let agent = new_account(email, NewParty::Invited(secret(number)));
    Ok(store.create_account(agent).await?.account.id)
}

/// A registered buyer can be found by e-mail and id, and is in the catalogue.
pub async fn an_account_brings_its_party(store: SharedStore) -> Kept {
    let (person, shop) = (BuyerId::mint(), SellerId::mint());
    let olga = store
        .create_account(new_account("olga@example.org", NewParty::Buyer(person)))
        .await?;
    let ivan = store
        .create_account(new_account("ivan@example.org", NewParty::Seller(shop)))
        .await?;
    assert_eq!(
        (olga.account.role, olga.account.buyer_id, olga.account.seller_id),
        (Role::Buyer, Some(person), None)
    );
    assert_eq!(
        (ivan.account.role, ivan.account.buyer_id, ivan.account.seller_id),
        (Role::Seller, None, Some(shop))
    );
    assert_eq!(olga.standing, Standing::Open);
    let found = store.account_by_email("olga@example.org").await?.expect("registered");
    assert_eq!(
        (found.account, found.password_hash),
        (olga.account.clone(), olga.password_hash)
    );
    assert_eq!(
        store.account(olga.account.id).await?.map(|found| found.account),
        Some(olga.account)
    );
    assert!(store.account_by_email("nobody@example.org").await?.is_none());
    assert!(store.account(AccountId::mint()).await?.is_none());
    assert_eq!(store.buyer(person).await?.name, "Ольга");
    assert_eq!(store.seller(shop).await?.name, "Ольга");
    let emails: Vec<String> = store.accounts().await?.into_iter().map(|(_, email)| email).collect();
    assert_eq!(emails, ["ivan@example.org", "olga@example.org"]);
    Ok(())
}

/// One e-mail, one account; a refused registration leaves no party behind.
pub async fn an_email_is_taken_once(store: SharedStore) -> Kept {
    store
        .create_account(new_account("olga@example.org", NewParty::Buyer(BuyerId::mint())))
        .await?;
    let second = SellerId::mint();
    let refusal = store
        .create_account(new_account("olga@example.org", NewParty::Seller(second)))
        .await;
    assert!(matches!(refused(refusal), Error::EmailTaken));
    assert!(matches!(refused(store.seller(second).await), Error::NotFound));
    Ok(())
}

/// An account may take a party that the catalogue knows, which keeps its name; a buyer is one person.
pub async fn an_account_may_take_a_known_party(store: SharedStore) -> Kept {
    let masha = buyer(&store, "Маша из каталога").await?;
    store
        .create_account(new_account("masha@example.org", NewParty::Buyer(masha)))
        .await?;
    assert_eq!(store.buyer(masha).await?.name, "Маша из каталога");
    let refusal = store
        .create_account(new_account("other@example.org", NewParty::Buyer(masha)))
        .await;
    assert!(matches!(refused(refusal), Error::Conflict));
    assert!(store.account_by_email("other@example.org").await?.is_none());
    Ok(())
}

/// An invitation makes an agent of that shop, once, and not after its time.
pub async fn an_invitation_is_good_once(store: SharedStore) -> Kept {
    let (shop, owner) = shop(&store).await?;
    store.invite(owner.into(), secret(1), at(100)).await?;
    store.invite(owner.into(), secret(2), at(2)).await?;
    let agent = store
        .create_account(new_account("agent@example.org", NewParty::Invited(secret(1))))
        .await?;
    assert_eq!(
        (agent.account.role, agent.account.seller_id),
        (Role::Seller, Some(shop))
    );
    for (number, why) in [(1, "used"), (2, "expired"), (3, "unknown")] {
        let email = format!("late{number}@example.org");
        let refusal = store
            .create_account(new_account(&email, NewParty::Invited(secret(number))))
            .await;
        assert!(matches!(refused(refusal), Error::NotFound), "{why}");
        assert!(store.account_by_email(&email).await?.is_none());
    }
    assert!(matches!(
        refused(store.invite(AccountId::mint().into(), secret(4), at(100)).await),
        Error::NotFound
    ));
    Ok(())
}

/// A registration that fails for its e-mail does not use up the invitation.
pub async fn a_failed_registration_keeps_the_invitation(store: SharedStore) -> Kept {
    let (_, owner) = shop(&store).await?;
    store.invite(owner.into(), secret(1), at(100)).await?;
    store
        .create_account(new_account("agent@example.org", NewParty::Buyer(BuyerId::mint())))
        .await?;
    let refusal = store
        .create_account(new_account("agent@example.org", NewParty::Invited(secret(1))))
        .await;
    assert!(matches!(refused(refusal), Error::EmailTaken));
    store
        .create_account(new_account("second@example.org", NewParty::Invited(secret(1))))
        .await?;
    Ok(())
}

/// A password can be replaced; of nobody it cannot.
pub async fn a_password_can_be_replaced(store: SharedStore) -> Kept {
    let id = store
        .create_account(new_account("olga@example.org", NewParty::Buyer(BuyerId::mint())))
        .await?
        .account
        .id;
    store.set_password(id, "новый").await?;
    assert_eq!(
        store.account(id).await?.map(|found| found.password_hash).as_deref(),
        Some("новый")
    );
    assert!(matches!(
        refused(store.set_password(AccountId::mint(), "х").await),
        Error::NotFound
    ));
    Ok(())
}

/// The owner of a shop comes first; who was taken out is not there any more, and the others stay.
pub async fn agents_are_listed_until_they_leave(store: SharedStore) -> Kept {
    let (shop, owner) = shop(&store).await?;
    let anna = colleague(&store, owner, (1, "anna@example.org")).await?;
    let boris = colleague(&store, anna, (2, "boris@example.org")).await?;
    let listed = |agents: Vec<Account>| agents.into_iter().map(|agent| agent.id).collect::<Vec<_>>();
    assert_eq!(listed(store.agents(shop).await?), [owner, anna, boris]);
    assert!(store.remove_agent(owner.into(), anna).await?.is_empty());
    assert_eq!(listed(store.agents(shop).await?), [owner, boris]);
    assert_eq!(
        store.account(anna).await?.map(|found| found.standing),
        Some(Standing::Removed)
    );
    assert!(matches!(
        refused(store.remove_agent(owner.into(), anna).await),
        Error::NotFound
    ));
    assert!(matches!(
        refused(store.remove_agent(anna.into(), boris).await),
        Error::NotFound
    ));
    assert!(store.agents(SellerId::mint()).await?.is_empty());
    Ok(())
}

/// A shop is nobody else's affair, and a buyer has none.
pub async fn agents_are_removed_from_their_own_shop_only(store: SharedStore) -> Kept {
    let (shop, owner) = shop(&store).await?;
    let other = store
        .create_account(new_account("other@example.org", NewParty::Seller(SellerId::mint())))
        .await?;
    let buyer = store
        .create_account(new_account("buyer@example.org", NewParty::Buyer(BuyerId::mint())))
        .await?;
    let (other, buyer) = (other.account.id, buyer.account.id);
    for (by, id) in [(other, owner), (buyer, owner), (buyer, buyer), (owner, buyer)] {
        assert!(matches!(
            refused(store.remove_agent(by.into(), id).await),
            Error::NotFound
        ));
    }
    assert_eq!(store.agents(shop).await?.len(), 1);
    Ok(())
}

/// Whoever is shut out leaves no way back behind: neither by a session nor by an invitation of their own.
pub async fn sessions_and_invitations_go_with_their_account(store: SharedStore) -> Kept {
    let (_, owner) = shop(&store).await?;
    let (anna, boris) = (
        colleague(&store, owner, (1, "anna@example.org")).await?,
        colleague(&store, owner, (2, "boris@example.org")).await?,
    );
    for (number, by) in [(3, owner), (4, anna), (5, boris)] {
        store.invite(by.into(), secret(number), at(100)).await?;
    }
    let session = NewSession {
        id: SessionId::mint(),
        account_id: anna,
        refresh_hash: secret(6),
        device_name: None,
        at: at(3),
        expires_at: at(1_000),
    };
    store.open_session(session.clone()).await?;
    assert_eq!(store.remove_agent(owner.into(), anna).await?, [session.id]);
    store.set_disabled(boris, true).await?;
    assert!(!store.session_is_open(session.id, at(4)).await?);
    let told = store.revocations_after(0).await?;
    assert_eq!(
        (told.len(), told[0].session, told[0].why),
        (1, session.id, Why::Removed)
    );
    assert!(matches!(refused(store.open_session(session).await), Error::NotFound));
    assert!(matches!(
        refused(store.invite(anna.into(), secret(7), at(100)).await),
        Error::NotFound
    ));
    for number in [4, 5] {
        let back = new_account("back@example.org", NewParty::Invited(secret(number)));
        assert!(matches!(refused(store.create_account(back).await), Error::NotFound));
    }
    let fine = new_account("fine@example.org", NewParty::Invited(secret(3)));
    store.create_account(fine).await?;
    Ok(())
}

/// Who was taken out of a shop may begin anew under the same address, as anybody.
pub async fn the_address_of_a_removed_agent_is_free_again(store: SharedStore) -> Kept {
    let (shop, owner) = shop(&store).await?;
    let before = colleague(&store, owner, (1, "anna@example.org")).await?;
    store.remove_agent(owner.into(), before).await?;
    let after = colleague(&store, owner, (2, "anna@example.org")).await?;
    assert!(store.account(before).await?.is_none());
    let found = store.account_by_email("anna@example.org").await?.expect("registered");
    assert_eq!((found.account.id, found.account.seller_id), (after, Some(shop)));
    assert_eq!(found.standing, Standing::Open);
    Ok(())
}
