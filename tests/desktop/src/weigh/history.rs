//! A device that has read everything: its cache is filled by the engine itself, page by page.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result};
use prilavok_client::{Client, FileSecrets, Options, Stretch};
use prilavok_desktop_tests::stage::{PASSWORD, Stage, until};
use prilavok_protocol::ids::{Role, ThreadId};
use prilavok_protocol::limits::PAGE_MAX;

/// Signs the account in and fetches the whole thread; gives back how many messages the device holds.
pub async fn keep(stage: &Stage, data: &Path, account: &str, thread: ThreadId) -> Result<usize> {
    std::fs::create_dir_all(data)?;
    let options = Options {
        data_dir: data.to_owned(),
        role: Role::Buyer,
        app: "weigh/0".to_owned(),
        secrets: Arc::new(FileSecrets::new(data.join("secrets.json"))),
        language: "ru".to_owned(),
    };
    let (client, mut updates) = Client::open(options).await?;
    let drain = tokio::spawn(async move { while updates.recv().await.is_some() {} });
    client.set_server(&stage.server.address()).await?;
    client.sign_in(account, PASSWORD).await?;
    until("the engine knows the thread", || async {
        Ok(client.thread(thread).await?)
    })
    .await?;
    let mut count = 0;
    let mut stretch = Stretch::Newest;
    loop {
        let page = until("a page of the history comes", || async {
            let page = client.messages(thread, stretch, PAGE_MAX).await?;
            Ok((!page.incomplete).then_some(page))
        })
        .await?;
        count += page.messages.len();
        if !page.has_older {
            break;
        }
        let first = page.messages.first().and_then(|message| message.seq);
        let seq = first.context("a page that is not the first one begins with a message")?;
        stretch = Stretch::Before { seq };
    }
    client.close().await;
    drain.abort();
    Ok(count)
}
