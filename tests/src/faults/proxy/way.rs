//! One direction of a connection: its orders, and how many bytes have passed.

use std::sync::Arc;

use tokio::sync::watch;

/// What a direction does with bytes that come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Flow {
    /// Passes them on.
    #[default]
    Carry,
    /// Passes them on, each in a segment of its own.
    Slice,
    /// Takes them and lets them vanish, the end of the stream too.
    Lose,
    /// Leaves them where they are: the sender's buffers fill up. Nothing is lost, and no end is passed on.
    Hold,
}

/// How a connection is broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// In order, with a FIN to both sides.
    Cut,
    /// With a RST to both sides.
    Reset,
}

/// What a direction has to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Order {
    /// With the bytes.
    pub flow: Flow,
    /// Once so many bytes have passed since the connection opened; at the count itself, when the next byte comes.
    pub breaks: Option<(u64, End)>,
}

/// One direction of a connection.
#[derive(Debug, Clone)]
pub struct Way {
    state: Arc<State>,
}

#[derive(Debug)]
struct State {
    order: watch::Sender<Order>,
    passed: watch::Sender<u64>,
}

impl Way {
    pub(super) fn new(order: Order) -> Self {
        let state = State {
            order: watch::Sender::new(order),
            passed: watch::Sender::new(0),
        };
        Self { state: Arc::new(state) }
    }

    /// What it does from now on.
    pub fn set(&self, flow: Flow) {
        self.state.order.send_modify(|order| order.flow = flow);
    }

    /// Breaks the connection after exactly so many more bytes; with 0, when the next byte comes, which is lost.
    pub fn break_after(&self, bytes: u64, end: End) {
        let at = self.passed() + bytes;
        self.state.order.send_modify(|order| order.breaks = Some((at, end)));
    }

    /// Bytes that have passed, the lost ones too, and none less than what has arrived on the other side.
    #[must_use]
    pub fn passed(&self) -> u64 {
        *self.state.passed.borrow()
    }

    pub(super) fn orders(&self) -> watch::Receiver<Order> {
        self.state.order.subscribe()
    }

    pub(super) fn pass(&self, bytes: usize) {
        self.state.passed.send_modify(|passed| *passed += bytes as u64);
    }
}
