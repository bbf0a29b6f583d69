//! `org.freedesktop.Notifications`, spoken directly: one notice a thread, replaced by newer ones, taken away when read.
//!
//! One task owns the connection. Every call has a deadline. A daemon that dies loses its notices: those that stood are shown
//! again by its successor, and so is what nobody could be told meanwhile.

mod daemon;
mod line;

use std::collections::{BTreeMap, BTreeSet};

use futures::StreamExt;
use tokio::sync::mpsc;
use zbus::Message;
use zbus::connection::Builder;

use super::order::{Deed, Described, Order, Show, Topic};
use super::record::{Record, Standing};
use super::sound::Player;
use daemon::Daemon;
use line::Line;

/// What the task needs of the app.
pub(super) struct Desk<F> {
    /// The name under which the desktop knows the app.
    pub(super) icon: String,
    /// Which notices stand.
    pub(super) record: Record,
    /// Plays for daemons that cannot.
    pub(super) player: Player,
    /// Hears what the person did.
    pub(super) done: F,
}

/// Serves orders until the app ends.
pub(super) async fn work<F: Fn(Deed)>(
    bus: impl Fn() -> zbus::Result<Builder<'static>>,
    mut desk: Desk<F>,
    mut orders: mpsc::Receiver<Order>,
) {
    let mut first = None;
    loop {
        match Line::open(&bus).await {
            Ok(line) => {
                let mut task = Task {
                    line,
                    daemon: None,
                    desk,
                    waiting: BTreeMap::new(),
                    tried: None,
                    told: None,
                };
                let is_over = task.serve(first.take(), &mut orders).await;
                desk = task.desk;
                if is_over {
                    return;
                }
            }
            Err(error) => {
                tracing::warn!(%error, "There is no session bus, and so no notification daemon.");
                if let Some(order) = first.take() {
                    refuse(order, &desk.done);
                }
            }
        }
        match orders.recv().await {
            Some(order) => first = Some(order),
            None => return,
        }
    }
}

/// Without a bus nothing can be done but to say so.
fn refuse(order: Order, done: &impl Fn(Deed)) {
    match order {
        Order::Show(_) => done(Deed::Unheard),
        Order::Close { .. } | Order::Leave { .. } => {}
        Order::Try { answer, .. } | Order::Tell { answer, .. } => drop(answer.send(false)),
        Order::Describe { answer } => drop(answer.send(Described::default())),
        Order::Standing { answer } => drop(answer.send(Vec::new())),
    }
}

struct Task<F> {
    line: Line,
    /// Known since it first answered.
    daemon: Option<Daemon>,
    desk: Desk<F>,
    /// What stands, and what could not be shown: shown by the next daemon.
    waiting: BTreeMap<Topic, Show>,
    /// The notice that tries the daemon.
    tried: Option<u32>,
    /// The notice about the app itself.
    told: Option<u32>,
}

impl<F: Fn(Deed)> Task<F> {
    /// Returns when the bus or the app is gone; true when it is the app.
    async fn serve(&mut self, first: Option<Order>, orders: &mut mpsc::Receiver<Order>) -> bool {
        // At once, and not with the first order: a notice of an earlier run may be clicked. Without a daemon: later.
        let _ = self.daemon().await;
        let mut next = first;
        loop {
            if let Some(order) = next.take() {
                self.obey(order).await;
            }
            // What the person did is known before the next order is obeyed, so that a closed notice is never replaced.
            tokio::select! {
                biased;
                signal = self.line.signals.next() => match signal {
                    Some(Ok(signal)) => self.hear(&signal).await,
                    Some(Err(_)) => {}
                    None => return false,
                },
                owner = self.line.owners.next() => match owner {
                    Some(owner) => {
                        let new = owner.args().ok().and_then(|args| args.new_owner().as_ref().map(ToString::to_string));
                        self.daemon_changed(new.as_deref()).await;
                    }
                    None => return false,
                },
                order = orders.recv() => match order {
                    Some(order) => next = Some(order),
                    None => return true,
                },
            }
        }
    }

    /// The daemon; asked who it is if it is another one than before.
    async fn daemon(&mut self) -> zbus::Result<&Daemon> {
        if self.daemon.is_none() {
            let daemon = Daemon::reach(&self.line.bus).await?;
            self.desk.record.answers(&daemon.run);
            self.daemon = Some(daemon);
        }
        Ok(self.daemon.as_ref().expect("it was just put there"))
    }

    async fn daemon_changed(&mut self, owner: Option<&str>) {
        // The one that was just asked, and started for it.
        if owner.is_some() && self.daemon.as_ref().is_some_and(|daemon| daemon.is(owner)) {
            return;
        }
        self.daemon = None;
        (self.tried, self.told) = (None, None);
        if owner.is_none() || self.daemon().await.is_err() {
            return;
        }
        for mut show in std::mem::take(&mut self.waiting).into_values() {
            // It was heard when it came.
            show.sounds = false;
            self.show(show).await;
        }
    }

    async fn obey(&mut self, order: Order) {
        match order {
            Order::Show(show) => self.show(show).await,
            Order::Close { topic } => self.close(topic).await,
            Order::Leave { seat } => {
                let shown = self.desk.record.topics();
                let all: BTreeSet<Topic> = shown.into_iter().chain(self.waiting.keys().copied()).collect();
                for topic in all.into_iter().filter(|topic| topic.seat == seat) {
                    self.close(topic).await;
                }
            }
            Order::Try { words, sounds, answer } => {
                let shown = self
                    .put(self.tried.unwrap_or(0), &Show::of_no_thread(words, sounds))
                    .await;
                self.tried = shown.as_ref().ok().copied();
                let _ = answer.send(shown.is_ok());
            }
            Order::Tell { words, answer } => {
                let shown = self.put(0, &Show::of_no_thread(words, false)).await;
                self.told = shown.as_ref().ok().copied();
                let _ = answer.send(shown.is_ok());
            }
            Order::Describe { answer } => {
                let described = self.describe().await;
                let _ = answer.send(described);
            }
            Order::Standing { answer } => {
                let standing = match self.daemon().await {
                    Ok(_) => self.desk.record.topics(),
                    Err(_) => Vec::new(),
                };
                let _ = answer.send(standing);
            }
        }
    }

    async fn describe(&mut self) -> Described {
        let Ok(daemon) = self.daemon().await else {
            return Described::default();
        };
        Described {
            is_there: true,
            name: daemon.name.clone(),
            version: daemon.version.clone(),
            capabilities: daemon.capabilities.clone(),
            is_inhibited: daemon.is_inhibited().await,
        }
    }

    async fn show(&mut self, show: Show) {
        let (topic, up_to) = (show.topic, show.up_to);
        // Known first, since a standing notice means nothing to another daemon.
        let replaces = match self.daemon().await {
            Ok(_) => self.desk.record.of(topic).map_or(0, |standing| standing.id),
            Err(_) => 0,
        };
        match self.put(replaces, &show).await {
            Ok(id) => self.desk.record.stands(Standing { id, topic, up_to }),
            Err(error) => {
                tracing::warn!(%error, "A notice could not be shown. It waits for a notification daemon.");
                self.daemon = None;
                (self.desk.done)(Deed::Unheard);
            }
        }
        self.waiting.insert(topic, show);
    }

    async fn put(&mut self, replaces: u32, show: &Show) -> zbus::Result<u32> {
        let icon = self.desk.icon.clone();
        let daemon = self.daemon().await?;
        let id = daemon.show(replaces, &icon, show).await?;
        if show.sounds && !daemon.can("sound") && !daemon.is_inhibited().await {
            self.desk.player.play();
        }
        Ok(id)
    }

    async fn close(&mut self, topic: Topic) {
        self.waiting.remove(&topic);
        if self.daemon().await.is_err() {
            return;
        }
        if let Some(standing) = self.desk.record.of(topic) {
            self.desk.record.gone(standing.id);
            if let Some(daemon) = &self.daemon {
                daemon.close(standing.id).await;
            }
        }
    }

    /// Ids of other apps' notices pass by here too, and anybody may send a signal: only the daemon's own count.
    async fn hear(&mut self, signal: &Message) {
        let header = signal.header();
        let sender = header.sender().map(ToString::to_string);
        if !self.daemon.as_ref().is_some_and(|daemon| daemon.is(sender.as_deref())) {
            return;
        }
        let body = signal.body();
        match header.member().map(|member| member.as_str()) {
            Some("ActionInvoked") => {
                if let Ok((id, action)) = body.deserialize::<(u32, &str)>() {
                    self.invoked(id, action).await;
                }
            }
            Some("NotificationReplied") => {
                if let Ok((id, text)) = body.deserialize::<(u32, String)>() {
                    self.replied(id, text).await;
                }
            }
            Some("NotificationClosed") => {
                if let Ok((id, _)) = body.deserialize::<(u32, u32)>() {
                    self.closed(id);
                }
            }
            _ => {}
        }
    }

    async fn invoked(&mut self, id: u32, action: &str) {
        if self.tried == Some(id) {
            (self.desk.done)(Deed::Tried);
            return;
        }
        if self.told == Some(id) {
            (self.desk.done)(Deed::Return);
            // Not every daemon takes away what was clicked.
            if let Some(daemon) = &self.daemon {
                daemon.close(id).await;
            }
            return;
        }
        let Some(Standing { topic, up_to, .. }) = self.desk.record.under(id) else {
            return;
        };
        match action {
            "reply" => (self.desk.done)(Deed::Answer { topic }),
            "read" => {
                (self.desk.done)(Deed::Read { topic, up_to });
                self.close(topic).await;
            }
            // The field is the daemon's own; what is written there follows.
            "inline-reply" => {}
            _ => (self.desk.done)(Deed::Open { topic }),
        }
    }

    /// Told once: a second signal for the same notice finds none.
    async fn replied(&mut self, id: u32, text: String) {
        let Some(Standing { topic, .. }) = self.desk.record.under(id) else {
            return;
        };
        if text.trim().is_empty() {
            return;
        }
        (self.desk.done)(Deed::Reply { topic, text });
        self.close(topic).await;
    }

    fn closed(&mut self, id: u32) {
        if self.tried == Some(id) {
            self.tried = None;
        }
        if self.told == Some(id) {
            self.told = None;
        }
        if let Some(standing) = self.desk.record.under(id) {
            self.waiting.remove(&standing.topic);
            self.desk.record.gone(id);
        }
    }
}

#[cfg(test)]
mod tests;
