//! Pairs that talk: closed loop (so many messages in flight a pair) or open loop (a fixed rate, come what may).

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use futures::future::try_join_all;
use tokio::sync::watch;
use tokio::time::{sleep, sleep_until, timeout};

use crate::count::{Count, Ear};
use crate::mark::{Mark, micros};
use crate::socket::{Door, Heard, Seat, Socket};
use crate::town::Town;

/// Before anything is counted.
const WARM_UP: Duration = Duration::from_secs(2);
/// For what is under way at the end.
const DRAIN: Duration = Duration::from_secs(30);

/// How the pairs talk.
#[derive(Debug, Clone, Copy)]
pub enum Pace {
    /// So many unanswered messages a pair.
    Closed(u64),
    /// So many messages a second, of all pairs together.
    Open(f64),
    /// One unanswered POST a pair.
    Posted,
}

/// What came of it.
#[derive(Debug, Clone, Copy)]
pub struct Talked {
    /// Acknowledged messages a second.
    pub rate: f64,
    /// Milliseconds from when a message was (or should have been) sent until it was heard.
    pub p50: f64,
    /// The same.
    pub p99: f64,
    /// The same.
    pub p999: f64,
    /// Messages for each second of the server's processor time.
    pub per_cpu_second: f64,
    /// Of the server at the end.
    pub pss_kib: u64,
    /// Acknowledged and not heard.
    pub lost: u64,
    /// Heard twice.
    pub doubled: u64,
    /// Heard out of order.
    pub disordered: u64,
    /// Refused.
    pub refused: u64,
}

/// Who talks, and how.
#[derive(Debug, Clone, Copy)]
pub struct Scene {
    /// The first so many pairs of the town.
    pub pairs: usize,
    /// Sockets of the shop that hear all pairs; none: each pair's own seller hears it.
    pub agents: usize,
    /// Where all of them come in.
    pub door: Door,
    /// How they talk.
    pub pace: Pace,
    /// How long it is measured.
    pub during: Duration,
}

/// The last number of each pair, once all have stopped talking.
type Ends = watch::Receiver<Option<Arc<[u64]>>>;

/// Lets them talk.
///
/// # Errors
/// When a socket falls.
pub async fn talk(town: &Town, scene: Scene) -> Result<Talked> {
    let count = Arc::new(Count::default());
    let (stop, stopped) = watch::channel(false);
    let (end, ends) = watch::channel(None);
    let seat = |seat: &Seat| {
        if scene.door == Door::Room {
            seat.room()
        } else {
            seat.clone()
        }
    };
    let mut listeners = Vec::new();
    for (seller, ear) in hearers(town, &scene)? {
        let socket = come_in(&seat(&seller)).await?;
        listeners.push(tokio::spawn(listen(
            socket,
            seller,
            ear,
            Arc::clone(&count),
            ends.clone(),
        )));
    }
    let mut talkers = Vec::new();
    for (number, pair) in town.pairs.iter().take(scene.pairs).enumerate() {
        let talker = Talker {
            number: u32::try_from(number)?,
            seat: seat(&pair.buyer),
            count: Arc::clone(&count),
            stopped: stopped.clone(),
        };
        let phase = number as f64 / scene.pairs as f64;
        talkers.push(tokio::spawn(async move {
            match scene.pace {
                Pace::Closed(window) => talker.closed(window).await,
                Pace::Open(rate) => talker.open(rate / scene.pairs as f64, phase).await,
                Pace::Posted => talker.post().await,
            }
        }));
    }
    sleep(WARM_UP).await;
    let (acked, cpu, began) = (count.acked.load(Ordering::Relaxed), town.process.cpu(), Instant::now());
    count.is_measuring.store(true, Ordering::Relaxed);
    sleep(scene.during).await;
    let acked = count.acked.load(Ordering::Relaxed) - acked;
    let (cpu, took) = (town.process.cpu() - cpu, began.elapsed());
    let pss_kib = town.process.pss_kib();
    count.is_measuring.store(false, Ordering::Relaxed);
    stop.send_replace(true);
    let last = try_join_all(talkers).await?.into_iter().collect::<Result<Vec<u64>>>()?;
    end.send_replace(Some(last.into()));
    for outcome in try_join_all(listeners).await? {
        outcome?;
    }
    let load = |counter: &std::sync::atomic::AtomicU64| counter.load(Ordering::Relaxed);
    let hearers = u64::try_from(scene.agents.max(1))?;
    Ok(Talked {
        rate: acked as f64 / took.as_secs_f64(),
        p50: count.milliseconds(50.0),
        p99: count.milliseconds(99.0),
        p999: count.milliseconds(99.9),
        per_cpu_second: acked as f64 / cpu.as_secs_f64().max(0.01),
        pss_kib,
        lost: (load(&count.acked) * hearers).saturating_sub(load(&count.heard)),
        doubled: load(&count.doubled),
        disordered: load(&count.disordered),
        refused: load(&count.refused),
    })
}

/// Who hears which pairs.
fn hearers(town: &Town, scene: &Scene) -> Result<Vec<(Seat, Ear)>> {
    let pairs = town.pairs.iter().take(scene.pairs).enumerate();
    if scene.agents == 0 {
        return pairs
            .map(|(number, pair)| Ok((pair.seller.clone(), Ear::of(u32::try_from(number)?, 1))))
            .collect();
    }
    let shop = &town.pairs.first().context("a shop has buyers")?.seller;
    let agent = |_| Ok((shop.another_device(), Ear::of(0, scene.pairs)));
    (0..scene.agents).map(agent).collect()
}

/// Hears until the last that was acknowledged.
async fn listen(mut socket: Socket, seat: Seat, mut ear: Ear, count: Arc<Count>, mut ends: Ends) -> Result<()> {
    let mut end: Option<(Arc<[u64]>, tokio::time::Instant)> = None;
    while !end.as_ref().is_some_and(|(numbers, _)| ear.has_heard(numbers)) {
        tokio::select! {
            heard = socket.hear() => if let Heard::Message(mark) = heard? {
                count.hear(&mut ear, mark);
            },
            changed = ends.changed(), if end.is_none() => {
                changed.context("a talker fell")?;
                end = ends.borrow().clone().map(|numbers| (numbers, tokio::time::Instant::now() + DRAIN));
            }
            // What has not come by now is lost, and counted so.
            () = at(end.as_ref().map(|(_, moment)| *moment)) => break,
        }
    }
    count.leave(&ear);
    seat.keep(&socket);
    Ok(())
}

/// What earlier runs left is skipped: each run counts from its own first message.
async fn come_in(seat: &Seat) -> Result<Socket> {
    Socket::dial(seat, seat.kept(), |_| {}).await
}

async fn at(moment: Option<tokio::time::Instant>) {
    match moment {
        Some(moment) => sleep_until(moment).await,
        None => std::future::pending().await,
    }
}

/// Who writes the messages of a pair.
pub struct Talker {
    /// Which pair.
    pub number: u32,
    /// Whose messages they are.
    pub seat: Seat,
    /// Where they are counted.
    pub count: Arc<Count>,
    /// True when it is enough.
    pub stopped: watch::Receiver<bool>,
}

impl Talker {
    /// Keeps `window` messages unanswered; returns the last number.
    async fn closed(self, window: u64) -> Result<u64> {
        let mut socket = come_in(&self.seat).await?;
        let (mut sent, mut answered) = (0, 0);
        while !(*self.stopped.borrow() && answered == sent) {
            let has_room = !*self.stopped.borrow() && sent - answered < window;
            while !*self.stopped.borrow() && sent - answered < window {
                sent += 1;
                self.say(&mut socket, sent, micros(self.count.start)).await?;
            }
            if has_room {
                socket.flush().await?;
            }
            let mut heard = Some(timeout(DRAIN, socket.hear()).await.context("no answer in time")??);
            while let Some(one) = heard {
                answered += self.note(one);
                heard = socket.heard()?;
            }
        }
        self.seat.keep(&socket);
        Ok(sent)
    }

    /// Sends at `rate` a second whatever is answered; returns the last number.
    async fn open(self, rate: f64, phase: f64) -> Result<u64> {
        let mut stopped = self.stopped.clone();
        let mut socket = come_in(&self.seat).await?;
        let first = tokio::time::Instant::now() + Duration::from_secs_f64(phase / rate);
        let (mut sent, mut answered) = (0_u64, 0_u64);
        loop {
            let due = first + Duration::from_secs_f64(sent as f64 / rate);
            tokio::select! {
                heard = socket.hear() => answered += self.note(heard?),
                () = sleep_until(due) => {
                    sent += 1;
                    let planned = due.into_std().saturating_duration_since(self.count.start);
                    self.say(&mut socket, sent, u64::try_from(planned.as_micros())?).await?;
                    socket.flush().await?;
                }
                _ = stopped.changed() => break,
            }
        }
        while answered < sent {
            answered += self.note(timeout(DRAIN, socket.hear()).await.context("no answer in time")??);
        }
        ensure!(answered == sent, "{answered} answers to {sent} messages");
        self.seat.keep(&socket);
        Ok(sent)
    }

    async fn say(&self, socket: &mut Socket, number: u64, sent: u64) -> Result<()> {
        let mark = Mark {
            pair: self.number,
            number,
            sent,
        };
        socket.feed(self.seat.thread, number, mark).await
    }

    fn note(&self, heard: Heard) -> u64 {
        match heard {
            Heard::Reply(_, is_yes) => {
                self.count.answer(is_yes);
                1
            }
            Heard::Message(_) | Heard::Live | Heard::Other => 0,
        }
    }
}
