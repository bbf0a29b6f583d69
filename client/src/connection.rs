//! One socket, from dialling to its end. It never retries: the engine decides what comes next.
//!
//! A task owns the socket and speaks to the engine through two bounded channels; dropping the handle ends it.

use std::sync::Arc;
use std::time::Duration;

use futures::{SinkExt, StreamExt};
use prilavok_protocol::error::{CloseCode, ErrorCode, Reconnect};
use prilavok_protocol::frame::{ClientFrame, ServerFrame};
use prilavok_protocol::rest::Snapshot;
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::header::AUTHORIZATION;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode as WireCode;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, WebSocketConfig};
use tokio_tungstenite::tungstenite::{self, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};
use tokio_util::sync::{CancellationToken, DropGuard};
use tokio_util::task::TaskTracker;

use crate::api::{Api, io_reason};
use crate::error::{Error, Unreachable};

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

/// How it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Ended {
    /// What to do now.
    pub reconnect: Reconnect,
    /// `offline-<reason>` or `stopped-<reason>`.
    pub reason: &'static str,
    /// The server asked to wait so long.
    pub hint: Option<Duration>,
}

impl Ended {
    pub(crate) fn again(reason: &'static str) -> Self {
        Self {
            reconnect: Reconnect::Yes,
            reason,
            hint: None,
        }
    }
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

type Stream = WebSocketStream<MaybeTlsStream<TcpStream>>;

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
    let dial = tokio_tungstenite::connect_async_with_config(request, Some(config), true);
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

/// What a failed REST call means for the connection.
pub(crate) fn refused(error: &Error) -> Ended {
    let stopped = |reconnect, reason| Ended {
        reconnect,
        reason,
        hint: None,
    };
    match error {
        Error::SignedOut => stopped(Reconnect::SignIn, "signed_out"),
        Error::Refused {
            code: ErrorCode::AccountDisabled,
            ..
        } => stopped(Reconnect::No, "disabled"),
        Error::Refused {
            code: ErrorCode::RateLimited,
            retry_after_ms,
            ..
        } => Ended {
            reconnect: Reconnect::AfterHint,
            reason: "rate",
            hint: retry_after_ms.map(|ms| Duration::from_millis(ms.into())),
        },
        Error::Unreachable(how) => Ended::again(network_word(*how)),
        _ => Ended::again("server"),
    }
}

fn network_word(how: Unreachable) -> &'static str {
    match how {
        Unreachable::Timeout => "network",
        how => how.as_str(),
    }
}

fn not_opened(error: &tungstenite::Error) -> Ended {
    let ended = |reconnect, reason| Ended {
        reconnect,
        reason,
        hint: None,
    };
    match error {
        tungstenite::Error::Http(response) => match response.status().as_u16() {
            401 => ended(Reconnect::NewToken, "server"),
            403 => ended(Reconnect::No, "disabled"),
            429 => ended(Reconnect::AfterHint, "rate"),
            500..=599 => ended(Reconnect::Yes, "server"),
            _ => ended(Reconnect::Yes, "not_prilavok"),
        },
        tungstenite::Error::Io(error) => Ended::again(network_word(io_reason(error))),
        tungstenite::Error::Tls(_) => Ended::again("tls"),
        tungstenite::Error::Protocol(_) => Ended::again("not_prilavok"),
        _ => Ended::again("network"),
    }
}

fn read(frame: Option<tungstenite::Result<Message>>) -> Result<Option<ServerFrame>, Ended> {
    match frame {
        Some(Ok(Message::Text(text))) => match serde_json::from_str(&text) {
            Ok(frame) => Ok(Some(frame)),
            Err(error) => {
                tracing::warn!(%error, "a frame of the server cannot be read");
                Err(Ended::again("not_prilavok"))
            }
        },
        Some(Ok(Message::Close(close))) => {
            Err(close.map_or(Ended::again("network"), |close| closed(CloseCode(close.code.into()))))
        }
        Some(Ok(_)) => Ok(None),
        Some(Err(_)) | None => Err(Ended::again("network")),
    }
}

/// What a close code means.
pub(crate) fn closed(code: CloseCode) -> Ended {
    let reconnect = code.reconnect();
    let reason = match (code, reconnect) {
        (CloseCode::GOING_AWAY | CloseCode::RESTART, _) => "restart",
        (CloseCode::SESSION_REVOKED, _) => "signed_out",
        (CloseCode::ACCOUNT_DISABLED | CloseCode::FORBIDDEN, _) => "disabled",
        (CloseCode::TOO_MANY_SOCKETS, _) => "too_many",
        (CloseCode::REPLACED | CloseCode::NORMAL, _) => "replaced",
        (_, Reconnect::No | Reconnect::Update) => "update",
        (_, Reconnect::AfterHint) => "rate",
        _ => "server",
    };
    Ended {
        reconnect,
        reason,
        hint: None,
    }
}

#[cfg(test)]
mod tests {
    use super::closed;
    use prilavok_protocol::error::{CloseCode, Reconnect};

    #[test]
    fn every_close_code_has_its_word() {
        let cases = [
            (1000, Reconnect::No, "replaced"),
            (1001, Reconnect::Yes, "restart"),
            (1002, Reconnect::No, "update"),
            (1011, Reconnect::Yes, "server"),
            (1012, Reconnect::Yes, "restart"),
            (1013, Reconnect::Yes, "server"),
            (4001, Reconnect::NewToken, "server"),
            (4002, Reconnect::No, "update"),
            (4004, Reconnect::No, "disabled"),
            (4007, Reconnect::Resync, "server"),
            (4008, Reconnect::AfterHint, "rate"),
            (4009, Reconnect::SignIn, "signed_out"),
            (4010, Reconnect::Yes, "server"),
            (4011, Reconnect::No, "too_many"),
            (4012, Reconnect::Update, "update"),
            (4013, Reconnect::No, "replaced"),
            (4600, Reconnect::Yes, "server"),
            (4100, Reconnect::No, "update"),
        ];
        for (code, reconnect, reason) in cases {
            let ended = closed(CloseCode(code));
            assert_eq!((ended.reconnect, ended.reason), (reconnect, reason), "{code}");
        }
    }
}
