//! Those who lose their access together, and how.

use std::time::Instant;

use futures::future::join_all;
use prilavok_protocol::ids::{DeviceId, ThreadId};
use prilavok_server::accounts::Signed;
use prilavok_tests::wire::Wire;
use prilavok_tests::world::{Guest, World};
use reqwest::Method;
use serde_json::{Value, json};

use super::{How, ONE_LOOKS, TOGETHER};

/// A device with both doors open.
pub struct Victim {
    pub device: Guest,
    pub signed: Signed,
    app: Wire,
    page: Wire,
    /// A socket that has not said hello yet.
    pub early: Option<Wire>,
}

/// How a socket was closed: the code, the reason, and what was heard until then.
type Closed = (u16, String, Vec<Value>);

impl Victim {
    /// Waits until both doors are closed.
    pub async fn closed(&mut self) -> (Closed, Closed) {
        (self.app.closed_with().await, self.page.closed_with().await)
    }
}

/// Where they come from.
pub struct Victims<'a> {
    world: &'a World,
    /// A buyer, or the owner of a shop.
    guest: Guest,
    /// How they lose it.
    pub how: How,
}

impl<'a> Victims<'a> {
    pub fn new(world: &'a World, guest: Guest, how: How) -> Self {
        Self { world, guest, how }
    }

    /// New devices of one account, which is a new agent's where one will be removed.
    pub async fn come(&self, thread: ThreadId) -> Vec<Victim> {
        let whose = match self.how {
            How::Removed => &self.world.new_agent(&self.guest, "Маша").await,
            _ => &self.guest,
        };
        join_all((0..TOGETHER).map(|number| self.comes(whose, (thread, number)))).await
    }

    async fn comes(&self, whose: &Guest, (thread, number): (ThreadId, usize)) -> Victim {
        let (device, signed) = self.world.another_device(whose).await;
        let early = if number % ONE_LOOKS == 0 {
            Some(device.dial("/ws/session").await.expect("it opens"))
        } else {
            None
        };
        Victim {
            app: live(self.world, &device).await,
            page: device.room(thread.0).await,
            early,
            device,
            signed,
        }
    }

    /// When each of them was told that it is out.
    pub async fn shut_out(&self, victims: &[Victim]) -> Vec<Instant> {
        let first = &victims[0].device;
        let store = &self.world.app().store;
        match self.how {
            How::SignOut => return join_all(victims.iter().map(|victim| sign_out(&victim.device))).await,
            How::Stolen => return join_all(victims.iter().map(|victim| steal(&victim.device))).await,
            How::Everywhere => assert_eq!(first.call(Method::DELETE, "/auth/sessions", None).await.0, 200),
            How::Removed => {
                let path = format!("/auth/agents/{}", first.tokens.account.id);
                assert_eq!(self.guest.call(Method::DELETE, &path, None).await.0, 200);
            }
            How::Closed => {
                let ended = store.set_disabled(first.tokens.account.id, true).await;
                assert!(ended.expect("it is closed").len() >= victims.len());
            }
        }
        vec![Instant::now(); victims.len()]
    }

    /// A closed account can be closed again.
    pub async fn reopen(&self) {
        if self.how == How::Closed {
            let account = self.guest.tokens.account.id;
            let open = self.world.app().store.set_disabled(account, false).await;
            open.expect("it is open again");
        }
    }
}

async fn sign_out(device: &Guest) -> Instant {
    assert_eq!(device.post("/auth/logout", json!({})).await.0, 200);
    Instant::now()
}

/// The first token is presented after the second one was used.
async fn steal(device: &Guest) -> Instant {
    let refresh = |token: String| device.post("/auth/refresh", json!({"refresh_token": token}));
    let first = device.tokens.refresh_token.clone();
    let (_, second) = refresh(first.clone()).await;
    let second = second["data"]["refresh_token"].as_str().expect("a token").to_owned();
    assert_eq!(refresh(second).await.0, 200);
    let (status, answer) = refresh(first).await;
    assert_eq!((status, &answer["code"]), (401, &json!("token_reused")), "{answer}");
    Instant::now()
}

/// A session socket that begins where the log ends.
async fn live(world: &World, device: &Guest) -> Wire {
    let store = &world.app().store;
    let epoch = store.epoch().await.expect("the epoch");
    let pos = store.head(device.party()).await.expect("the head");
    let cursor = json!({"epoch": epoch, "pos": pos});
    let (mut wire, _) = device.session(DeviceId::mint(), Some(cursor)).await;
    wire.hear_type("live").await;
    wire
}
