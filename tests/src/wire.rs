//! A bare WebSocket: says whatever it is told to, and hears every frame, with a deadline.

pub mod follower;

use std::time::Duration;

use futures::{SinkExt, StreamExt};
use http::{HeaderName, HeaderValue};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::handshake::client::{Request, Response};
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

/// How long anything may take before a story fails.
pub const DEADLINE: Duration = Duration::from_secs(10);

/// A bare WebSocket.
pub struct Wire {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    /// The subprotocol that the server chose.
    pub subprotocol: Option<String>,
}

impl Wire {
    /// Opens a socket.
    ///
    /// # Errors
    /// The HTTP status of a refused upgrade.
    ///
    /// # Panics
    /// When the server is not there.
    pub async fn dial(url: &str, headers: &[(&str, &str)]) -> Result<Self, u16> {
        let mut request = url.into_client_request().expect("a WebSocket address");
        for (name, value) in headers {
            let name = HeaderName::try_from(*name).expect("a header's name");
            request
                .headers_mut()
                .insert(name, HeaderValue::try_from(*value).expect("a header's value"));
        }
        match timeout(DEADLINE, patiently(request))
            .await
            .expect("the server answers in time")
        {
            Ok((socket, response)) => {
                let subprotocol = response.headers().get("sec-websocket-protocol");
                let subprotocol = subprotocol.map(|name| name.to_str().expect("visible").to_owned());
                Ok(Self { socket, subprotocol })
            }
            Err(Error::Http(response)) => Err(response.status().as_u16()),
            Err(error) => panic!("the upgrade failed: {error}"),
        }
    }

    /// Says a JSON frame.
    pub async fn say(&mut self, frame: Value) {
        self.say_text(&frame.to_string()).await;
    }

    /// Says any text.
    pub async fn say_text(&mut self, text: &str) {
        self.say_message(Message::text(text)).await;
    }

    /// Says anything at all.
    pub async fn say_message(&mut self, message: Message) {
        timeout(DEADLINE, self.socket.send(message))
            .await
            .expect("the server reads in time")
            .expect("it is there");
    }

    /// Says anything at all to a server that may have closed already.
    pub async fn try_say(&mut self, message: Message) -> bool {
        matches!(timeout(DEADLINE, self.socket.send(message)).await, Ok(Ok(())))
    }

    /// The next JSON frame.
    ///
    /// # Panics
    /// When the socket closes, or nothing comes.
    pub async fn hear(&mut self) -> Value {
        match self.next().await {
            Ok(frame) => frame,
            Err(code) => panic!("the socket closed with {code:?} while a frame was awaited"),
        }
    }

    /// The next frame of this type; others are let pass.
    pub async fn hear_type(&mut self, kind: &str) -> Value {
        self.hear_where(kind, |frame| frame["type"] == kind).await
    }

    /// The next frame that fits; others are let pass.
    pub async fn hear_where(&mut self, what: &str, fits: impl Fn(&Value) -> bool) -> Value {
        let mut passed = Vec::new();
        let wanted = async {
            loop {
                match self.next().await {
                    Ok(frame) if fits(&frame) => return Ok(frame),
                    Ok(frame) => passed.push(frame),
                    Err(code) => return Err(code),
                }
            }
        };
        match timeout(DEADLINE, wanted).await {
            Ok(Ok(frame)) => frame,
            Ok(Err(code)) => panic!("closed with {code:?} before {what}; heard {passed:#?}"),
            Err(_) => panic!("no {what} in time; heard {passed:#?}"),
        }
    }

    /// Everything that was on its way, on a per-thread socket: what is heard before the answer to a ping.
    pub async fn rest_of_room(&mut self) -> Vec<Value> {
        self.say(json!({"type": "ping"})).await;
        self.until("pong").await
    }

    /// Everything that was on its way, on a session socket: what is heard before the answer to a ping.
    pub async fn rest_of_session(&mut self) -> Vec<Value> {
        self.say(json!({"type": "ping"})).await;
        self.until("heartbeat").await
    }

    /// Every frame before the first one of this type.
    pub async fn until(&mut self, kind: &str) -> Vec<Value> {
        let mut heard = Vec::new();
        loop {
            let frame = self.hear().await;
            if frame["type"] == kind {
                return heard;
            }
            heard.push(frame);
        }
    }

    /// Sends a command on a session socket and hears its reply; other frames are let pass.
    pub async fn ask(&mut self, id: u64, command: Value) -> Value {
        self.say(json!({"type": "command", "id": id, "command": command})).await;
        self.hear_where("reply", |frame| frame["type"] == "reply" && frame["id"] == id)
            .await
    }

    /// Hears until the server closes, and returns the code; 0 when there was none.
    pub async fn closed(&mut self) -> u16 {
        self.closed_with().await.0
    }

    /// Hears until the server closes: the code, the reason, and the frames before it.
    pub async fn closed_with(&mut self) -> (u16, String, Vec<Value>) {
        let mut heard = Vec::new();
        let end = async {
            loop {
                match self.next().await {
                    Ok(frame) => heard.push(frame),
                    Err(end) => return end,
                }
            }
        };
        let end = timeout(DEADLINE, end).await;
        let Ok((code, reason)) = end else {
            panic!("the server does not close; heard {heard:#?}")
        };
        (code, reason, heard)
    }

    /// Breaks the connection without a word.
    pub fn break_off(self) {}

    /// Closes as a polite client does.
    pub async fn leave(mut self) {
        self.socket.close(None).await.expect("a close frame");
        while let Ok(Some(Ok(_))) = timeout(DEADLINE, self.socket.next()).await {}
    }

    async fn next(&mut self) -> Result<Value, (u16, String)> {
        loop {
            match timeout(DEADLINE, self.socket.next()).await.expect("a frame in time") {
                Some(Ok(Message::Text(text))) => {
                    return Ok(serde_json::from_str(&text).expect("the server says JSON"));
                }
                Some(Ok(Message::Close(Some(frame)))) => {
                    return Err((frame.code.into(), frame.reason.as_str().to_owned()));
                }
                Some(Ok(Message::Close(None)) | Err(_)) | None => return Err((0, String::new())),
                Some(Ok(_)) => {}
            }
        }
    }
}

/// Dials until the answer comes in pieces that the library takes: it gives up on one that a busy machine hands over byte by
/// byte, as an engine does, which then dials again too.
async fn patiently(request: Request) -> Result<(WebSocketStream<MaybeTlsStream<TcpStream>>, Response), Error> {
    loop {
        match connect_async(request.clone()).await {
            Err(Error::AttackAttempt) => {}
            outcome => return outcome,
        }
    }
}
