//! What a case is, and how one is played.

use std::io::{Error, ErrorKind};

use prilavok_protocol::SUBPROTOCOL;
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::line::{Heard, Line, text};
use crate::people::People;

/// The close code of a line that ended without one: where the handshake itself is refused, an answer like any other.
pub const CUT: u16 = 0;
/// More frames than a case can be answered with.
const FRAMES: usize = 2_000;

/// One thing that a stranger may try.
#[derive(Debug)]
pub struct Case {
    /// The door, and what is wrong.
    pub name: String,
    /// What is done.
    pub attack: Attack,
}

/// What is sent, and what must come back.
#[derive(Debug)]
pub enum Attack {
    /// Bytes on a line of their own: one answer with one of these statuses ([`CUT`]: none), and nothing after it.
    Raw {
        /// As they are.
        bytes: Vec<u8>,
        /// Any of them.
        wanted: &'static [u16],
    },
    /// A request of the marketplace API by the attacker.
    Call {
        /// Its method.
        method: Method,
        /// After `/api/v1`.
        path: String,
        /// JSON.
        body: Option<Value>,
        /// Any of them.
        wanted: &'static [u16],
    },
    /// The same request for what is another's and for what never existed: the answers are the same, and refuse.
    Twin {
        /// Its method.
        method: Method,
        /// With `{}` for the id.
        path: String,
        /// With `"{}"` for the id.
        body: Option<Value>,
        /// What is another's.
        foreign: String,
    },
    /// A handshake that opens nothing: the socket's first frame closes it.
    Shut {
        /// As they are.
        bytes: Vec<u8>,
        /// Any of these close codes.
        codes: &'static [u16],
    },
    /// Bytes after a proper handshake.
    Socket {
        /// Which socket.
        door: Door,
        /// Frames, or what claims to be some.
        bytes: Vec<u8>,
        /// How it is answered.
        wanted: Wanted,
    },
}

/// The two sockets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Door {
    /// One a device, after its hello.
    Session,
    /// The same, before its hello.
    Threshold,
    /// One a thread.
    Room,
}

/// How bytes on a socket are answered.
#[derive(Debug, Clone, Copy)]
pub enum Wanted {
    /// The socket is closed with this code.
    Close(u16),
    /// An error of this code, and the socket stays.
    Error(&'static str),
    /// No harm: the socket still answers a ping.
    Stays,
}

impl Case {
    /// Plays it, while somebody polite asks and asks.
    ///
    /// # Errors
    /// What got through, or that somebody polite had to wait.
    pub async fn play(&self, people: &People) -> Result<String, String> {
        let got = tokio::select! {
            got = self.attack.run(people) => got?,
            Err(fault) = people.polite() => return Err(fault),
        };
        people.polite_after().await?;
        Ok(got)
    }
}

impl Attack {
    async fn run(&self, people: &People) -> Result<String, String> {
        match self {
            Self::Raw { bytes, wanted } => raw(people, bytes, wanted).await,
            Self::Call {
                method,
                path,
                body,
                wanted,
            } => {
                let asked = people.ask(&people.attacker, method.clone(), path, body.as_ref()).await;
                let (status, answer) = asked.map_err(|error| format!("{error:#}"))?;
                refused(status, &answer, wanted)
            }
            Self::Twin {
                method,
                path,
                body,
                foreign,
            } => twin(people, method, path, body.as_ref(), foreign).await,
            Self::Shut { bytes, codes } => shut(people, bytes, codes).await,
            Self::Socket { door, bytes, wanted } => socket(people, *door, bytes, *wanted).await,
        }
    }
}

/// A refusal is a problem document that names its code, and says when to come again where that helps.
fn refused(status: u16, answer: &Value, wanted: &[u16]) -> Result<String, String> {
    if !wanted.contains(&status) {
        return Err(format!("{status} {answer}, wanted {wanted:?}"));
    }
    if status >= 400 && (answer["code"].as_str().is_none() || answer["request_id"].as_str().is_none()) {
        return Err(format!("{status} is no problem document: {answer}"));
    }
    Ok(status.to_string())
}

/// Says it on a line of its own.
async fn say(people: &People, bytes: &[u8]) -> Result<Line, String> {
    let mut line = Line::open(&people.authority).await.map_err(said)?;
    line.write(bytes).await;
    Ok(line)
}

fn said(error: Error) -> String {
    error.to_string()
}

async fn raw(people: &People, bytes: &[u8], wanted: &[u16]) -> Result<String, String> {
    let mut line = say(people, bytes).await?;
    let (status, head) = match line.head().await {
        Ok(answer) => answer,
        // A server that just keeps silent has not hung up.
        Err(error) if error.kind() != ErrorKind::TimedOut && wanted.contains(&CUT) => return Ok("hung up".into()),
        Err(error) => return Err(format!("no answer, wanted {wanted:?}: {error}")),
    };
    line.end().await;
    let rest = line.rest().await.map_err(said)?;
    if !wanted.contains(&status) {
        return Err(format!("{status}, wanted {wanted:?}: {head}{rest}"));
    }
    if rest.contains("HTTP/1.1 ") {
        return Err(format!("a second answer came: {rest}"));
    }
    Ok(status.to_string())
}

async fn shut(people: &People, bytes: &[u8], codes: &[u16]) -> Result<String, String> {
    let mut line = say(people, bytes).await?;
    let (status, head) = line.head().await.map_err(said)?;
    if status != 101 {
        return Err(format!("answered {head}, wanted a close code of {codes:?}"));
    }
    match line.hear().await.map_err(said)? {
        Heard::Closed(code) if codes.contains(&code) => Ok(format!("closed with {code}")),
        heard => Err(format!("{heard:?}, wanted a close code of {codes:?}")),
    }
}

async fn twin(
    people: &People,
    method: &Method,
    path: &str,
    body: Option<&Value>,
    foreign: &str,
) -> Result<String, String> {
    let mut answers = Vec::new();
    for id in [foreign, &Uuid::now_v7().to_string()] {
        let body: Option<Value> = body.map(|body| {
            let body = body.to_string().replace("{}", id);
            serde_json::from_str(&body).expect("an id changes nothing of JSON")
        });
        let path = path.replace("{}", id);
        let asked = people.ask(&people.attacker, method.clone(), &path, body.as_ref()).await;
        let (status, mut answer) = asked.map_err(|error| format!("{error:#}"))?;
        if status < 400 && answer["data"].as_array().is_none_or(|rows| !rows.is_empty()) {
            return Err(format!("{status} {answer}"));
        }
        answer["request_id"] = Value::Null;
        answers.push((status, answer.to_string().replace(id, "ID")));
    }
    match answers[0] == answers[1] {
        true => Ok(answers[0].0.to_string()),
        false => Err(format!("told apart: {} and {}", answers[0].1, answers[1].1)),
    }
}

async fn socket(people: &People, door: Door, bytes: &[u8], wanted: Wanted) -> Result<String, String> {
    let mut line = enter(people, door).await?;
    line.write(bytes).await;
    if matches!(wanted, Wanted::Stays) {
        line.write(&text(r#"{"type":"ping"}"#)).await;
    }
    for _ in 0..FRAMES {
        match (line.hear().await.map_err(said)?, wanted) {
            (Heard::Closed(code), Wanted::Close(wanted)) if code == wanted => return Ok(format!("closed with {code}")),
            (Heard::Closed(code), _) => return Err(format!("closed with {code}, wanted {wanted:?}")),
            (Heard::Text(frame), Wanted::Error(wanted)) => {
                let code = [&frame["code"], &frame["error"]["code"]]
                    .into_iter()
                    .find_map(Value::as_str);
                match code {
                    Some(code) if code == wanted => return Ok(format!("error {code}")),
                    Some(code) => return Err(format!("error {code}, wanted {wanted}: {frame}")),
                    None => {}
                }
            }
            (Heard::Text(frame), Wanted::Stays) if frame["type"] == "pong" || frame["type"] == "heartbeat" => {
                return Ok("stays".into());
            }
            _ => {}
        }
    }
    Err("endless frames".into())
}

/// Opens the door as a good client does.
async fn enter(people: &People, door: Door) -> Result<Line, String> {
    let path = match door {
        Door::Session | Door::Threshold => "/ws/session".to_owned(),
        Door::Room => format!("/ws/chat/{}?user_id={}&user_type=buyer", people.own, people.attacker.id),
    };
    let mut line = say(people, upgrade(people, &path, &[]).as_bytes()).await?;
    let (status, head) = line.head().await.map_err(said)?;
    if status != 101 {
        return Err(format!("the door stayed shut: {head}"));
    }
    if door == Door::Session {
        let hello = json!({"type": "hello", "version": 1, "device": Uuid::now_v7()});
        line.write(&text(&hello.to_string())).await;
        loop {
            match line.hear().await.map_err(said)? {
                Heard::Text(frame) if frame["type"] == "live" => break,
                Heard::Closed(code) => return Err(format!("closed with {code} before it was live")),
                _ => {}
            }
        }
    }
    Ok(line)
}

/// A good handshake, but for what `instead` changes: a header's line by its name, left out when empty.
#[must_use]
pub fn upgrade(people: &People, path: &str, instead: &[(&str, &str)]) -> String {
    let bearer = format!("Bearer {}", people.attacker.token);
    let mut head = format!("GET {path} HTTP/1.1\r\n");
    let usual = [
        ("Host", people.authority.as_str()),
        ("Connection", "Upgrade"),
        ("Upgrade", "websocket"),
        ("Sec-WebSocket-Version", "13"),
        ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="),
        ("Sec-WebSocket-Protocol", SUBPROTOCOL),
        ("Authorization", &bearer),
    ];
    let is_usual = |name: &str| usual.iter().any(|(other, _)| *other == name);
    let changed = usual.iter().map(|(name, value)| {
        let instead = instead.iter().find(|(other, _)| other == name);
        (*name, instead.map_or(*value, |(_, value)| *value))
    });
    let added = instead.iter().filter(|(name, _)| !is_usual(name)).copied();
    for (name, value) in changed.chain(added) {
        if !value.is_empty() {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
    }
    head + "\r\n"
}
