//! From the tray back to the pixels: the app has been running without a webview, and its window is asked for again. An empty
//! window that has been through the same shows how much of it is the webview's.

use std::net::{TcpListener, TcpStream};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use prilavok_desktop_tests::stage::{Launched, Stage, until};

use super::glass::{Area, Glass};
use super::{SETTLED, STARTS, weight};
use crate::Rival;

/// How long each opening took, from the click in the tray's menu to the list. The first one comes after a start.
pub async fn reopen(stage: &Stage, glass: &Glass, rival: &Rival, window: Area) -> Result<Vec<Duration>> {
    let area = rival.area_in(window);
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
        none_alive(&launched, "WebKit").await?;
        let since = Instant::now();
        icon.choose("Открыть Прилавок").await?;
        let seen = tokio::task::block_in_place(|| glass.painted(area, since));
        took.push(seen.context("the window was asked for again")?);
    }
    Ok(took)
}

/// The same of the empty window, asked at its door.
pub async fn reopen_empty(stage: &Stage, glass: &Glass, rival: &Rival, window: Area) -> Result<Vec<Duration>> {
    let area = rival.area_in(window);
    let door = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
    let mut program = rival.program.clone();
    program.arguments.push(door.to_string());
    let launched = stage.launch(&program, rival.profile)?;
    let mut took = Vec::new();
    for _ in 0..STARTS {
        until("the window is there", || async {
            Ok(stage.desktop.geometry(rival.title).await.ok())
        })
        .await?;
        tokio::time::sleep(SETTLED / 4).await;
        stage.desktop.close(rival.title).await?;
        none_alive(&launched, "WebKitWebProces").await?;
        // The apps do so themselves.
        for id in weight::named(launched.id(), "WebKitNetworkPr")? {
            let id = id.to_string();
            Command::new("kill").args(["-TERM", &id]).status()?;
        }
        none_alive(&launched, "WebKit").await?;
        let since = Instant::now();
        TcpStream::connect(door)?;
        let seen = tokio::task::block_in_place(|| glass.painted(area, since));
        took.push(seen.context("the empty window was asked for again")?);
    }
    Ok(took)
}

async fn none_alive(launched: &Launched, name: &str) -> Result<()> {
    until("no webview is alive", || async {
        Ok(weight::named(launched.id(), name)?.is_empty().then_some(()))
    })
    .await
}
