//! The physical references: a bare WebSocket relay, and the same relay with one group-committed insert a message.
//!
//! They speak just enough of the session socket for the generator: no accounts, no membership, no log a party, no unread,
//! no de-duplication. What the server needs beyond them is the price of a chat.

pub mod disk;
mod pages;
mod socket;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Result;
use axum::Router;
use axum::routing::get;
use tokio::net::TcpListener;

use self::disk::Disk;
use self::socket::Sockets;

/// What a relay shares.
pub struct Relay {
    sockets: Sockets,
    disk: Option<Disk>,
}

/// Serves until the process is ended. The file `pages` gets the address where pages are asked for.
///
/// # Errors
/// When it cannot listen, or the store cannot be opened.
pub async fn serve(store: Option<PathBuf>, pages: PathBuf) -> Result<()> {
    let disk = store.map(|path| Disk::open(&path)).transpose()?;
    let relay = Arc::new(Relay {
        sockets: Sockets::default(),
        disk,
    });
    let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await?;
    let http = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await?;
    let router = Router::new()
        .route("/history/{pair}", get(pages::history))
        .route("/list/{first}", get(pages::list))
        .with_state(Arc::clone(&relay));
    std::fs::write(pages, format!("http://{}", http.local_addr()?))?;
    println!("relay ready on http://{}", listener.local_addr()?);
    tokio::spawn(async move { axum::serve(http, router).await });
    loop {
        let (stream, _) = listener.accept().await?;
        tokio::spawn(socket::serve(Arc::clone(&relay), stream));
    }
}
