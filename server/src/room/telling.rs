//! What a page is told: the entries of its thread, and what is so right now.

use std::sync::Arc;

use prilavok_protocol::event::{Event, Signal};
use prilavok_protocol::ids::Party;
use prilavok_protocol::room::ChatKind;

use super::{Room, frames};
use crate::app::SharedApp;
use crate::hub::packet::Packet;
use crate::hub::queue::Queue;
use crate::session::ending::Ending;
use crate::session::follow::{Follow, Teller};

impl Teller for Room<'_> {
    fn app(&self) -> SharedApp {
        Arc::clone(self.app)
    }

    fn follow(&mut self) -> &mut Follow {
        &mut self.follow
    }

    fn queue(&self) -> &Queue {
        &self.seat.queue
    }

    /// Writes what happened in this thread and concerns this party.
    async fn write(&mut self, packet: &Packet) -> Result<(), Ending> {
        if packet.thread() != Some(self.member.thread_id()) {
            return Ok(());
        }
        match &**packet.event {
            Event::Message { message } if message.sender_type == self.member.role() => self.typing.stop(),
            Event::Read { user_type, .. } if *user_type == self.member.role() => return Ok(()),
            _ => {}
        }
        let Some(frame) = packet.room_frame() else {
            return Ok(());
        };
        Ok(self.wire.feed(frame.clone()).await?)
    }
}

impl Room<'_> {
    pub(super) async fn signal(&mut self, signal: &Signal) -> Result<(), Ending> {
        match *signal {
            Signal::Typing {
                thread_id,
                user_type,
                is_typing,
            } if thread_id == self.member.thread_id() && user_type != self.member.role() => {
                let mut frame = frames::of_other(&self.member, ChatKind::Typing, self.app.clock.now());
                frame.is_typing = Some(is_typing);
                self.say(&frame).await
            }
            Signal::Presence {
                user_type,
                user_id,
                is_online,
            } if (Party {
                role: user_type,
                id: user_id,
            }) == self.member.other() =>
            {
                self.other_is_here(is_online).await
            }
            _ => Ok(()),
        }
    }

    /// Tells each coming and going once.
    pub(super) async fn other_is_here(&mut self, is_here: bool) -> Result<(), Ending> {
        if self.is_other_here == is_here {
            return Ok(());
        }
        self.is_other_here = is_here;
        let kind = if is_here {
            ChatKind::UserJoined
        } else {
            ChatKind::UserLeft
        };
        let mut frame = frames::of_other(&self.member, kind, self.app.clock.now());
        (frame.user_id, frame.user_type) = (frame.sender_id, frame.sender_type);
        self.say(&frame).await
    }
}
