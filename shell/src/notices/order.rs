//! What the daemon's task is asked, and what it answers.

use prilavok_client::SeatId;
use prilavok_protocol::ids::{Seq, ThreadId};
use serde::{Deserialize, Serialize};
use tokio::sync::oneshot;

use super::text::Words;

/// What a notice is about: a thread of one of the accounts here. Two of them may be in the same thread.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) struct Topic {
    /// Records of before there were several have none: theirs became the first.
    #[serde(default)]
    pub(crate) seat: SeatId,
    pub(crate) thread_id: ThreadId,
}

/// What the daemon's task is asked to do.
#[derive(Debug)]
pub(crate) enum Order {
    /// Show a notice, in place of the thread's older one.
    Show(Show),
    /// Take the thread's notice away.
    Close { topic: Topic },
    /// Take all notices of this account away: it has gone.
    Leave { seat: SeatId },
    /// Show a notice of no thread, for the person to look at.
    Try {
        words: Words,
        sounds: bool,
        answer: oneshot::Sender<bool>,
    },
    /// Show a notice of no thread, about the app itself; a click on it opens the window.
    Tell {
        words: Words,
        answer: oneshot::Sender<bool>,
    },
    /// Say what is known of the daemon.
    Describe { answer: oneshot::Sender<Described> },
    /// Whose notices of an earlier run stand.
    Standing { answer: oneshot::Sender<Vec<Topic>> },
}

/// One notice.
#[derive(Debug, Clone)]
pub(crate) struct Show {
    pub(crate) topic: Topic,
    /// The newest message that it tells of.
    pub(crate) up_to: Seq,
    pub(crate) words: Words,
    /// Whether it may be heard.
    pub(crate) sounds: bool,
    /// Whether it can be answered: not if it only tries the daemon.
    pub(crate) is_of_thread: bool,
}

impl Show {
    /// A notice that cannot be answered.
    pub(crate) fn of_no_thread(words: Words, sounds: bool) -> Self {
        let topic = Topic {
            seat: SeatId::default(),
            thread_id: ThreadId::mint(),
        };
        Self {
            topic,
            up_to: Seq(0),
            words,
            sounds,
            is_of_thread: false,
        }
    }
}

/// What the person did with a notice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Deed {
    /// Clicked it.
    Open { topic: Topic },
    /// Wants to answer, and the daemon has no field for it.
    Answer { topic: Topic },
    /// Answered in the daemon's own field.
    Reply { topic: Topic, text: String },
    /// Has read what it told.
    Read { topic: Topic, up_to: Seq },
    /// Clicked the notice that tried the daemon.
    Tried,
    /// Clicked the notice about the app.
    Return,
    /// A notice could not be shown: no daemon answers.
    Unheard,
}

/// What is known of the daemon. No daemon: all of it empty.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Described {
    pub(crate) is_there: bool,
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) capabilities: Vec<String>,
    /// The person asked the desktop to leave them alone.
    pub(crate) is_inhibited: bool,
}
