//! What a notification daemon is called, what it can do, and how it wants to be spoken to.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use zbus::Connection;
use zbus::fdo::DBusProxy;
use zbus::names::{BusName, OwnedUniqueName};
use zbus::zvariant::Value;

use crate::notices::order::Show;
use crate::notices::text::{Words, escape};

/// A daemon answers in milliseconds; starting it through the bus takes a second or two.
const PATIENCE: Duration = Duration::from_secs(4);
/// The name under which every daemon can be reached.
pub(super) const NAME: &str = "org.freedesktop.Notifications";
/// Where it stands there.
pub(super) const PATH: &str = "/org/freedesktop/Notifications";
/// From the freedesktop sound theme, for daemons that play it themselves.
const SOUND: &str = "message-new-instant";

#[zbus::proxy(
    interface = "org.freedesktop.Notifications",
    default_service = "org.freedesktop.Notifications",
    default_path = "/org/freedesktop/Notifications",
    gen_blocking = false
)]
trait Notifications {
    fn get_capabilities(&self) -> zbus::Result<Vec<String>>;

    /// Name, vendor, version, version of the specification.
    fn get_server_information(&self) -> zbus::Result<(String, String, String, String)>;

    #[expect(clippy::too_many_arguments, reason = "the specification's own list")]
    fn notify(
        &self,
        app_name: &str,
        replaces_id: u32,
        app_icon: &str,
        summary: &str,
        body: &str,
        actions: &[&str],
        hints: HashMap<&str, Value<'_>>,
        expire_timeout: i32,
    ) -> zbus::Result<u32>;

    fn close_notification(&self, id: u32) -> zbus::Result<()>;

    /// Plasma and some others: whether the person wants to be left alone.
    #[zbus(property(emits_changed_signal = "false"))]
    fn inhibited(&self) -> zbus::Result<bool>;
}

/// dunst says it in its own way.
#[zbus::proxy(
    interface = "org.dunstproject.cmd0",
    default_service = "org.freedesktop.Notifications",
    default_path = "/org/freedesktop/Notifications",
    gen_blocking = false
)]
trait Dunst {
    #[zbus(property(emits_changed_signal = "false"), name = "paused")]
    fn paused(&self) -> zbus::Result<bool>;
}

/// One run of one daemon.
pub(super) struct Daemon {
    proxy: NotificationsProxy<'static>,
    dunst: DunstProxy<'static>,
    owner: OwnedUniqueName,
    /// No other run of any daemon has this name, on this bus or a later one.
    pub(super) run: String,
    pub(super) name: String,
    pub(super) version: String,
    pub(super) capabilities: Vec<String>,
    known: HashSet<String>,
}

impl Daemon {
    /// Asks the daemon who it is; the bus starts one if it knows how.
    pub(super) async fn reach(bus: &Connection) -> zbus::Result<Self> {
        within(async {
            let proxy = NotificationsProxy::builder(bus)
                .cache_properties(zbus::proxy::CacheProperties::No)
                .build()
                .await?;
            let dunst = DunstProxy::builder(bus)
                .cache_properties(zbus::proxy::CacheProperties::No)
                .build()
                .await?;
            let capabilities = proxy.get_capabilities().await?;
            let (name, _, version, _) = proxy.get_server_information().await.unwrap_or_default();
            let bus = DBusProxy::new(bus).await?;
            let owner = bus.get_name_owner(BusName::try_from(NAME)?).await?;
            let run = format!("{} {owner}", bus.get_id().await?);
            Ok(Self {
                proxy,
                dunst,
                owner,
                run,
                name,
                version,
                known: capabilities.iter().cloned().collect(),
                capabilities,
            })
        })
        .await
    }

    /// Whether the name on the bus is this run's.
    pub(super) fn is(&self, sender: Option<&str>) -> bool {
        sender == Some(self.owner.as_str())
    }

    pub(super) fn can(&self, capability: &str) -> bool {
        self.known.contains(capability)
    }

    /// Shows a notice in place of another one; 0 replaces nothing.
    pub(super) async fn show(&self, replaces: u32, icon: &str, show: &Show) -> zbus::Result<u32> {
        let words = &show.words;
        let (title, body) = self.title_and_body(words);
        let mut actions: Vec<&str> = Vec::new();
        let mut hints = HashMap::from([
            ("category", Value::from("im.received")),
            ("desktop-entry", Value::from(icon)),
            ("urgency", Value::from(1_u8)),
        ]);
        if self.can("actions") {
            actions.extend(["default", &words.open]);
            if show.is_of_thread {
                // With a field of the daemon's own where it has one, otherwise the click brings ours.
                let key = if self.can("inline-reply") {
                    "inline-reply"
                } else {
                    "reply"
                };
                actions.extend([key, &words.reply, "read", &words.read]);
                hints.insert("x-kde-reply-placeholder-text", Value::from(words.placeholder.as_str()));
                hints.insert("x-kde-reply-submit-button-text", Value::from(words.submit.as_str()));
            }
        }
        if self.can("sound") {
            if show.sounds {
                hints.insert("sound-name", Value::from(SOUND));
            } else {
                hints.insert("suppress-sound", Value::from(true));
            }
        }
        // -1: the daemon decides how long.
        within(
            self.proxy
                .notify("Прилавок", replaces, icon, &title, &body, &actions, hints, -1),
        )
        .await
    }

    /// A daemon that shows no bodies gets all of it in the title, and markup is escaped for one that would read it.
    fn title_and_body(&self, words: &Words) -> (String, String) {
        if !self.can("body") {
            let line = words.body.split_whitespace().collect::<Vec<_>>().join(" ");
            return (format!("{}: {line}", words.title), String::new());
        }
        let body = if self.can("body-markup") {
            escape(&words.body)
        } else {
            words.body.clone()
        };
        (words.title.clone(), body)
    }

    /// Daemons answer with an error when it is gone already.
    pub(super) async fn close(&self, id: u32) {
        let _ = within(self.proxy.close_notification(id)).await;
    }

    /// Whether the person asked this desktop to leave them alone. A daemon that does not say so is taken to be open.
    pub(super) async fn is_inhibited(&self) -> bool {
        let inhibited = within(self.proxy.inhibited()).await;
        match inhibited {
            Ok(inhibited) => inhibited,
            Err(_) => within(self.dunst.paused()).await.unwrap_or(false),
        }
    }
}

async fn within<T>(call: impl Future<Output = zbus::Result<T>>) -> zbus::Result<T> {
    match tokio::time::timeout(PATIENCE, call).await {
        Ok(outcome) => outcome,
        Err(_) => Err(zbus::Error::Failure(format!(
            "no answer within {} s",
            PATIENCE.as_secs()
        ))),
    }
}
