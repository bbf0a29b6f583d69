//! A TCP proxy in front of a server: each connection and each direction of it can be hurt, to the byte.
//!
//! A direction carries, slices into single bytes, loses, or holds what comes; it can break the connection after an exact
//! number of bytes, with a FIN or with a RST. Time plays no part: a story says when something is let go. What is not
//! promised: that a RST leaves the last bytes before it readable, since kernels differ there too.

mod carry;
pub mod way;

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::time::timeout;
use tokio_util::sync::{CancellationToken, DropGuard};
use tokio_util::task::TaskTracker;

use crate::wire::DEADLINE;
pub use carry::Connection;
pub use way::{End, Flow, Order, Way};

/// What happens to a connection that opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Door {
    /// It is led to the server.
    #[default]
    Open,
    /// It is accepted and closed.
    Shut,
    /// It is accepted and waits, until the door is opened or shut.
    Waiting,
}

/// Orders for connections that open from now on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Plan {
    /// Whether they are let through.
    pub door: Door,
    /// From the client to the server.
    pub up: Order,
    /// From the server to the client.
    pub down: Order,
}

/// A port that leads to a server.
pub struct Proxy {
    address: SocketAddr,
    shared: Arc<Shared>,
    _end: DropGuard,
}

struct Shared {
    server: SocketAddr,
    /// Small buffers towards the server, so that a reader who stops is felt soon.
    is_narrow: bool,
    plan: watch::Sender<Plan>,
    opened: watch::Sender<usize>,
    connections: Mutex<Vec<Connection>>,
}

/// Bytes that a narrow proxy lets wait in its kernel's buffer.
const NARROW: u32 = 16 * 1024;

impl Proxy {
    /// Leads to this server and hurts nothing.
    pub async fn to(server: SocketAddr) -> Self {
        Self::start(server, false).await
    }

    /// The same, with small buffers: what is held at it is soon felt by the server.
    pub async fn narrow(server: SocketAddr) -> Self {
        Self::start(server, true).await
    }

    async fn start(server: SocketAddr, is_narrow: bool) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let shared = Arc::new(Shared {
            server,
            is_narrow,
            plan: watch::Sender::new(Plan::default()),
            opened: watch::Sender::new(0),
            connections: Mutex::default(),
        });
        let end = CancellationToken::new();
        tokio::spawn(accept(listener, Arc::clone(&shared), end.clone()));
        Self {
            address,
            shared,
            _end: end.drop_guard(),
        }
    }

    /// What a client takes for the server's address.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Changes the orders for connections that open from now on.
    pub fn plan(&self, change: impl FnOnce(&mut Plan)) {
        self.shared.plan.send_modify(change);
    }

    /// Everything that ever opened here, oldest first.
    #[must_use]
    pub fn connections(&self) -> Vec<Connection> {
        self.shared.lock().clone()
    }

    /// How many connections ever opened here.
    #[must_use]
    pub fn opened(&self) -> usize {
        *self.shared.opened.borrow()
    }

    /// The connection that opened as number `index`, once it has.
    ///
    /// # Panics
    /// When it does not in time.
    pub async fn connection(&self, index: usize) -> Connection {
        let mut opened = self.shared.opened.subscribe();
        let wait = timeout(DEADLINE, opened.wait_for(|count| *count > index));
        let _ = wait.await.expect("a connection in time").expect("the proxy is there");
        self.shared.lock()[index].clone()
    }

    /// The newest live connection that carries a WebSocket.
    ///
    /// # Panics
    /// When there is none.
    #[must_use]
    pub fn socket(&self) -> Connection {
        let connections = self.shared.lock();
        let socket = connections.iter().rev().find(|one| one.is_socket() && !one.is_over());
        socket.expect("a WebSocket is open").clone()
    }

    /// Does something to everything that is open.
    pub fn each(&self, act: impl Fn(&Connection)) {
        let connections = self.connections();
        connections.iter().filter(|one| !one.is_over()).for_each(act);
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Vec<Connection>> {
        self.connections.lock().expect("no holder of this lock panics")
    }

    fn add(&self, connection: Connection) {
        let mut connections = self.lock();
        connections.push(connection);
        self.opened.send_replace(connections.len());
    }
}

async fn accept(listener: TcpListener, shared: Arc<Shared>, stop: CancellationToken) {
    let tasks = TaskTracker::new();
    let accepting = async {
        while let Ok((client, _)) = listener.accept().await {
            let lead = lead(client, Arc::clone(&shared));
            tasks.spawn(stop.child_token().run_until_cancelled_owned(lead));
        }
    };
    stop.run_until_cancelled(accepting).await;
}

/// One connection, from its opening to its end.
async fn lead(client: TcpStream, shared: Arc<Shared>) {
    let mut plan = shared.plan.subscribe();
    let plan = match plan.wait_for(|plan| plan.door != Door::Waiting).await {
        Ok(plan) => *plan,
        Err(_) => return,
    };
    if plan.door == Door::Shut {
        return;
    }
    let Ok(server) = dial(&shared).await else { return };
    let connection = Connection::new(plan);
    shared.add(connection.clone());
    // Orders that came while the server was dialled reached only those who were there.
    let now = *shared.plan.borrow();
    if now.down.flow != plan.down.flow {
        connection.down.set(now.down.flow);
    }
    if now.door == Door::Shut {
        connection.breaks(End::Cut);
    }
    carry::carry(client, server, connection).await;
}

async fn dial(shared: &Shared) -> std::io::Result<TcpStream> {
    if !shared.is_narrow {
        return TcpStream::connect(shared.server).await;
    }
    let socket = tokio::net::TcpSocket::new_v4()?;
    socket.set_recv_buffer_size(NARROW)?;
    socket.connect(shared.server).await
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn what_has_arrived_has_been_counted() {
        let server = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
        let proxy = Proxy::to(server.local_addr().expect("an address")).await;
        let mut client = TcpStream::connect(proxy.address()).await.expect("the proxy is there");
        let (mut ours, _) = server.accept().await.expect("it is led here");
        let way = proxy.connection(0).await.up;
        for byte in 1..=5_000 {
            client.write_all(&[7]).await.expect("it is said");
            ours.read_u8().await.expect("it arrives");
            assert_eq!(way.passed(), byte);
        }
    }
}
