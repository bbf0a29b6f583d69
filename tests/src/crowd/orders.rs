//! What a crowd is told to do, and how much of it is under way: one value for all, so that it can become quiet together.

use std::sync::Mutex;
use std::time::Duration;

use tokio::sync::watch;

/// What everybody does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Talks.
    Talk,
    /// Begins nothing new, and brings what was begun to its end.
    Quiet,
    /// Hears what is left, and goes.
    Leave,
}

/// What happens to the lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// Nothing.
    None,
    /// They end, as a lost network ends them.
    Cut,
    /// They are reset: whatever was on its way is gone.
    Reset,
    /// Their owners do not read for so long.
    Stall(Duration),
}

/// The order of the moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Order {
    /// What everybody does.
    pub phase: Phase,
    /// The newest trouble,
    pub trouble: Trouble,
    /// for so many in a hundred,
    pub percent: u64,
    /// and which one it is since the beginning.
    pub round: u64,
}

/// Orders and tallies, shared by a crowd.
#[derive(Debug)]
pub struct Orders {
    order: watch::Sender<Order>,
    busy: watch::Sender<u64>,
    acked: watch::Sender<u64>,
    back: Mutex<Vec<Duration>>,
}

impl Default for Orders {
    fn default() -> Self {
        let order = Order {
            phase: Phase::Talk,
            trouble: Trouble::None,
            percent: 0,
            round: 0,
        };
        Self {
            order: watch::Sender::new(order),
            busy: watch::Sender::new(0),
            acked: watch::Sender::new(0),
            back: Mutex::default(),
        }
    }
}

impl Orders {
    /// To follow the orders.
    #[must_use]
    pub fn follow(&self) -> watch::Receiver<Order> {
        self.order.subscribe()
    }

    /// What everybody does now.
    #[must_use]
    pub fn phase(&self) -> Phase {
        self.order.borrow().phase
    }

    /// The next phase.
    pub fn enter(&self, phase: Phase) {
        self.order.send_modify(|order| order.phase = phase);
    }

    /// Hurts the lines of so many in a hundred.
    pub fn hurt(&self, trouble: Trouble, percent: u64) {
        self.order.send_modify(|order| {
            order.round += 1;
            (order.trouble, order.percent) = (trouble, percent);
        });
    }

    /// Something begins that must be brought to its end. False: nothing new begins any more.
    #[must_use]
    pub fn begin(&self) -> bool {
        // The lock of the order is held, so whoever orders quiet waits for all that has begun.
        let order = self.order.borrow();
        if order.phase != Phase::Talk {
            return false;
        }
        self.busy.send_modify(|busy| *busy += 1);
        true
    }

    /// It has come to its end.
    pub fn end(&self) {
        self.busy.send_modify(|busy| *busy -= 1);
    }

    /// Waits until nothing is under way.
    pub async fn rest(&self) {
        let mut busy = self.busy.subscribe();
        let quiet = busy.wait_for(|busy| *busy == 0).await;
        quiet.expect("the sender is ours");
    }

    /// How much is under way.
    #[must_use]
    pub fn busy(&self) -> u64 {
        *self.busy.borrow()
    }

    /// A message was acknowledged.
    pub fn acked(&self) {
        self.acked.send_modify(|acks| *acks += 1);
    }

    /// Messages that were acknowledged so far.
    #[must_use]
    pub fn acks(&self) -> u64 {
        *self.acked.borrow()
    }

    /// Waits until so many messages have been acknowledged.
    pub async fn has_acked(&self, acks: u64) {
        let mut acked = self.acked.subscribe();
        let reached = acked.wait_for(|now| *now >= acks).await;
        reached.expect("the sender is ours");
    }

    /// Somebody was cut off and is live again after so long.
    pub fn is_back(&self, after: Duration) {
        self.back.lock().expect("no holder of this lock panics").push(after);
    }

    /// How long it took everybody so far to be live again, the shortest first.
    #[must_use]
    pub fn returns(&self) -> Vec<Duration> {
        let mut back = self.back.lock().expect("no holder of this lock panics").clone();
        back.sort_unstable();
        back
    }
}

impl Order {
    /// The trouble, if it is new since that round and meets this one; whom it meets changes from round to round.
    #[must_use]
    pub fn meets(&self, who: u64, since: u64) -> Option<Trouble> {
        let lot = crate::history::hash(&format!("{who} {}", self.round)) % 100;
        (self.round > since && self.trouble != Trouble::None && lot < self.percent).then_some(self.trouble)
    }
}
