//! What is on the accessibility bus: things, and words about them.

use std::collections::HashMap;

use zbus::names::{BusName, OwnedBusName};
use zbus::zvariant::{OwnedObjectPath, Structure, Value};

/// Bits of the state, from `AtspiStateType`.
const FOCUSABLE: u64 = 1 << 11;
const FOCUSED: u64 = 1 << 12;

/// A thing on the bus: who has it, and by which path.
pub type Reference = (OwnedBusName, OwnedObjectPath);

/// One thing in a window, as a screen reader knows it.
#[derive(Debug, Clone)]
pub struct Thing {
    /// What it is, in ARIA's words: `button`, `log`; empty for what has none.
    pub role: String,
    /// What it is called.
    pub name: String,
    /// What the page says about it besides, as `live` or `tag`.
    pub attributes: HashMap<String, String>,
    /// The names of what it stands in, from the page down.
    pub way: String,
    pub(super) state: u64,
}

impl Thing {
    /// Whether the keyboard can go there.
    #[must_use]
    pub fn is_focusable(&self) -> bool {
        self.state & FOCUSABLE != 0
    }

    /// Whether the keyboard is there.
    #[must_use]
    pub fn is_focused(&self) -> bool {
        self.state & FOCUSED != 0
    }
}

/// A word that a window sent without being asked.
#[derive(Debug, Clone)]
pub struct Word {
    /// What happened, as `TextChanged` or `ChildrenChanged`.
    pub event: String,
    /// More of it, as `insert`, `add` or the state's name.
    pub detail: String,
    /// What text it carries, if any.
    pub text: String,
    /// Which thing it concerns.
    pub from: Reference,
    /// What came or went, for changes of what is inside.
    pub child: Option<Reference>,
}

/// What a signal says, where it is of the usual form.
pub(super) fn read(message: &zbus::Message) -> Option<Word> {
    let header = message.header();
    let event = header.member()?.to_string();
    let from = (
        BusName::from(header.sender()?.to_owned()).into(),
        header.path()?.to_owned().into(),
    );
    let body = message.body();
    // Toolkits differ in what follows: `siiv` and then properties, or whose event it is.
    let fields: Structure<'_> = body.deserialize().ok()?;
    let [Value::Str(detail), _, _, Value::Value(value), ..] = fields.fields() else {
        return None;
    };
    let (mut text, mut child) = (String::new(), None);
    match &**value {
        Value::Str(words) => text = words.to_string(),
        Value::Structure(pair) => child = reference(pair),
        _ => {}
    }
    let detail = detail.to_string();
    Some(Word {
        event,
        detail,
        text,
        from,
        child,
    })
}

fn reference(pair: &Structure<'_>) -> Option<Reference> {
    let [Value::Str(bus), Value::ObjectPath(path)] = pair.fields() else {
        return None;
    };
    Some((OwnedBusName::try_from(bus.as_str()).ok()?, path.to_owned().into()))
}
