//! A light device: a session socket that writes, reads, stores its cursor in memory, and resumes when it is cut.

mod state;

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Result;
use prilavok_protocol::PROTOCOL_VERSION;
use prilavok_protocol::command::{Command, Done};
use prilavok_protocol::event::Event;
use prilavok_protocol::frame::{ClientFrame, ServerFrame};
use prilavok_protocol::ids::{Cursor, DeviceId, Epoch, Pos};
use prilavok_protocol::rest::{Data, Snapshot};
use tokio::time::{MissedTickBehavior, interval};

use state::{End, Live, Memory};

use super::account::Account;
use super::held::Held;
use super::orders::{Orders, Phase, Trouble};
use super::outbox::{Desk, Outbox};
use super::{Pace, wait_a_little};
use crate::history::{Entry, Listed, Place, Scribe, What};

/// How often a device says what it has stored and what its person has read.
const HABITS: Duration = Duration::from_millis(700);
/// One in so many messages goes where it must be refused, or repeats an id with other words.
const RUDE: u64 = 211;

/// A light device.
pub struct Device {
    /// Who.
    pub account: Account,
    /// What it writes with.
    pub scribe: Scribe,
    /// What it is told.
    pub orders: Arc<Orders>,
    /// Its threads; empty for one that only listens.
    pub desks: Vec<Desk>,
    /// A thread of somebody else.
    pub foreign: Option<Desk>,
    /// How much it says.
    pub pace: Pace,
}

impl Device {
    /// Lives until it is told to leave; returns once it has been told everything.
    pub async fn run(self) {
        let follow = self.orders.follow();
        let mut memory = Memory {
            id: DeviceId::mint(),
            cursor: None,
            held: Held::default(),
            outbox: Outbox::new(self.scribe.clone(), Arc::clone(&self.orders)),
            last: None,
            round: follow.borrow().round,
            cut_at: None,
        };
        let mut tries = 0;
        loop {
            let end = match self.connect(&mut memory).await {
                Ok(mut live) => {
                    let end = self.live(&mut memory, &mut live).await;
                    memory.cut_at.get_or_insert_with(Instant::now);
                    memory.outbox.cut();
                    // What was asked and not answered has no end but this.
                    live.reads.drain().for_each(|_| self.orders.end());
                    if live.is_live {
                        tries = 0;
                    }
                    match end {
                        Ok(End::Done) => return live.line.leave().await,
                        Ok(End::Reset) => {
                            live.line.reset();
                            self.scribe.note(What::Cut { code: 0 });
                        }
                        Ok(End::Cut) => self.scribe.note(What::Cut { code: 0 }),
                        Ok(End::Closed(code)) => self.scribe.note(What::Cut { code }),
                        Err(_) => self.scribe.note(What::Cut { code: 0 }),
                    }
                    true
                }
                Err(_) => false,
            };
            tries = if end { tries } else { tries + 1 };
            wait_a_little(tries).await;
        }
    }

    async fn connect(&self, memory: &mut Memory) -> Result<Live> {
        let mut line = self.account.dial("/ws/session").await?;
        let cursor = memory.cursor;
        self.scribe.note(What::Connected { cursor });
        let hello = ClientFrame::Hello {
            version: PROTOCOL_VERSION,
            device: memory.id,
            client: None,
            cursor,
        };
        line.say(&hello).await?;
        Ok(Live {
            line,
            epoch: Epoch(uuid::Uuid::nil()),
            is_live: false,
            next: 0,
            sends: HashMap::new(),
            reads: HashMap::new(),
            applied: Pos(0),
            is_leaving: false,
        })
    }

    async fn live(&self, memory: &mut Memory, live: &mut Live) -> Result<End> {
        let mut orders = self.orders.follow();
        let mut speak = interval(self.pace.pause);
        let mut habits = interval(HABITS);
        speak.set_missed_tick_behavior(MissedTickBehavior::Skip);
        habits.set_missed_tick_behavior(MissedTickBehavior::Skip);
        // An order may have come while there was no line.
        orders.mark_changed();
        loop {
            tokio::select! {
                heard = live.line.hear() => match heard {
                    Ok(text) => if let ControlFlow::Break(end) = self.hear(memory, live, &text).await? {
                        return Ok(end);
                    },
                    Err(code) => return Ok(End::Closed(code)),
                },
                _ = orders.changed() => {
                    let order = *orders.borrow_and_update();
                    let trouble = order.meets(self.scribe.id().0.into(), memory.round);
                    memory.round = order.round;
                    match trouble {
                        Some(Trouble::Cut) => return Ok(End::Cut),
                        Some(Trouble::Reset) => return Ok(End::Reset),
                        Some(Trouble::Stall(long)) => tokio::time::sleep(long).await,
                        Some(Trouble::None) | None => {}
                    }
                }
                _ = speak.tick(), if live.is_live => self.speak(memory, live).await?,
                _ = habits.tick(), if live.is_live => self.habits(memory, live).await?,
            }
        }
    }

    async fn hear(&self, memory: &mut Memory, live: &mut Live, text: &str) -> Result<ControlFlow<End>> {
        self.scribe.sees(Place::Socket, text);
        match serde_json::from_str(text)? {
            ServerFrame::Welcome { epoch, .. } => {
                live.epoch = epoch;
                self.scribe.note(What::Welcome { epoch });
            }
            ServerFrame::Live { pos } => {
                self.scribe.note(What::Head { pos });
                live.is_live = true;
                if let Some(cut_at) = memory.cut_at.take() {
                    self.orders.is_back(cut_at.elapsed());
                }
            }
            ServerFrame::Heartbeat { pos } => {
                self.scribe.note(What::Head { pos });
                live.line.say(&ClientFrame::Pong).await?;
                if live.is_leaving {
                    memory.held.note(&self.scribe);
                    return Ok(ControlFlow::Break(End::Done));
                }
            }
            ServerFrame::Resync { reason } => {
                self.scribe.note(What::Resync { reason });
                self.resync(memory).await?;
            }
            ServerFrame::Event { pos, event } => self.told(memory, live, (pos, &event)),
            ServerFrame::Reply { id, done, error } => {
                if let Some(message) = live.sends.remove(&id) {
                    match (done, error) {
                        (Some(Done::Message { message }), _) => {
                            let desk = self.desks.iter().find(|desk| desk.thread == message.thread_id);
                            memory.last = desk.map(|desk| (*desk, message.id));
                            memory.outbox.acked(message.id, message.seq);
                        }
                        (_, Some(fault)) => memory.outbox.refused(message, fault.code),
                        _ => {}
                    }
                } else if let Some((thread, up_to)) = live.reads.remove(&id) {
                    if error.is_none() {
                        self.scribe.note(What::Marked { thread, up_to });
                    }
                    self.orders.end();
                }
            }
            _ => {}
        }
        Ok(ControlFlow::Continue(()))
    }

    /// An entry of the log, and the cursor with it: memory cannot tear.
    fn told(&self, memory: &mut Memory, live: &Live, (pos, event): (Pos, &Event)) {
        let entry = Entry::of(event);
        self.scribe.note(What::Event { pos, entry });
        memory.cursor = Some(Cursor { epoch: live.epoch, pos });
        match entry {
            Entry::Started { thread } => memory.held.start(thread),
            Entry::Message(line) => memory.held.add(&line),
            _ => {}
        }
    }

    /// Writes what waits to be written, or something new.
    async fn speak(&self, memory: &mut Memory, live: &mut Live) -> Result<()> {
        if memory.outbox.len() < self.pace.window && !self.desks.is_empty() && self.orders.phase() == Phase::Talk {
            let count = memory.outbox.count();
            let desk = self.desks[usize::try_from(count)? % self.desks.len()];
            match (count % RUDE, self.foreign, memory.last.take()) {
                (1, Some(foreign), _) => drop(memory.outbox.compose(foreign)),
                (2, _, Some((desk, id))) => {
                    memory.outbox.contradict(desk, id);
                    memory.outbox.compose(desk);
                }
                _ => drop(memory.outbox.compose(desk)),
            }
        }
        while let Some(pending) = memory.outbox.write() {
            live.next += 1;
            live.sends.insert(live.next, pending.id);
            let command = Command::Send {
                thread_id: pending.thread,
                message_id: pending.id,
                message: pending.text,
                product_id: None,
            };
            let id = live.next;
            live.line.say(&ClientFrame::Command { id, command }).await?;
        }
        Ok(())
    }

    /// What an app does by itself: says what it has stored, and what its person has read.
    async fn habits(&self, memory: &mut Memory, live: &mut Live) -> Result<()> {
        let pos = memory.cursor.map_or(Pos(0), |cursor| cursor.pos);
        if pos > live.applied {
            live.applied = pos;
            live.line.say(&ClientFrame::Applied { pos }).await?;
        }
        if self.orders.phase() == Phase::Leave && !live.is_leaving {
            live.is_leaving = true;
            live.line.say(&ClientFrame::Ping).await?;
        }
        if !self.pace.reads {
            return Ok(());
        }
        for (thread, up_to) in memory.held.unread() {
            if !self.orders.begin() {
                break;
            }
            live.next += 1;
            let id = live.next;
            live.reads.insert(id, (thread, up_to));
            let command = Command::Read {
                thread_id: thread,
                up_to_seq: up_to,
            };
            live.line.say(&ClientFrame::Command { id, command }).await?;
        }
        Ok(())
    }

    /// Starts anew from a snapshot. What is held from before is kept, but it is no unbroken stretch any more.
    async fn resync(&self, memory: &mut Memory) -> Result<()> {
        let answer = self.account.ask("/sync/snapshot").await?;
        let Data { data } = serde_json::from_value::<Data<Snapshot>>(answer)?;
        let cursor = data.cursor;
        let threads: Box<[Listed]> = data.threads.iter().map(Listed::of).collect();
        memory.held = Held::from(&threads);
        self.scribe.note(What::Snapshot { cursor, threads });
        memory.cursor = Some(cursor);
        Ok(())
    }
}
