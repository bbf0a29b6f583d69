//! What crosses the per-thread socket of the marketplace API, `/ws/chat/{thread_id}`.
//!
//! Existing clients read it as it is: every chat frame carries all seven keys, null where one has no meaning.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::ids::{MessageId, Role, Seq, ThreadId};
use crate::model::Message;
use crate::time::Time;

/// From the shop's page to the server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum RoomCommand {
    /// Send; or repeat what was POSTed under the same id, which then does not fan out again.
    Message {
        /// The text.
        message: String,
        /// Minted by the page.
        message_id: MessageId,
        /// The product that it is about.
        #[serde(default)]
        product_id: Option<crate::ids::ProductId>,
    },
    /// The person types, or has stopped.
    Typing {
        /// Absent or null means true.
        #[serde(default)]
        is_typing: Option<bool>,
    },
    /// Is anybody there?
    Ping,
    /// The answer to the server's `ping`.
    Pong,
    /// A frame of a later version; answered with an `error` frame.
    #[serde(other)]
    Unknown,
}

/// The five kinds of chat frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum ChatKind {
    /// A durable message, to everyone in the thread, the sender too.
    Message,
    /// Somebody types, to the others.
    Typing,
    /// A party's first socket opened, to the others.
    UserJoined,
    /// A party's last socket closed, to the others, after five seconds of grace.
    UserLeft,
}

/// A chat frame: always these seven keys, and what else has a meaning.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
pub struct ChatFrame {
    /// Which kind.
    #[serde(rename = "type")]
    pub kind: ChatKind,
    /// The thread.
    pub thread_id: ThreadId,
    /// The buyer or seller it comes from.
    pub sender_id: Option<Uuid>,
    /// Which side it comes from.
    pub sender_type: Option<Role>,
    /// The text of a message.
    pub message: Option<String>,
    /// The server's clock.
    pub timestamp: Time,
    /// The id of a message.
    pub message_id: Option<MessageId>,
    /// The place of a message in its thread.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seq: Option<Seq>,
    /// The product that a message is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product_id: Option<crate::ids::ProductId>,
    /// For `typing`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_typing: Option<bool>,
    /// For `user_joined` and `user_left`: the same as `sender_id`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_id: Option<Uuid>,
    /// For `user_joined` and `user_left`: the same as `sender_type`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_type: Option<Role>,
}

impl ChatFrame {
    /// The frame of a stored message.
    #[must_use]
    pub fn of_message(message: &Message) -> Self {
        Self {
            kind: ChatKind::Message,
            thread_id: message.thread_id,
            sender_id: message.sender_id(),
            sender_type: Some(message.sender_type),
            message: Some(message.message.clone()),
            timestamp: message.created_at,
            message_id: Some(message.id),
            seq: Some(message.seq),
            product_id: message.product_id,
            is_typing: None,
            user_id: None,
            user_type: None,
        }
    }
}

/// From the server to the shop's page, beside [`ChatFrame`]s.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum RoomNotice {
    /// The sender's message is durable.
    Ack {
        /// Which one.
        message_id: MessageId,
        /// Its place in the thread.
        seq: Seq,
        /// When it was stored.
        timestamp: Time,
    },
    /// The other party has read up to here.
    Read {
        /// Which side.
        user_type: Role,
        /// Up to which message.
        up_to_seq: Seq,
    },
    /// The frame was refused; the socket stays unless a close code follows.
    Error {
        /// The stable code.
        code: crate::error::ErrorCode,
        /// A sentence that may be shown.
        message: String,
        /// The message that was refused, where the frame named one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        message_id: Option<MessageId>,
        /// How long to wait, where waiting helps.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        retry_after_ms: Option<u32>,
    },
    /// Is anybody there?
    Ping,
    /// Yes.
    Pong,
    /// A frame of a later version.
    #[serde(other)]
    Unknown,
}

/// Whatever the server may send over the per-thread socket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
#[serde(untagged)]
pub enum RoomFrame {
    /// A chat frame.
    Chat(ChatFrame),
    /// Anything else.
    Notice(RoomNotice),
}
