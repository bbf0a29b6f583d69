//! Pairs whose writers POST, as the marketplace's pages and old clients do: one request at a time each.

use std::time::Duration;

use anyhow::{Context, Result};
use reqwest::Client;
use serde_json::json;
use uuid::Uuid;

use super::talk::Talker;
use crate::mark::{Mark, micros};

/// Nothing takes so long.
const PATIENCE: Duration = Duration::from_secs(30);

impl Talker {
    /// POSTs one message after another; returns the last number.
    ///
    /// # Errors
    /// When no answer comes.
    pub async fn post(self) -> Result<u64> {
        let http = Client::builder().timeout(PATIENCE).build()?;
        let url = format!("http://{}/api/v1/chat-messages", self.seat.server);
        let token = self.seat.token.as_deref().context("only the server takes POSTs")?;
        let mut sent = 0;
        while !*self.stopped.borrow() {
            sent += 1;
            let mark = Mark {
                pair: self.number,
                number: sent,
                sent: micros(self.count.start),
            };
            let body = json!({
                "id": Uuid::now_v7(),
                "thread_id": self.seat.thread,
                "buyer_id": self.seat.party,
                "message": mark.text(),
            });
            let answer = http.post(&url).bearer_auth(token).json(&body).send().await?;
            self.count.answer(answer.status().is_success());
            answer.bytes().await?;
        }
        Ok(sent)
    }
}
