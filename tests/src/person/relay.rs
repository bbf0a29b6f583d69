//! The line between an app and its server, to be cut, or to lose all answers.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio_util::sync::{CancellationToken, DropGuard};
use tokio_util::task::TaskTracker;

/// What the line does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line {
    /// Carries everything.
    Open,
    /// Carries nothing: connections break, new ones too.
    Cut,
    /// Carries what the app says and loses what the server answers.
    Deaf,
}

/// A port that leads to a server.
pub struct Relay {
    address: SocketAddr,
    line: watch::Sender<Line>,
    _end: DropGuard,
}

impl Relay {
    /// A line to this server.
    pub async fn to(server: SocketAddr) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let line = watch::Sender::new(Line::Open);
        let end = CancellationToken::new();
        let (watch, stop) = (line.subscribe(), end.clone());
        tokio::spawn(async move {
            let tasks = TaskTracker::new();
            let accept = async {
                while let Ok((app, _)) = listener.accept().await {
                    tasks.spawn(
                        stop.child_token()
                            .run_until_cancelled_owned(carry(app, server, watch.clone())),
                    );
                }
            };
            stop.run_until_cancelled(accept).await;
        });
        Self {
            address,
            line,
            _end: end.drop_guard(),
        }
    }

    /// What the app takes for the server's address.
    #[must_use]
    pub fn address(&self) -> String {
        self.address.to_string()
    }

    /// Changes what the line does, from now on and for what is open.
    pub fn set(&self, line: Line) {
        self.line.send_replace(line);
    }
}

/// One connection, until either side ends it or the line is cut.
async fn carry(mut app: TcpStream, server: SocketAddr, mut line: watch::Receiver<Line>) {
    if *line.borrow() == Line::Cut {
        return;
    }
    let Ok(mut server) = TcpStream::connect(server).await else {
        return;
    };
    let (mut up, mut down) = ([0; 8192], [0; 8192]);
    loop {
        tokio::select! {
            changed = line.changed() => {
                if changed.is_err() || *line.borrow() == Line::Cut {
                    return;
                }
            }
            read = app.read(&mut up) => match read {
                Ok(n) if n > 0 && server.write_all(&up[..n]).await.is_ok() => {}
                _ => return,
            },
            read = server.read(&mut down) => match read {
                Ok(n) if n > 0 => {
                    let is_lost = *line.borrow() == Line::Deaf;
                    if !is_lost && app.write_all(&down[..n]).await.is_err() {
                        return;
                    }
                }
                _ => return,
            },
        }
    }
}
