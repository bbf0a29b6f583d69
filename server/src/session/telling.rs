//! What a device is told of its party's log, and who is there.

use std::sync::Arc;

use prilavok_protocol::event::{Event, Signal};
use prilavok_protocol::ids::Party;

use super::Session;
use super::ending::Ending;
use super::follow::{Follow, Teller};
use crate::app::SharedApp;
use crate::faults;
use crate::hub::packet::{Packet, Text, Whisper};
use crate::hub::queue::Queue;

impl Teller for Session<'_> {
    fn app(&self) -> SharedApp {
        Arc::clone(self.app)
    }

    fn follow(&mut self) -> &mut Follow {
        &mut self.follow
    }

    fn queue(&self) -> &Queue {
        &self.seat.queue
    }

    async fn write(&mut self, packet: &Packet) -> Result<(), Ending> {
        self.wire.feed(packet.session_frame().clone()).await?;
        if faults::planted("bug.told_twice") {
            self.wire.feed(packet.session_frame().clone()).await?;
        }
        match &**packet.event {
            Event::Message { message } if message.sender_type == self.signed.party.role => {
                self.typing.stop_in(message.thread_id);
                Ok(())
            }
            // The log knows no presence, and nobody told this device before that it shares a thread with them.
            Event::ThreadStarted { thread } => {
                let other = Party {
                    role: thread.counterpart.role,
                    id: thread.counterpart.id,
                };
                self.present(other).await
            }
            _ => Ok(()),
        }
    }
}

impl Session<'_> {
    async fn present(&mut self, other: Party) -> Result<(), Ending> {
        if !self.app.hub.is_online(other) {
            return Ok(());
        }
        Ok(self.wire.feed(presence(other)).await?)
    }
}

/// The frame that says that somebody is there.
pub(super) fn presence(party: Party) -> Text {
    let signal = Signal::Presence {
        user_type: party.role,
        user_id: party.id,
        is_online: true,
    };
    Whisper::new(signal).session_frame().clone()
}
