//! How a window looks: pictures of it, and its size.

use anyhow::{Context, Result};

use super::{PATIENCE, Stage, Window, until};

impl Window {
    /// A picture of the page.
    ///
    /// # Errors
    /// When it cannot be taken.
    pub async fn picture(&self, name: &str) -> Result<()> {
        let taken = tokio::time::timeout(PATIENCE, self.client.screenshot()).await;
        let png = taken.with_context(|| format!("no picture {name} came from the window"))??;
        self.artefacts.picture(name, &png)
    }

    /// A picture of the page as the screen shows it. [`Self::picture`] waits for a frame that a page at rest may never
    /// draw; this one makes it draw, and looks from outside. No other window may be in front.
    ///
    /// # Errors
    /// When the page does not draw, or the picture cannot be taken.
    pub async fn photograph(&self, stage: &Stage, name: &str) -> Result<()> {
        let drawn = "const done = arguments[arguments.length - 1]; \
            requestAnimationFrame(() => requestAnimationFrame(() => done(true)));";
        self.run_async(drawn, Vec::new()).await?;
        let png = stage.desktop.picture(self.side.any_title()).await?;
        self.artefacts.picture(name, &png)
    }

    /// Gives the page this width and height, and waits until it has drawn itself anew.
    ///
    /// # Errors
    /// When the window does not take the size.
    pub async fn resize(&self, stage: &Stage, width: u32, height: u32) -> Result<()> {
        stage
            .desktop
            .place(self.side.any_title(), (0, 0), (width, height))
            .await?;
        let what = format!("{} is {width} pixels wide", self.side.title());
        until(&what, || async {
            let inner = self.run("return window.innerWidth", Vec::new()).await?;
            Ok((inner.as_u64() == Some(u64::from(width))).then_some(()))
        })
        .await
    }
}
