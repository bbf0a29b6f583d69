//! A dock: it hears which number an app wants on its entry.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use anyhow::Result;
use futures::StreamExt;
use zbus::zvariant::OwnedValue;
use zbus::{MatchRule, MessageStream};

const ENTRY: &str = "com.canonical.Unity.LauncherEntry";

/// The last number of each app, by the name of its desktop file.
type Numbers = Arc<Mutex<HashMap<String, i64>>>;

/// The dock; it listens until it is dropped.
pub struct Dock {
    numbers: Numbers,
    listener: tokio::task::JoinHandle<()>,
}

impl Dock {
    pub(super) async fn listen(bus: &str) -> Result<Self> {
        let connection = zbus::connection::Builder::address(bus)?.build().await?;
        let rule = MatchRule::builder()
            .msg_type(zbus::message::Type::Signal)
            .interface(ENTRY)?
            .member("Update")?
            .build();
        let mut updates = MessageStream::for_match_rule(rule, &connection, None).await?;
        let numbers = Numbers::default();
        let heard = numbers.clone();
        let listener = tokio::spawn(async move {
            while let Some(Ok(update)) = updates.next().await {
                let Ok((app, properties)) = update.body().deserialize::<(String, HashMap<String, OwnedValue>)>() else {
                    continue;
                };
                let count = properties
                    .get("count")
                    .and_then(|count| i64::try_from(count).ok())
                    .unwrap_or(0);
                let is_shown = properties
                    .get("count-visible")
                    .and_then(|shown| bool::try_from(shown).ok());
                let name = app.trim_start_matches("application://").to_owned();
                let shown = if is_shown == Some(true) { count } else { 0 };
                heard.lock().expect("nobody panics here").insert(name, shown);
            }
        });
        Ok(Self { numbers, listener })
    }

    /// The number that is seen on an app's entry.
    #[must_use]
    pub fn number(&self, desktop_file: &str) -> i64 {
        let numbers = self.numbers.lock().expect("nobody panics here");
        numbers.get(desktop_file).copied().unwrap_or(0)
    }
}

impl Drop for Dock {
    fn drop(&mut self) {
        self.listener.abort();
    }
}
