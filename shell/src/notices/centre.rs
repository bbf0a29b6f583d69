//! Notices where the system keeps a centre of its own for them (Windows, macOS): what is the same for both.
//!
//! A notice stands under its thread's id, so a newer one takes the older one's place, and the centre itself knows after a
//! restart which ones stand. Whatever only one system has lies in `windows` and `macos`; this part knows neither, and its
//! tests run everywhere.

use std::collections::HashMap;
use std::fmt::Display;

use prilavok_protocol::ids::{Seq, ThreadId};
use tokio::sync::mpsc;

use super::order::{Deed, Described, Order, Show};

/// The notice that tries the centre stands under this.
pub(super) const TRIAL: &str = "trial";
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
fn deed(heard: &Heard, told: &HashMap<ThreadId, Seq>) -> Option<(Deed, bool)> {
    if heard.tag == TRIAL {
        return (heard.act != Act::Gone).then_some((Deed::Tried, false));
    }
    let thread_id = thread(&heard.tag)?;
    match &heard.act {
        Act::Clicked => Some((Deed::Open { thread_id }, true)),
        Act::Replied(text) => {
            let text = text.clone();
            Some((Deed::Reply { thread_id, text }, true))
        }
        // One of an earlier run says nothing of how far it told: the person looks for themselves.
        Act::Read => match told.get(&thread_id) {
            Some(&up_to) => Some((Deed::Read { thread_id, up_to }, true)),
            None => Some((Deed::Open { thread_id }, true)),
        },
        Act::Gone => None,
    }
}

async fn obey(centre: &impl Centre, order: Order, told: &mut HashMap<ThreadId, Seq>, done: &impl Fn(Deed)) {
    match order {
        Order::Show(show) => match centre.show(&tag(show.thread_id), &show).await {
            Ok(()) => drop(told.insert(show.thread_id, show.up_to)),
            Err(error) => {
                tracing::warn!(%error, "A notice could not be shown.");
                done(Deed::Unheard);
            }
        },
        Order::Close { thread_id } => {
            told.remove(&thread_id);
            centre.close(&tag(thread_id)).await;
        }
        Order::Try { words, sounds, answer } => {
            let show = Show {
                thread_id: ThreadId::mint(),
                up_to: Seq(0),
                words,
                sounds,
                is_of_thread: false,
            };
            let shown = centre.show(TRIAL, &show).await;
            if let Err(error) = &shown {
                tracing::warn!(%error, "The notice to be looked at could not be shown.");
            }
            // Whoever asked may have given up.
            let _ = answer.send(shown.is_ok());
        }
        Order::Describe { answer } => drop(answer.send(centre.describe().await)),
        Order::Standing { answer } => {
            let threads = centre.standing().await.iter().filter_map(|tag| thread(tag)).collect();
            let _ = answer.send(threads);
        }
    }
}

fn tag(thread_id: ThreadId) -> String {
    thread_id.0.to_string()
}

fn thread(tag: &str) -> Option<ThreadId> {
    tag.parse().ok().map(ThreadId)
}

#[cfg(test)]
mod tests;
