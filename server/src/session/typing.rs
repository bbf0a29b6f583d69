//! Who types on one socket, and until when. It ends by itself, on sending, and with the socket.

use std::sync::Arc;

use prilavok_protocol::ids::ThreadId;
use tokio::time::Instant;

use crate::app::SharedApp;
use crate::chat;
use crate::store::chat::Member;

/// The typing of one socket: a person types in one thread at a time.
pub struct Typing {
    app: SharedApp,
    now: Option<(Member, Instant)>,
}

impl Typing {
    /// Nobody types yet.
    #[must_use]
    pub fn new(app: &SharedApp) -> Self {
        Self {
            app: Arc::clone(app),
            now: None,
        }
    }

    /// The person types in this thread, or has stopped.
    pub fn say(&mut self, member: Member, is_typing: bool) {
        if self.thread() != Some(member.thread_id()) {
            self.stop();
        }
        let until = Instant::now() + self.app.config.sockets.typing;
        self.now = is_typing.then_some((member, until));
        chat::typing(&self.app, &member, is_typing);
    }

    /// When it ends by itself.
    #[must_use]
    pub fn until(&self) -> Option<Instant> {
        self.now.as_ref().map(|(_, until)| *until)
    }

    /// The message was sent, or the person has stopped.
    pub fn stop_in(&mut self, thread: ThreadId) {
        if self.thread() == Some(thread) {
            self.stop();
        }
    }

    /// Wherever it was.
    pub fn stop(&mut self) {
        if let Some((member, _)) = self.now.take() {
            chat::typing(&self.app, &member, false);
        }
    }

    fn thread(&self) -> Option<ThreadId> {
        self.now.as_ref().map(|(member, _)| member.thread_id())
    }
}

impl Drop for Typing {
    fn drop(&mut self) {
        self.stop();
    }
}
