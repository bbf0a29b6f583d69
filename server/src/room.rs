//! The per-thread socket, `/ws/chat/{thread_id}`: what the marketplace's web pages speak.
//!
//! It is fed by the same log and the same hub as the session socket, so a `message` frame comes exactly once per message
//! and socket, through whichever door the message came. Repeating a POSTed message here is acknowledged, not fanned out.

mod address;
mod entrance;
mod frames;
mod telling;

use std::sync::Arc;

use axum::extract::{Path, Request, State};
use axum::response::{IntoResponse, Response};
use prilavok_protocol::error::{CloseCode, ErrorCode};
use prilavok_protocol::ids::MessageId;
use prilavok_protocol::room::{RoomCommand, RoomNotice};
use serde::Serialize;
use tokio::time::Instant;

use crate::accounts::{self, Signed};
use crate::app::SharedApp;
use crate::chat::presence::Seat;
use crate::chat::{self, Draft};
use crate::error::{Error, Language};
use crate::hub::packet::text;
use crate::hub::queue::Item;
use crate::session::at;
use crate::session::ending::Ending;
use crate::session::follow::{Follow, Teller};
use crate::session::handshake;
use crate::session::manners::{Manners, Pace};
use crate::session::pulse::{self, Due, Pulse};
use crate::session::typing::Typing;
use crate::session::wire::{Heard, Wire};
use crate::store::chat::Member;

/// `GET /ws/chat/{thread_id}?user_id={uuid}&user_type={buyer|seller}`.
pub async fn upgrade(State(app): State<SharedApp>, Path(thread): Path<String>, mut request: Request) -> Response {
    if let Err(error) = accounts::check_origin(&app, request.headers()) {
        return error.into_response();
    }
    let handshake = match handshake::read(&mut request) {
        Ok(handshake) => handshake,
        Err(error) => return error.into_response(),
    };
    // A place in the hub is taken before the answer: whoever hears that the socket is open misses nothing after it.
    let visitor = match entrance::enter(&app, &thread, (request.uri().clone(), request.headers().clone())).await {
        Ok(visitor) => visitor,
        Err(entrance::Refusal::Close(code, reason)) => return handshake.refuse(&app, code, reason),
        Err(entrance::Refusal::Answer(error)) => return error.into_response(),
    };
    let serving = Arc::clone(&app);
    handshake.accept(&app, move |wire| serve(serving, visitor, wire))
}

/// One socket from the upgrade to its close.
async fn serve(app: SharedApp, visitor: entrance::Visitor, mut wire: Wire) {
    let entrance::Visitor {
        signed,
        member,
        seat,
        follow,
    } = visitor;
    let ending = tokio::select! {
        biased;
        () = app.stopping.cancelled() => Ending::Stop,
        code = seat.queue.ended() => Ending::cut_off(code),
        ending = async {
            let mut room = Room {
                app: &app,
                signed,
                member,
                seat: &seat,
                wire: &mut wire,
                follow,
                manners: Manners::new(&app.config.sockets, Instant::now()),
                typing: Typing::new(&app),
                pulse: Pulse::new(&app.config.sockets, &app.clock, Instant::now()),
                is_other_here: false,
            };
            room.live().await
        } => ending,
    };
    drop(seat);
    ending.finish(wire).await;
}

/// One page on one thread.
struct Room<'a> {
    app: &'a SharedApp,
    signed: Signed,
    member: Member,
    seat: &'a Seat,
    wire: &'a mut Wire,
    follow: Follow,
    manners: Manners,
    typing: Typing,
    pulse: Pulse,
    /// What this page was told last about the other party.
    is_other_here: bool,
}

impl Room<'_> {
    async fn live(&mut self) -> Ending {
        let is_here = self.app.hub.is_online(self.member.other());
        if let Err(ending) = self.other_is_here(is_here).await {
            return ending;
        }
        loop {
            if let Err(ending) = self.turn().await {
                return ending;
            }
        }
    }

    /// Sends what there is, waits for one thing, and does it.
    async fn turn(&mut self) -> Result<(), Ending> {
        self.wire.flush().await?;
        tokio::select! {
            // What is new goes before what is asked, so an answer never overtakes what happened before it.
            biased;
            due = self.pulse.next() => self.do_due(due).await,
            item = self.seat.queue.next() => self.tell(item).await,
            heard = self.wire.hear() => self.hear(heard).await,
            () = at(self.typing.until()) => {
                self.typing.stop();
                Ok(())
            }
        }
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
        match (self.manners.pace(now), frame) {
            (Pace::Flood(wait), _) => {
                self.refuse(&Error::rate_limited(wait), None).await?;
                Err(Ending::flood(wait))
            }
            (_, None) => Ok(()),
            (Pace::TooFast(wait), Some(frame)) => {
                self.refuse(&Error::rate_limited(wait), frames::message_id(&frame))
                    .await
            }
            (Pace::Fine, Some(frame)) => match frames::read(&frame) {
                Ok(command) => {
                    self.manners.good();
                    self.run(command).await
                }
                Err(error) => {
                    let is_enough = self.manners.bad();
                    self.refuse(&error, frames::message_id(&frame)).await?;
                    if is_enough {
                        Err(Ending::close(CloseCode::SCHEMA, "three bad frames"))
                    } else {
                        Ok(())
                    }
                }
            },
        }
    }

    async fn run(&mut self, command: RoomCommand) -> Result<(), Ending> {
        match command {
            RoomCommand::Message {
                message,
                message_id,
                product_id,
            } => {
                self.send(Draft {
                    id: message_id,
                    text: message,
                    product_id,
                })
                .await
            }
            RoomCommand::Typing { is_typing } => self.type_or_stop(is_typing.unwrap_or(true)).await,
            RoomCommand::Ping => self.say(&RoomNotice::Pong).await,
            RoomCommand::Pong | RoomCommand::Unknown => Ok(()),
        }
    }

    async fn send(&mut self, draft: Draft) -> Result<(), Ending> {
        let message_id = draft.id;
        match chat::repeat_or_send(self.app, &self.member, draft).await {
            Ok(appended) => {
                self.typing.stop();
                let message = appended.message;
                self.say(&RoomNotice::Ack {
                    message_id,
                    seq: message.seq,
                    timestamp: message.created_at,
                })
                .await
            }
            Err(error) => {
                if error.code() == ErrorCode::Unauthorized {
                    pulse::check_access(self.app, self.signed).await?;
                }
                self.refuse(&error, Some(message_id)).await
            }
        }
    }

    async fn type_or_stop(&mut self, is_typing: bool) -> Result<(), Ending> {
        match chat::may_type(self.app, &self.signed, self.member.thread_id()).await {
            Ok(member) => self.typing.say(member, is_typing),
            Err(error) if error.code() == ErrorCode::Unauthorized => {
                pulse::check_access(self.app, self.signed).await?;
            }
            // Typing may be lost.
            Err(_) => {}
        }
        Ok(())
    }

    async fn tell(&mut self, item: Item) -> Result<(), Ending> {
        match item {
            Item::Entry(packet) => self.entry(&packet).await,
            Item::Signal(whisper) => self.signal(&whisper.signal).await,
        }
    }

    async fn do_due(&mut self, due: Due) -> Result<(), Ending> {
        match due {
            Due::Beat => {
                // A ping of the WebSocket itself: old pages do not know `ping` frames, browsers answer these.
                self.wire.ping().await?;
                let head = self.app.store.head(self.signed.party).await;
                if head.map_err(|error| Ending::fault(&error.into()))? > self.follow.pos() {
                    self.catch_up().await?;
                }
                Ok(())
            }
            Due::Check => pulse::check_access(self.app, self.signed).await,
            Due::Silence => Err(Ending::close(CloseCode::GOING_AWAY, "silence")),
        }
    }

    async fn refuse(&mut self, error: &Error, message_id: Option<MessageId>) -> Result<(), Ending> {
        if error.code().status() >= 500 {
            tracing::error!(%error, "A frame could not be served");
        }
        let message = error.detail(Language::Russian).to_owned();
        self.say(&RoomNotice::Error {
            code: error.code(),
            message,
            message_id,
            retry_after_ms: error.fault().retry_after_ms,
        })
        .await
    }

    async fn say(&mut self, frame: &impl Serialize) -> Result<(), Ending> {
        Ok(self.wire.feed(text(frame)).await?)
    }
}
