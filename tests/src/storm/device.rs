//! One device of a storm: a bare socket with a cursor.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures::{SinkExt, StreamExt};
use prilavok_client::backoff::Backoff;
use prilavok_protocol::ids::DeviceId;
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::sync::{Semaphore, mpsc, watch};
use tokio::time::{sleep, timeout};
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{WebSocketStream, client_async_with_config};

use super::IMPATIENCE;

/// From the dialling to `live`; an engine waits no longer.
const PATIENCE: Duration = Duration::from_secs(20);
/// Bytes; thousands of the library's own buffers would be gigabytes.
const BUFFER: usize = 4 * 1024;
/// Nothing takes longer.
const LONGEST: Duration = Duration::from_secs(180);

/// What all devices are told.
#[derive(Debug, Clone, Copy, Default)]
pub struct Orders {
    /// Leave once this text was heard.
    pub until: Option<&'static str>,
}

/// How it went for one device.
#[derive(Debug)]
pub struct Outcome {
    /// When its socket fell.
    pub fell: Instant,
    /// When it was live again.
    pub back: Instant,
    /// Dials until then.
    pub dials: u32,
    /// The texts that it heard.
    pub texts: Vec<String>,
}

/// One device.
pub struct Device {
    server: SocketAddr,
    token: String,
    device: DeviceId,
    has_jitter: bool,
    epoch: Value,
    pos: u64,
    texts: Vec<String>,
    spread: Duration,
}

type Socket = WebSocketStream<TcpStream>;

impl Device {
    pub fn new(server: SocketAddr, token: String, has_jitter: bool) -> Self {
        Self {
            server,
            token,
            device: DeviceId::mint(),
            has_jitter,
            epoch: Value::Null,
            pos: 0,
            texts: Vec::new(),
            spread: Duration::ZERO,
        }
    }

    /// Comes in, says so, hears until the server goes, comes back, says so, and hears until it is told to leave.
    pub async fn lives(
        self,
        places: Arc<Semaphore>,
        ready: mpsc::Sender<()>,
        orders: watch::Receiver<Orders>,
    ) -> Outcome {
        timeout(LONGEST, self.live(places, ready, orders))
            .await
            .expect("nothing takes so long")
    }

    async fn live(
        mut self,
        places: Arc<Semaphore>,
        ready: mpsc::Sender<()>,
        mut orders: watch::Receiver<Orders>,
    ) -> Outcome {
        let place = places.acquire().await.expect("it is never closed");
        let mut socket = self.dial().await.expect("the server is there");
        drop(place);
        ready.send(()).await.expect("the storm is awaited");
        while let Some(frame) = hear(&mut socket).await {
            self.note(&frame);
        }
        let fell = Instant::now();
        drop(socket);
        let (mut socket, dials) = self.come_back().await;
        let back = Instant::now();
        ready.send(()).await.expect("the storm is awaited");
        loop {
            let is_over = orders
                .borrow_and_update()
                .until
                .is_some_and(|until| self.texts.iter().any(|text| text == until));
            if is_over {
                let texts = self.texts;
                return Outcome {
                    fell,
                    back,
                    dials,
                    texts,
                };
            }
            tokio::select! {
                _ = orders.changed() => {}
                frame = hear(&mut socket) => self.note(&frame.expect("the server stays")),
            }
        }
    }

    /// Dials until it is live, and says how often.
    async fn come_back(&mut self) -> (Socket, u32) {
        let (mut backoff, mut hint, mut dials) = (Backoff::default(), Some(self.spread.mul_f64(chance())), 0);
        loop {
            let wait = if self.has_jitter {
                backoff.next(chance(), hint.take())
            } else {
                hint.take().map_or(IMPATIENCE, |_| Duration::ZERO)
            };
            sleep(wait).await;
            dials += 1;
            if let Ok(Some(socket)) = timeout(PATIENCE, self.dial()).await {
                return (socket, dials);
            }
        }
    }

    /// From the first packet to `live`; `None` when it does not come to that.
    async fn dial(&mut self) -> Option<Socket> {
        let stream = TcpStream::connect(self.server).await.ok()?;
        let _ = stream.set_nodelay(true);
        let mut request = format!("ws://{}/ws/session", self.server)
            .into_client_request()
            .expect("an address");
        let bearer = format!("Bearer {}", self.token).parse().expect("a header's value");
        request.headers_mut().insert("authorization", bearer);
        let config = WebSocketConfig::default()
            .read_buffer_size(BUFFER)
            .write_buffer_size(BUFFER);
        let (mut socket, _) = client_async_with_config(request, stream, Some(config)).await.ok()?;
        let cursor = (!self.epoch.is_null()).then(|| json!({"epoch": self.epoch, "pos": self.pos}));
        let hello = json!({"type": "hello", "version": 1, "device": self.device, "cursor": cursor});
        socket.send(Message::text(hello.to_string())).await.ok()?;
        loop {
            let frame = hear(&mut socket).await?;
            self.note(&frame);
            if frame["type"] == "live" {
                assert_eq!(frame["pos"], self.pos, "everything that was missed was told");
                return Some(socket);
            }
        }
    }

    fn note(&mut self, frame: &Value) {
        match frame["type"].as_str() {
            Some("welcome") => self.epoch = frame["epoch"].clone(),
            Some("going_away") => self.spread = Duration::from_millis(frame["spread_ms"].as_u64().unwrap_or_default()),
            Some("event") => {
                assert_eq!(
                    frame["pos"],
                    self.pos + 1,
                    "the next entry, neither a repeat nor after a gap"
                );
                self.pos += 1;
                self.texts
                    .extend(frame["event"]["message"]["message"].as_str().map(str::to_owned));
            }
            _ => {}
        }
    }
}

/// The next frame; `None` once the socket has fallen.
async fn hear(socket: &mut Socket) -> Option<Value> {
    loop {
        match socket.next().await {
            Some(Ok(Message::Text(text))) => return serde_json::from_str(&text).ok(),
            Some(Ok(Message::Close(_)) | Err(Error::ConnectionClosed)) | None => return None,
            Some(Ok(_)) => {}
            Some(Err(_)) => return None,
        }
    }
}

/// Uniform in 0..1.
fn chance() -> f64 {
    let random = uuid::Uuid::new_v4().as_u128();
    (random >> 96) as f64 / f64::from(u32::MAX)
}
