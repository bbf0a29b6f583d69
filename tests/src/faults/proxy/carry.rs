//! Carries one connection's bytes both ways, as ordered, until it ends or is broken.

use std::sync::{Arc, OnceLock};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::net::tcp::{ReadHalf, WriteHalf};
use tokio::sync::watch;
use tokio::time::timeout;

use super::Plan;
use super::way::{End, Flow, Way};
use crate::wire::DEADLINE;

/// The handle of one connection.
#[derive(Debug, Clone)]
pub struct Connection {
    /// From the client to the server.
    pub up: Way,
    /// From the server to the client.
    pub down: Way,
    /// Its first bytes begin a WebSocket.
    is_socket: Arc<OnceLock<bool>>,
    broken: Arc<watch::Sender<Option<End>>>,
    over: Arc<watch::Sender<bool>>,
}

impl Connection {
    pub(super) fn new(plan: Plan) -> Self {
        Self {
            up: Way::new(plan.up),
            down: Way::new(plan.down),
            is_socket: Arc::default(),
            broken: Arc::new(watch::Sender::new(None)),
            over: Arc::new(watch::Sender::new(false)),
        }
    }

    /// Breaks it now.
    pub fn breaks(&self, end: End) {
        self.broken.send_if_modified(|broken| {
            let is_first = broken.is_none();
            broken.get_or_insert(end);
            is_first
        });
    }

    /// Both directions do this from now on.
    pub fn set(&self, flow: Flow) {
        self.up.set(flow);
        self.down.set(flow);
    }

    /// Whether it carries a WebSocket.
    #[must_use]
    pub fn is_socket(&self) -> bool {
        self.is_socket.get() == Some(&true)
    }

    /// Whether it has ended, or was broken.
    #[must_use]
    pub fn is_over(&self) -> bool {
        *self.over.borrow()
    }

    /// Waits until it has ended, or was broken.
    ///
    /// # Panics
    /// When it lives on.
    pub async fn ends(&self) {
        let mut over = self.over.subscribe();
        let wait = timeout(DEADLINE, over.wait_for(|over| *over));
        let _ = wait.await.expect("the connection ends in time").expect("it is there");
    }
}

/// Says that the connection is over, whatever ends this task.
struct Over(Arc<watch::Sender<bool>>);

impl Drop for Over {
    fn drop(&mut self) {
        self.0.send_replace(true);
    }
}

pub(super) async fn carry(mut client: TcpStream, mut server: TcpStream, connection: Connection) {
    let over = Over(Arc::clone(&connection.over));
    // Every write is a segment of its own.
    let (_, _) = (client.set_nodelay(true), server.set_nodelay(true));
    let mut broken = connection.broken.subscribe();
    let end = {
        let (from_client, to_client) = client.split();
        let (from_server, to_server) = server.split();
        let both = async {
            tokio::join!(
                pump(from_client, to_server, &connection.up, &connection),
                pump(from_server, to_client, &connection.down, &connection),
            )
        };
        tokio::select! {
            biased;
            end = broken.wait_for(Option::is_some) => end.ok().and_then(|end| *end),
            _ = both => None,
        }
    };
    drop(over);
    match end {
        Some(End::Reset) => {
            let (_, _) = (client.set_zero_linger(), server.set_zero_linger());
        }
        // What a side still says is read away, or else its kernel would take the close for a reset.
        Some(End::Cut) => {
            let (_, _) = tokio::join!(part(&mut client), part(&mut server));
        }
        None => {}
    }
}

async fn part(stream: &mut TcpStream) -> std::io::Result<()> {
    stream.shutdown().await?;
    let mut sink = [0; 4096];
    while stream.read(&mut sink).await? > 0 {}
    Ok(())
}

/// One direction. Returns when its stream has ended; a broken stream breaks the connection.
async fn pump(mut from: ReadHalf<'_>, mut to: WriteHalf<'_>, way: &Way, connection: &Connection) {
    let mut orders = way.orders();
    let (mut pending, mut buffer) = (Vec::new(), [0; 16 * 1024]);
    loop {
        let order = *orders.borrow_and_update();
        if order.flow == Flow::Hold {
            if orders.changed().await.is_err() {
                return;
            }
            continue;
        }
        if pending.is_empty() {
            let read = tokio::select! {
                biased;
                _ = orders.changed() => continue,
                read = from.read(&mut buffer) => read,
            };
            match read {
                Ok(0) if order.flow == Flow::Lose => std::future::pending().await,
                Ok(0) => {
                    let _ = to.shutdown().await;
                    return;
                }
                Ok(read) => pending.extend_from_slice(&buffer[..read]),
                Err(_) => return connection.breaks(End::Reset),
            }
            connection.is_socket.get_or_init(|| pending.starts_with(b"GET /ws/"));
            // Orders may have changed while nothing came.
            continue;
        }
        if order.flow == Flow::Lose {
            way.pass(pending.len());
            pending.clear();
            continue;
        }
        let most = if order.flow == Flow::Slice { 1 } else { pending.len() };
        let (room, end) = match order.breaks {
            Some((at, end)) => {
                let room = usize::try_from(at.saturating_sub(way.passed())).unwrap_or(usize::MAX);
                (room.min(most), (room <= most).then_some(end))
            }
            None => (most, None),
        };
        // Counted first: whoever has heard a byte must find it in the count, which a break is measured from.
        way.pass(room);
        if to.write_all(&pending[..room]).await.is_err() {
            return connection.breaks(End::Reset);
        }
        pending.drain(..room);
        if let Some(end) = end {
            return connection.breaks(end);
        }
    }
}
