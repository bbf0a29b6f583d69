//! From the tray back to the pixels: the app has been running without a webview, and its window is asked for again.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use prilavok_desktop_tests::stage::{Stage, until};

use super::glass::{Area, Glass};
use super::{SETTLED, STARTS, weight};
use crate::Rival;

/// How long each opening took, from the click in the tray's menu to the list. The first one comes after a start.
pub async fn reopen(stage: &Stage, glass: &Glass, rival: &Rival, window: Area) -> Result<Vec<Duration>> {
    let [x, y, width, height] = rival.area;
    let area = [window[0] + x, window[1] + y, width, height];
    let icons = stage.tray.count();
    let launched = stage.launch(&rival.program, rival.profile)?;
    let icon = stage.tray.icon(icons).await?;
    until("the window is there", || async {
        Ok(stage.desktop.geometry(rival.title).await.ok())
    })
    .await?;
    let mut took = Vec::new();
    for _ in 0..STARTS {
        tokio::time::sleep(SETTLED / 4).await;
        stage.desktop.close(rival.title).await?;
        until("no webview is alive", || async {
            let parts = weight::memory(launched.id())?;
            Ok((!parts.iter().any(|part| part.0.starts_with("WebKit"))).then_some(()))
        })
        .await?;
        let since = Instant::now();
        icon.choose("Открыть Прилавок").await?;
        let seen = tokio::task::block_in_place(|| glass.painted(area, since));
        took.push(seen.context("the window was asked for again")?);
    }
    Ok(took)
}
