//! Every screen of both apps, in both themes, at four widths: pictured, free of sideways scrolling, and held to the
//! accessibility rules. The pictures are kept in `artefacts/screens`.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use prilavok_desktop_tests::app::App;
use prilavok_desktop_tests::axe;
use prilavok_desktop_tests::screen::Screen;
use prilavok_desktop_tests::stage::Stage;
use prilavok_desktop_tests::wait::until;
use serde_json::json;

const WIDTHS: [u32; 4] = [400, 800, 1280, 1600];
const THEMES: [&str; 2] = ["light", "dark"];
const HEIGHT: u32 = 900;

#[tokio::test]
async fn every_screen_fits_every_width_in_both_themes_and_keeps_the_accessibility_rules()
-> Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../artefacts/screens");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder)?;
    let stage = Stage::set("ru_RU.UTF-8").await?;
    let mut faults = Vec::new();
    for app in [&stage.buyer, &stage.seller] {
        app.is_connection("online").await?;
        app.activate(&stage.screen)?;
        for place in places(&app.cast.name) {
            go(app, &stage.screen, place).await?;
            let mut shoot = Shoot {
                app,
                screen: &stage.screen,
                folder: folder.clone(),
                faults: &mut faults,
            };
            shoot.everywhere(place).await?;
        }
    }
    if !faults.is_empty() {
        bail!("{}", faults.join("\n"));
    }
    Ok(())
}

fn places(app: &str) -> &'static [&'static str] {
    match app {
        "buyer" => &[
            "catalogue",
            "product",
            "sellers",
            "chats",
            "thread",
            "settings",
        ],
        _ => &["chats", "thread", "settings"],
    }
}

/// Walks to a place as a person does, in a wide window.
async fn go(app: &App, screen: &Screen, place: &str) -> Result<()> {
    app.resize(screen, 1280, HEIGHT).await?;
    match place {
        "product" => {
            app.click("nav-catalogue").await?;
            app.click_with("product-card", "").await?;
            app.find("write-to-seller").await.map(drop)
        }
        "thread" => {
            app.click("nav-chats").await?;
            app.click("thread-row").await?;
            app.find("bubble").await.map(drop)
        }
        "catalogue" => {
            app.click("nav-catalogue").await?;
            app.find("product-card").await.map(drop)
        }
        "chats" => {
            app.click("nav-chats").await?;
            app.find("thread-row").await.map(drop)
        }
        other => app.click(&format!("nav-{other}")).await,
    }
}

struct Shoot<'a> {
    app: &'a App,
    screen: &'a Screen,
    folder: PathBuf,
    faults: &'a mut Vec<String>,
}

impl Shoot<'_> {
    async fn everywhere(&mut self, place: &str) -> Result<()> {
        for theme in THEMES {
            let set = "document.documentElement.dataset.theme = arguments[0]";
            self.app.client.execute(set, vec![json!(theme)]).await?;
            for width in WIDTHS {
                let name = format!("{}-{place}-{theme}-{width}", self.app.cast.name);
                self.app.resize(self.screen, width, HEIGHT).await?;
                self.settle().await?;
                fs::write(
                    self.folder.join(format!("{name}.png")),
                    self.app.client.screenshot().await?,
                )?;
                let wide = "return document.documentElement.scrollWidth > window.innerWidth + 1";
                if self.app.client.execute(wide, vec![]).await? == json!(true) {
                    self.faults.push(format!("{name} scrolls sideways"));
                }
                if let Err(error) = axe::check(self.app, &name).await {
                    self.faults.push(format!("{error:#}"));
                }
            }
        }
        Ok(())
    }

    /// Two frames without a running animation or a loading picture: what the person would see.
    async fn settle(&self) -> Result<()> {
        let still = "return document.getAnimations().every(a => a.playState !== 'running' ||
                a.effect?.getTiming().iterations === Infinity)
            && [...document.images].every(i => i.complete)";
        until("the page to come to rest", || async {
            Ok((self.app.client.execute(still, vec![]).await? == json!(true)).then_some(()))
        })
        .await
    }
}
