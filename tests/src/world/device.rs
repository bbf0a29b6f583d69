//! One more signed-in device of somebody, or one more agent of a shop, without the second that a password costs: for stories of a thousand rounds.

use std::time::Duration;

use prilavok_protocol::ids::{AccountId, SessionId};
use prilavok_protocol::rest::Tokens;
use prilavok_server::accounts::Signed;
use prilavok_server::accounts::keys::{Secret, after};
use prilavok_server::store::accounts::{NewAccount, NewParty, NewSession};

use super::{Guest, World};

const LIFE: Duration = Duration::from_secs(3600);

impl World {
    /// Another agent of this shop, by its invitation; nobody knows a password of theirs.
    ///
    /// # Panics
    /// When the shop is none.
    pub async fn new_agent(&self, owner: &Guest, name: &str) -> Guest {
        let app = self.app();
        let (secret, now, id) = (Secret::new().expect("randomness"), app.clock.now(), AccountId::mint());
        let owner_id = owner.tokens.account.id;
        let invited = app.store.invite(owner_id.into(), secret.hash(), after(now, LIFE)).await;
        invited.expect("the invitation is stored");
        let account = NewAccount {
            id,
            email: format!("{id}@example.ru"),
            password_hash: String::new(),
            name: name.to_owned(),
            party: NewParty::Invited(secret.hash()),
            at: now,
        };
        let record = app.store.create_account(account).await.expect("the account is made");
        let tokens = Tokens {
            account: record.account,
            ..owner.tokens.clone()
        };
        let (agent, _) = self.another_device(&owner.on_another_device(tokens)).await;
        agent
    }

    /// Another session of the same account, as signing in makes it, and the proof of it for the rules.
    ///
    /// # Panics
    /// When the account is closed.
    pub async fn another_device(&self, guest: &Guest) -> (Guest, Signed) {
        let app = self.app();
        let (now, id, refresh) = (app.clock.now(), SessionId::mint(), Secret::new().expect("randomness"));
        let account = guest.tokens.account.clone();
        let session = NewSession {
            id,
            account_id: account.id,
            refresh_hash: refresh.hash(),
            device_name: None,
            at: now,
            expires_at: after(now, LIFE),
        };
        app.store.open_session(session).await.expect("the session is opened");
        let signed = Signed {
            account: account.id,
            session: id,
            party: guest.party(),
        };
        let access_token = app.keys.sign_access(signed, now, LIFE).expect("a token");
        let tokens = Tokens {
            access_token,
            refresh_token: refresh.text,
            expires_in: 3600,
            account,
        };
        (guest.on_another_device(tokens), signed)
    }
}
