//! Whoever presses «Написать продавцу» right after signing in writes, however slowly the list of threads arrives that
//! was asked for before.

use std::net::SocketAddr;
use std::sync::Arc;

use prilavok_client::{Client, MemorySecrets, Options, Update};
use prilavok_protocol::ids::Role;
use prilavok_protocol::rest::Register;
use prilavok_tests::wire::DEADLINE;
use prilavok_tests::world::World;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, watch};
use tokio::time::timeout;

/// A line to the server that holds back the answer with the snapshot, and the socket behind it.
struct Gate {
    address: SocketAddr,
    /// The server has answered.
    is_answered: watch::Sender<bool>,
    /// The answer may pass.
    is_open: watch::Sender<bool>,
    /// The socket may open.
    is_live: watch::Sender<bool>,
}

impl Gate {
    async fn to(server: SocketAddr) -> Arc<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
        let gate = Arc::new(Self {
            address: listener.local_addr().expect("an address"),
            is_answered: watch::Sender::new(false),
            is_open: watch::Sender::new(false),
            is_live: watch::Sender::new(false),
        });
        let shared = Arc::clone(&gate);
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                let far = TcpStream::connect(server).await.expect("the server listens");
                let (from_app, to_app) = near.into_split();
                let (from_server, to_server) = far.into_split();
                let asks = watch::Sender::new(false);
                tokio::spawn(Arc::clone(&shared).down(from_server, to_app, asks.subscribe()));
                tokio::spawn(Arc::clone(&shared).up(from_app, to_server, asks));
            }
        });
        gate
    }

    async fn up(self: Arc<Self>, mut app: OwnedReadHalf, mut server: OwnedWriteHalf, asks: watch::Sender<bool>) {
        let mut piece = vec![0; 64 * 1024];
        while let Ok(length @ 1..) = app.read(&mut piece).await {
            let text = String::from_utf8_lossy(&piece[..length]);
            asks.send_replace(text.starts_with("GET /api/v1/sync/snapshot"));
            if text.starts_with("GET /ws/session") {
                opens(&self.is_live).await;
            }
            if server.write_all(&piece[..length]).await.is_err() {
                return;
            }
        }
    }

    async fn down(self: Arc<Self>, mut server: OwnedReadHalf, mut app: OwnedWriteHalf, asks: watch::Receiver<bool>) {
        let mut piece = vec![0; 64 * 1024];
        while let Ok(length @ 1..) = server.read(&mut piece).await {
            if *asks.borrow() {
                self.is_answered.send_replace(true);
                opens(&self.is_open).await;
            }
            if app.write_all(&piece[..length]).await.is_err() {
                return;
            }
        }
    }
}

async fn opens(gate: &watch::Sender<bool>) {
    let mut gate = gate.subscribe();
    let opened = timeout(DEADLINE, gate.wait_for(|is_open| *is_open)).await;
    opened.expect("in time").expect("the gate stands");
}

/// Waits until the list was replaced.
async fn is_replaced(updates: &mut mpsc::Receiver<Update>) {
    let replaced = async { while updates.recv().await.expect("the engine runs") != Update::Reset {} };
    timeout(DEADLINE, replaced).await.expect("in time");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thread_started_while_an_older_list_is_on_its_way_is_kept_and_written_in() {
    let world = World::new().await;
    let shop = world.seller("Чайная гора").await;
    let gate = Gate::to(world.address).await;
    let folder = tempfile::tempdir().expect("a folder");
    let options = Options {
        data_dir: folder.path().to_owned(),
        role: Role::Buyer,
        app: "stories/0.1.0".into(),
        secrets: Arc::new(MemorySecrets::default()),
        language: "ru".into(),
    };
    let (anna, mut updates) = Client::open(options).await.expect("it opens");
    let address = format!("http://{}", gate.address);
    anna.set_server(&address).await.expect("the server answers");
    let register = Register {
        email: "anna@example.ru".into(),
        password: "очень-секретно".into(),
        name: "Анна".into(),
        role: Role::Buyer,
        invitation: None,
        device_name: None,
    };
    anna.register(register).await.expect("registered");
    opens(&gate.is_answered).await;

    // The list is on its way, and is older than this.
    let seller = shop.tokens.account.seller_id.expect("a shop");
    let thread = anna.start(seller, None).await.expect("the thread starts");
    while updates.try_recv().is_ok() {}
    gate.is_open.send_replace(true);
    is_replaced(&mut updates).await;

    assert!(anna.thread(thread).await.expect("it is read").is_some());
    anna.send(thread, "Есть ли улун?", None)
        .await
        .expect("it is on the disk");
    gate.is_live.send_replace(true);
    let arrives = async {
        loop {
            let update = updates.recv().await.expect("the engine runs");
            if let Update::Message { message } = update
                && message.seq.is_some()
            {
                break;
            }
        }
    };
    timeout(DEADLINE, arrives).await.expect("it is sent in time");
    assert_eq!(shop.history(thread.0).await.len(), 1);
    anna.close().await;
}
