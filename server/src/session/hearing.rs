//! What a device says: its frames, its commands, and the answers to them.

use prilavok_protocol::command::{Command, Done};
use prilavok_protocol::error::{CloseCode, ErrorCode, Fault};
use prilavok_protocol::frame::{ClientFrame, ServerFrame};
use tokio::time::Instant;

use super::commands::{self, Who};
use super::ending::Ending;
use super::manners::Pace;
use super::sends::{Answer, Send};
use super::wire::Heard;
use super::{Session, TOGETHER, pulse};
use crate::error::Error;
use crate::hub::packet::reply_with_message;
use crate::store::chat::Appended;

impl Session<'_> {
    /// This frame and those that have come behind it, as long as there is room for what they ask.
    pub(super) async fn hear_all(&mut self, first: Heard) -> Result<(), Ending> {
        self.hear(first).await?;
        for _ in 1..TOGETHER {
            if !self.sends.has_room() {
                break;
            }
            let Some(heard) = self.wire.heard() else { break };
            self.hear(heard).await?;
        }
        Ok(())
    }

    async fn hear(&mut self, heard: Heard) -> Result<(), Ending> {
        let frame = match heard {
            Heard::Gone => return Err(Ending::Gone),
            Heard::Bad(code) => return Err(Ending::close(code, "bad frame")),
            Heard::Life => None,
            Heard::Text(frame) => Some(frame),
        };
        let now = Instant::now();
        self.pulse.hear(now);
        let pace = self.manners.pace(now);
        let Some(frame) = frame else {
            return if let Pace::Flood(wait) = pace {
                Err(Ending::flood(wait))
            } else {
                Ok(())
            };
        };
        match (pace, commands::read(&frame)) {
            (Pace::Flood(wait), _) => {
                self.say(&ServerFrame::Error {
                    error: Error::rate_limited(wait).fault(),
                })
                .await?;
                Err(Ending::flood(wait))
            }
            (Pace::TooFast(wait), frame) => {
                let id = frame.map_or_else(|bad| bad.id, |frame| commands::id(&frame));
                Box::pin(self.refuse(id, Error::rate_limited(wait).fault())).await
            }
            (Pace::Fine, Ok(frame)) => {
                self.manners.good();
                self.do_frame(frame).await
            }
            (Pace::Fine, Err(bad)) => Box::pin(self.bad(bad)).await,
        }
    }

    async fn do_frame(&mut self, frame: ClientFrame) -> Result<(), Ending> {
        match frame {
            ClientFrame::Command {
                id,
                command:
                    Command::Send {
                        thread_id,
                        message_id,
                        message,
                        product_id,
                    },
            } => {
                let send = Send {
                    thread_id,
                    message_id,
                    message,
                    product_id,
                };
                self.sends.begin(self.app, &self.signed, id, send).await;
                Ok(())
            }
            ClientFrame::Command { id, command } => {
                let who = Who {
                    signed: &self.signed,
                    device: self.device,
                };
                let outcome = Box::pin(commands::run(self.app, who, &mut self.typing, command)).await;
                self.answer(id, outcome).await
            }
            ClientFrame::Applied { pos } => {
                self.applied.note(pos.min(self.follow.pos()));
                Ok(())
            }
            ClientFrame::Ping => Box::pin(self.beat()).await,
            ClientFrame::Pong | ClientFrame::Unknown => Ok(()),
            ClientFrame::Hello { .. } => Box::pin(self.bad(commands::second_hello())).await,
        }
    }

    /// This answer and those that are there behind it.
    pub(super) async fn answer_sends(&mut self, first: Answer) -> Result<(), Ending> {
        let mut next = Some(first);
        while let Some(answer) = next {
            self.answer_send(answer).await?;
            next = self.sends.ready();
        }
        Ok(())
    }

    async fn answer_send(&mut self, (id, outcome): Answer) -> Result<(), Ending> {
        if let Ok(appended) = &outcome {
            self.typing.stop_in(appended.message.thread_id);
            if let Some(event) = &appended.event {
                return Ok(self.wire.feed(reply_with_message(id, event)).await?);
            }
        }
        let done = |appended: Appended| Done::Message {
            message: appended.message,
        };
        self.answer(id, outcome.map(done)).await
    }

    async fn answer(&mut self, id: u64, outcome: Result<Done, Error>) -> Result<(), Ending> {
        if matches!(&outcome, Err(error) if error.code() == ErrorCode::Unauthorized) {
            Box::pin(pulse::check_access(self.app, self.signed)).await?;
        }
        let (done, error) = match outcome {
            Ok(done) => (Some(done), None),
            Err(error) => (None, Some(commands::logged(&error))),
        };
        self.say(&ServerFrame::Reply { id, done, error }).await
    }

    async fn bad(&mut self, bad: commands::Bad) -> Result<(), Ending> {
        let is_enough = self.manners.bad();
        self.refuse(bad.id, bad.fault).await?;
        if is_enough {
            Err(Ending::close(CloseCode::SCHEMA, "three bad frames"))
        } else {
            Ok(())
        }
    }

    /// A command is answered by its id, anything else by an `error` frame.
    async fn refuse(&mut self, id: Option<u64>, error: Fault) -> Result<(), Ending> {
        match id {
            Some(id) => {
                self.say(&ServerFrame::Reply {
                    id,
                    done: None,
                    error: Some(error),
                })
                .await
            }
            None => self.say(&ServerFrame::Error { error }).await,
        }
    }
}
