//! The session bus: the daemon is on it, and everybody may speak.

use zbus::connection::Builder;
use zbus::fdo::{DBusProxy, NameOwnerChangedStream};
use zbus::{Connection, MatchRule, MessageStream};

use super::daemon::{NAME, PATH};

/// More signals than this never wait: each is handled in microseconds.
const SIGNALS: usize = 256;

/// The session bus, and what is heard on it.
pub(super) struct Line {
    pub(super) bus: Connection,
    pub(super) signals: MessageStream,
    pub(super) owners: NameOwnerChangedStream,
}

impl Line {
    pub(super) async fn open(bus: impl Fn() -> zbus::Result<Builder<'static>>) -> zbus::Result<Self> {
        let bus = bus()?.build().await?;
        // One stream for all signals: a click is followed by the closing of its notice, in that order.
        let rule = MatchRule::builder()
            .msg_type(zbus::message::Type::Signal)
            .interface(NAME)?
            .path(PATH)?
            .build();
        let signals = MessageStream::for_match_rule(rule, &bus, Some(SIGNALS)).await?;
        let owners = DBusProxy::new(&bus)
            .await?
            .receive_name_owner_changed_with_args(&[(0, NAME)])
            .await?;
        Ok(Self { bus, signals, owners })
    }
}
