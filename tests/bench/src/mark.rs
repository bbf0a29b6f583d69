//! What a measured message carries in its text: whose it is, which one, and when it was sent.
//!
//! `@@<pair>.<number>.<microseconds>.` and filling up to a hundred bytes. It is found in a frame by its two signs, so that
//! the generator need not parse what it hears.

use std::time::Instant;

/// A message has so many bytes.
pub const BYTES: usize = 100;

const SIGN: &[u8] = b"@@";

/// What a text says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    /// The pair that talks.
    pub pair: u32,
    /// Which message of the pair, from one.
    pub number: u64,
    /// When it was sent, or should have been: microseconds since the start of the run.
    pub sent: u64,
}

impl Mark {
    /// The text of a message.
    #[must_use]
    pub fn text(self) -> String {
        let mut text = format!("@@{:08}.{:012}.{:016}.", self.pair, self.number, self.sent);
        text.extend(std::iter::repeat_n('x', BYTES - text.len()));
        text
    }

    /// Finds the first mark in a frame.
    #[must_use]
    pub fn find(frame: &[u8]) -> Option<Self> {
        let at = memchr::memmem::find(frame, SIGN)? + SIGN.len();
        let field = |from: usize, length: usize| number(frame.get(at + from..at + from + length)?);
        Some(Self {
            pair: u32::try_from(field(0, 8)?).ok()?,
            number: field(9, 12)?,
            sent: field(22, 16)?,
        })
    }
}

/// The first number after these words.
#[must_use]
pub fn number_after(frame: &[u8], words: &[u8]) -> Option<u64> {
    let at = memchr::memmem::find(frame, words)? + words.len();
    let digits = frame[at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    number(&frame[at..at + digits])
}

fn number(digits: &[u8]) -> Option<u64> {
    std::str::from_utf8(digits).ok()?.parse().ok()
}

/// Microseconds since `start`.
#[must_use]
pub fn micros(start: Instant) -> u64 {
    u64::try_from(start.elapsed().as_micros()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_found_again_wherever_it_stands() {
        let mark = Mark {
            pair: 17,
            number: 123_456,
            sent: 987_654_321,
        };
        let text = mark.text();
        assert_eq!(text.len(), BYTES);
        let frame = format!(r#"{{"type":"event","pos":5,"event":{{"message":"{text}"}}}}"#);
        assert_eq!(Mark::find(frame.as_bytes()), Some(mark));
        assert_eq!(Mark::find(b"@@123"), None, "cut off");
        assert_eq!(Mark::find(b"nothing"), None);
    }

    #[test]
    fn a_number_follows_its_words() {
        assert_eq!(
            number_after(br#"{"type":"reply","id":77,"x":1}"#, br#""id":"#),
            Some(77)
        );
        assert_eq!(number_after(b"{}", b"id"), None);
    }
}
