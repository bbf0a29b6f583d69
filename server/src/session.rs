//! The session socket, `/ws/session`: one per device, all its threads on it, resumable.
//!
//! One task owns the socket. It is in the hub before the backlog is read, so nothing falls between the two. Each entry
//! of the party's log is told once and in order, whatever the hub loses, repeats or reorders.

mod commands;
pub mod ending;
pub mod follow;
pub mod handshake;
pub mod manners;
pub mod pulse;
mod resume;
mod telling;
pub mod typing;
pub mod wire;

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use prilavok_protocol::error::{CloseCode, ErrorCode, Fault};
use prilavok_protocol::event::{Event, Signal};
use prilavok_protocol::frame::{ClientFrame, ServerFrame};
use prilavok_protocol::ids::{DeviceId, Pos};
use tokio::time::{Instant, sleep_until};

use self::commands::{Applied, Who};
use self::ending::Ending;
use self::follow::{Follow, Teller};
use self::manners::{Manners, Pace};
use self::pulse::{Due, Pulse};
use self::typing::Typing;
use self::wire::{Heard, Wire};
use crate::accounts::{self, Signed};
use crate::app::SharedApp;
use crate::chat::presence::Seat;
use crate::error::Error;
use crate::faults;
use crate::hub::packet::{Packet, text};
use crate::hub::queue::Item;

/// `GET /ws/session`.
pub async fn upgrade(State(app): State<SharedApp>, mut request: Request) -> Response {
    if let Err(error) = accounts::check_origin(&app, request.headers()) {
        return error.into_response();
    }
    let handshake = match handshake::read(&mut request) {
        Ok(handshake) => handshake,
        Err(error) => return error.into_response(),
    };
    let signed = match accounts::authenticate_socket(&app, request.headers()).await {
        Ok(signed) => signed,
        Err(error) if error.code() == ErrorCode::Unauthorized => {
            return handshake.refuse(&app, CloseCode::TOKEN, "sign in");
        }
        Err(error) => return error.into_response(),
    };
    let serving = Arc::clone(&app);
    handshake.accept(&app, move |wire| serve(serving, signed, wire))
}

/// One socket from the upgrade to its close.
async fn serve(app: SharedApp, signed: Signed, mut wire: Wire) {
    let ending = tokio::select! {
        biased;
        () = app.stopping.cancelled() => Ending::Stop,
        ending = attend(&app, signed, &mut wire) => ending,
    };
    if ending == Ending::Stop {
        let spread_ms = u32::try_from(app.config.sockets.spread.as_millis()).unwrap_or(u32::MAX);
        // A peer that does not read gets the close code at most.
        let _ = wire.feed(text(&ServerFrame::GoingAway { spread_ms })).await;
    }
    ending.finish(wire).await;
}

async fn attend(app: &SharedApp, signed: Signed, wire: &mut Wire) -> Ending {
    let hello = match resume::hello(app, wire).await {
        Ok(hello) => hello,
        Err(ending) => return ending,
    };
    let seat = match resume::sit(app, signed, &hello) {
        Ok(seat) => seat,
        Err(ending) => return ending,
    };
    tokio::select! {
        biased;
        code = seat.queue.ended() => Ending::cut_off(code),
        ending = live(app, signed, wire, &seat, hello) => ending,
    }
}

async fn live(app: &SharedApp, signed: Signed, wire: &mut Wire, seat: &Seat, hello: resume::Hello) -> Ending {
    if let Err(ending) = pulse::check_entrance(app, signed).await {
        return ending;
    }
    let follow = match resume::resume(app, signed, wire, &seat.queue, hello.cursor).await {
        Ok(follow) => follow,
        Err(ending) => return ending,
    };
    let now = Instant::now();
    let mut session = Session {
        app,
        signed,
        device: hello.device,
        wire,
        seat,
        follow,
        manners: hello.manners,
        typing: Typing::new(app),
        applied: Applied::default(),
        pulse: Pulse::new(&app.config.sockets, &app.clock, now),
    };
    loop {
        if let Err(ending) = session.turn().await {
            session.save_applied().await;
            return ending;
        }
    }
}

/// A device that has been told everything.
struct Session<'a> {
    app: &'a SharedApp,
    signed: Signed,
    device: DeviceId,
    wire: &'a mut Wire,
    seat: &'a Seat,
    follow: Follow,
    manners: Manners,
    typing: Typing,
    applied: Applied,
    pulse: Pulse,
}

impl Session<'_> {
    /// Waits for one thing, and does it.
    async fn turn(&mut self) -> Result<(), Ending> {
        tokio::select! {
            // What is new goes before what is asked. A command's own event may still follow its reply: no order is
            // promised between the two.
            biased;
            due = self.pulse.next() => self.do_due(due).await?,
            item = self.seat.queue.next() => self.tell(item).await?,
            heard = self.wire.hear() => self.hear(heard).await?,
            () = at(self.typing.until()) => self.typing.stop(),
            () = at(self.applied.due()) => self.save_applied().await,
        }
        Ok(self.wire.flush().await?)
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
                self.refuse(id, Error::rate_limited(wait).fault()).await
            }
            (Pace::Fine, Ok(frame)) => {
                self.manners.good();
                self.do_frame(frame).await
            }
            (Pace::Fine, Err(bad)) => self.bad(bad).await,
        }
    }

    async fn do_frame(&mut self, frame: ClientFrame) -> Result<(), Ending> {
        match frame {
            ClientFrame::Command { id, command } => {
                let who = Who {
                    signed: &self.signed,
                    device: self.device,
                };
                let outcome = commands::run(self.app, who, &mut self.typing, command).await;
                if matches!(&outcome, Err(error) if error.code() == ErrorCode::Unauthorized) {
                    pulse::check_access(self.app, self.signed).await?;
                }
                let (done, error) = match outcome {
                    Ok(done) => (Some(done), None),
                    Err(error) => (None, Some(commands::logged(&error))),
                };
                self.say(&ServerFrame::Reply { id, done, error }).await
            }
            ClientFrame::Applied { pos } => {
                self.applied.note(pos.min(self.follow.pos()));
                Ok(())
            }
            ClientFrame::Ping => self.beat().await,
            ClientFrame::Pong | ClientFrame::Unknown => Ok(()),
            ClientFrame::Hello { .. } => self.bad(commands::second_hello()).await,
        }
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

    async fn tell(&mut self, item: Item) -> Result<(), Ending> {
        match item {
            Item::Entry(packet) => self.entry(&packet).await,
            Item::Signal(_) if faults::planted("bug.typing_is_event") => {
                let pos = self.follow.pos().next();
                self.follow.step(pos);
                self.write(&Packet::new(pos, Arc::new(Event::Unknown))).await
            }
            // A colleague's pocket rang, not this person's.
            Item::Signal(whisper) if matches!(whisper.signal, Signal::Alerted { account_id, .. } if account_id != self.signed.account) => {
                Ok(())
            }
            Item::Signal(whisper) => Ok(self.wire.feed(whisper.session_frame().clone()).await?),
        }
    }

    async fn do_due(&mut self, due: Due) -> Result<(), Ending> {
        match due {
            Due::Beat => {
                self.wire.ping().await?;
                self.beat().await
            }
            Due::Check => pulse::check_access(self.app, self.signed).await,
            Due::Silence => Err(Ending::close(CloseCode::GOING_AWAY, "silence")),
        }
    }

    /// Compares this socket's place with the log's head, so that a hint lost on the way costs one beat.
    async fn beat(&mut self) -> Result<(), Ending> {
        let head = self
            .app
            .store
            .head(self.signed.party)
            .await
            .map_err(|error| Ending::fault(&error.into()))?;
        if faults::planted("bug.heartbeat_without_head") {
            return self.say(&ServerFrame::Heartbeat { pos: self.follow.pos() }).await;
        }
        if head > self.follow.pos() {
            self.catch_up().await?;
        }
        self.say(&ServerFrame::Heartbeat {
            pos: self.follow.pos().max(head),
        })
        .await
    }

    async fn save_applied(&mut self) {
        self.applied.save(self.app, &self.signed).await;
    }

    async fn say(&mut self, frame: &ServerFrame) -> Result<(), Ending> {
        Ok(self.wire.feed(text(frame)).await?)
    }
}

/// Waits for a moment, or for ever.
pub async fn at(moment: Option<Instant>) {
    match moment {
        Some(moment) => sleep_until(moment).await,
        None => std::future::pending().await,
    }
}

/// The very beginning of a log.
const BEGINNING: Pos = Pos(0);
