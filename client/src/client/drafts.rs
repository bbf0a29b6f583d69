//! What stands in the fields: durable on this device when it returns, and told to the account's other devices.

use prilavok_protocol::ids::{MessageId, ThreadId};

use super::Client;
use crate::cache::Field;
use crate::drafts::DraftChoice;
use crate::engine::Input;
use crate::error::Error;
use crate::update::Unsent;

impl Client {
    /// Remembers what stands in the field, whatever stood there before.
    pub async fn set_draft(&self, thread: ThreadId, text: &str) -> Result<(), Error> {
        let caret = u32::try_from(text.encode_utf16().count()).unwrap_or(u32::MAX);
        self.write_draft(thread, text, (caret, u64::MAX)).await
    }

    /// The same from a field, with the place of its caret and the `draft_filled` that it knows: what another device put
    /// there meanwhile is kept beside it.
    pub async fn write_draft(&self, thread: ThreadId, text: &str, field: (u32, u64)) -> Result<(), Error> {
        let (caret, filled) = field;
        let text = text.to_owned();
        let field = Field { text, caret, filled };
        self.ask(|answer| Input::Draft { thread, field, answer }).await
    }

    /// Says what becomes of the text that another device wrote.
    pub async fn choose_draft(&self, thread: ThreadId, choice: DraftChoice) -> Result<(), Error> {
        self.ask(|answer| Input::ChooseDraft { thread, choice, answer }).await
    }

    /// Puts an unsent message back into the field, below what stands there. True when it will never be sent as it was.
    pub async fn edit(&self, id: MessageId) -> Result<bool, Error> {
        self.ask(|answer| Input::Edit { id, answer }).await
    }

    /// What stood in the field.
    pub async fn draft(&self, thread: ThreadId) -> Result<String, Error> {
        Ok(self.signed()?.cache.draft(thread).await?.unwrap_or_default())
    }

    /// What was written here and not sent, for whoever wants to sign out.
    pub async fn unsent(&self) -> Result<Unsent, Error> {
        self.signed()?.cache.unsent_work().await
    }
}
