//! Accounts, their parties, invitations.

use prilavok_protocol::ids::{AccountId, BuyerId, Role, SellerId};

use super::{Kept, at, buyer, refused, seller};
use crate::store::accounts::{NewAccount, NewParty, SecretHash};
use crate::store::{Error, SharedStore};

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
    assert!(!olga.is_disabled);
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
    let shop = seller(&store, "Лесной двор").await?;
    store.invite(shop, secret(1), at(100)).await?;
    store.invite(shop, secret(2), at(2)).await?;
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
        refused(store.invite(SellerId::mint(), secret(4), at(100)).await),
        Error::NotFound
    ));
    Ok(())
}

/// A registration that fails for its e-mail does not use up the invitation.
pub async fn a_failed_registration_keeps_the_invitation(store: SharedStore) -> Kept {
    let shop = seller(&store, "Лесной двор").await?;
    store.invite(shop, secret(1), at(100)).await?;
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
