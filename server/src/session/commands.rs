//! What a device asks for: reading its frames, running its commands, and how far it says it has stored its log.

use std::time::Duration;

use prilavok_protocol::PROTOCOL_VERSION;
use prilavok_protocol::command::{Command, Done};
use prilavok_protocol::error::{ErrorCode, Fault};
use prilavok_protocol::frame::ClientFrame;
use prilavok_protocol::ids::{DeviceId, Pos};
use serde_json::Value;
use tokio::time::Instant;

use super::typing::Typing;
use crate::accounts::Signed;
use crate::app::SharedApp;
use crate::chat::{self, drafts};
use crate::error::Error;

/// How long `applied` is collected before it is written: a burst of messages becomes one write.
const COLLECT: Duration = Duration::from_millis(250);

/// A frame that does not fit.
#[derive(Debug)]
pub struct Bad {
    /// The command that it would have been.
    pub id: Option<u64>,
    /// Why.
    pub fault: Fault,
}

/// Reads a frame.
pub fn read(frame: &str) -> Result<ClientFrame, Bad> {
    ClientFrame::read(frame).map_err(|error| {
        let value: Option<Value> = serde_json::from_str(frame).ok();
        let id = value.as_ref().and_then(|value| value.get("id")?.as_u64());
        Bad {
            id,
            fault: fault(&error),
        }
    })
}

/// Why a frame does not fit, in the words of whoever reads a log; the frame itself is not repeated.
pub fn fault(error: &serde_json::Error) -> Fault {
    let code = if error.is_data() {
        ErrorCode::Invalid
    } else {
        ErrorCode::Malformed
    };
    Fault {
        code,
        detail: error.to_string(),
        retry_after_ms: None,
    }
}

/// Whether this is a `hello` of another version. Its number is all that this server understands of it: the rest may have
/// any shape, and the number any size.
pub fn is_other_version(frame: &str) -> bool {
    let hello: Value = serde_json::from_str(frame).unwrap_or_default();
    let version = hello.get("version").and_then(Value::as_f64);
    hello["type"] == "hello" && version.is_some_and(|version| version >= 0.0 && version != f64::from(PROTOCOL_VERSION))
}

/// `hello` is for the first frame only.
pub fn second_hello() -> Bad {
    let detail = "`hello` is only the first frame".into();
    Bad {
        id: None,
        fault: Fault {
            code: ErrorCode::Invalid,
            detail,
            retry_after_ms: None,
        },
    }
}

/// The id of a command.
pub fn id(frame: &ClientFrame) -> Option<u64> {
    match frame {
        ClientFrame::Command { id, .. } => Some(*id),
        _ => None,
    }
}

/// The refusal as it is sent; what is the server's own fault is logged.
pub fn logged(error: &Error) -> Fault {
    if error.code().status() >= 500 {
        tracing::error!(%error, "A command failed");
    }
    error.fault()
}

/// Who commands.
#[derive(Debug, Clone, Copy)]
pub struct Who<'a> {
    /// The account.
    pub signed: &'a Signed,
    /// Its device.
    pub device: DeviceId,
}

/// Runs one command.
pub async fn run(app: &SharedApp, who: Who<'_>, typing: &mut Typing, command: Command) -> Result<Done, Error> {
    let Who { signed, device } = who;
    match command {
        Command::Send { .. } => Err(Error::internal("a message goes by `sends`")),
        Command::Start { seller_id, product_id } => {
            let started = chat::start_thread(app, signed, seller_id, product_id).await?;
            Ok(Done::Thread { thread: started.thread })
        }
        Command::Read { thread_id, up_to_seq } => {
            chat::mark_read(app, signed, thread_id, Some(up_to_seq)).await?;
            Ok(Done::Nothing)
        }
        Command::Typing { thread_id, is_typing } => {
            let member = chat::may_type(app, signed, thread_id).await?;
            typing.say(member, is_typing);
            Ok(Done::Nothing)
        }
        Command::Alerted { thread_id, up_to_seq } => {
            let member = chat::may_type(app, signed, thread_id).await?;
            chat::alerted(app, &member, signed.account, up_to_seq);
            Ok(Done::Nothing)
        }
        Command::SetDraft {
            thread_id,
            base,
            message,
        } => {
            let change = drafts::Change {
                thread: thread_id,
                device,
                base,
                text: message,
            };
            let kept = drafts::set(app, signed, change).await?;
            Ok(Done::Draft {
                draft: kept.draft,
                is_kept: kept.is_kept,
            })
        }
        Command::Drafts { after } => drafts::after(app, signed, after).await,
        Command::Unknown => Err(Error::new(ErrorCode::UnknownCommand)),
    }
}

/// How far the device has stored its log, on its way to the store.
#[derive(Debug, Default)]
pub struct Applied {
    pos: Pos,
    saved: Pos,
    due: Option<Instant>,
}

impl Applied {
    /// The device says so.
    pub fn note(&mut self, pos: Pos) {
        if pos > self.pos {
            self.pos = pos;
            self.due.get_or_insert_with(|| Instant::now() + COLLECT);
        }
    }

    /// When it is time to write it.
    pub fn due(&self) -> Option<Instant> {
        self.due
    }

    /// Writes it. A failure is not repeated: the device's next word covers this one.
    pub async fn save(&mut self, app: &SharedApp, signed: &Signed) {
        self.due = None;
        if self.pos <= self.saved {
            return;
        }
        match chat::mark_delivered(app, signed, self.pos).await {
            Ok(()) => self.saved = self.pos,
            Err(error) => tracing::warn!(%error, "What a device has stored was not noted"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_json_is_malformed_and_what_does_not_fit_is_invalid() {
        for (frame, code) in [
            ("", ErrorCode::Malformed),
            ("{", ErrorCode::Malformed),
            ("привет", ErrorCode::Malformed),
            ("[]", ErrorCode::Invalid),
            ("7", ErrorCode::Invalid),
            ("{}", ErrorCode::Invalid),
            (r#"{"type":"applied"}"#, ErrorCode::Invalid),
            (r#"{"type":"applied","pos":-1}"#, ErrorCode::Invalid),
            (r#"{"type":"command","command":{"kind":"typing"}}"#, ErrorCode::Invalid),
        ] {
            assert_eq!(read(frame).expect_err(frame).fault.code, code, "{frame}");
        }
        let nested = format!(r#"{{"type":"ping","deep":{}"#, "[".repeat(10_000));
        assert_eq!(read(&nested).expect_err("too deep").fault.code, ErrorCode::Malformed);
    }

    #[test]
    fn a_bad_command_keeps_its_id_so_that_it_is_answered() {
        let frame = r#"{"type":"command","id":7,"command":{"kind":"read","thread_id":"x","up_to_seq":1}}"#;
        assert_eq!(read(frame).expect_err("a bad id").id, Some(7));
    }

    #[test]
    fn later_kinds_are_known_to_be_unknown() {
        assert_eq!(
            read(r#"{"type":"dance","with":"me"}"#).expect("a frame"),
            ClientFrame::Unknown
        );
        let later = r#"{"type":"command","id":1,"command":{"kind":"dance","with":"me"}}"#;
        assert_eq!(
            read(later).expect("a frame"),
            ClientFrame::Command {
                id: 1,
                command: Command::Unknown
            }
        );
    }
}
