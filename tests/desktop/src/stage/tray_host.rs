//! A place for tray icons, as a desktop's panel has one: it only says that it is there, and who came.

use anyhow::{Context, Result};

const PATH: &str = "/StatusNotifierWatcher";
const NAME: &str = "org.kde.StatusNotifierWatcher";

/// The host; gone from the bus when dropped.
pub(super) struct TrayHost {
    _connection: zbus::Connection,
}

impl TrayHost {
    pub(super) async fn start(bus: &str) -> Result<Self> {
        let connection = zbus::connection::Builder::address(bus)?
            .serve_at(PATH, Watcher { items: Vec::new() })?
            .name(NAME)?
            .build()
            .await
            .context("the tray host is not on the bus")?;
        Ok(Self {
            _connection: connection,
        })
    }
}

struct Watcher {
    items: Vec<String>,
}

#[zbus::interface(name = "org.kde.StatusNotifierWatcher")]
impl Watcher {
    fn register_status_notifier_item(&mut self, service: String) {
        self.items.push(service);
    }

    fn register_status_notifier_host(&self, _service: String) {}

    #[zbus(property)]
    fn registered_status_notifier_items(&self) -> Vec<String> {
        self.items.clone()
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
