//! The relay's sockets: number `2n` writes to number `2n + 1`, and the other way round, unless the path says whom else
//! (`&to=`). Several sockets may have one number: the agents of a shop.

use std::collections::HashMap;
use std::sync::{Arc, RwLock};

use anyhow::{Context, Result};
use futures::{FutureExt, SinkExt, StreamExt};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio_tungstenite::accept_hdr_async_with_config;
use tokio_tungstenite::tungstenite::handshake::server::{Request, Response};
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Message, Utf8Bytes};

use super::Relay;
use super::disk::Row;
use crate::mark::{Mark, number_after};

const BUFFER: usize = 4 * 1024;
/// Frames that wait for one socket.
const QUEUE: usize = 4_096;

type Frames = mpsc::Sender<Utf8Bytes>;
/// The queues of everybody of one number.
pub type Hearers = Arc<[Frames]>;

/// Who is there.
#[derive(Default)]
pub struct Sockets(RwLock<HashMap<u32, Hearers>>);

impl Sockets {
    fn open(&self, number: u32, frames: Frames) {
        let mut all = self.0.write().expect("nobody panics here");
        let others = all.remove(&number).unwrap_or_default();
        all.insert(number, others.iter().cloned().chain([frames]).collect());
    }

    /// The queues of a number.
    pub fn of(&self, number: u32) -> Hearers {
        self.0
            .read()
            .expect("nobody panics here")
            .get(&number)
            .cloned()
            .unwrap_or_default()
    }

    fn close(&self, number: u32, frames: &Frames) {
        let mut all = self.0.write().expect("nobody panics here");
        let Some(others) = all.remove(&number) else { return };
        let left: Hearers = others
            .iter()
            .filter(|other| !other.same_channel(frames))
            .cloned()
            .collect();
        if !left.is_empty() {
            all.insert(number, left);
        }
    }
}

/// One socket to its end.
pub async fn serve(relay: Arc<Relay>, stream: TcpStream) {
    // A generator that leaves is no fault.
    let _ = attend(relay, stream).await;
}

#[allow(clippy::result_large_err, reason = "the library's own type")]
async fn attend(relay: Arc<Relay>, stream: TcpStream) -> Result<()> {
    stream.set_nodelay(true)?;
    let (mut number, mut to) = (None, None);
    let config = WebSocketConfig::default()
        .read_buffer_size(BUFFER)
        .write_buffer_size(BUFFER);
    let read_path = |request: &Request, response: Response| {
        let uri = request.uri().to_string();
        number = number_after(uri.as_bytes(), b"n=");
        to = number_after(uri.as_bytes(), b"to=");
        Ok(response)
    };
    let mut socket = accept_hdr_async_with_config(stream, read_path, Some(config)).await?;
    let number = u32::try_from(number.context("a path with a number")?)?;
    let to = to.map_or(Ok(number ^ 1), u32::try_from)?;
    let (frames, mut waiting) = mpsc::channel(QUEUE);
    relay.sockets.open(number, frames.clone());
    let hello = socket.next().await.context("hello")??;
    let seen = hello
        .to_text()
        .ok()
        .and_then(|text| number_after(text.as_bytes(), br#""pos":"#));
    let epoch = r#"{"type":"welcome","epoch":"00000000-0000-4000-8000-000000000000"}"#;
    socket.feed(Message::text(epoch)).await?;
    if let (Some(disk), Some(seen)) = (&relay.disk, seen) {
        for row in disk.after(number / 2, seen).await? {
            socket.feed(Message::text(event(row.number, &row.text))).await?;
        }
    }
    socket.send(Message::text(r#"{"type":"live","pos":0}"#)).await?;
    let outcome = async {
        loop {
            tokio::select! {
                Some(frame) = waiting.recv() => {
                    socket.feed(Message::Text(frame)).await?;
                    while let Ok(frame) = waiting.try_recv() {
                        socket.feed(Message::Text(frame)).await?;
                    }
                }
                message = socket.next() => {
                    let mut next = Some(message.context("it left")??);
                    while let Some(message) = next {
                        if let Message::Text(text) = message
                            && let Some(reply) = take(&relay, (number, to), &frames, &text).await?
                        {
                            socket.feed(Message::text(reply)).await?;
                        }
                        next = socket.next().now_or_never().flatten().transpose()?;
                    }
                }
            }
            socket.flush().await?;
        }
    }
    .await;
    relay.sockets.close(number, &frames);
    outcome
}

/// Passes a message on; answers at once when nothing is stored.
async fn take(relay: &Relay, (number, to): (u32, u32), frames: &Frames, text: &Utf8Bytes) -> Result<Option<String>> {
    let bytes = text.as_bytes();
    let id = number_after(bytes, br#""id":"#).context("a command's id")?;
    let mark = Mark::find(bytes).context("a mark")?;
    let row = Row {
        number: mark.number,
        text: mark.text(),
    };
    match &relay.disk {
        Some(disk) => {
            disk.insert(number, id, row, frames.clone(), relay.sockets.of(to))
                .await?;
            Ok(None)
        }
        None => {
            let frame = Utf8Bytes::from(event(row.number, &row.text));
            for other in relay.sockets.of(to).iter() {
                other.send(frame.clone()).await?;
            }
            Ok(Some(reply(id)))
        }
    }
}

/// What the other side hears.
pub fn event(pos: u64, text: &str) -> String {
    format!(r#"{{"type":"event","pos":{pos},"event":{{"kind":"message","message":"{text}"}}}}"#)
}

/// What the writer hears.
pub fn reply(id: u64) -> String {
    format!(r#"{{"type":"reply","id":{id}}}"#)
}
