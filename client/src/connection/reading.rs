//! Reading what the server says. A later server may say things that this version cannot read; whatever can be done
//! without them is done.

use prilavok_protocol::command::Done;
use prilavok_protocol::error::{CloseCode, ErrorCode, Fault};
use prilavok_protocol::event::Event;
use prilavok_protocol::frame::ServerFrame;
use prilavok_protocol::ids::Pos;
use serde::Deserialize;
use serde_json::Value;
use tokio_tungstenite::tungstenite::{self, Message};

use super::ending::{Ended, closed};

/// The next frame. `None`: nothing that matters here.
pub(super) fn read(heard: Option<tungstenite::Result<Message>>) -> Result<Option<ServerFrame>, Ended> {
    match heard {
        Some(Ok(Message::Text(text))) => match frame(&text) {
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

/// What is left of a frame whose content cannot be read.
#[derive(Deserialize)]
struct Outline {
    #[serde(rename = "type")]
    kind: String,
    pos: Option<Value>,
    id: Option<Value>,
    error: Option<Value>,
}

fn frame(text: &str) -> Result<ServerFrame, serde_json::Error> {
    let error = match serde_json::from_str(text) {
        Ok(frame) => return Ok(frame),
        Err(error) => error,
    };
    let Ok(outline) = serde_json::from_str::<Outline>(text) else {
        return Err(error);
    };
    tracing::warn!(%error, frame.kind = outline.kind, "the content of a frame cannot be read");
    Ok(match (outline.kind.as_str(), number(outline.pos), number(outline.id)) {
        // Its place in the log counts, or the same entry would be asked for again and again.
        ("event", Some(pos), _) => ServerFrame::Event {
            pos: Pos(pos),
            event: Event::Unknown,
        },
        ("reply", _, Some(id)) if outline.error.is_some() => ServerFrame::Reply {
            id,
            done: None,
            error: Some(Fault {
                code: ErrorCode::Unknown,
                detail: error.to_string(),
                retry_after_ms: None,
            }),
        },
        ("reply", _, Some(id)) => ServerFrame::Reply {
            id,
            done: Some(Done::Unknown),
            error: None,
        },
        // Without these there is no telling where the line stands.
        ("event" | "reply" | "welcome" | "live" | "resync", ..) => return Err(error),
        _ => ServerFrame::Unknown,
    })
}

fn number(value: Option<Value>) -> Option<u64> {
    value?.as_u64()
}

#[cfg(test)]
mod tests {
    use super::frame;
    use prilavok_protocol::command::Done;
    use prilavok_protocol::event::Event;
    use prilavok_protocol::frame::ServerFrame;
    use prilavok_protocol::ids::Pos;

    #[test]
    fn what_cannot_be_read_costs_as_little_as_possible() {
        let unread = ServerFrame::Event {
            pos: Pos(7),
            event: Event::Unknown,
        };
        let reply = ServerFrame::Reply {
            id: 3,
            done: Some(Done::Unknown),
            error: None,
        };
        let cases = [
            (
                r#"{"type":"event","pos":7,"event":{"kind":"mood"}}"#,
                Some(unread.clone()),
            ),
            (
                r#"{"type":"event","pos":7,"event":{"kind":"read","user_type":"bot"}}"#,
                Some(unread),
            ),
            (
                r#"{"type":"reply","id":3,"done":{"kind":"message","message":8}}"#,
                Some(reply),
            ),
            (r#"{"type":"heartbeat","pos":"far"}"#, Some(ServerFrame::Unknown)),
            (
                r#"{"type":"signal","signal":{"kind":"typing"}}"#,
                Some(ServerFrame::Unknown),
            ),
            (r#"{"type":"mood","is":"good"}"#, Some(ServerFrame::Unknown)),
            (r#"{"type":"live"}"#, None),
            (r#"{"type":"event","event":{"kind":"mood"}}"#, None),
            ("{}", None),
            ("привет", None),
        ];
        for (text, expected) in cases {
            assert_eq!(frame(text).ok(), expected, "{text}");
        }
        let refused = frame(r#"{"type":"reply","id":3,"error":{"code":5}}"#).expect("its id is enough");
        assert!(matches!(
            refused,
            ServerFrame::Reply {
                id: 3,
                error: Some(_),
                ..
            }
        ));
    }
}
