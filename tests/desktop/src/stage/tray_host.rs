//! A place for tray icons, as a desktop's panel has one: it knows who came, reads their icons and uses their menus.

use std::sync::{Arc, Mutex};

use anyhow::{Context, Result};
use zbus::message::Header;
use zbus::zvariant::{OwnedObjectPath, OwnedValue, Value};

use super::process::ask;
use super::until;
use crate::artefacts::repository;

const PATH: &str = "/StatusNotifierWatcher";
const NAME: &str = "org.kde.StatusNotifierWatcher";
const ITEM: &str = "org.kde.StatusNotifierItem";
const MENU: &str = "com.canonical.dbusmenu";

/// Bus name and path of each icon, in the order in which they came.
type Items = Arc<Mutex<Vec<(String, String)>>>;

/// An entry of a menu: number, properties, entries below.
type Entry = (i32, std::collections::HashMap<String, OwnedValue>, Vec<OwnedValue>);

/// The host; gone from the bus when dropped.
pub struct TrayHost {
    connection: zbus::Connection,
    items: Items,
}

impl TrayHost {
    pub(super) async fn start(bus: &str) -> Result<Self> {
        let items = Items::default();
        let watcher = Watcher { items: items.clone() };
        let connection = zbus::connection::Builder::address(bus)?
            .serve_at(PATH, watcher)?
            .name(NAME)?
            .build()
            .await
            .context("the tray host is not on the bus")?;
        Ok(Self { connection, items })
    }

    /// The panel goes away: from now on this desktop has no place for icons.
    ///
    /// # Errors
    /// When the bus is gone.
    pub async fn leave(&self) -> Result<()> {
        let was_there = self.connection.release_name(NAME).await?;
        anyhow::ensure!(was_there, "the panel had gone already");
        Ok(())
    }

    /// How many icons have come so far.
    #[must_use]
    pub fn count(&self) -> usize {
        self.items.lock().expect("nobody panics here").len()
    }

    /// Waits for the `nth` icon that came.
    ///
    /// # Errors
    /// When it does not come.
    pub async fn icon(&self, nth: usize) -> Result<TrayIcon> {
        let (service, path) = until("the tray icon is there", || async {
            Ok(self.items.lock().expect("nobody panics here").get(nth).cloned())
        })
        .await?;
        let connection = self.connection.clone();
        Ok(TrayIcon {
            connection,
            service,
            path,
        })
    }
}

/// An icon beside the clock.
pub struct TrayIcon {
    connection: zbus::Connection,
    service: String,
    path: String,
}

impl TrayIcon {
    /// The file of the picture that it shows now.
    ///
    /// # Errors
    /// When it is gone.
    pub async fn picture(&self) -> Result<std::path::PathBuf> {
        let item = self.proxy(&self.path, ITEM).await?;
        let name: String = item.get_property("IconName").await?;
        Ok(name.into())
    }

    /// The number drawn into the picture: nothing, one to nine, or ten for «9+». It is read as an eye would, by looking
    /// which of the marks stands in the corner.
    ///
    /// # Errors
    /// When what stands there is none of them.
    pub async fn number(&self) -> Result<Option<usize>> {
        let marks = pixels(&repository().join("shell/assets/badges.png")).await?;
        let icon = pixels(&self.picture().await?).await?;
        let (icon_width, marks_width) = (64, 400);
        let seen = |x: usize, y: usize| &icon[((y + 24) * icon_width + x + 24) * 4..][..4];
        let mark = |nth: usize, x: usize, y: usize| &marks[(y * marks_width + nth * 40 + x) * 4..][..4];
        let shows = |nth: &usize| {
            (0..40 * 40).all(|at| {
                let wanted = mark(*nth, at % 40, at / 40);
                wanted[3] == 0 || wanted == seen(at % 40, at / 40)
            })
        };
        if let Some(nth) = (0..10).find(shows) {
            return Ok(Some(nth + 1));
        }
        // The mark's red at its left edge is nowhere in the plain icons.
        anyhow::ensure!(
            seen(3, 20) != mark(0, 3, 20),
            "what stands in the tray icon cannot be read"
        );
        Ok(None)
    }

    /// Chooses the entry of its menu with this name.
    ///
    /// # Errors
    /// When there is no such entry.
    pub async fn choose(&self, label: &str) -> Result<()> {
        let item = self.proxy(&self.path, ITEM).await?;
        let path: OwnedObjectPath = item.get_property("Menu").await?;
        let menu = self.proxy(path.as_str(), MENU).await?;
        let nothing: &[&str] = &[];
        let (_, (_, _, entries)): (u32, Entry) = menu.call("GetLayout", &(0, -1, nothing)).await?;
        for entry in entries {
            let (id, properties, _): Entry = entry.try_into()?;
            let name = properties
                .get("label")
                .and_then(|value| value.downcast_ref::<&str>().ok());
            if name.is_some_and(|name| name.replace('_', "") == label) {
                menu.call::<_, _, ()>("Event", &(id, "clicked", Value::from(0), 0_u32))
                    .await?;
                return Ok(());
            }
        }
        anyhow::bail!("the tray menu has no entry «{label}»")
    }

    async fn proxy<'a>(&self, path: &'a str, interface: &'a str) -> Result<zbus::Proxy<'a>> {
        // Never a remembered value: the icon changes without telling this host's cache.
        let proxy = zbus::proxy::Builder::new(&self.connection)
            .destination(self.service.clone())?
            .path(path)?
            .interface(interface)?
            .cache_properties(zbus::proxy::CacheProperties::No);
        Ok(proxy.build().await?)
    }
}

async fn pixels(picture: &std::path::Path) -> Result<Vec<u8>> {
    let mut command = std::process::Command::new("convert");
    command.arg(picture).args(["-depth", "8", "rgba:-"]);
    ask(&mut command, "imagemagick").await
}

struct Watcher {
    items: Items,
}

#[zbus::interface(name = "org.kde.StatusNotifierWatcher")]
impl Watcher {
    /// Whoever comes says its bus name, or a path on the connection it speaks through.
    fn register_status_notifier_item(&mut self, service: String, #[zbus(header)] header: Header<'_>) {
        let sender = header.sender().map(ToString::to_string).unwrap_or_default();
        let item = if service.starts_with('/') {
            (sender, service)
        } else {
            (service, "/StatusNotifierItem".to_owned())
        };
        self.items.lock().expect("nobody panics here").push(item);
    }

    fn register_status_notifier_host(&self, _service: String) {}

    #[zbus(property)]
    fn registered_status_notifier_items(&self) -> Vec<String> {
        let items = self.items.lock().expect("nobody panics here");
        items.iter().map(|(service, path)| format!("{service}{path}")).collect()
    }

    #[zbus(property)]
    fn is_status_notifier_host_registered(&self) -> bool {
        true
    }

    #[zbus(property)]
    fn protocol_version(&self) -> i32 {
        0
    }
}
