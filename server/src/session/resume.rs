//! From `hello` to `live`: who is there, where its cursor stands, and everything that it missed, or `resync`.

use prilavok_protocol::PROTOCOL_VERSION;
use prilavok_protocol::error::{CloseCode, ErrorCode};
use prilavok_protocol::frame::{ClientFrame, ResyncReason, ServerFrame};
use prilavok_protocol::ids::{Cursor, DeviceId, Epoch, Pos};
use tokio::time::Instant;

use super::ending::Ending;
use super::follow::Follow;
use super::manners::{Manners, Pace};
use super::telling::presence;
use super::wire::{Heard, Wire};
use super::{BEGINNING, at, commands};
use crate::accounts::Signed;
use crate::app::SharedApp;
use crate::chat::presence::{self as presences, Seat};
use crate::error::Error;
use crate::faults;
use crate::hub::Door;
use crate::hub::packet::text;
use crate::hub::queue::Queue;

/// What the device said first.
pub struct Hello {
    /// Which device it is.
    pub device: DeviceId,
    /// How far it is.
    pub cursor: Option<Cursor>,
    /// How it has behaved before.
    pub manners: Manners,
}

/// Waits for `hello`, but not for long: a socket that says nothing costs memory.
pub async fn hello(app: &SharedApp, wire: &mut Wire) -> Result<Hello, Ending> {
    let deadline = Instant::now() + app.config.sockets.hello;
    let mut manners = Manners::new(&app.config.sockets, Instant::now());
    loop {
        let heard = tokio::select! {
            heard = wire.hear() => heard,
            () = at(Some(deadline)) => return Err(Ending::close(CloseCode::SCHEMA, "no hello")),
        };
        if let Pace::Flood(wait) = manners.pace(Instant::now()) {
            return Err(Ending::flood(wait));
        }
        let frame = match heard {
            Heard::Gone => return Err(Ending::Gone),
            Heard::Bad(code) => return Err(Ending::close(code, "bad frame")),
            Heard::Life => continue,
            Heard::Text(frame) => frame,
        };
        let error = match commands::read(&frame) {
            Ok(ClientFrame::Hello { version, .. }) if version != PROTOCOL_VERSION => {
                return Err(Ending::close(CloseCode::VERSION, "this server speaks version 1"));
            }
            Ok(ClientFrame::Hello {
                device, cursor, client, ..
            }) => {
                tracing::debug!(
                    client.name = client.as_deref().unwrap_or("unnamed"),
                    "A device said hello"
                );
                return Ok(Hello {
                    device,
                    cursor,
                    manners,
                });
            }
            Ok(ClientFrame::Unknown) => continue,
            Ok(_) => Error::new(ErrorCode::Invalid)
                .say("Сначала нужен `hello`.", "`hello` comes first.")
                .fault(),
            Err(_) if commands::is_other_version(&frame) => {
                return Err(Ending::close(CloseCode::VERSION, "this server speaks version 1"));
            }
            Err(bad) => bad.fault,
        };
        wire.feed(text(&ServerFrame::Error { error })).await?;
        wire.flush().await?;
        if manners.bad() {
            return Err(Ending::close(CloseCode::SCHEMA, "three bad frames"));
        }
    }
}

/// Takes a place in the hub.
pub fn sit(app: &SharedApp, signed: Signed, hello: &Hello) -> Result<Seat, Ending> {
    presences::sit(app, signed, Door::Session(hello.device)).map_err(Ending::cut_off)
}

/// Says `welcome`, then everything that was missed and `live`, or `resync` and nothing else.
pub async fn resume(
    app: &SharedApp,
    signed: Signed,
    wire: &mut Wire,
    queue: &Queue,
    cursor: Option<Cursor>,
) -> Result<Follow, Ending> {
    let epoch = app.store.epoch().await.map_err(|error| Ending::fault(&error.into()))?;
    let head = app
        .store
        .head(signed.party)
        .await
        .map_err(|error| Ending::fault(&error.into()))?;
    let drafts = app
        .store
        .drafts_version(signed.account)
        .await
        .map_err(|error| Ending::fault(&error.into()))?;
    let seconds = app.config.sockets.heartbeat.as_secs().max(1);
    let welcome = ServerFrame::Welcome {
        session: signed.session,
        version: PROTOCOL_VERSION,
        account: signed.account,
        party: signed.party,
        epoch,
        heartbeat: u32::try_from(seconds).unwrap_or(u32::MAX),
        limits: app.config.limits.clone(),
        server_time: app.clock.now(),
        drafts,
    };
    wire.feed(text(&welcome)).await?;
    let start = match start(cursor, epoch, head, app.config.limits.replay_events) {
        Ok(start) => start,
        Err(reason) => return Err(resync(wire, reason).await),
    };
    let mut follow = Follow::from(signed.party, start);
    loop {
        // Whatever waits is in the store, and will be in this page or in the next.
        queue.skip_entries();
        let page = match follow.page(app).await {
            Ok(page) => page,
            Err(error) if error.code() == ErrorCode::Internal => {
                tracing::error!(%error, "A party's log could not be read");
                return Err(resync(wire, ResyncReason::Corrupt).await);
            }
            Err(error) => return Err(Ending::fault(&error)),
        };
        // As in `Teller::catch_up`.
        if let Some(code) = queue.end() {
            return Err(Ending::cut_off(code));
        }
        for packet in &page.packets {
            wire.feed(packet.session_frame().clone()).await?;
        }
        if page.is_last {
            break;
        }
    }
    if faults::planted("bug.backlog_before_subscribe") {
        faults::point("planted.backlog_read");
        queue.skip_entries();
        follow = Follow::from(signed.party, app.store.head(signed.party).await.unwrap_or(follow.pos()));
    }
    wire.feed(text(&ServerFrame::Live { pos: follow.pos() })).await?;
    let others = app
        .store
        .counterparts(signed.party)
        .await
        .map_err(|error| Ending::fault(&error.into()))?;
    for other in others.into_iter().filter(|other| app.hub.is_online(*other)) {
        wire.feed(presence(other)).await?;
    }
    wire.flush().await?;
    Ok(follow)
}

/// Where the replay starts, or why there is none.
fn start(cursor: Option<Cursor>, epoch: Epoch, head: Pos, replay: u32) -> Result<Pos, ResyncReason> {
    let pos = match cursor {
        None => BEGINNING,
        Some(cursor) if cursor.epoch != epoch => return Err(ResyncReason::Epoch),
        Some(cursor) => cursor.pos,
    };
    if pos > head {
        return Err(ResyncReason::Ahead);
    }
    if faults::planted("bug.partial_resume") && head.0 - pos.0 > 3 {
        return Ok(Pos(head.0 - 3));
    }
    if head.0 - pos.0 > u64::from(replay) {
        return Err(ResyncReason::TooOld);
    }
    Ok(pos)
}

async fn resync(wire: &mut Wire, reason: ResyncReason) -> Ending {
    match wire.feed(text(&ServerFrame::Resync { reason })).await {
        Ok(()) => Ending::close(CloseCode::BAD_CURSOR, "resync"),
        Err(lost) => lost.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_resumed_or_refused_never_in_part() {
        let (epoch, other) = (Epoch::mint(), Epoch::mint());
        let at = |epoch, pos| Some(Cursor { epoch, pos: Pos(pos) });
        for (cursor, head, expected) in [
            (None, 10, Ok(Pos(0))),
            (None, 11, Err(ResyncReason::TooOld)),
            (at(epoch, 0), 0, Ok(Pos(0))),
            (at(epoch, 5), 15, Ok(Pos(5))),
            (at(epoch, 5), 16, Err(ResyncReason::TooOld)),
            (at(epoch, 15), 15, Ok(Pos(15))),
            (at(epoch, 16), 15, Err(ResyncReason::Ahead)),
            (at(other, 15), 15, Err(ResyncReason::Epoch)),
        ] {
            assert_eq!(start(cursor, epoch, Pos(head), 10), expected, "{cursor:?} of {head}");
        }
    }
}
