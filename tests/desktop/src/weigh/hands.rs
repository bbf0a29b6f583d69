//! What only a hand can find out: how soon a letter stands in the field, and whether a fast wheel shows blank frames. And the
//! page for the other browser.

use std::net::TcpListener;

use anyhow::{Context, Result};
use prilavok_desktop_tests::artefacts::repository;
use prilavok_desktop_tests::stage::{ANNA, Launched, Program, Side, Stage, Window, until};
use prilavok_protocol::ids::ThreadId;
use serde::Deserialize;

/// Letters in a row, at the speed of a held key.
const LETTERS: u32 = 90;
/// Notches of the wheel in a row, up and down.
const FLING: i32 = 400;
/// A wheel goes on where the last page came; so often it is turned.
const TURNS: usize = 4;
/// From the key to the end of the frame that shows the letter.
const LISTEN: &str = "window.typed = []; \
    document.querySelector(\"[data-testid='composer']\").addEventListener('keydown', (event) => { \
      requestAnimationFrame(() => { const after = new MessageChannel(); \
        after.port1.onmessage = () => window.typed.push(performance.now() - event.timeStamp); \
        after.port2.postMessage(0); }); });";

/// The built page behind an address, for a browser without an engine behind it.
pub struct Served {
    /// Where it is.
    pub address: String,
    _server: Launched,
}

/// Serves the buyer's page, which then plays a marketplace in memory.
pub fn serve(stage: &Stage) -> Result<Served> {
    let port = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
    let path = |name: &str| repository().join(name).to_string_lossy().into_owned();
    let program = Program {
        name: "node".to_owned(),
        package: "nodejs".to_owned(),
        arguments: vec![
            path("node_modules/vite/bin/vite.js"),
            "preview".to_owned(),
            path("buyer-app"),
            "--host=127.0.0.1".to_owned(),
            format!("--port={port}"),
            "--strictPort".to_owned(),
        ],
    };
    Ok(Served {
        address: format!("http://127.0.0.1:{port}/"),
        _server: stage.launch(&program, "page")?,
    })
}

async fn open(stage: &Stage, thread: ThreadId) -> Result<Window> {
    let window = stage.open(Side::Buyer, Some(ANNA)).await?;
    window.resize(stage, 1280, 1100).await?;
    stage.desktop.bring_to_front(window.side.any_title()).await?;
    window.click("[data-testid='nav-chats']").await?;
    let row = format!("[data-testid='thread-row'][data-thread-id='{}']", thread.0);
    window.click(&row).await?;
    window.wait("[data-testid='bubble']").await?;
    Ok(window)
}

/// Milliseconds from a key to the end of the frame that shows its letter, shortest first.
pub async fn type_under(stage: &Stage, thread: ThreadId) -> Result<Vec<f64>> {
    let window = open(stage, thread).await?;
    window.wait("[data-testid='composer']:focus").await?;
    window.run(LISTEN, Vec::new()).await?;
    stage.desktop.hold_key("a", LETTERS).await?;
    let mut typed = until("every letter has been painted", || async {
        let typed: Vec<f64> = serde_json::from_value(window.run("return window.typed;", Vec::new()).await?)?;
        Ok((typed.len() >= LETTERS as usize).then_some(typed))
    })
    .await?;
    window.close().await;
    typed.sort_by(f64::total_cmp);
    Ok(typed)
}

/// What a fast wheel showed.
#[derive(Debug, Default, Deserialize)]
pub struct Scrolled {
    /// Milliseconds between frames.
    pub frames: Vec<f64>,
    /// Frames without any message.
    pub blank: u32,
    /// The longest time without any message, in milliseconds.
    #[serde(rename = "blankMs")]
    pub blank_ms: f64,
}

async fn rest(window: &Window) -> Result<()> {
    let rest = window.run_async("window.eyes.rest(arguments[arguments.length - 1]);", Vec::new());
    rest.await.context("the page never comes to rest").map(drop)
}

/// Flings the wheel through the long thread, and jumps to either end.
pub async fn scroll(stage: &Stage, thread: ThreadId) -> Result<Scrolled> {
    let window = open(stage, thread).await?;
    window
        .run(include_str!("../../tests/long_history/eyes.js"), Vec::new())
        .await?;
    let place = "const box = document.querySelector(\"[role='log']\").getBoundingClientRect(); \
        return [Math.round(box.left + 6), Math.round(box.top + box.height / 2)];";
    let place = serde_json::from_value(window.run(place, Vec::new()).await?)?;
    stage.desktop.point(window.side.any_title(), place).await?;
    window.wait("[role='log']:focus").await?;
    window.run("window.eyes.watch();", Vec::new()).await?;
    for turn in 0..TURNS {
        stage
            .desktop
            .wheel(if turn % 2 == 0 { -FLING } else { FLING / 2 })
            .await?;
    }
    stage.desktop.hold_key("Prior", LETTERS).await?;
    rest(&window).await?;
    stage.desktop.key("Home").await?;
    window.wait_text("[data-testid='bubble']", "№ 1.").await?;
    stage.desktop.wheel(FLING).await?;
    stage.desktop.key("End").await?;
    rest(&window).await?;
    let report = window.run("return window.eyes.report();", Vec::new()).await?;
    window.close().await;
    let mut scrolled: Scrolled = serde_json::from_value(report)?;
    scrolled.frames.sort_by(f64::total_cmp);
    Ok(scrolled)
}
