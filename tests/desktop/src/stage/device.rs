//! Another device of a person, as far as the server can tell: an engine without a window.

use std::sync::Arc;

use anyhow::Result;
use prilavok_client::{Client, FileSecrets, Options};
use prilavok_protocol::ids::ThreadId;
use tokio::task::JoinHandle;

use super::{PASSWORD, Side, Stage, until};

/// The device. Dropping it leaves its session where it is.
pub struct Device {
    /// Its engine.
    pub client: Client,
    drain: JoinHandle<()>,
}

impl Stage {
    /// A device of this account in a profile of this name, signed in.
    ///
    /// # Errors
    /// When the server refuses.
    pub async fn device(&self, side: Side, account: &str, profile: &str) -> Result<Device> {
        let data_dir = self.profile(profile);
        std::fs::create_dir_all(&data_dir)?;
        let options = Options {
            secrets: Arc::new(FileSecrets::new(data_dir.join("secrets.json"))),
            data_dir,
            role: side.role(),
            app: "device/0".to_owned(),
            language: "ru".to_owned(),
        };
        let (client, mut updates) = Client::open(options).await?;
        let drain = tokio::spawn(async move { while updates.recv().await.is_some() {} });
        client.set_server(&self.server.address()).await?;
        client.sign_in(account, PASSWORD).await?;
        Ok(Device { client, drain })
    }
}

impl Device {
    /// Waits until the device's field of this thread holds these words.
    ///
    /// # Errors
    /// When it does not.
    pub async fn wait_draft(&self, thread: ThreadId, words: &str) -> Result<()> {
        until(&format!("the other device shows «{words}»"), || async {
            let item = self.client.thread(thread).await?;
            let draft = item.and_then(|item| item.draft);
            Ok((draft.as_deref() == Some(words)).then_some(()))
        })
        .await
    }
}

impl Drop for Device {
    fn drop(&mut self) {
        self.drain.abort();
    }
}
