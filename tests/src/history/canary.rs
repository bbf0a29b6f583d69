//! A word that stands in every text of one thread and nowhere else, so that a leak is known by a search for it.

use std::fmt;

use serde::{Deserialize, Serialize};

/// In front of the number. Plain ASCII, so that JSON, logs and markup leave it as it is.
const MARK: &str = "canary-";
/// Hexadecimal digits after it.
const DIGITS: usize = 16;

/// The canary of one thread. Its text is [`fmt::Display`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Canary(pub u64);

impl Canary {
    /// One that nobody else has.
    #[must_use]
    pub fn mint() -> Self {
        // The random half of a version 4 UUID; its version and variant stand in the other bits.
        let random = uuid::Uuid::new_v4().as_u128();
        Self((random >> 64) as u64 ^ (random as u64).rotate_left(32))
    }

    /// Every canary in a text.
    pub fn all_in(text: &str) -> impl Iterator<Item = Self> {
        text.match_indices(MARK).filter_map(|(start, mark)| {
            let digits = text.get(start + mark.len()..start + mark.len() + DIGITS)?;
            u64::from_str_radix(digits, 16).ok().map(Self)
        })
    }
}

impl fmt::Display for Canary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{MARK}{:016x}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::Canary;

    #[test]
    fn a_canary_is_found_wherever_it_sits() {
        let (one, two) = (Canary::mint(), Canary(7));
        let text = format!("{{\"message\":\"привет {one}, {two}canary-xyz canary-1\"}}");
        assert_eq!(Canary::all_in(&text).collect::<Vec<_>>(), [one, two]);
    }
}
