//! One socket, from dialling to its end. It never retries: the engine decides what comes next.
//!
//! A task owns the socket and speaks to the engine through two bounded channels; dropping the handle ends it.

mod ending;
mod reading;

use std::sync::Arc;
use std::time::Duration;

use futures::{SinkExt, StreamExt};
use prilavok_protocol::error::Reconnect;
use prilavok_protocol::frame::{ClientFrame, ServerFrame};
use prilavok_protocol::rest::Snapshot;
use tokio::sync::mpsc;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::header::AUTHORIZATION;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode as WireCode;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, WebSocketConfig};
use tokio_tungstenite::tungstenite::{self, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, client_async_tls_with_config};
use tokio_util::sync::{CancellationToken, DropGuard};
use tokio_util::task::TaskTracker;

use crate::api::Api;
use crate::network::Line;
pub(crate) use ending::Ended;
use ending::{not_opened, refused};
use reading::read;

/// DNS, TCP, TLS and the upgrade together, on a slow line.
const DIAL: Duration = Duration::from_secs(15);
/// A frame that cannot be written for so long sits behind a dead line.
const WRITE: Duration = Duration::from_secs(10);
/// A farewell is a courtesy.
const FAREWELL: Duration = Duration::from_secs(1);
/// Our frames are short, theirs too: the default of 128 KiB would be wasted.
const READ_BUFFER: usize = 8 * 1024;
/// `welcome` of a later version may be long; nothing else is.
const LARGEST: usize = 1024 * 1024;
/// Frames that may wait for the engine; when full, the socket is not read and the server feels it.
const INCOMING: usize = 256;
/// Frames that may wait for the socket; when full, the engine gives the line up as dead.
const OUTGOING: usize = 64;

/// What comes from the socket.
#[derive(Debug)]
pub(crate) enum Incoming {
    /// The snapshot that was asked for; comes before `Open`.
    Snapshot(Box<Snapshot>),
    /// The upgrade succeeded: say hello.
    Open,
    /// A frame.
    Frame(Box<ServerFrame>),
    /// Nothing follows.
    Ended(Ended),
}

/// The engine's end of the socket.
pub(crate) struct Socket {
    outgoing: mpsc::Sender<ClientFrame>,
    incoming: mpsc::Receiver<Incoming>,
    _end: DropGuard,
}

impl Socket {
    /// Starts to dial; with a snapshot first, if the device has none.
    pub(crate) fn dial(tracker: &TaskTracker, api: Arc<Api>, with_snapshot: bool) -> Self {
        let (outgoing, to_write) = mpsc::channel(OUTGOING);
        let (report, incoming) = mpsc::channel(INCOMING);
        let end = CancellationToken::new();
        let stop = end.clone();
        tracker.spawn(async move {
            let mut token = None;
            let ended = tokio::select! {
                biased;
                ended = run(&api, with_snapshot, (&report, to_write), &mut token) => ended,
                () = abandoned(&stop) => return,
            };
            if let (Reconnect::NewToken, Some(token)) = (ended.reconnect, token) {
                api.distrust(&token).await;
            }
            // When nobody listens any more the end is no news.
            let _ = report.send(Incoming::Ended(ended)).await;
        });
        Self {
            outgoing,
            incoming,
            _end: end.drop_guard(),
        }
    }

    /// The next thing that happens. After `Ended` it never answers.
    pub(crate) async fn next(&mut self) -> Incoming {
        match self.incoming.recv().await {
            Some(incoming) => incoming,
            None => std::future::pending().await,
        }
    }

    /// What has arrived already.
    pub(crate) fn ready(&mut self) -> Option<Incoming> {
        self.incoming.try_recv().ok()
    }

    /// Hands a frame over. False: the line is so slow that it is as good as dead.
    pub(crate) fn send(&self, frame: ClientFrame) -> bool {
        self.outgoing.try_send(frame).is_ok()
    }
}

/// The engine has let go: time for a farewell, and no more.
async fn abandoned(stop: &CancellationToken) {
    stop.cancelled().await;
    tokio::time::sleep(FAREWELL).await;
}

type Stream = WebSocketStream<MaybeTlsStream<Box<dyn Line>>>;

async fn run(
    api: &Api,
    with_snapshot: bool,
    (report, mut to_write): (&mpsc::Sender<Incoming>, mpsc::Receiver<ClientFrame>),
    token: &mut Option<String>,
) -> Ended {
    let stream = match prepare(api, with_snapshot, report, token).await {
        Ok(stream) => stream,
        Err(ended) => return ended,
    };
    if report.send(Incoming::Open).await.is_err() {
        return Ended::again("network");
    }
    let (mut sink, mut frames) = stream.split();
    loop {
        tokio::select! {
            biased;
            frame = frames.next() => match read(frame) {
                Ok(Some(frame)) => {
                    if report.send(Incoming::Frame(Box::new(frame))).await.is_err() {
                        return Ended::again("network");
                    }
                }
                Ok(None) => {}
                Err(ended) => return ended,
            },
            frame = to_write.recv() => {
                let Some(frame) = frame else {
                    farewell(&mut sink).await;
                    return Ended::again("network");
                };
                let Ok(text) = serde_json::to_string(&frame) else { continue };
                match timeout(WRITE, sink.send(Message::text(text))).await {
                    Ok(Ok(())) => {}
                    // The peer's close frame, if there is one, says more than a failed write.
                    Ok(Err(_)) | Err(_) => return last_words(&mut frames).await,
                }
            }
        }
    }
}

async fn farewell(sink: &mut (impl SinkExt<Message> + Unpin)) {
    let frame = CloseFrame {
        code: WireCode::Normal,
        reason: "".into(),
    };
    let _ = timeout(FAREWELL, sink.send(Message::Close(Some(frame)))).await;
}

async fn last_words(frames: &mut (impl StreamExt<Item = tungstenite::Result<Message>> + Unpin)) -> Ended {
    let close = async {
        loop {
            if let Err(ended) = read(frames.next().await) {
                return ended;
            }
        }
    };
    timeout(FAREWELL, close).await.unwrap_or(Ended::again("network"))
}

async fn prepare(
    api: &Api,
    with_snapshot: bool,
    report: &mpsc::Sender<Incoming>,
    used: &mut Option<String>,
) -> Result<Stream, Ended> {
    if with_snapshot {
        let snapshot = api.snapshot().await.map_err(|error| refused(&error))?;
        let _ = report.send(Incoming::Snapshot(Box::new(snapshot))).await;
    }
    let token = api.token().await.map_err(|error| refused(&error))?;
    let request = request(api, &token)?;
    *used = Some(token);
    let config = WebSocketConfig::default()
        .read_buffer_size(READ_BUFFER)
        .max_message_size(Some(LARGEST))
        .max_frame_size(Some(LARGEST));
    let dial = async {
        let line = api.network().dial(api.base()).await?;
        client_async_tls_with_config(request, line, Some(config), None).await
    };
    match timeout(DIAL, dial).await {
        Err(_) => Err(Ended::again("network")),
        Ok(Ok((stream, _))) => Ok(stream),
        Ok(Err(error)) => Err(not_opened(&error)),
    }
}

fn request(api: &Api, token: &str) -> Result<tungstenite::handshake::client::Request, Ended> {
    let strange = |_| Ended {
        reconnect: Reconnect::SignIn,
        reason: "signed_out",
        hint: None,
    };
    let mut url = api.base().clone();
    let scheme = if url.scheme() == "https" { "wss" } else { "ws" };
    // Both are web schemes, so the change is always allowed.
    let _ = url.set_scheme(scheme);
    url.set_path("/ws/session");
    let mut request = url
        .as_str()
        .into_client_request()
        .map_err(|_| Ended::again("network"))?;
    let bearer = format!("Bearer {token}").parse().map_err(strange)?;
    request.headers_mut().insert(AUTHORIZATION, bearer);
    Ok(request)
}
