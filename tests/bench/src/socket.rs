//! One socket of the generator: dialling up to `live`, and as little as possible afterwards.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use futures::{FutureExt, SinkExt, StreamExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Message, Utf8Bytes};
use tokio_tungstenite::{WebSocketStream, client_async_with_config};
use uuid::Uuid;

use crate::mark::{Mark, number_after};

/// What one commit brings a pair fits. The library's own buffers would be gigabytes for thousands of sockets.
const BUFFER: usize = 16 * 1024;
/// From the first packet to `live`.
const PATIENCE: Duration = Duration::from_secs(60);

/// Through which of the server's doors a socket goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Door {
    /// `/ws/session`, the apps'.
    Session,
    /// `/ws/chat/{thread_id}`, the marketplace's pages'.
    Room,
}

/// Who dials, where to, and what the socket may say there.
#[derive(Debug, Clone)]
pub struct Seat {
    /// The server.
    pub server: SocketAddr,
    /// The door.
    pub door: Door,
    /// The path, which tells a relay who it is.
    pub path: String,
    /// The access token; a relay asks for none.
    pub token: Option<String>,
    /// The device that the socket is of.
    pub device: Uuid,
    /// The thread that it writes in.
    pub thread: Uuid,
    /// The party behind the token: for the thread list.
    pub party: Uuid,
    /// How far its last socket had heard.
    pub kept: Arc<Mutex<Cursor>>,
}

impl Seat {
    /// Remembers how far a socket has heard, for the next one. A relay remembers nothing.
    pub fn keep(&self, socket: &Socket) {
        if self.token.is_some() && self.door == Door::Session {
            self.kept.lock().expect("nobody panics here").clone_from(&socket.cursor);
        }
    }

    /// The same person on the page of their thread.
    #[must_use]
    pub fn room(&self) -> Self {
        Self {
            door: Door::Room,
            path: format!("/ws/chat/{}", self.thread),
            ..self.clone()
        }
    }

    /// The same person with a device that has heard nothing yet.
    #[must_use]
    pub fn another_device(&self) -> Self {
        Self {
            device: Uuid::new_v4(),
            kept: Arc::default(),
            ..self.clone()
        }
    }

    /// How far its last socket had heard.
    #[must_use]
    pub fn kept(&self) -> Cursor {
        self.kept.lock().expect("nobody panics here").clone()
    }
}

/// How far a socket has heard its log.
#[derive(Debug, Clone, Default)]
pub struct Cursor {
    /// The history that positions count in.
    pub epoch: Option<String>,
    /// The last entry.
    pub pos: u64,
}

/// An open socket.
pub struct Socket {
    stream: WebSocketStream<TcpStream>,
    door: Door,
    /// How far it has heard.
    pub cursor: Cursor,
}

/// What a frame says to the generator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Heard {
    /// The answer to a command; `false`: it was refused.
    Reply(u64, bool),
    /// A message.
    Message(Mark),
    /// Everything missed has been told.
    Live,
    /// Anything else.
    Other,
}

impl Socket {
    /// Dials, says hello, and hears everything up to `live`; `missed` is told each message of it. A room says no hello.
    ///
    /// # Errors
    /// When it does not come to `live`.
    pub async fn dial(seat: &Seat, cursor: Cursor, missed: impl FnMut(Mark)) -> Result<Self> {
        timeout(PATIENCE, Self::come_in(seat, cursor, missed))
            .await
            .context("no `live` in time")?
    }

    async fn come_in(seat: &Seat, cursor: Cursor, mut missed: impl FnMut(Mark)) -> Result<Self> {
        let mut socket = Self {
            stream: connect(seat).await?,
            door: seat.door,
            cursor,
        };
        if seat.door == Door::Room {
            return Ok(socket);
        }
        let cursor = match &socket.cursor.epoch {
            Some(epoch) => format!(r#","cursor":{{"epoch":"{epoch}","pos":{}}}"#, socket.cursor.pos),
            None => String::new(),
        };
        let hello = format!(r#"{{"type":"hello","version":1,"device":"{}"{cursor}}}"#, seat.device);
        socket.stream.send(Message::text(hello)).await?;
        loop {
            match socket.hear().await? {
                Heard::Message(mark) => missed(mark),
                Heard::Live => return Ok(socket),
                Heard::Reply(..) | Heard::Other => {}
            }
        }
    }

    /// Queues a message; [`Self::flush`] brings it out.
    ///
    /// # Errors
    /// When the socket has fallen.
    pub async fn feed(&mut self, thread: Uuid, id: u64, mark: Mark) -> Result<()> {
        let (message, text) = (Uuid::now_v7(), mark.text());
        let frame = match self.door {
            Door::Session => format!(
                r#"{{"type":"command","id":{id},"command":{{"kind":"send","thread_id":"{thread}","message_id":"{message}","message":"{text}"}}}}"#
            ),
            Door::Room => format!(r#"{{"type":"message","message_id":"{message}","message":"{text}"}}"#),
        };
        Ok(self.stream.feed(Message::text(frame)).await?)
    }

    /// Brings out what was queued.
    ///
    /// # Errors
    /// When the socket has fallen.
    pub async fn flush(&mut self) -> Result<()> {
        Ok(self.stream.flush().await?)
    }

    /// The next frame.
    ///
    /// # Errors
    /// When the socket has fallen.
    pub async fn hear(&mut self) -> Result<Heard> {
        loop {
            let message = self.stream.next().await.context("the socket was closed")??;
            if let Some(heard) = self.read(message)? {
                return Ok(heard);
            }
        }
    }

    /// A frame that has come already.
    ///
    /// # Errors
    /// When the socket has fallen.
    pub fn heard(&mut self) -> Result<Option<Heard>> {
        match self.stream.next().now_or_never() {
            None => Ok(None),
            Some(None) => bail!("the socket was closed"),
            Some(Some(message)) => Ok(Some(self.read(message?)?.unwrap_or(Heard::Other))),
        }
    }

    fn read(&mut self, message: Message) -> Result<Option<Heard>> {
        match message {
            Message::Text(text) => Ok(Some(self.sort(&text))),
            Message::Close(frame) => bail!("the server closed the socket: {frame:?}"),
            _ => Ok(None),
        }
    }

    fn sort(&mut self, text: &Utf8Bytes) -> Heard {
        let frame = text.as_bytes();
        let is = |kind: &str| {
            frame
                .strip_prefix(br#"{"type":""#)
                .is_some_and(|rest| rest.starts_with(kind.as_bytes()))
        };
        if is("event") {
            self.cursor.pos = number_after(frame, br#""pos":"#).unwrap_or(self.cursor.pos);
            return Mark::find(frame).map_or(Heard::Other, Heard::Message);
        }
        if self.door == Door::Room {
            return match () {
                () if is("message") => Mark::find(frame).map_or(Heard::Other, Heard::Message),
                () if is("ack") => Heard::Reply(0, true),
                () if is("error") => Heard::Reply(0, false),
                () => Heard::Other,
            };
        }
        if is("reply") {
            let id = number_after(frame, br#""id":"#).unwrap_or_default();
            let is_refused = memchr::memmem::find(frame, br#""error":{"#).is_some();
            return Heard::Reply(id, !is_refused);
        }
        if is("welcome") {
            self.cursor.epoch = serde_json::from_slice::<serde_json::Value>(frame)
                .ok()
                .and_then(|frame| Some(frame["epoch"].as_str()?.to_owned()));
            return Heard::Other;
        }
        if is("live") { Heard::Live } else { Heard::Other }
    }
}

async fn connect(seat: &Seat) -> Result<WebSocketStream<TcpStream>> {
    let socket = TcpSocket::new_v4()?;
    // Several addresses: one has too few ports for a large crowd that comes twice.
    socket.bind((Ipv4Addr::new(127, 0, 0, 2 + seat.device.as_bytes()[15] % 8), 0).into())?;
    let stream = socket.connect(seat.server).await?;
    stream.set_nodelay(true)?;
    let mut request = format!("ws://{}{}", seat.server, seat.path).into_client_request()?;
    if let Some(token) = &seat.token {
        request
            .headers_mut()
            .insert("authorization", format!("Bearer {token}").parse()?);
    }
    let config = WebSocketConfig::default()
        .read_buffer_size(BUFFER)
        .write_buffer_size(BUFFER);
    Ok(client_async_with_config(request, stream, Some(config)).await?.0)
}
