//! The line: dialling, waiting, liveness, and what a lost connection means.

use std::time::Duration;

use prilavok_protocol::error::Reconnect;
use prilavok_protocol::frame::ClientFrame;
use tokio::time::Instant;

use super::{Engine, Phase};
use crate::backoff::STABLE;
use crate::connection::{Ended, Socket};
use crate::update::{Connection, Update};

/// A jump between the clocks of less than this is drift or a busy machine.
const JUMP_MS: u128 = 10_000;
/// From the end of the dialling to `live`, with nothing arriving in between.
const HELLO: Duration = Duration::from_secs(20);

impl Engine {
    /// Dials now.
    pub(super) fn dial(&mut self) {
        let Some(signed) = &self.signed else { return };
        self.started.clear();
        self.socket = Some(Socket::dial(&self.tracker, signed.api.clone(), self.needs_snapshot));
        self.phase = Phase::Dialling;
        self.dialled += 1;
        self.timers.retry = None;
        self.watch();
        self.tell(Update::Connection {
            connection: Connection::Connecting,
        });
    }

    /// Not later than now.
    pub(super) fn reconnect_now(&mut self) {
        if matches!(self.phase, Phase::Waiting | Phase::Stopped) && self.signed.is_some() {
            self.dial();
        } else if self.phase == Phase::Live {
            self.probe();
        }
    }

    /// Drops the socket and all that hung on it.
    pub(super) async fn hang_up(&mut self) {
        let was_open = matches!(self.phase, Phase::CatchingUp | Phase::Live);
        self.socket = None;
        self.timers.drop_line();
        self.typing_mine.clear();
        let typing = std::mem::take(&mut self.typing_theirs).into_keys();
        for thread_id in typing {
            self.tell(Update::Typing {
                thread_id,
                is_typing: false,
            });
        }
        self.interrupt_outbox().await;
        // Who is there is only known while the line lives.
        if let (Ok(cache), true) = (self.cache(), was_open) {
            for thread in cache.presence(None).await.unwrap_or_default() {
                self.tell(Update::Thread { thread });
            }
        }
    }

    /// The connection ended, or never came to be.
    pub(super) async fn on_ended(&mut self, mut ended: Ended) {
        self.hang_up().await;
        if self.is_restarting && ended.reconnect == Reconnect::Yes {
            ended.reason = "restart";
        }
        self.is_restarting = false;
        let hint = self.hint.take().or(ended.hint);
        tracing::info!(reason = ended.reason, "the connection ended");
        match ended.reconnect {
            Reconnect::No | Reconnect::Update => self.stop(ended.reason),
            Reconnect::SignIn => self.stop("signed_out"),
            Reconnect::Resync => {
                self.needs_snapshot = true;
                self.again(ended.reason, hint);
            }
            Reconnect::Yes | Reconnect::AfterHint | Reconnect::NewToken => self.again(ended.reason, hint),
        }
    }

    /// The cursor is of no use: a snapshot first, then the line again. At once, unless that has just been tried.
    pub(super) async fn resync(&mut self) {
        self.needs_snapshot = true;
        self.resyncs += 1;
        self.hang_up().await;
        if self.resyncs > 1 {
            self.again("server", None);
        } else {
            self.dial();
        }
    }

    /// The same cursor again, at once: something was lost on the way.
    pub(super) async fn resume(&mut self) {
        self.hang_up().await;
        self.resyncs += 1;
        if self.resyncs > 1 {
            self.again("network", None);
        } else {
            self.dial();
        }
    }

    fn again(&mut self, reason: &str, hint: Option<Duration>) {
        let wait = self.backoff.next(self.network.chance(), hint);
        self.phase = Phase::Waiting;
        self.timers.retry = Some(Instant::now() + wait);
        let retry_in_ms = u32::try_from(wait.as_millis()).unwrap_or(u32::MAX);
        self.tell(Update::Connection {
            connection: Connection::Offline {
                retry_in_ms,
                reason: reason.to_owned(),
            },
        });
    }

    /// Trying again would not help.
    pub(super) fn stop(&mut self, reason: &str) {
        self.socket = None;
        self.timers.drop_line();
        self.timers.retry = None;
        self.phase = Phase::Stopped;
        self.tell(Update::Connection {
            connection: Connection::Stopped {
                reason: reason.to_owned(),
            },
        });
    }

    /// Something was heard: the line lives.
    pub(super) fn heard(&mut self) {
        let now = Instant::now();
        self.timers.silence = Some(now + self.pace.silence);
        if self.timers.ping.is_none() {
            self.timers.ping = Some(now + self.ping_after());
        }
    }

    /// The upgrade succeeded: from here on silence counts.
    pub(super) fn opened(&mut self) {
        self.timers.silence = Some(Instant::now() + HELLO);
    }

    /// Is anybody there? An answer must come soon.
    fn probe(&mut self) {
        let Some(socket) = &self.socket else { return };
        socket.send(ClientFrame::Ping);
        self.timers.silence = Some(Instant::now() + self.pace.probe);
    }

    pub(super) fn next_due(&self) -> Instant {
        let t = &self.timers;
        let timers = [
            t.retry, t.ping, t.silence, t.applied, t.hold, t.stable, t.behind, t.reply, t.outlet, t.watch, t.drafts,
        ];
        let typing = self.typing_theirs.values().copied();
        let held = self.turn.dues();
        let due = timers.into_iter().flatten().chain(typing).chain(held).min();
        // Nothing is due: any moment far away will do.
        due.unwrap_or_else(|| Instant::now() + Duration::from_secs(3600))
    }

    pub(super) async fn on_due(&mut self) {
        let now = Instant::now();
        let is_due = |timer: &mut Option<Instant>| timer.take_if(|at| *at <= now).is_some();
        if is_due(&mut self.timers.watch) {
            self.watch();
        }
        if is_due(&mut self.timers.outlet) {
            self.timers.outlet = self.outlet.catch_up();
        }
        if is_due(&mut self.timers.stable) {
            self.backoff.reset();
        }
        self.end_typing(now);
        self.take_turns(now);
        if is_due(&mut self.timers.applied) {
            self.say_applied();
        }
        if is_due(&mut self.timers.ping) {
            if let Some(socket) = &self.socket {
                socket.send(ClientFrame::Ping);
            }
            self.timers.ping = Some(now + self.ping_after());
        }
        if is_due(&mut self.timers.hold) {
            self.pump().await;
        }
        if is_due(&mut self.timers.drafts) {
            self.set_drafts().await;
        }
        if is_due(&mut self.timers.silence) {
            return self.on_ended(Ended::again("network")).await;
        }
        if is_due(&mut self.timers.reply) {
            return self.on_reply_overdue().await;
        }
        if is_due(&mut self.timers.behind) {
            return self.resume().await;
        }
        if is_due(&mut self.timers.retry) {
            self.dial();
        }
    }

    fn end_typing(&mut self, now: Instant) {
        let over: Vec<_> = self
            .typing_theirs
            .iter()
            .filter(|(_, at)| **at <= now)
            .map(|(id, _)| *id)
            .collect();
        for thread_id in over {
            self.typing_theirs.remove(&thread_id);
            self.tell(Update::Typing {
                thread_id,
                is_typing: false,
            });
        }
    }

    /// Compares the two clocks: after a sleep they differ, and every timer is late.
    fn watch(&mut self) {
        let (monotonic, wall) = (Instant::now(), self.clock.now());
        let (then, wall_then) = self.last_watch;
        self.last_watch = (monotonic, wall);
        self.timers.watch = Some(monotonic + self.pace.watch);
        let ran = i128::try_from((monotonic - then).as_millis()).unwrap_or(i128::MAX);
        let passed = i128::from(wall.millis()) - i128::from(wall_then.millis());
        if passed.abs_diff(ran) < JUMP_MS {
            return;
        }
        tracing::info!("the machine was asleep, or its clock was set");
        // A sleep leaves the distance to the server's clock as it was; a clock that was put right has none any more.
        let set = i64::try_from(i128::from(self.clock_off) - (passed - ran)).unwrap_or(i64::MAX);
        if set.unsigned_abs() < self.clock_off.unsigned_abs() {
            self.clock_off = set;
        }
        match self.phase {
            Phase::Waiting => self.timers.retry = Some(monotonic),
            Phase::CatchingUp | Phase::Live => self.probe(),
            Phase::Idle | Phase::Dialling | Phase::Stopped => {}
        }
    }

    /// The line is live: after a minute it counts as a good one.
    pub(super) fn count_stable(&mut self) {
        self.timers.stable = Some(Instant::now() + STABLE);
    }

    /// Four to six fifths of the pace, so that devices do not beat in step.
    fn ping_after(&self) -> Duration {
        self.pace.ping.mul_f64(0.8 + 0.4 * self.network.chance())
    }
}
