//! The session socket, `/ws/session`: one per device, all its threads on it, resumable.
//!
//! One task owns the socket. It is in the hub before the backlog is read, so nothing falls between the two. Each entry
//! of the party's log is told once and in order, whatever the hub loses, repeats or reorders.

mod commands;
pub mod ending;
pub mod follow;
pub mod handshake;
mod hearing;
pub mod manners;
pub mod pulse;
mod resume;
mod sends;
mod telling;
pub mod typing;
pub mod wire;

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use prilavok_protocol::error::{CloseCode, ErrorCode};
use prilavok_protocol::event::{Event, Signal};
use prilavok_protocol::frame::ServerFrame;
use prilavok_protocol::ids::{DeviceId, Pos};
use tokio::time::{Instant, sleep_until};

use self::commands::Applied;
use self::ending::Ending;
use self::follow::{Follow, Teller};
use self::manners::Manners;
use self::pulse::{Due, Pulse};
use self::sends::Sends;
use self::typing::Typing;
use self::wire::Wire;
use crate::accounts::{self, Signed};
use crate::app::SharedApp;
use crate::chat::presence::Seat;
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

/// One socket from the upgrade to its close. What happens seldom is boxed here and below: a task is as large as the largest
/// thing that it ever does, and thousands of them do nothing.
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
    Box::pin(ending.finish(wire)).await;
}

async fn attend(app: &SharedApp, signed: Signed, wire: &mut Wire) -> Ending {
    let hello = match Box::pin(resume::hello(app, wire)).await {
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
    if let Err(ending) = Box::pin(pulse::check_entrance(app, signed)).await {
        return ending;
    }
    let follow = match Box::pin(resume::resume(app, signed, wire, &seat.queue, hello.cursor)).await {
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
        sends: Sends::default(),
        applied: Applied::default(),
        pulse: Pulse::new(&app.config.sockets, &app.clock, now),
    };
    loop {
        if let Err(ending) = session.turn().await {
            Box::pin(session.save_applied()).await;
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
    sends: Sends,
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
            due = self.pulse.next() => Box::pin(self.do_due(due)).await?,
            item = self.seat.queue.next() => {
                self.tell_all(item).await?;
                // One's own messages come back together with their answers: one write carries both.
                if let Some(answer) = self.sends.ready() {
                    self.answer_sends(answer).await?;
                }
            }
            answer = self.sends.next() => self.answer_sends(answer).await?,
            heard = self.wire.hear(), if self.sends.has_room() => self.hear_all(heard).await?,
            () = at(self.typing.until()) => self.typing.stop(),
            () = at(self.applied.due()) => Box::pin(self.save_applied()).await,
        }
        Ok(self.wire.flush().await?)
    }

    /// This item and those that wait behind it: one write to the peer carries them all.
    async fn tell_all(&mut self, first: Item) -> Result<(), Ending> {
        self.tell(first).await?;
        for _ in 1..TOGETHER {
            let Some(item) = self.seat.queue.ready() else { break };
            self.tell(item).await?;
        }
        Ok(())
    }

    async fn tell(&mut self, item: Item) -> Result<(), Ending> {
        match item {
            Item::Entry(packet) => self.entry(&packet).await,
            Item::Signal(_) if faults::planted("bug.typing_is_event") => {
                let pos = self.follow.pos().next();
                self.follow.step(pos);
                self.write(&Packet::new(pos, Arc::new(Event::Unknown.into()))).await
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

/// Items or frames at one go; then the clocks, and whoever else waits, have their turn.
const TOGETHER: usize = 64;

/// Waits for a moment, or for ever.
pub async fn at(moment: Option<Instant>) {
    match moment {
        Some(moment) => sleep_until(moment).await,
        None => std::future::pending().await,
    }
}

/// The very beginning of a log.
const BEGINNING: Pos = Pos(0);
