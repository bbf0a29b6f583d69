//! What a person can choose, and what the screen says it looks at.

use prilavok_protocol::ids::ThreadId;
use prilavok_protocol::time::Time;
use serde::{Deserialize, Serialize};

use crate::notice::quiet::{Moment, Mute, Quiet};

/// What a person can choose. Absent fields have their defaults, so that files of older versions can be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
#[serde(default)]
pub struct Settings {
    /// `ru` or `en`.
    pub language: String,
    /// Light, dark, or as the system has it.
    pub theme: Theme,
    /// Raise native notifications.
    pub notices: bool,
    /// Show the text of the message in them.
    pub notice_text: bool,
    /// Let them be heard.
    pub sounds: bool,
    /// Hours without them.
    pub quiet: Quiet,
    /// Threads without them.
    pub muted: Vec<Mute>,
    /// Enter sends and Shift+Enter breaks the line; otherwise Ctrl+Enter sends.
    pub enter_sends: bool,
    /// Closing the window leaves the app in the tray.
    pub close_to_tray: bool,
    /// How large everything is drawn, in percent: 50 to 200.
    pub zoom: u16,
    /// Keys of one letter do something outside of fields.
    pub letter_keys: bool,
    /// Misspelt words are underlined.
    pub spelling: bool,
}

/// The palette.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    /// As the system has it.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            language: "ru".into(),
            theme: Theme::System,
            notices: true,
            notice_text: true,
            sounds: true,
            quiet: Quiet::default(),
            muted: Vec::new(),
            enter_sends: true,
            close_to_tray: true,
            zoom: 100,
            letter_keys: true,
            spelling: true,
        }
    }
}

impl Settings {
    /// Whether a message in this thread is told outside the window at this moment.
    #[must_use]
    pub fn wants_notice(&self, thread: ThreadId, now: Moment) -> bool {
        self.notices && !self.quiet.covers(now) && !self.is_muted(thread, now.time)
    }

    /// Whether the thread is muted.
    #[must_use]
    pub fn is_muted(&self, thread: ThreadId, now: Time) -> bool {
        self.muted
            .iter()
            .any(|mute| mute.thread_id == thread && mute.holds(now))
    }
}

/// What is in front of the person's eyes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct Focus {
    /// The open thread.
    pub thread: Option<ThreadId>,
    /// The window has the keyboard; a thread in a window behind others is seen by nobody.
    pub is_focused: bool,
}

impl Focus {
    /// Whether the person looks at this thread right now.
    #[must_use]
    pub fn is_on(&self, thread: ThreadId) -> bool {
        self.is_focused && self.thread == Some(thread)
    }
}
