//! Several accounts in one app: engines side by side over one data directory, none in another's way.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use prilavok_client::{Client, Connection, Error, Identity, MemorySecrets, Options, SeatId, Seats, Secrets, Unsent};
use prilavok_client::{Stretch, Update};
use prilavok_protocol::ids::{Role, SellerId, ThreadId};
use prilavok_protocol::rest::Register;
use prilavok_tests::person::relay::Line;
use prilavok_tests::person::{Device, PASSWORD, Person};
use prilavok_tests::wire::DEADLINE;
use prilavok_tests::world::World;
use tempfile::TempDir;
use tokio::sync::mpsc::Receiver;
use tokio::time::timeout;

/// One engine of an app, and what its screen was told.
struct Seat {
    client: Client,
    updates: Receiver<Update>,
}

/// What a shop's agent's app brings to each of its engines.
fn options(folder: &Path, secrets: &Arc<dyn Secrets>) -> Options {
    Options {
        data_dir: folder.to_owned(),
        role: Role::Seller,
        app: "stories/0.1.0".into(),
        secrets: secrets.clone(),
        language: "ru".into(),
    }
}

async fn opens(number: u32, folder: &Path, secrets: &Arc<dyn Secrets>) -> Seat {
    let seats = Seats::open(folder).expect("the folder can be read");
    let opened = Client::open_in(seats.home(SeatId(number)), options(folder, secrets)).await;
    let (client, updates) = opened.expect("it opens");
    Seat { client, updates }
}

fn app() -> (TempDir, Arc<dyn Secrets>) {
    (
        tempfile::tempdir().expect("a folder"),
        Arc::new(MemorySecrets::default()),
    )
}

impl Seat {
    /// A new shop, signed in here.
    async fn joins(&self, server: SocketAddr, name: &str, email: &str) -> SellerId {
        self.client.set_server(&server.to_string()).await.expect("a server");
        let register = Register {
            email: email.into(),
            password: PASSWORD.into(),
            name: name.into(),
            role: Role::Seller,
            invitation: None,
            device_name: None,
        };
        let account = self.client.register(register).await.expect("registered");
        account.seller_id.expect("a shop")
    }

    /// Waits until it is told what `find` looks for.
    async fn waits<T>(&mut self, what: &str, mut find: impl FnMut(&Update) -> Option<T>) -> T {
        let told = async {
            loop {
                let update = self.updates.recv().await.expect("the engine runs");
                if let Some(found) = find(&update) {
                    return found;
                }
            }
        };
        let told = timeout(DEADLINE, told).await;
        told.unwrap_or_else(|_| panic!("this seat was never told of {what}"))
    }

    async fn hears(&mut self, text: &str) {
        self.waits(text, |update| match update {
            Update::Message { message } if message.message == text => Some(()),
            _ => None,
        })
        .await;
    }

    async fn is_online(&mut self) {
        if self.client.connection() == Connection::Online {
            return;
        }
        self.waits("a line", |update| match update {
            Update::Connection { connection } if *connection == Connection::Online => Some(()),
            _ => None,
        })
        .await;
    }

    async fn texts(&self, thread: ThreadId) -> Vec<String> {
        let page = self.client.messages(thread, Stretch::Newest, 50).await.expect("a page");
        page.messages.into_iter().map(|message| message.message).collect()
    }

    fn name(&self) -> Option<String> {
        self.client.identity().account.map(|account| account.name)
    }
}

async fn starts(buyer: &Person, shop: SellerId) -> ThreadId {
    buyer.client.start(shop, None).await.expect("the thread starts")
}

#[tokio::test(flavor = "multi_thread")]
async fn two_accounts_on_two_servers_live_in_one_app_and_are_both_there_after_a_restart() {
    let (here, there) = (World::new().await, World::new().await);
    let (folder, secrets) = app();
    let folder = folder.path();
    let (mut tea, mut linen) = (opens(1, folder, &secrets).await, opens(2, folder, &secrets).await);
    let tea_shop = tea.joins(here.address, "Чайная гора", "agent@example.ru").await;
    let linen_shop = linen.joins(there.address, "Льняной двор", "agent@example.ru").await;
    let mut anna = Person::new(here.address, Role::Buyer, "Анна").await;
    let mut boris = Person::new(there.address, Role::Buyer, "Борис").await;
    let (of_tea, of_linen) = (starts(&anna, tea_shop).await, starts(&boris, linen_shop).await);
    anna.says(of_tea, "Есть улун?").await;
    boris.says(of_linen, "Есть скатерть?").await;
    tea.hears("Есть улун?").await;
    linen.hears("Есть скатерть?").await;
    linen.client.send(of_linen, "Есть, белая", None).await.expect("queued");
    boris.hears("Есть, белая").await;
    // Whoever answers has read the question.
    linen
        .waits("nothing unread", |update| match update {
            Update::Unread { total: 0 } => Some(()),
            _ => None,
        })
        .await;
    assert_eq!(tea.client.threads().await.expect("the list").len(), 1);
    assert_eq!(linen.client.threads().await.expect("the list").len(), 1);
    assert_eq!(
        tea.client.thread(of_linen).await,
        Ok(None),
        "nothing of the other account is here"
    );
    assert_eq!((tea.client.unread(), linen.client.unread()), (1, 0));

    tea.client.close().await;
    linen.client.close().await;
    let seats = Seats::open(folder).expect("the folder can be read");
    assert_eq!(seats.all(), [SeatId(1), SeatId(2)]);
    let (mut tea, mut linen) = (opens(1, folder, &secrets).await, opens(2, folder, &secrets).await);
    assert_eq!(tea.name().as_deref(), Some("Чайная гора"));
    assert_eq!(linen.name().as_deref(), Some("Льняной двор"));
    tea.is_online().await;
    linen.is_online().await;
    anna.says(of_tea, "А пуэр?").await;
    tea.hears("А пуэр?").await;
    assert_eq!(linen.texts(of_linen).await, ["Есть скатерть?", "Есть, белая"]);
    tea.client.close().await;
    linen.client.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_that_is_open_cannot_be_added_a_second_time_and_does_not_notice_the_attempt() {
    let world = World::new().await;
    let (folder, secrets) = app();
    let folder = folder.path();
    let (first, second) = (opens(1, folder, &secrets).await, opens(2, folder, &secrets).await);
    let shop = first.joins(world.address, "Чайная гора", "tea@example.ru").await;
    second
        .client
        .set_server(&world.address.to_string())
        .await
        .expect("a server");
    let refused = second.client.sign_in("tea@example.ru", PASSWORD).await;
    assert_eq!(refused, Err(Error::AlreadyHere));
    assert_eq!(second.client.identity().account, None);
    assert!(second.client.identity().server.is_some(), "the address stays");
    assert_eq!(
        first.client.sessions().await.expect("the list").len(),
        1,
        "no session is left over"
    );

    // The key of the first one is its own still: it comes back with it.
    let mut anna = Person::new(world.address, Role::Buyer, "Анна").await;
    let thread = starts(&anna, shop).await;
    first.client.close().await;
    let mut first = opens(1, folder, &secrets).await;
    anna.says(thread, "Есть кто?").await;
    first.hears("Есть кто?").await;
    second.client.close().await;
    first.client.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_out_of_one_account_leaves_the_other_alone_and_what_was_written_waits_at_any_seat() {
    let world = World::new().await;
    let (folder, secrets) = app();
    let folder = folder.path();
    let (mut tea, mut linen) = (opens(1, folder, &secrets).await, opens(2, folder, &secrets).await);
    let tea_shop = tea.joins(world.address, "Чайная гора", "tea@example.ru").await;
    let linen_shop = linen.joins(world.address, "Льняной двор", "linen@example.ru").await;
    let mut anna = Person::new(world.address, Role::Buyer, "Анна").await;
    let (of_tea, of_linen) = (starts(&anna, tea_shop).await, starts(&anna, linen_shop).await);
    anna.says(of_tea, "Есть улун?").await;
    tea.hears("Есть улун?").await;
    tea.client.set_draft(of_tea, "Есть, и тёмн").await.expect("kept");
    tea.client.sign_out(false).await.expect("signed out");
    tea.client.close().await;
    let seats = Seats::open(folder).expect("the folder can be read");
    seats.remove(SeatId(1)).expect("removed");
    assert_eq!(seats.all(), [SeatId(2)]);

    anna.says(of_linen, "Есть скатерть?").await;
    linen.hears("Есть скатерть?").await;
    let mut third = opens(3, folder, &secrets).await;
    third.client.begin_like(&linen.client).await.expect("it begins");
    let before = Identity {
        account: None,
        ..linen.client.identity()
    };
    assert_eq!(third.client.identity(), before, "the same server, and nobody there");
    third
        .client
        .sign_in("tea@example.ru", PASSWORD)
        .await
        .expect("signed in");
    let kept = third.client.thread(of_tea).await.expect("a list").expect("the thread");
    assert_eq!(kept.draft.as_deref(), Some("Есть, и тёмн"));
    third.is_online().await;
    third.client.close().await;
    linen.client.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_installation_of_one_account_keeps_cache_outbox_and_drafts_when_it_gets_seats() {
    let world = World::new().await;
    let mut anna = Person::new(world.address, Role::Buyer, "Анна").await;
    let device = Device::new(world.address, Role::Seller).await;
    let secrets = device.secrets.clone();
    let mut shop = device.joins("Чайная гора").await;
    let thread = anna.starts_with(&mut shop).await;
    anna.says(thread, "Есть улун?").await;
    shop.hears("Есть улун?").await;
    shop.goes_offline().await;
    shop.says(thread, "Есть").await;
    shop.says(thread, "Тёмный и светлый").await;
    shop.client.set_draft(thread, "А ещё").await.expect("kept");
    let mut settings = shop.client.settings();
    settings.zoom = 120;
    shop.client.set_settings(settings).await.expect("kept");
    let device = shop.closes().await;

    let mut seat = opens(1, device.folder(), &secrets).await;
    assert_eq!(seat.name().as_deref(), Some("Чайная гора"));
    assert_eq!(seat.client.settings().zoom, 120);
    assert_eq!(seat.texts(thread).await, ["Есть улун?", "Есть", "Тёмный и светлый"]);
    let unsent = Unsent { messages: 2, drafts: 1 };
    assert_eq!(seat.client.unsent().await, Ok(unsent));
    device.line(Line::Open);
    seat.client.reconnect_now().await.expect("the engine runs");
    seat.is_online().await;
    anna.hears("Есть").await;
    anna.hears("Тёмный и светлый").await;
    let kept = seat.client.thread(thread).await.expect("a list").expect("the thread");
    assert_eq!(kept.draft.as_deref(), Some("А ещё"));
    seat.client.close().await;
}
