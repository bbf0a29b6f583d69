//! The server, the screen and both apps, ready for a story. Dropping it ends all of them.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use tempfile::TempDir;

use crate::app::{App, Cast};
use crate::screen::Screen;
use crate::server::Server;

/// Everything a story needs.
#[derive(Debug)]
pub struct Stage {
    /// The buyer's app, signed in as Анна.
    pub buyer: App,
    /// The seller's app, signed in as the shop «Чайная гора».
    pub seller: App,
    /// The virtual screen.
    pub screen: Screen,
    /// The server.
    pub server: Server,
    pub(crate) _home: TempDir,
}

impl Stage {
    /// Starts all of it in folders of its own. `locale` is the apps' language, e.g. `ru_RU.UTF-8`.
    ///
    /// # Errors
    /// When anything is missing or does not come up.
    pub async fn set(locale: &str) -> Result<Self> {
        let home = tempfile::tempdir()?;
        let server = Server::start(binary("prilavok-server")?, &home.path().join("server"))?;
        let screen = Screen::start(&home.path().join("screen")).await?;
        let cast = |name: &str, title: &str, email: &str| -> Result<Cast> {
            Ok(Cast {
                name: name.into(),
                binary: binary(&format!("prilavok-{name}"))?,
                title: title.into(),
                server: server.address(),
                email: email.into(),
                locale: locale.into(),
            })
        };
        let buyer = cast("buyer", "Прилавок — Покупатель", "anna@demo.prilavok")?;
        let seller = cast("seller", "Прилавок — Продавец", "tea@demo.prilavok")?;
        let buyer = App::start(&screen, buyer, &home.path().join("buyer")).await?;
        let seller = App::start(&screen, seller, &home.path().join("seller")).await?;
        Ok(Self {
            buyer,
            seller,
            screen,
            server,
            _home: home,
        })
    }
}

/// A built program, from `PRILAVOK_BIN_DIR` or beside this one.
fn binary(name: &str) -> Result<PathBuf> {
    let folder = match std::env::var_os("PRILAVOK_BIN_DIR") {
        Some(folder) => PathBuf::from(folder),
        None => {
            let own = std::env::current_exe()?;
            let folder = own.parent().context("a program lives in a folder")?;
            if folder.ends_with("deps") {
                folder.parent().unwrap_or(folder).into()
            } else {
                folder.into()
            }
        }
    };
    let path: &Path = &folder.join(name);
    path.canonicalize().with_context(|| {
        format!(
            "{} is not built; `cargo xtask test` builds it",
            path.display()
        )
    })
}
