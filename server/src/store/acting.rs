//! Who writes, and the session that must still be open at the moment of the write.

use prilavok_protocol::ids::SessionId;

/// Somebody who writes: the server by its own hand, or a person in a session.
///
/// A store asks inside of the writing transaction whether the session is open, and answers `SessionEnded` when it is not:
/// what is committed after a session's end does not come from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Acting<T> {
    who: T,
    session: Option<SessionId>,
}

impl<T: Copy> Acting<T> {
    /// In a session.
    #[must_use]
    pub fn within(self, session: SessionId) -> Self {
        Self {
            session: Some(session),
            ..self
        }
    }

    /// Who.
    #[must_use]
    pub fn who(&self) -> T {
        self.who
    }

    /// The session that must still be open; `None` for the server itself.
    #[must_use]
    pub fn session(&self) -> Option<SessionId> {
        self.session
    }
}

impl<T> From<T> for Acting<T> {
    fn from(who: T) -> Self {
        Self { who, session: None }
    }
}
