//! The line between an app and its server, to be cut, or to lose all answers: a proxy with three settings.

use std::net::SocketAddr;

use crate::faults::proxy::{Door, End, Flow, Proxy};

/// What the line does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line {
    /// Carries everything.
    Open,
    /// Carries nothing: connections break, new ones too.
    Cut,
    /// Carries what the app says and loses what the server answers.
    Deaf,
}

/// A port that leads to a server.
pub struct Relay {
    proxy: Proxy,
}

impl Relay {
    /// A line to this server.
    pub async fn to(server: SocketAddr) -> Self {
        let proxy = Proxy::to(server).await;
        Self { proxy }
    }

    /// What the app takes for the server's address.
    #[must_use]
    pub fn address(&self) -> String {
        self.proxy.address().to_string()
    }

    /// For finer faults than those of a line.
    #[must_use]
    pub fn proxy(&self) -> &Proxy {
        &self.proxy
    }

    /// Changes what the line does, from now on and for what is open.
    pub fn set(&self, line: Line) {
        let (door, flow) = match line {
            Line::Open => (Door::Open, Flow::Carry),
            Line::Cut => (Door::Shut, Flow::Carry),
            Line::Deaf => (Door::Open, Flow::Lose),
        };
        self.proxy.plan(|plan| {
            plan.door = door;
            plan.down.flow = flow;
        });
        self.proxy.each(|connection| {
            connection.down.set(flow);
            if line == Line::Cut {
                connection.breaks(End::Cut);
            }
        });
    }
}
