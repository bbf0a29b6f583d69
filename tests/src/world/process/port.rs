//! Ports that stay free while a server is down.
//!
//! The system gives outgoing connections a port of the ephemeral range, so a port from there may be taken by anybody
//! between a kill and the next start. These lie below it and are taken by name only.

use std::net::{SocketAddr, TcpListener};
use std::sync::atomic::{AtomicU16, Ordering};

/// Below it are well-known services.
const FIRST: u16 = 18_000;
/// Linux begins its ephemeral range at 32,768, other systems later.
const COUNT: u16 = 14_000;

/// One that nobody listens on. Processes begin at different places, so that they seldom want the same.
pub fn free() -> SocketAddr {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let begin = std::process::id().wrapping_mul(7919);
    for _ in 0..COUNT {
        let step = u32::from(NEXT.fetch_add(1, Ordering::Relaxed));
        let offset = u16::try_from(begin.wrapping_add(step) % u32::from(COUNT)).expect("it is below the count");
        let address = SocketAddr::from(([127, 0, 0, 1], FIRST + offset));
        if TcpListener::bind(address).is_ok() {
            return address;
        }
    }
    panic!("all ports are taken");
}
