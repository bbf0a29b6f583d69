//! Tells systemd when the server is ready and when it begins to stop: a datagram to the socket in `NOTIFY_SOCKET`.
//!
//! Nobody has to listen. Without the variable nothing is sent, and a send that fails changes nothing for the server.

use std::ffi::OsStr;
use std::io;
use std::os::unix::net::UnixDatagram;

/// The port is open and the store has recovered.
pub const READY: &str = "READY=1";
/// Sockets are being told to come back later.
pub const STOPPING: &str = "STOPPING=1";

/// Says it to whoever started the server, if that one wants to hear it.
pub fn tell(state: &str) {
    let Some(socket) = std::env::var_os("NOTIFY_SOCKET") else {
        return;
    };
    if let Err(error) = send(&socket, state) {
        tracing::warn!(%error, state, "The service manager could not be told.");
    }
}

#[cfg(target_os = "linux")]
fn send(socket: &OsStr, state: &str) -> io::Result<()> {
    use std::os::linux::net::SocketAddrExt;
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::net::SocketAddr;
    // An "@" stands for the zero byte that begins an address without a file.
    let address = match socket.as_bytes().strip_prefix(b"@") {
        Some(name) => SocketAddr::from_abstract_name(name)?,
        None => SocketAddr::from_pathname(socket)?,
    };
    UnixDatagram::unbound()?
        .send_to_addr(state.as_bytes(), &address)
        .map(drop)
}

#[cfg(not(target_os = "linux"))]
fn send(socket: &OsStr, state: &str) -> io::Result<()> {
    UnixDatagram::unbound()?.send_to(state.as_bytes(), socket).map(drop)
}
