//! The frames of the per-thread socket, read and made.

use prilavok_protocol::error::ErrorCode;
use prilavok_protocol::ids::MessageId;
use prilavok_protocol::room::{ChatFrame, ChatKind, RoomCommand};
use prilavok_protocol::time::Time;
use serde_json::Value;

use crate::error::Error;
use crate::store::chat::Member;

/// Reads a frame.
///
/// # Errors
/// `Malformed` when it is no JSON, `Invalid` when it does not fit or its type is unknown.
pub fn read(frame: &str) -> Result<RoomCommand, Error> {
    match serde_json::from_str(frame) {
        Ok(RoomCommand::Unknown) => Err(Error::new(ErrorCode::UnknownCommand).say(
            "Сервер не знает такого типа сообщения.",
            "The server does not know this type of frame.",
        )),
        Ok(command) => Ok(command),
        Err(error) if error.is_data() => Err(Error::new(ErrorCode::Invalid).say(
            "В сообщении не хватает поля или значение не подходит.",
            "A field is missing or does not fit.",
        )),
        Err(_) => Err(Error::new(ErrorCode::Malformed).say("Это не JSON.", "This is not JSON.")),
    }
}

/// The message that a frame names, whatever else is wrong with it.
#[must_use]
pub fn message_id(frame: &str) -> Option<MessageId> {
    let value: Value = serde_json::from_str(frame).ok()?;
    value.get("message_id")?.as_str()?.parse().ok()
}

/// A chat frame that comes from the other party of the thread.
#[must_use]
pub fn of_other(member: &Member, kind: ChatKind, at: Time) -> ChatFrame {
    let other = member.other();
    ChatFrame {
        kind,
        thread_id: member.thread_id(),
        sender_id: Some(other.id),
        sender_type: Some(other.role),
        message: None,
        timestamp: at,
        message_id: None,
        seq: None,
        product_id: None,
        is_typing: None,
        user_id: None,
        user_type: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typing_without_a_word_means_that_somebody_types() {
        for frame in [r#"{"type":"typing"}"#, r#"{"type":"typing","is_typing":null}"#] {
            assert_eq!(read(frame).expect("a frame"), RoomCommand::Typing { is_typing: None });
        }
    }

    #[test]
    fn bad_frames_are_told_apart_and_keep_the_id_of_their_message() {
        let id = MessageId::mint();
        let no_text = format!(r#"{{"type":"message","message_id":"{id}"}}"#);
        for (frame, code) in [
            ("{", ErrorCode::Malformed),
            ("[1]", ErrorCode::Invalid),
            (no_text.as_str(), ErrorCode::Invalid),
            (r#"{"type":"dance"}"#, ErrorCode::UnknownCommand),
        ] {
            assert_eq!(read(frame).expect_err(frame).code(), code, "{frame}");
        }
        assert_eq!(message_id(&no_text), Some(id));
    }
}
