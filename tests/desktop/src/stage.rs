//! Everything around a play, in one value. Dropping it ends every process it started.

mod app;
mod assistive;
mod bubbles;
mod bus;
mod desktop;
mod device;
mod dock;
mod history;
mod keyring;
mod launch;
mod life;
mod market;
mod meddler;
mod process;
mod profile;
mod screen;
mod server;
mod side;
mod sight;
mod tray_host;
mod wait;

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context, Result};
use tempfile::TempDir;

pub use app::Window;
pub use assistive::{Assistive, Thing, Word};
pub use bubbles::Bubble;
pub use desktop::Shown;
pub use device::Device;
pub use dock::Dock;
pub use history::saying;
pub use keyring::Keyring;
pub use launch::{Launched, Program};
pub use life::{Hidden, Running, kill};
pub use market::Visitor;
pub use meddler::{Meddler, Meddling, Saying};
pub use profile::Crashed;
pub use side::{Comer, Side};
pub use tray_host::TrayHost;
pub use wait::{PATIENCE, until};

use crate::artefacts::Artefacts;
use bus::Bus;
use desktop::Desktop;
use screen::Screen;
use server::Server;

/// The demo accounts' password.
pub const PASSWORD: &str = "prilavok-demo";
/// A demo buyer.
pub const ANNA: &str = "anna@demo.prilavok";
/// Another demo buyer.
pub const BORIS: &str = "boris@demo.prilavok";
/// An agent of «Льняной двор», where Anna has never written.
pub const LINEN: &str = "linen@demo.prilavok";
/// An agent of «Чайная гора».
pub const TEA: &str = "tea@demo.prilavok";

/// A virtual screen with a desktop on it, a server beside it, and room for windows. Fields end in this order.
pub struct Stage {
    /// The server.
    pub server: Server,
    /// Window manager and notification daemon.
    pub desktop: Desktop,
    /// Whoever listens to the windows, if somebody does.
    assistive: Option<Assistive>,
    /// The panel with a place for tray icons.
    pub tray: TrayHost,
    bus: Bus,
    screen: Screen,
    /// What the run leaves behind.
    pub artefacts: Arc<Artefacts>,
    folder: TempDir,
    windows: std::sync::atomic::AtomicUsize,
    /// What apps find in their environment besides.
    also: Vec<(&'static str, String)>,
}

impl Stage {
    /// Starts all of it, with an empty demo marketplace.
    ///
    /// # Errors
    /// When a program is missing (the sentence names its package) or does not come up in time.
    pub async fn set(artefacts: Artefacts) -> Result<Self> {
        let folder = tempfile::tempdir().context("there is no room for temporary files")?;
        let artefacts = Arc::new(artefacts);
        let screen = Screen::start(&artefacts, folder.path())?;
        let bus = Bus::start(&artefacts)?;
        let tray = TrayHost::start(&bus.address).await?;
        let desktop = Desktop::start(&artefacts, &screen, &bus, folder.path()).await?;
        let server = Server::start(artefacts.clone(), folder.path()).await?;
        let windows = std::sync::atomic::AtomicUsize::new(0);
        Ok(Self {
            server,
            desktop,
            assistive: None,
            tray,
            bus,
            screen,
            artefacts,
            folder,
            windows,
            also: Vec::new(),
        })
    }

    /// The same with the accessibility bus, to which windows that are opened from now on report.
    ///
    /// # Errors
    /// When a program is missing (the sentence names its package) or does not come up in time.
    pub async fn set_for_listening(artefacts: Artefacts) -> Result<Self> {
        let mut stage = Self::set(artefacts).await?;
        stage.assistive = Some(Assistive::start(&stage.artefacts, &stage.bus).await?);
        Ok(stage)
    }

    /// Apps that are opened from now on find this in their environment, in place of what it was before.
    pub fn tell(&mut self, name: &'static str, value: impl Into<String>) {
        self.also.retain(|(other, _)| *other != name);
        self.also.push((name, value.into()));
    }

    /// Whoever listens to the windows.
    ///
    /// # Errors
    /// When the stage was not set for listening.
    pub fn assistive(&self) -> Result<&Assistive> {
        self.assistive.as_ref().context("the stage was not set for listening")
    }

    /// Opens an app with a profile of its own; signed in, if an account is given.
    ///
    /// # Errors
    /// When the app does not come up.
    pub async fn open(&self, side: Side, account: Option<&str>) -> Result<Window> {
        self.open_to(side, account.map_or(Comer::Guest, Comer::Account)).await
    }

    /// Opens an app with a profile of its own to whoever comes.
    ///
    /// # Errors
    /// When the app does not come up.
    pub async fn open_to(&self, side: Side, comer: Comer<'_>) -> Result<Window> {
        let number = self.windows.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let profile = self.folder.path().join(format!("{}-{number}", side.word()));
        Window::open(self, side, comer, profile, &[]).await
    }

    /// Starts an app as the session does when the person signs in: without a window, and with nobody to drive it.
    ///
    /// # Errors
    /// When it does not start.
    pub fn start_hidden(&self, side: Side, account: &str) -> Result<Hidden> {
        Hidden::start(
            self,
            side,
            account,
            &self.folder.path().join(format!("{}-hidden", side.word())),
        )
    }

    /// A dock that shows numbers on the apps' entries.
    ///
    /// # Errors
    /// When the bus is gone.
    pub async fn dock(&self) -> Result<Dock> {
        Dock::listen(&self.bus.address).await
    }

    /// The desktop's keychain, open.
    ///
    /// # Errors
    /// When it does not come up.
    pub async fn keyring(&self) -> Result<Keyring> {
        Keyring::start(self, &self.folder.path().join("keyring")).await
    }

    /// A visitor of the marketplace's own web pages, who uses the public API.
    ///
    /// # Errors
    /// When signing in fails.
    pub async fn visitor(&self, account: &str) -> Result<Visitor> {
        Visitor::sign_in(&self.server.address(), account, PASSWORD).await
    }

    /// A picture of the whole screen.
    ///
    /// # Errors
    /// When it cannot be taken.
    pub async fn picture(&self, name: &str) -> Result<()> {
        let png = self.screen.picture().await?;
        self.artefacts.picture(name, &png)
    }

    fn surroundings(&self) -> Vec<(&'static str, String)> {
        let mut all = surroundings(&self.screen, &self.bus);
        all.retain(|(name, _)| *name != "NO_AT_BRIDGE" || self.assistive.is_none());
        all.extend(self.also.iter().cloned());
        all
    }
}

/// What every program on the stage finds in its environment.
fn surroundings(screen: &Screen, bus: &Bus) -> Vec<(&'static str, String)> {
    vec![
        ("DISPLAY", screen.display.clone()),
        ("DBUS_SESSION_BUS_ADDRESS", bus.address.clone()),
        ("GSETTINGS_BACKEND", "memory".to_owned()),
        ("GTK_THEME", "Adwaita".to_owned()),
        ("LANG", "C.UTF-8".to_owned()),
        ("NO_AT_BRIDGE", "1".to_owned()),
    ]
}

/// A program built by cargo: in `PRILAVOK_BIN_DIR`, or beside the running test.
///
/// # Errors
/// When it is not there.
fn built(name: &str) -> Result<PathBuf> {
    let folder = match std::env::var_os("PRILAVOK_BIN_DIR") {
        Some(folder) => PathBuf::from(folder),
        // target/debug/deps/story-… or target/debug/demo
        None => {
            let program = std::env::current_exe()?;
            let folder = program.parent().context("a program lies in a folder")?;
            let is_deps = folder.ends_with("deps");
            if is_deps { folder.join("..") } else { folder.to_owned() }
        }
    };
    let path = folder.join(name);
    anyhow::ensure!(
        path.is_file(),
        "{} is missing: build it first (cargo xtask test does), or point PRILAVOK_BIN_DIR at it",
        path.display()
    );
    Ok(path.canonicalize()?)
}
