//! Reading a frame of a device. Messages to be sent, nearly all that a busy server reads, take one pass over the text.

use serde::Deserialize;

use super::ClientFrame;
use crate::command::Command;
use crate::ids::{MessageId, ProductId, ThreadId};

impl ClientFrame {
    /// Reads a frame. The outcome is that of `serde_json::from_str`, sooner where it is a [`Command::Send`]: the kinds of
    /// frames and commands are fields like any other, so that reading the enums means holding all other fields back twice.
    ///
    /// # Errors
    /// What `serde_json` says.
    pub fn read(text: &str) -> serde_json::Result<Self> {
        match read_send(text) {
            Some(frame) => Ok(frame),
            None => serde_json::from_str(text),
        }
    }
}

/// Exactly the fields of a [`Command::Send`] in its frame.
#[derive(Deserialize)]
struct SendFrame<'a> {
    r#type: &'a str,
    id: u64,
    #[serde(borrow)]
    command: SendCommand<'a>,
}

#[derive(Deserialize)]
struct SendCommand<'a> {
    kind: &'a str,
    thread_id: ThreadId,
    message_id: MessageId,
    message: String,
    #[serde(default)]
    product_id: Option<ProductId>,
}

/// `None` when it is anything else, or unusual in any way: then it is read again, at length.
fn read_send(text: &str) -> Option<ClientFrame> {
    // Others do not pay for being read twice.
    if !text.starts_with(r#"{"type":"command""#) {
        return None;
    }
    let frame: SendFrame<'_> = serde_json::from_str(text).ok()?;
    if frame.r#type != "command" || frame.command.kind != "send" {
        return None;
    }
    let SendCommand {
        thread_id,
        message_id,
        message,
        product_id,
        ..
    } = frame.command;
    let command = Command::Send {
        thread_id,
        message_id,
        message,
        product_id,
    };
    Some(ClientFrame::Command { id: frame.id, command })
}

#[cfg(test)]
mod tests {
    use super::*;

    const THREAD: &str = "01931f4e-0000-7000-8000-000000000001";
    const MESSAGE: &str = "01931f4e-0000-7000-8000-000000000002";

    fn frame(rest: &str) -> String {
        format!(r#"{{"type":"command","id":7,"command":{{"kind":"send","thread_id":"{THREAD}",{rest}}}}}"#)
    }

    #[test]
    fn a_message_is_read_in_one_pass() {
        for rest in [
            format!(r#""message_id":"{MESSAGE}","message":"Привет, «мир»!""#),
            format!(r#""message":"\"\n\u0410","message_id":"{MESSAGE}","product_id":null"#),
            format!(r#""message":"","message_id":"{MESSAGE}","product_id":"{THREAD}","later":{{"a":[1]}}"#),
        ] {
            let text = frame(&rest);
            let expected: ClientFrame = serde_json::from_str(&text).expect(&text);
            assert_eq!(read_send(&text), Some(expected), "{text}");
        }
    }

    #[test]
    fn whatever_comes_is_read_as_the_enums_read_it() {
        let whole = frame(&format!(r#""message_id":"{MESSAGE}","message":"Да""#));
        let mut texts: Vec<String> = vec![
            whole.replace("send", "later"),
            whole.replace("send", r"\u0073end"),
            whole.replace("command", r"comm\u0061nd"),
            whole.replace(r#""id":7"#, r#""id":-7"#),
            whole.replace(r#""id":7"#, r#""id":7,"id":8"#),
            whole.replace(r#""id":7"#, r#""id":7,"type":"ping""#),
            whole.replace(r#""kind":"send""#, r#""kind":"send","kind":"read""#),
            whole.replace(r#""message":"Да""#, r#""message":"Да","message":"Нет""#),
            whole.replace(r#""message":"Да""#, r#""message":null"#),
            whole.replace(MESSAGE, "x"),
            format!(" {whole} "),
            format!("{whole}{whole}"),
            r#"{"type":"command","id":1}"#.into(),
            r#"{"type":"command","id":1,"command":{"kind":"read","thread_id":"x","up_to_seq":1}}"#.into(),
            r#"{"type":"ping"}"#.into(),
        ];
        texts.extend((0..=whole.len()).filter_map(|end| Some(whole.get(..end)?.to_owned())));
        for text in texts {
            let expected = serde_json::from_str::<ClientFrame>(&text).map_err(|error| error.to_string());
            let read = ClientFrame::read(&text).map_err(|error| error.to_string());
            assert_eq!(read, expected, "{text}");
        }
    }
}
