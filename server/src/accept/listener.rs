//! Where connections come from: the system's TCP, or the network of a simulation.

use std::io;
use std::net::SocketAddr;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};

/// Takes connections. May be dropped while it waits; nothing is lost then.
pub trait Listener: Send + 'static {
    /// What a connection is.
    type Line: Line;

    /// The next connection, and where from.
    fn accept(&self) -> impl Future<Output = io::Result<(Self::Line, SocketAddr)>> + Send;
}

/// One connection.
pub trait Line: AsyncRead + AsyncWrite + Unpin + Send + 'static {
    /// Small frames must not wait for one another; a line that cannot promise that works without it.
    fn hurry(&self);

    /// Waits until the peer has said something, and leaves it there.
    fn spoken(&mut self) -> impl Future<Output = io::Result<()>> + Send;
}

impl Listener for TcpListener {
    type Line = TcpStream;

    fn accept(&self) -> impl Future<Output = io::Result<(TcpStream, SocketAddr)>> + Send {
        Self::accept(self)
    }
}

impl Line for TcpStream {
    fn hurry(&self) {
        let _ = self.set_nodelay(true);
    }

    fn spoken(&mut self) -> impl Future<Output = io::Result<()>> + Send {
        self.readable()
    }
}
