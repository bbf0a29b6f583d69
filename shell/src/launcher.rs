//! The number on the app's entry in a dock or task bar: `com.canonical.Unity.LauncherEntry`, which Ubuntu's dock, Dash to
//! Dock, Plank and Plasma listen to.

use std::collections::HashMap;
use std::time::Duration;

use tokio::sync::watch;
use zbus::object_server::SignalEmitter;
use zbus::zvariant::Value;

const PATH: &str = "/com/canonical/unity/launcherentry/prilavok";
/// A bus answers in milliseconds; without one there is no dock to tell.
const PATIENCE: Duration = Duration::from_secs(4);

/// The way to the dock.
pub(crate) struct Launcher(watch::Sender<u32>);

impl Launcher {
    /// Starts the task that tells the dock. `icon` is the name of the app's desktop file.
    pub(crate) fn start(icon: &str) -> Self {
        let (sender, totals) = watch::channel(0);
        let uri = format!("application://{icon}.desktop");
        tauri::async_runtime::spawn(async move {
            match tokio::time::timeout(PATIENCE, tell(uri, totals)).await {
                Ok(Ok(telling)) => telling.await,
                Ok(Err(error)) => tracing::warn!(%error, "The dock cannot be told of unread messages."),
                Err(_) => {
                    tracing::warn!("The dock cannot be told of unread messages: the session bus does not answer.")
                }
            }
        });
        Self(sender)
    }

    /// So many messages are unread.
    pub(crate) fn show(&self, total: u32) {
        self.0.send_replace(total);
    }
}

/// Connects; what it gives back then tells the dock until the app ends.
async fn tell(uri: String, mut totals: watch::Receiver<u32>) -> zbus::Result<impl Future<Output = ()>> {
    let entry = Entry {
        uri: uri.clone(),
        totals: totals.clone(),
    };
    let bus = zbus::connection::Builder::session()?
        .serve_at(PATH, entry)?
        .build()
        .await?;
    let emitter = SignalEmitter::new(&bus, PATH)?.into_owned();
    Ok(async move {
        // The bus stays open for as long as this runs.
        let _bus = bus;
        while totals.changed().await.is_ok() {
            let total = *totals.borrow_and_update();
            if let Err(error) = Entry::update(&emitter, &uri, properties(total)).await {
                tracing::warn!(%error, "The dock could not be told of unread messages.");
            }
        }
    })
}

fn properties(total: u32) -> HashMap<&'static str, Value<'static>> {
    HashMap::from([
        ("count", Value::from(i64::from(total))),
        ("count-visible", Value::from(total > 0)),
    ])
}

struct Entry {
    uri: String,
    totals: watch::Receiver<u32>,
}

#[zbus::interface(name = "com.canonical.Unity.LauncherEntry")]
impl Entry {
    /// For docks that were started after the app.
    fn query(&self) -> (String, HashMap<&'static str, Value<'static>>) {
        (self.uri.clone(), properties(*self.totals.borrow()))
    }

    #[zbus(signal)]
    async fn update(
        emitter: &SignalEmitter<'_>,
        app_uri: &str,
        properties: HashMap<&str, Value<'_>>,
    ) -> zbus::Result<()>;
}
