//! Notices where the system keeps a centre of its own for them (Windows, macOS): what is the same for both.
//!
//! A notice stands under its account and its thread, so a newer one takes the older one's place, and the centre itself knows after a
//! restart which ones stand. Whatever only one system has lies in `windows` and `macos`; this part knows neither, and its
//! tests run everywhere.

use std::collections::HashMap;
use std::fmt::Display;

use prilavok_client::SeatId;
use prilavok_protocol::ids::{Seq, ThreadId};
use tokio::sync::mpsc;

use super::order::{Deed, Described, Order, Show, Topic};

/// The notice that tries the centre stands under this.
pub(super) const TRIAL: &str = "trial";
/// The notice about the app itself stands under this.
pub(super) const ABOUT: &str = "about";
/// The action that sends what was written in the notice's own field.
pub(super) const REPLY: &str = "reply";
/// The action for having read it.
pub(super) const READ: &str = "read";

/// What the system's centre does. Nothing here may wait for the person.
pub(super) trait Centre: Send + Sync {
    /// Why a notice could not be shown.
    type Error: Display;

    /// Shows a notice under this tag, in place of an older one. `heard` was given to it when it was made.
    fn show(&self, tag: &str, show: &Show) -> impl Future<Output = Result<(), Self::Error>> + Send;
    /// Takes it away, if it stands.
    fn close(&self, tag: &str) -> impl Future<Output = ()> + Send;
    /// The tags of all that stand, those of an earlier run included.
    fn standing(&self) -> impl Future<Output = Vec<String>> + Send;
    /// What is known of it.
    fn describe(&self) -> impl Future<Output = Described> + Send;
}

/// What the person did with the notice under a tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Heard {
    pub(super) tag: String,
    pub(super) act: Act,
}

/// What can be done with a notice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Act {
    Clicked,
    Replied(String),
    Read,
    /// Put away without a word.
    Gone,
}

impl Act {
    /// What the name of an action means, with what stands in the notice's field. Anything unknown is a click.
    pub(super) fn of(action: &str, text: Option<String>) -> Self {
        match (action, text) {
            (READ, _) => Self::Read,
            (REPLY, Some(text)) if !text.trim().is_empty() => Self::Replied(text),
            _ => Self::Clicked,
        }
    }
}

/// Serves orders until the app ends.
pub(super) async fn serve(
    centre: &impl Centre,
    mut heard: mpsc::Receiver<Heard>,
    mut orders: mpsc::Receiver<Order>,
    done: impl Fn(Deed),
) {
    // The newest message that each notice tells of.
    let mut told = HashMap::new();
    loop {
        // What the person did is known before the next order is obeyed, so that a closed notice is never replaced.
        tokio::select! {
            biased;
            Some(heard) = heard.recv() => {
                if let Some((deed, closes)) = deed(&heard, &told) {
                    done(deed);
                    if closes {
                        centre.close(&heard.tag).await;
                    }
                }
            }
            order = orders.recv() => match order {
                Some(order) => obey(centre, order, &mut told, &done).await,
                None => return,
            },
        }
    }
}

/// What is to be done, and whether the notice goes with it.
fn deed(heard: &Heard, told: &HashMap<Topic, Seq>) -> Option<(Deed, bool)> {
    match heard.tag.as_str() {
        TRIAL => return (heard.act != Act::Gone).then_some((Deed::Tried, false)),
        ABOUT => return (heard.act != Act::Gone).then_some((Deed::Return, true)),
        _ => {}
    }
    let topic = topic(&heard.tag)?;
    match &heard.act {
        Act::Clicked => Some((Deed::Open { topic }, true)),
        Act::Replied(text) => {
            let text = text.clone();
            Some((Deed::Reply { topic, text }, true))
        }
        // One of an earlier run says nothing of how far it told: the person looks for themselves.
        Act::Read => match told.get(&topic) {
            Some(&up_to) => Some((Deed::Read { topic, up_to }, true)),
            None => Some((Deed::Open { topic }, true)),
        },
        Act::Gone => None,
    }
}

async fn obey(centre: &impl Centre, order: Order, told: &mut HashMap<Topic, Seq>, done: &impl Fn(Deed)) {
    match order {
        Order::Show(show) => match centre.show(&tag(show.topic), &show).await {
            Ok(()) => drop(told.insert(show.topic, show.up_to)),
            Err(error) => {
                tracing::warn!(%error, "A notice could not be shown.");
                done(Deed::Unheard);
            }
        },
        Order::Close { topic } => {
            told.remove(&topic);
            centre.close(&tag(topic)).await;
        }
        Order::Try { words, sounds, answer } => {
            let shown = centre.show(TRIAL, &Show::of_no_thread(words, sounds)).await;
            if let Err(error) = &shown {
                tracing::warn!(%error, "The notice to be looked at could not be shown.");
            }
            // Whoever asked may have given up.
            let _ = answer.send(shown.is_ok());
        }
        Order::Tell { words, answer } => {
            let shown = centre.show(ABOUT, &Show::of_no_thread(words, false)).await;
            let _ = answer.send(shown.is_ok());
        }
        Order::Leave { seat } => {
            told.retain(|topic, _| topic.seat != seat);
            for tag in centre.standing().await {
                if topic(&tag).is_some_and(|topic| topic.seat == seat) {
                    centre.close(&tag).await;
                }
            }
        }
        Order::Describe { answer } => drop(answer.send(centre.describe().await)),
        Order::Standing { answer } => {
            let topics = centre.standing().await.iter().filter_map(|tag| topic(tag)).collect();
            let _ = answer.send(topics);
        }
    }
}

fn tag(topic: Topic) -> String {
    format!("{}/{}", topic.seat.0, topic.thread_id.0)
}

fn topic(tag: &str) -> Option<Topic> {
    let (seat, thread_id) = tag.split_once('/')?;
    Some(Topic {
        seat: SeatId(seat.parse().ok()?),
        thread_id: ThreadId(thread_id.parse().ok()?),
    })
}

#[cfg(test)]
mod tests;
