//! What a window says of messages: the bubbles of the open thread, and how many are unread in all.

use anyhow::Result;

use super::{Window, until};

/// A message, as a window shows it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
pub struct Bubble {
    /// The message's id.
    pub id: String,
    /// How far it got.
    pub state: String,
    /// Everything that can be read in it.
    pub text: String,
}

impl Window {
    /// The messages that the page holds now, top to bottom.
    ///
    /// # Errors
    /// When the page does not answer.
    pub async fn bubbles(&self) -> Result<Vec<Bubble>> {
        let script = "return [...document.querySelectorAll(\"[data-testid='bubble']\")].map((it) => \
            ({ id: it.dataset.messageId ?? '', state: it.dataset.state ?? '', text: it.innerText }));";
        Ok(serde_json::from_value(self.run(script, Vec::new()).await?)?)
    }

    /// Waits for a message with this text in one of these states.
    ///
    /// # Errors
    /// When it does not come.
    pub async fn wait_bubble(&self, text: &str, states: &[&str]) -> Result<Bubble> {
        let what = format!(
            "{} shows the message «{text}» as {}",
            self.side.title(),
            states.join(" or ")
        );
        until(&what, || async {
            let fits = |bubble: &Bubble| bubble.text.contains(text) && states.contains(&bubble.state.as_str());
            Ok(self.bubbles().await?.into_iter().find(fits))
        })
        .await
    }

    /// The number of all unread messages, as the page says it.
    ///
    /// # Errors
    /// When the page does not answer.
    pub async fn unread(&self) -> Result<u32> {
        let texts = self.texts("[data-testid='unread-total']").await?;
        let digits: String = texts
            .first()
            .map(|text| text.chars().filter(char::is_ascii_digit).collect())
            .unwrap_or_default();
        Ok(digits.parse().unwrap_or(0))
    }
}
