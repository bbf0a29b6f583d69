//! What a person does in an app's window: looks, clicks, types. Things are found by their `data-testid`.

use anyhow::{Context, Result};
use fantoccini::Locator;
use fantoccini::elements::Element;
use serde_json::{Value, json};

use crate::app::App;
use crate::wait::until;

/// A message as the window shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// The message's id.
    pub id: String,
    /// `sent`, `read`, `received` …
    pub state: String,
    /// Everything written in the bubble.
    pub text: String,
}

fn css(id: &str) -> String {
    format!("[data-testid=\"{id}\"]")
}

impl App {
    /// The first thing of that name, once it is there.
    ///
    /// # Errors
    /// When it does not appear in time.
    pub async fn find(&self, id: &str) -> Result<Element> {
        let css = css(id);
        until(&format!("{id} in {}", self.cast.name), || async {
            Ok(self.client.find(Locator::Css(&css)).await.ok())
        })
        .await
    }

    /// Clicks the first thing of that name, once it can be clicked.
    ///
    /// # Errors
    /// When it does not appear in time.
    pub async fn click(&self, id: &str) -> Result<()> {
        until(
            &format!("a click on {id} in {}", self.cast.name),
            || async {
                self.find(id).await?.click().await?;
                Ok(Some(()))
            },
        )
        .await
    }

    /// Clicks the thing of that name whose text contains `text`.
    ///
    /// # Errors
    /// When it does not appear in time.
    pub async fn click_with(&self, id: &str, text: &str) -> Result<()> {
        let script = "for (const e of document.querySelectorAll(arguments[0]))
            if (e.textContent.includes(arguments[1])) {
              const link = e.matches('a,button') ? e : (e.querySelector('a,button') ?? e);
              link.click(); return true }
            return false";
        until(
            &format!("{id} with “{text}” in {}", self.cast.name),
            || async {
                let done = self
                    .client
                    .execute(script, vec![json!(css(id)), json!(text)])
                    .await?;
                Ok((done == json!(true)).then_some(()))
            },
        )
        .await
    }

    /// Types into the field of that name.
    ///
    /// # Errors
    /// When it does not appear in time.
    pub async fn type_into(&self, id: &str, text: &str) -> Result<()> {
        self.find(id)
            .await?
            .send_keys(text)
            .await
            .with_context(|| format!("typing into {id}"))
    }

    /// Waits until the thing of that name contains `text`.
    ///
    /// # Errors
    /// When it does not in time.
    pub async fn sees(&self, id: &str, text: &str) -> Result<()> {
        let script = "return [...document.querySelectorAll(arguments[0])]
            .some(e => (e.value ?? '').includes(arguments[1]) || e.textContent.includes(arguments[1]))";
        until(
            &format!("“{text}” in {id} of {}", self.cast.name),
            || async {
                let seen = self
                    .client
                    .execute(script, vec![json!(css(id)), json!(text)])
                    .await?;
                Ok((seen == json!(true)).then_some(()))
            },
        )
        .await
    }

    /// Waits until nothing of that name is on the page.
    ///
    /// # Errors
    /// When it stays.
    pub async fn no_longer_sees(&self, id: &str) -> Result<()> {
        let css = css(id);
        until(&format!("{id} to go from {}", self.cast.name), || async {
            Ok(self
                .client
                .find_all(Locator::Css(&css))
                .await?
                .is_empty()
                .then_some(()))
        })
        .await
    }

    /// Waits for this state of the connection, as the page's root says it.
    ///
    /// # Errors
    /// When it does not come in time.
    pub async fn is_connection(&self, state: &str) -> Result<()> {
        let css = format!("{}[data-state=\"{state}\"]", css("connection"));
        until(
            &format!("the connection of {} to be {state}", self.cast.name),
            || async { Ok(self.client.find(Locator::Css(&css)).await.ok().map(drop)) },
        )
        .await
    }

    /// The messages in the open thread that the window holds, in the order it shows them.
    ///
    /// # Errors
    /// When the page does not answer.
    pub async fn bubbles(&self) -> Result<Vec<Shown>> {
        let script = "return [...document.querySelectorAll('[data-testid=\"bubble\"]')]
            .map(e => [e.dataset.messageId, e.dataset.state, e.textContent])";
        let rows = self.client.execute(script, vec![]).await?;
        let text = |row: &Value, n: usize| row[n].as_str().unwrap_or_default().to_owned();
        let rows = rows.as_array().cloned().unwrap_or_default();
        Ok(rows
            .iter()
            .map(|row| Shown {
                id: text(row, 0),
                state: text(row, 1),
                text: text(row, 2),
            })
            .collect())
    }

    /// Waits until the open thread shows a message with this text in one of these states.
    ///
    /// # Errors
    /// When it does not in time.
    pub async fn bubble(&self, text: &str, states: &[&str]) -> Result<Shown> {
        let what = format!("“{text}” as {} in {}", states.join(" or "), self.cast.name);
        until(&what, || async {
            let all = self.bubbles().await?;
            Ok(all
                .into_iter()
                .find(|b| b.text.contains(text) && states.contains(&b.state.as_str())))
        })
        .await
    }
}
