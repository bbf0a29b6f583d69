//! What the handle asks of the engine.

use prilavok_protocol::ids::{MessageId, ProductId, Seq, ThreadId};
use prilavok_protocol::model::ThreadSummary;
use tokio::sync::oneshot;

use super::Signed;
use crate::cache::Field;
use crate::drafts::DraftChoice;
use crate::error::Error;
use crate::settings::Focus;
use crate::update::{Identity, MessageItem};

/// The way back.
pub(crate) type Answer<T> = oneshot::Sender<Result<T, Error>>;

/// One request.
pub(crate) enum Input {
    /// Another account, another server, or nobody.
    Account {
        identity: Box<Identity>,
        signed: Option<Signed>,
        has_token: bool,
        answer: Answer<()>,
    },
    /// A name or an address changed; the account did not.
    Identity(Box<Identity>),
    /// Queue a message.
    Send {
        thread: ThreadId,
        text: String,
        product: Option<ProductId>,
        answer: Answer<MessageItem>,
    },
    /// Try a failed message again.
    Retry { id: MessageId, answer: Answer<()> },
    /// Delete an unsent message.
    Cancel { id: MessageId, answer: Answer<bool> },
    /// Put an unsent message back into the field.
    Edit { id: MessageId, answer: Answer<bool> },
    /// Everything up to here has been read.
    MarkRead {
        thread: ThreadId,
        up_to: Seq,
        answer: Answer<()>,
    },
    /// The person types, or has stopped.
    Typing { thread: ThreadId, is_typing: bool },
    /// What stands in the field.
    Draft {
        thread: ThreadId,
        field: Field,
        answer: Answer<()>,
    },
    /// What becomes of the text of another device.
    ChooseDraft {
        thread: ThreadId,
        choice: DraftChoice,
        answer: Answer<()>,
    },
    /// A thread that was just started over REST.
    Adopt {
        summary: Box<ThreadSummary>,
        answer: Answer<()>,
    },
    /// Own messages came back because the server does not know them.
    TakenBack,
    /// What the person looks at.
    Look(Focus),
    /// Notices of an earlier run of the app, to be judged.
    StandAgain { threads: Vec<ThreadId>, answer: Answer<()> },
    /// Do not wait for the next try.
    ReconnectNow,
    /// A call found out that the session has ended.
    SessionEnded,
    /// Something to say once.
    Warn(&'static str),
    /// Stop everything.
    Close(oneshot::Sender<()>),
}

impl Input {
    /// The person has just used this device.
    pub(crate) fn is_by_hand(&self) -> bool {
        match self {
            Self::Send { .. } | Self::Retry { .. } | Self::Cancel { .. } | Self::MarkRead { .. } => true,
            Self::Typing { .. } | Self::Draft { .. } => true,
            Self::Look(focus) => focus.is_focused,
            _ => false,
        }
    }
}
