//! The one timestamp: ISO-8601 in UTC with `Z`, milliseconds. For display only; it orders nothing.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Milliseconds since 1970 in UTC; a string such as `2026-11-22T14:32:05.120Z` on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS), ts(type = "string"))]
pub struct Time(i64);

/// The text is not an ISO-8601 time.
#[derive(Debug, thiserror::Error)]
#[error("not an ISO-8601 time")]
pub struct BadTime;

impl Time {
    /// From milliseconds since 1970; what no calendar can show becomes 1970.
    #[must_use]
    pub fn from_millis(millis: i64) -> Self {
        Self(if jiff::Timestamp::from_millisecond(millis).is_ok() {
            millis
        } else {
            0
        })
    }

    /// Milliseconds since 1970.
    #[must_use]
    pub fn millis(self) -> i64 {
        self.0
    }

    /// What this machine's clock says.
    #[must_use]
    pub fn now() -> Self {
        Self(jiff::Timestamp::now().as_millisecond())
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let time = jiff::Timestamp::from_millisecond(self.0).unwrap_or_default();
        write!(f, "{time:.3}")
    }
}

impl FromStr for Time {
    type Err = BadTime;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let time: jiff::Timestamp = text.parse().map_err(|_| BadTime)?;
        Ok(Self(time.as_millisecond()))
    }
}

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Time {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Time".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({"type": "string", "format": "date-time"})
    }
}

#[cfg(test)]
mod tests {
    use super::Time;

    #[test]
    fn a_time_is_written_in_utc_with_milliseconds_and_read_back() {
        let time = Time::from_millis(1_763_821_925_120);
        assert_eq!(time.to_string(), "2025-11-22T14:32:05.120Z");
        assert_eq!(time.to_string().parse::<Time>().ok(), Some(time));
        assert_eq!(Time::from_millis(0).to_string(), "1970-01-01T00:00:00.000Z");
    }
}
