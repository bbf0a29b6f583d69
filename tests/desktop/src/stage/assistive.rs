//! The accessibility bus, and what somebody finds there who reads the windows with a screen reader: the tree of things with
//! role, name and state, and what the windows say of their own accord.

mod things;

use std::collections::HashMap;
use std::process::Command;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context, Result, ensure};
use futures::StreamExt;
use zbus::names::OwnedBusName;
use zbus::zvariant::{OwnedObjectPath, OwnedValue};
use zbus::{Connection, MatchRule, MessageStream, message};

use super::bus::Bus;
use super::process::Process;
use super::{Side, until};
use crate::artefacts::Artefacts;
use things::read;
pub use things::{Reference, Thing, Word};

const ACCESSIBLE: &str = "org.a11y.atspi.Accessible";
const ROOT: &str = "/org/a11y/atspi/accessible/root";
const REGISTRY: &str = "org.a11y.atspi.Registry";
/// So many questions are under way at once.
const AT_ONCE: usize = 16;
/// `ATSPI_ROLE_DOCUMENT_WEB`.
const PAGE: u32 = 95;

/// Somebody who listens to the windows instead of looking at them.
pub struct Assistive {
    bus: Connection,
    heard: Arc<Mutex<Vec<Word>>>,
    _launcher: Process,
}

impl Assistive {
    pub(super) async fn start(artefacts: &Artefacts, session: &Bus) -> Result<Self> {
        let mut command = Command::new("/usr/libexec/at-spi-bus-launcher");
        command.arg("--launch-immediately");
        command.env("DBUS_SESSION_BUS_ADDRESS", &session.address);
        command.env("GSETTINGS_BACKEND", "memory").env_remove("DISPLAY");
        let launcher = Process::start(&mut command, "at-spi2-core", &artefacts.log("assistive"))?;
        let desk = zbus::connection::Builder::address(session.address.as_str())?
            .build()
            .await?;
        let address: String = until("the accessibility bus is there", || async {
            let reply = desk
                .call_method(
                    Some("org.a11y.Bus"),
                    "/org/a11y/bus",
                    Some("org.a11y.Bus"),
                    "GetAddress",
                    &(),
                )
                .await?;
            Ok(Some(reply.body().deserialize()?))
        })
        .await?;
        let bus = zbus::connection::Builder::address(address.as_str())?.build().await?;
        let heard = Arc::new(Mutex::new(Vec::new()));
        // Events are sent only while somebody has asked for them.
        for event in [
            "object:text-changed",
            "object:children-changed",
            "object:state-changed:focused",
        ] {
            bus.call_method(
                Some(REGISTRY),
                "/org/a11y/atspi/registry",
                Some(REGISTRY),
                "RegisterEvent",
                &(event,),
            )
            .await
            .context("the registry takes no listeners")?;
        }
        let rule = MatchRule::builder()
            .msg_type(message::Type::Signal)
            .interface("org.a11y.atspi.Event.Object")?
            .build();
        let mut words = MessageStream::for_match_rule(rule, &bus, Some(4096)).await?;
        let ears = heard.clone();
        tokio::spawn(async move {
            while let Some(Ok(word)) = words.next().await {
                if let Some(word) = read(&word) {
                    ears.lock().unwrap_or_else(PoisonError::into_inner).push(word);
                }
            }
        });
        Ok(Self {
            bus,
            heard,
            _launcher: launcher,
        })
    }

    /// What the windows have said since the last time.
    #[must_use]
    pub fn heard(&self) -> Vec<Word> {
        std::mem::take(&mut self.heard.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// One thing, unless it is gone.
    ///
    /// # Errors
    /// When its window does not answer.
    pub async fn thing(&self, reference: &Reference) -> Result<Option<Thing>> {
        Ok(self.look(reference.clone(), String::new()).await?.map(|found| found.0))
    }

    /// The words of a thing and what is in it.
    ///
    /// # Errors
    /// When it is gone.
    pub async fn text(&self, (bus, path): &Reference) -> Result<String> {
        let reply = self
            .bus
            .call_method(
                Some(bus),
                path,
                Some("org.a11y.atspi.Text"),
                "GetText",
                &(0_i32, -1_i32),
            )
            .await?;
        Ok(reply.body().deserialize()?)
    }

    /// Everything in the page of an app's window, from the top down.
    ///
    /// # Errors
    /// When the app is not on the bus, or does not answer.
    pub async fn page(&self, side: Side) -> Result<Vec<Thing>> {
        let program = format!("prilavok-{}", side.word());
        let root: Reference = (OwnedBusName::try_from(REGISTRY)?, OwnedObjectPath::try_from(ROOT)?);
        let mut found = None;
        for app in self.children(&root).await? {
            if self.name(&app).await.is_ok_and(|name| name.contains(&program)) {
                found = Some(app);
            }
        }
        let app = found.with_context(|| format!("{program} is not on the accessibility bus"))?;
        let things = self.below(app).await?;
        let page = things.iter().position(|thing| thing.role == "document");
        let page = page.with_context(|| format!("{program} has no page on the accessibility bus"))?;
        let way = format!("{} / ", things[page].way);
        let is_inside = |thing: &Thing| thing.way.starts_with(&way);
        let mut inside: Vec<Thing> = things.into_iter().skip(page).filter(is_inside).collect();
        for thing in &mut inside {
            thing.way.drain(..way.len());
        }
        Ok(inside)
    }

    /// Level by level: answers take a while each, so many are asked for at once.
    async fn below(&self, top: Reference) -> Result<Vec<Thing>> {
        let mut things = Vec::new();
        let mut level = vec![(top, String::new())];
        while !level.is_empty() {
            let asked = level.into_iter().map(|(reference, way)| self.look(reference, way));
            let answers: Vec<_> = futures::stream::iter(asked).buffered(AT_ONCE).collect().await;
            level = Vec::new();
            for answer in answers {
                // What went while it was asked about is not there any more.
                let Some((thing, children)) = answer? else { continue };
                let way = format!("{} / {} «{}»", thing.way, thing.role, thing.name);
                level.extend(children.into_iter().map(|child| (child, way.clone())));
                things.push(thing);
            }
            ensure!(things.len() < 20_000, "the tree does not end");
        }
        Ok(things)
    }

    async fn look(&self, reference: Reference, way: String) -> Result<Option<(Thing, Vec<Reference>)>> {
        let asked = async {
            let (name, kind, state, attributes, children) = tokio::try_join!(
                self.name(&reference),
                self.ask::<u32>(&reference, "GetRole"),
                self.ask::<Vec<u32>>(&reference, "GetState"),
                self.ask::<HashMap<String, String>>(&reference, "GetAttributes"),
                self.children(&reference),
            )?;
            let state = state.iter().rev().fold(0, |all, part| (all << 32) | u64::from(*part));
            let role = if kind == PAGE {
                "document"
            } else {
                attributes.get("computed-role").map_or("", String::as_str)
            };
            let thing = Thing {
                role: role.to_owned(),
                name,
                attributes,
                way,
                state,
            };
            anyhow::Ok((thing, children))
        };
        match asked.await {
            Ok(answer) => Ok(Some(answer)),
            Err(error) if is_gone(&error) => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn name(&self, reference: &Reference) -> Result<String> {
        Ok(self.property(reference, "Name").await?.try_into()?)
    }

    async fn property(&self, (bus, path): &Reference, name: &str) -> Result<OwnedValue> {
        let properties = "org.freedesktop.DBus.Properties";
        let reply = self
            .bus
            .call_method(Some(bus), path, Some(properties), "Get", &(ACCESSIBLE, name))
            .await?;
        Ok(reply.body().deserialize()?)
    }

    async fn children(&self, reference: &Reference) -> Result<Vec<Reference>> {
        let children: Vec<Reference> = self.ask(reference, "GetChildren").await?;
        if !children.is_empty() {
            return Ok(children);
        }
        // The frame around a page of another process counts it, and names it only when asked for it by number.
        let (bus, path) = reference;
        let count: i32 = self.property(reference, "ChildCount").await?.try_into()?;
        let mut children = Vec::new();
        for number in 0..count {
            let reply = self
                .bus
                .call_method(Some(bus), path, Some(ACCESSIBLE), "GetChildAtIndex", &(number,))
                .await?;
            children.push(reply.body().deserialize()?);
        }
        Ok(children)
    }

    async fn ask<T>(&self, (bus, path): &Reference, question: &str) -> Result<T>
    where
        T: for<'a> serde::Deserialize<'a> + zbus::zvariant::Type,
    {
        let reply = self
            .bus
            .call_method(Some(bus), path, Some(ACCESSIBLE), question, &())
            .await?;
        Ok(reply.body().deserialize()?)
    }
}

/// A page may change while it is read.
fn is_gone(error: &anyhow::Error) -> bool {
    let Some(zbus::Error::MethodError(name, ..)) = error.downcast_ref() else {
        return false;
    };
    matches!(
        name.as_str(),
        "org.freedesktop.DBus.Error.UnknownObject" | "org.freedesktop.DBus.Error.UnknownMethod"
    )
}
