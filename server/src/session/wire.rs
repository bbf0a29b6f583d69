//! One WebSocket of either door: text in, text out, and the right close code for whatever else comes in.
//!
//! Every write has a timeout. Reading may be dropped while it waits; nothing is lost then.

use std::pin::pin;
use std::time::Duration;

use futures::{FutureExt, SinkExt, StreamExt};
use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use prilavok_protocol::error::CloseCode;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::timeout;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::error::ProtocolError;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, Role, WebSocketConfig};
use tokio_tungstenite::tungstenite::{Bytes, Error, Message};

use crate::hub::packet::Text;

/// Most frames are smaller; the default of 128 KiB would be 1.3 GiB for ten thousand quiet sockets.
const READ_BUFFER: usize = 2 * 1024;
/// A page of a backlog is written in pieces of this size.
const WRITE_BUFFER: usize = 8 * 1024;
/// One frame and what did not fit into the kernel's buffer before it; more never waits here.
const WRITE_BUFFER_MAX: usize = 2 * 1024 * 1024;
/// How long a closed peer's last bytes are read, so that the kernel does not reset the close frame away.
const DRAIN: Duration = Duration::from_secs(2);
/// How much of them.
const DRAIN_BYTES: usize = 32 * 1024 * 1024;

/// What was heard.
#[derive(Debug)]
pub enum Heard {
    /// A text frame.
    Text(Text),
    /// A ping or pong of the WebSocket itself: the peer is alive.
    Life,
    /// Not what may be sent here: close with this.
    Bad(CloseCode),
    /// The peer has closed, or the connection broke.
    Gone,
}

/// The peer does not read, or is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lost {
    /// A write took too long.
    Slow,
    /// The connection broke.
    Gone,
}

/// One WebSocket.
pub struct Wire {
    /// Boxed, because a task has room for each hand that it goes through.
    socket: Box<WebSocketStream<TokioIo<Upgraded>>>,
    patience: Duration,
}

impl Wire {
    /// Over an upgraded connection. `patience` bounds every write.
    pub async fn new(upgraded: Upgraded, frame_bytes: usize, patience: Duration) -> Self {
        let config = WebSocketConfig::default()
            .read_buffer_size(READ_BUFFER)
            .write_buffer_size(WRITE_BUFFER)
            .max_write_buffer_size(WRITE_BUFFER_MAX)
            .max_message_size(Some(frame_bytes))
            .max_frame_size(Some(frame_bytes));
        let socket = WebSocketStream::from_raw_socket(TokioIo::new(upgraded), Role::Server, Some(config)).await;
        Self {
            socket: Box::new(socket),
            patience,
        }
    }

    /// The next thing that the peer says.
    pub async fn hear(&mut self) -> Heard {
        loop {
            let heard = match self.socket.next().await {
                Some(Ok(Message::Text(text))) => Heard::Text(text),
                Some(Ok(Message::Binary(_))) => Heard::Bad(CloseCode::BINARY),
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => Heard::Life,
                // The next turn sends the answer to it and then ends.
                Some(Ok(Message::Close(_) | Message::Frame(_))) => continue,
                Some(Err(error)) => judge(&error),
                None => Heard::Gone,
            };
            return heard;
        }
    }

    /// What the peer has said already. [`Wire::hear`] must be waited for after it: this wakes nobody.
    pub fn heard(&mut self) -> Option<Heard> {
        self.hear().now_or_never()
    }

    /// Puts a frame into the buffer; [`Wire::flush`] sends it.
    pub async fn feed(&mut self, text: Text) -> Result<(), Lost> {
        within(self.patience, self.socket.feed(Message::Text(text))).await
    }

    /// Sends what is in the buffer.
    pub async fn flush(&mut self) -> Result<(), Lost> {
        within(self.patience, self.socket.flush()).await
    }

    /// Asks the peer for a sign of life, which browsers give by themselves.
    pub async fn ping(&mut self) -> Result<(), Lost> {
        within(self.patience, self.socket.feed(Message::Ping(Bytes::new()))).await
    }

    /// Closes, and reads what still comes in, so that the close code arrives.
    pub async fn close(mut self, code: CloseCode, reason: &str) {
        let frame = CloseFrame {
            code: code.0.into(),
            reason: reason.into(),
        };
        if within(self.patience, self.socket.send(Message::Close(Some(frame))))
            .await
            .is_err()
        {
            return;
        }
        let mut raw = self.socket.into_inner();
        // A peer that does not go by itself is dropped.
        let _ = timeout(DRAIN, async {
            raw.shutdown().await?;
            let (mut sink, mut drained) = ([0; READ_BUFFER], 0);
            while drained < DRAIN_BYTES {
                match raw.read(&mut sink).await? {
                    0 => break,
                    read => drained += read,
                }
            }
            std::io::Result::Ok(())
        })
        .await;
    }
}

/// The library closes with no code after a bad frame, so the code is chosen here.
fn judge(error: &Error) -> Heard {
    match error {
        Error::Protocol(ProtocolError::ResetWithoutClosingHandshake) => Heard::Gone,
        Error::Protocol(_) => Heard::Bad(CloseCode::PROTOCOL),
        Error::Utf8(_) => Heard::Bad(CloseCode::BAD_UTF8),
        Error::Capacity(_) => Heard::Bad(CloseCode::TOO_BIG),
        _ => Heard::Gone,
    }
}

async fn within(patience: Duration, write: impl Future<Output = Result<(), Error>>) -> Result<(), Lost> {
    let mut write = pin!(write);
    // Mostly there is room at once: no clock is asked then.
    let done = match write.as_mut().now_or_never() {
        Some(done) => Ok(done),
        None => timeout(patience, write).await,
    };
    match done {
        Ok(Ok(())) => Ok(()),
        Ok(Err(_)) => Err(Lost::Gone),
        Err(_) => Err(Lost::Slow),
    }
}
