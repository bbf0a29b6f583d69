//! What a screen would show: every update, applied by its id and by nothing else.

use std::collections::{BTreeMap, HashMap, HashSet};

use prilavok_client::{Connection, MessageItem, Notice, ThreadItem, Update};
use prilavok_protocol::ids::{MessageId, ThreadId};

/// The state of a screen.
#[derive(Debug, Default)]
pub struct Screen {
    /// Where the connection stands.
    pub connection: Connection,
    /// All messages that were told of.
    pub messages: BTreeMap<MessageId, MessageItem>,
    /// All threads that were told of.
    pub threads: HashMap<ThreadId, ThreadItem>,
    /// The counter in the title.
    pub unread: u32,
    /// Notices that stand.
    pub notices: HashMap<ThreadId, Notice>,
    /// How many notices were ever raised.
    pub raised: usize,
    /// Threads in which the other side types.
    pub typing: HashSet<ThreadId>,
    /// Warnings so far.
    pub warnings: Vec<String>,
    /// How often everything had to be asked for again.
    pub resets: usize,
}

impl Screen {
    /// Applies one update.
    pub fn apply(&mut self, update: Update) {
        match update {
            Update::Connection { connection } => self.connection = connection,
            Update::Thread { thread } => {
                self.threads.insert(thread.summary.thread.id, thread);
            }
            Update::Message { message } => {
                self.messages.insert(message.id, message);
            }
            Update::MessageRemoved { id, .. } => {
                self.messages.remove(&id);
            }
            Update::Typing {
                thread_id,
                is_typing: true,
            } => {
                self.typing.insert(thread_id);
            }
            Update::Typing { thread_id, .. } => {
                self.typing.remove(&thread_id);
            }
            Update::Unread { total } => self.unread = total,
            Update::Notice { notice } => {
                self.raised += 1;
                self.notices.insert(notice.thread_id, notice);
            }
            Update::NoticeClosed { thread_id } => {
                self.notices.remove(&thread_id);
            }
            Update::Reset => self.resets += 1,
            Update::Warning { key } => self.warnings.push(key),
            Update::Identity { .. } | Update::OpenThread { .. } => {}
            Update::AskThread { .. } | Update::AskServer { .. } => {}
        }
    }

    /// A message of the other side with this text.
    #[must_use]
    pub fn heard(&self, text: &str) -> Option<&MessageItem> {
        self.messages
            .values()
            .find(|message| !message.is_mine && message.message == text)
    }
}
