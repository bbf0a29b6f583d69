//! Everything that a request may need, chosen once at the start.

use std::sync::Arc;

use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::accounts::Keys;
use crate::bus::Bus;
use crate::clock::Clock;
use crate::config::Config;
use crate::hub::Hub;
use crate::limits::Limiters;
use crate::store::{Change, SharedStore};

/// The running application. Cheap to clone behind its `Arc`.
pub struct App {
    /// Where everything durable lives.
    pub store: SharedStore,
    /// Carries hints to the other nodes.
    pub bus: Arc<dyn Bus>,
    /// Who is connected to this node.
    pub hub: Hub,
    /// Dates things.
    pub clock: Arc<dyn Clock>,
    /// What the operator wants.
    pub config: Config,
    /// Signs and checks access tokens and tickets.
    pub keys: Keys,
    /// Rates per party and address.
    pub limiters: Limiters,
    /// Every task, so that shutdown can wait for all of them.
    pub tasks: TaskTracker,
    /// Cancelled when the server stops.
    pub stopping: CancellationToken,
}

/// How handlers and sockets hold it.
pub type SharedApp = Arc<App>;

impl App {
    /// Hands the new log entries of a durable change to the bus, which brings them to every hub, and returns the value.
    pub fn publish<T>(&self, change: Change<T>) -> T {
        if !change.deliveries.is_empty() {
            self.bus.publish(&self.hub, change.deliveries);
        }
        change.value
    }
}
