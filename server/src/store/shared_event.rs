//! An event that several parties are told of, and its JSON.

use std::ops::Deref;
use std::sync::OnceLock;

use prilavok_protocol::event::Event;

/// Bytes of a message of a line or two.
const USUAL: usize = 640;

/// Shared by all who hear of it. It is serialised once, by whoever needs it first: the frames of both parties, and the answer
/// to the device that caused it, only differ in what stands around it.
#[derive(Debug)]
pub struct SharedEvent {
    event: Event,
    json: OnceLock<Box<str>>,
}

impl SharedEvent {
    /// As it crosses the wire.
    ///
    /// # Panics
    /// Never: events have string keys and no failing parts.
    #[must_use]
    pub fn json(&self) -> &str {
        self.json.get_or_init(|| {
            let mut json = Vec::with_capacity(USUAL);
            serde_json::to_writer(&mut json, &self.event).expect("events have string keys and no failing parts");
            String::from_utf8(json).expect("JSON is UTF-8").into()
        })
    }
}

impl From<Event> for SharedEvent {
    fn from(event: Event) -> Self {
        Self {
            event,
            json: OnceLock::new(),
        }
    }
}

impl Deref for SharedEvent {
    type Target = Event;
    fn deref(&self) -> &Event {
        &self.event
    }
}
