//! What stands in the field of a thread, on this device and on the account's others. Pure: (state, news) → state.
//!
//! Nothing that a person wrote is overwritten by what another device wrote apart from it: then both are kept, and the
//! other text waits beside the field until the person says what becomes of it. Meanwhile this device sends nothing, so
//! that the server keeps the other one.

use prilavok_protocol::draft::Draft;
use prilavok_protocol::ids::{DeviceId, DraftVersion};
use serde::{Deserialize, Serialize};

/// A text that was written elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Other {
    /// The version on the server; 0: it is nowhere but here.
    pub version: DraftVersion,
    /// Never empty.
    pub text: String,
}

/// The draft of one thread on this device.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Local {
    /// What stands in the field; empty: nothing.
    pub text: String,
    /// Where the caret stands, in UTF-16 units, as a page counts.
    pub caret: u32,
    /// The newest version that this device has heard of.
    pub base: DraftVersion,
    /// How often the text was changed by anything but the person's typing. A field that knows a smaller number shows an
    /// older text.
    pub filled: u64,
    /// The text is not what the server keeps, as far as this device knows.
    pub is_dirty: bool,
    /// Written elsewhere, and not looked at yet.
    pub other: Option<Other>,
}

/// What becomes of a text that was written elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum DraftChoice {
    /// It replaces what stands in the field.
    Take,
    /// It follows what stands in the field.
    Append,
    /// It goes.
    Drop,
}

/// The person's field says this. `filled` is the [`Local::filled`] that the field knows: what has been put under its
/// hands meanwhile is another text, and is kept as such.
#[must_use]
pub fn typed(local: &Local, text: &str, caret: u32, filled: u64) -> Local {
    let text = if is_blank(text) { "" } else { text };
    let mut next = local.clone();
    next.caret = caret;
    if filled < local.filled && !is_blank(&local.text) && local.text != text {
        let is_on_server = !local.is_dirty && local.other.is_none();
        next.other = Some(Other {
            version: if is_on_server { local.base } else { DraftVersion(0) },
            text: match &local.other {
                Some(other) => joined(&local.text, &other.text),
                None => local.text.clone(),
            },
        });
        next.filled = filled;
    }
    next.is_dirty |= local.text != text;
    text.clone_into(&mut next.text);
    next
}

/// The text was sent, or taken over into something else. Another text in the field stays.
#[must_use]
pub fn sent(local: &Local, text: &str) -> Local {
    let mut next = local.clone();
    if local.text.trim() == text.trim() && !local.text.is_empty() {
        next.text.clear();
        next.caret = 0;
        next.is_dirty = true;
    }
    next
}

/// A message that could not be sent goes back into the field, below what stands there.
#[must_use]
pub fn taken_back(local: &Local, text: &str) -> Local {
    let text = joined(&local.text, text);
    Local {
        caret: end_of(&text),
        filled: local.filled + 1,
        is_dirty: true,
        text,
        ..local.clone()
    }
}

/// The server keeps this. `is_looked_at`: the person has the field in front of them, and nothing changes under their
/// hands.
#[must_use]
pub fn heard(local: &Local, me: DeviceId, remote: &Draft, is_looked_at: bool) -> Local {
    if remote.version <= local.base {
        return local.clone();
    }
    let mut next = local.clone();
    next.base = remote.version;
    if remote.device == me && local.is_dirty {
        // This device's own words, whose answer was lost; the person has gone on since.
        next.is_dirty = local.text != remote.message;
        return next;
    }
    // What is nowhere but here stays, whatever the server keeps.
    let only_here = local.other.as_ref().filter(|other| other.version == DraftVersion(0));
    if local.text == remote.message {
        next.is_dirty = false;
        next.other = only_here.cloned();
    } else if is_blank(&remote.message) {
        // Sent or removed elsewhere: so is what was written from it; what was written apart stays.
        next.other = only_here.cloned();
        if !local.is_dirty {
            fill(&mut next, remote);
        }
    } else if let Some(other) = only_here {
        next.other = Some(Other {
            version: DraftVersion(0),
            text: joined(&other.text, &remote.message),
        });
    } else if local.other.is_none() && (local.text.is_empty() || (!local.is_dirty && !is_looked_at)) {
        fill(&mut next, remote);
    } else {
        next.other = Some(Other {
            version: remote.version,
            text: remote.message.clone(),
        });
    }
    next
}

/// The server's answer to what this device has set.
#[must_use]
pub fn answered(local: &Local, me: DeviceId, set: &str, answer: (&Draft, bool)) -> Local {
    let (draft, is_kept) = answer;
    if draft.version < local.base {
        // It has forgotten that there was one: the next try starts from nothing.
        return Local {
            base: draft.version,
            ..local.clone()
        };
    }
    if !is_kept {
        return heard(local, me, draft, true);
    }
    Local {
        base: draft.version,
        is_dirty: local.text != set,
        ..local.clone()
    }
}

/// The person has decided about the other text.
#[must_use]
pub fn chosen(local: &Local, choice: DraftChoice) -> Local {
    let Some(other) = &local.other else {
        return local.clone();
    };
    let text = match choice {
        DraftChoice::Take => other.text.clone(),
        DraftChoice::Append => joined(&local.text, &other.text),
        DraftChoice::Drop => local.text.clone(),
    };
    Local {
        caret: end_of(&text),
        is_dirty: text != other.text || other.version == DraftVersion(0),
        filled: local.filled + 1,
        text,
        other: None,
        ..local.clone()
    }
}

/// The server has another history now: what it keeps has to be compared anew.
#[must_use]
pub fn started_over(local: &Local) -> Local {
    Local {
        base: DraftVersion(0),
        is_dirty: !local.text.is_empty(),
        other: local.other.as_ref().map(|other| Other {
            version: DraftVersion(0),
            text: other.text.clone(),
        }),
        ..local.clone()
    }
}

/// What was written in a thread that the server has lost goes on in the new one, together with what stands there.
#[must_use]
pub fn inherited(heir: &Local, old: &Local) -> Local {
    let mut texts: Vec<&str> = vec![&heir.text];
    texts.extend(heir.other.iter().map(|other| other.text.as_str()));
    texts.push(&old.text);
    texts.extend(old.other.iter().map(|other| other.text.as_str()));
    texts.retain(|text| !is_blank(text));
    texts.dedup();
    let (text, rest) = texts.split_first().map_or(("", &[][..]), |(first, rest)| (first, rest));
    Local {
        text: text.to_owned(),
        caret: end_of(text),
        base: heir.base,
        filled: heir.filled + 1,
        is_dirty: heir.is_dirty || heir.text != text,
        other: (!rest.is_empty()).then(|| Other {
            version: DraftVersion(0),
            text: rest.join("\n"),
        }),
    }
}

/// What is to be set on the server, if anything. Longer texts than a message stay on this device.
#[must_use]
pub fn wanted(local: &Local, text_chars: u32) -> Option<&str> {
    let fits = local.text.chars().count() <= text_chars as usize;
    (local.is_dirty && local.other.is_none() && fits).then_some(local.text.as_str())
}

fn fill(next: &mut Local, remote: &Draft) {
    next.text.clone_from(&remote.message);
    next.caret = end_of(&next.text);
    next.filled += 1;
    next.is_dirty = false;
}

fn joined(first: &str, second: &str) -> String {
    if is_blank(first) {
        return second.to_owned();
    }
    format!("{}\n{second}", first.trim_end_matches('\n'))
}

fn end_of(text: &str) -> u32 {
    u32::try_from(text.encode_utf16().count()).unwrap_or(u32::MAX)
}

fn is_blank(text: &str) -> bool {
    text.trim().is_empty()
}

#[cfg(test)]
mod model;
