//! A look at the server, for a person who wonders whether all is well: is it there, may it be trusted, what time is it there?

use std::time::Instant;

use prilavok_protocol::rest::ServerInfo;
use prilavok_protocol::time::Time;

use super::Client;
use crate::address;
use crate::error::Error;

/// What the look brought.
#[derive(Debug, Clone, PartialEq)]
pub struct Inspection {
    /// The address.
    pub address: String,
    /// What is said on the way there can be read by nobody else.
    pub is_encrypted: bool,
    /// The server is this machine.
    pub is_local: bool,
    /// What the server said of itself, and how far its clock is ahead of this one, in milliseconds.
    pub found: Result<(ServerInfo, i64), Error>,
}

impl Client {
    /// Asks the server who it is. `None`: no address was accepted yet.
    pub async fn inspect(&self) -> Option<Inspection> {
        let api = self.inner.shared.server()?;
        let base = api.base().clone();
        let (asked, asked_at) = (Instant::now(), Time::now());
        let found = api.server().await.map(|info| {
            // Its clock was read about half way between question and answer.
            let half = i64::try_from(asked.elapsed().as_millis() / 2).unwrap_or_default();
            let off = info.time.millis().saturating_sub(asked_at.millis() + half);
            (info, off)
        });
        Some(Inspection {
            address: address::shown(&base),
            is_encrypted: base.scheme() == "https",
            is_local: address::is_loopback(&base),
            found,
        })
    }
}
