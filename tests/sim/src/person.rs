//! A device of the simulation: the app with its engine, and a person who writes, reads, takes back and looks.

use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use prilavok_client::{
    Client, Clock, Connection, Focus, MessageItem, MessageState, Options, Pace, Seams, Stretch, Update,
};
use prilavok_protocol::ids::{Party, Role, ThreadId};
use prilavok_protocol::rest::Register;
use prilavok_protocol::time::Time;
use prilavok_server::accounts::{self, Signed};
use prilavok_server::app::App;
use rand::Rng;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep, sleep_until};

use crate::network::SimNetwork;
use crate::server::{HOST, PORT, now};
use crate::world::{Act, Device, World, Written};

/// Everybody's password.
const PASSWORD: &str = "очень-секретно";
/// Before trying again what the network did not let through.
const AGAIN: Duration = Duration::from_millis(500);

struct DeviceClock;

impl Clock for DeviceClock {
    fn now(&self) -> Time {
        now()
    }
}

/// Runs the app until the host crashes.
pub async fn live(world: Rc<World>, device: Rc<Device>) -> turmoil::Result {
    let options = Options {
        data_dir: device.folder.clone(),
        role: device.role,
        app: "simulation/0.1.0".into(),
        secrets: device.secrets.clone(),
        language: "ru".into(),
    };
    let seed = device.chance.borrow_mut().random();
    let seams = Seams {
        clock: Arc::new(DeviceClock),
        pace: Pace::default(),
        network: Arc::new(SimNetwork::new(seed)),
        has_threads: false,
    };
    let (client, mut updates) = Client::open_with(options, seams).await?;
    device.client.replace(Some(client.clone()));
    world.trace.note(&device.name, "starts");
    // The screen is read by a task of its own, as the apps do.
    let screen = (Rc::clone(&world), Rc::clone(&device));
    tokio::task::spawn_local(async move { watch(&screen.0, &screen.1, &mut updates).await });
    if !device.is_settled.get() {
        settle(&world, &device, &client).await;
        device.is_settled.set(true);
    }
    loop {
        let wait = device.chance.borrow_mut().random_range(100..4_000);
        sleep_until(Instant::now() + Duration::from_millis(wait)).await;
        if matches!(client.connection(), Connection::Stopped { .. }) {
            // The server forgives one lost answer to a refresh; after two the person signs in again.
            world.trace.note(&device.name, "signs in again");
            let _ = client.sign_in(&email_of(&device), PASSWORD).await;
        }
        if world.act.get() == Act::Living {
            act(&world, &device, &client).await;
        }
    }
}

fn email_of(device: &Device) -> String {
    format!("{}@example.ru", device.owner)
}

/// Signs in, and as a buyer opens a thread with every shop.
async fn settle(world: &World, device: &Device, client: &Client) {
    let address = format!("http://{}:{PORT}", turmoil::lookup(HOST));
    while client.set_server(&address).await.is_err() {
        sleep(AGAIN).await;
    }
    let email = email_of(device);
    let mut register = Register {
        email: email.clone(),
        password: PASSWORD.into(),
        name: device.owner.clone(),
        role: device.role,
        invitation: None,
        device_name: None,
    };
    loop {
        let signed = if device.is_first {
            if let Some(shop) = &device.joins {
                register.invitation = Some(invitation_to(world, shop).await);
            }
            client.register(register.clone()).await
        } else {
            client.sign_in(&email, PASSWORD).await
        };
        match signed {
            Ok(account) => {
                if let Some(shop) = account.seller_id.filter(|_| device.joins.is_none()) {
                    world.shops.borrow_mut().insert(device.owner.clone(), shop);
                }
                break;
            }
            Err(_) => sleep(AGAIN).await,
        }
    }
    if device.role == Role::Seller || !device.is_first {
        return;
    }
    while world.shops.borrow().len() < world.size.shops {
        sleep(AGAIN).await;
    }
    let shops = world.shops.borrow().clone();
    for (owner, shop) in shops {
        let thread = loop {
            match client.start(shop, None).await {
                Ok(thread) => break thread,
                Err(_) => sleep(AGAIN).await,
            }
        };
        let name = format!("{}-{owner}", device.owner);
        world.names.borrow_mut().insert(thread, name);
    }
}

/// A word from whoever opened the shop, which reaches the new colleague by some other way than this network.
async fn invitation_to(world: &World, shop: &str) -> String {
    loop {
        let server = world.server.borrow().clone();
        if let Some(server) = server
            && let Some(opener) = opener_of(&server, shop).await
            && let Ok(invitation) = accounts::invite(&server, &opener).await
        {
            return invitation.invitation;
        }
        sleep(AGAIN).await;
    }
}

/// Whoever opened the shop, while they are signed in.
async fn opener_of(server: &App, shop: &str) -> Option<Signed> {
    let record = server
        .store
        .account_by_email(&format!("{shop}@example.ru"))
        .await
        .ok()??;
    let sessions = server
        .store
        .sessions(record.account.id, server.clock.now())
        .await
        .ok()?;
    Some(Signed {
        account: record.account.id,
        session: sessions.first()?.id,
        party: Party::seller(record.account.seller_id?),
    })
}

/// One thing that a person does.
async fn act(world: &World, device: &Device, client: &Client) {
    let Ok(mut threads) = client.threads().await else {
        return;
    };
    threads.sort_by_key(|item| world.name_of(item.summary.thread.id));
    if threads.is_empty() {
        return;
    }
    let (place, what) = {
        let mut chance = device.chance.borrow_mut();
        (chance.random_range(0..threads.len()), chance.random_range(0..20))
    };
    let thread = threads[place].summary.thread.id;
    match what {
        0..=10 => write(world, device, client, thread).await,
        11..=15 => read(world, device, client, thread).await,
        16 => take_back(world, device, client, thread).await,
        17 => drop(client.reconnect_now().await),
        18 => drop(client.typing(thread, true).await),
        _ => {
            let focus = Focus {
                thread: Some(thread),
                is_focused: what % 2 == 0,
            };
            let _ = client.look(focus).await;
        }
    }
}

async fn write(world: &World, device: &Device, client: &Client, thread: ThreadId) {
    let count = device.count.get() + 1;
    device.count.set(count);
    let text = format!("{} {} №{count}", world.name_of(thread), device.name);
    world.begun.borrow_mut().insert(text.clone());
    let Ok(item) = client.send(thread, &text, None).await else {
        return;
    };
    world.trace.note(&device.name, &format!("wrote {text}"));
    let written = Written {
        thread,
        id: item.id,
        by: device.role,
        is_cancelled: false,
    };
    world.written.borrow_mut().insert(text, written);
}

async fn read(world: &World, device: &Device, client: &Client, thread: ThreadId) {
    let Some(newest) = newest(client, thread).await.into_iter().rev().find_map(|item| item.seq) else {
        return;
    };
    let back = device.chance.borrow_mut().random_range(0..3);
    let up_to = prilavok_protocol::ids::Seq(newest.0.saturating_sub(back));
    if client.mark_read(thread, up_to).await.is_ok() {
        let what = format!("read {} up to {}", world.name_of(thread), up_to.0);
        world.trace.note(&device.name, &what);
    }
}

async fn take_back(world: &World, device: &Device, client: &Client, thread: ThreadId) {
    let waiting = |item: &MessageItem| item.seq.is_none() && item.state == MessageState::Queued;
    let Some(item) = newest(client, thread).await.into_iter().rev().find(waiting) else {
        return;
    };
    if client.cancel(item.id).await == Ok(true) {
        world.trace.note(&device.name, &format!("took back {}", item.message));
        if let Some(written) = world.written.borrow_mut().get_mut(&item.message) {
            written.is_cancelled = true;
        }
    }
}

async fn newest(client: &Client, thread: ThreadId) -> Vec<MessageItem> {
    let page = client.messages(thread, Stretch::Newest, 20).await;
    page.map(|page| page.messages).unwrap_or_default()
}

/// Writes down what the screen is told.
async fn watch(world: &World, device: &Device, updates: &mut mpsc::Receiver<Update>) {
    while let Some(update) = updates.recv().await {
        let line = match update {
            Update::Message { message } => {
                let seq = message.seq.map_or(0, |seq| seq.0);
                format!("shows {} at {seq} {:?}", message.message, message.state)
            }
            Update::Connection { connection } => match connection {
                Connection::Offline { retry_in_ms, reason } => format!("offline {reason} for {retry_in_ms}"),
                other => format!("{other:?}"),
            },
            Update::Unread { total } => format!("unread {total}"),
            Update::Notice { notice } => format!("notice {} {}", notice.body, notice.count),
            Update::Thread { thread } => {
                let name = world.name_of(thread.summary.thread.id);
                let t = &thread.summary;
                format!("lists {name} at {} with {} unread", t.thread.head_seq.0, t.unread_count)
            }
            Update::Reset => "reset".into(),
            Update::Warning { key } => format!("warns {key}"),
            _ => continue,
        };
        world.trace.note(&device.name, &line);
    }
}
