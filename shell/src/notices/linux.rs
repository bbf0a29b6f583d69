//! `org.freedesktop.Notifications`, spoken directly: one notice a thread, replaced by newer ones, taken away when read.
//!
//! One task owns the connection. Every call has a deadline, and a broken connection is made anew with the next notice.

use std::collections::HashMap;
use std::time::Duration;

use futures::StreamExt;
use prilavok_protocol::ids::ThreadId;
use tokio::sync::mpsc;
use zbus::connection::Builder;
use zbus::zvariant::Value;

use super::Order;
use super::text::{Words, escape};

/// A daemon answers in milliseconds; starting it through the bus takes a second or two.
const PATIENCE: Duration = Duration::from_secs(4);

#[zbus::proxy(
    interface = "org.freedesktop.Notifications",
    default_service = "org.freedesktop.Notifications",
    default_path = "/org/freedesktop/Notifications",
    gen_blocking = false
)]
trait Notifications {
    fn get_capabilities(&self) -> zbus::Result<Vec<String>>;

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

    #[zbus(signal)]
    fn action_invoked(&self, id: u32, action_key: String) -> zbus::Result<()>;

    #[zbus(signal)]
    fn notification_closed(&self, id: u32, reason: u32) -> zbus::Result<()>;
}

/// Serves orders until the app ends.
pub(super) async fn work(
    bus: impl Fn() -> zbus::Result<Builder<'static>>,
    icon: &str,
    mut orders: mpsc::Receiver<Order>,
    clicked: impl Fn(ThreadId),
) {
    while let Some(first) = orders.recv().await {
        match within(Daemon::reach(&bus, icon)).await {
            Ok(daemon) => daemon.serve(first, &mut orders, &clicked).await,
            Err(error) => {
                tracing::warn!(%error, "A notice could not be shown: no notification daemon answers.")
            }
        }
    }
}

struct Daemon<'a> {
    proxy: NotificationsProxy<'static>,
    icon: &'a str,
    reads_markup: bool,
    has_actions: bool,
    shown: HashMap<ThreadId, u32>,
}

impl<'a> Daemon<'a> {
    async fn reach(bus: impl Fn() -> zbus::Result<Builder<'static>>, icon: &'a str) -> zbus::Result<Self> {
        let connection = bus()?.build().await?;
        let proxy = NotificationsProxy::new(&connection).await?;
        let capabilities = proxy.get_capabilities().await?;
        let has = |name: &str| capabilities.iter().any(|capability| capability == name);
        let (reads_markup, has_actions) = (has("body-markup"), has("actions"));
        Ok(Self {
            proxy,
            icon,
            reads_markup,
            has_actions,
            shown: HashMap::new(),
        })
    }

    /// Returns when the connection or the app is gone.
    async fn serve(mut self, first: Order, orders: &mut mpsc::Receiver<Order>, clicked: &impl Fn(ThreadId)) {
        let (Ok(mut actions), Ok(mut closed)) = (
            self.proxy.receive_action_invoked().await,
            self.proxy.receive_notification_closed().await,
        ) else {
            return;
        };
        let mut next = Some(first);
        loop {
            if let Some(order) = next.take()
                && let Err(error) = within(self.obey(order)).await
            {
                tracing::warn!(%error, "The notification daemon did not take an order.");
                return;
            }
            // A click is followed by the closing of its notice, in that order; both are known before the next order is
            // obeyed, so that a closed notice is never replaced.
            tokio::select! {
                biased;
                action = actions.next() => match action {
                    Some(action) => if let Ok(args) = action.args() { self.invoked(args.id, clicked) },
                    None => return,
                },
                gone = closed.next() => match gone {
                    Some(gone) => if let Ok(args) = gone.args() { self.forget(args.id) },
                    None => return,
                },
                order = orders.recv() => match order {
                    Some(order) => next = Some(order),
                    None => return,
                },
            }
        }
    }

    async fn obey(&mut self, order: Order) -> zbus::Result<()> {
        match order {
            Order::Show { thread_id, words } => {
                let id = self
                    .show(self.shown.get(&thread_id).copied().unwrap_or(0), &words)
                    .await?;
                self.shown.insert(thread_id, id);
            }
            Order::Close { thread_id } => {
                if let Some(id) = self.shown.remove(&thread_id) {
                    // Daemons answer with an error when it is gone already.
                    let _ = self.proxy.close_notification(id).await;
                }
            }
        }
        Ok(())
    }

    async fn show(&self, replaces: u32, words: &Words) -> zbus::Result<u32> {
        let body = if self.reads_markup {
            escape(&words.body)
        } else {
            words.body.clone()
        };
        let actions: &[&str] = if self.has_actions {
            &["default", &words.open]
        } else {
            &[]
        };
        let hints = HashMap::from([
            ("category", Value::from("im.received")),
            ("desktop-entry", Value::from(self.icon)),
            ("urgency", Value::from(1_u8)),
        ]);
        // -1: the daemon decides how long.
        self.proxy
            .notify("Прилавок", replaces, self.icon, &words.title, &body, actions, hints, -1)
            .await
    }

    fn invoked(&self, id: u32, clicked: &impl Fn(ThreadId)) {
        // Ids of other apps' notices pass by here too.
        if let Some((thread_id, _)) = self.shown.iter().find(|(_, shown)| **shown == id) {
            clicked(*thread_id);
        }
    }

    fn forget(&mut self, id: u32) {
        self.shown.retain(|_, shown| *shown != id);
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

#[cfg(test)]
mod tests;
