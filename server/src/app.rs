//! Everything that a request may need, chosen once at the start.

use std::sync::Arc;

use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::accounts::{Keys, Passwords};
use crate::blobs::Blobs;
use crate::bus::Bus;
use crate::chat::arrivals::{Arrivals, Arrived};
use crate::chat::sending::Sending;
use crate::clock::Clock;
use crate::config::Config;
use crate::faults;
use crate::home::Home;
use crate::hub::{Called, Hub};
use crate::limits::Limiters;
use crate::store::sqlite::SqliteStore;
use crate::store::{Change, Delivery, SharedStore};

/// The running application. Cheap to clone behind its `Arc`.
pub struct App {
    /// Where everything durable lives.
    pub store: SharedStore,
    /// The same store, for opening and closing only.
    pub database: Arc<SqliteStore>,
    /// The data directory, held for this process alone.
    pub home: Home,
    /// Pictures.
    pub blobs: Arc<dyn Blobs>,
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
    /// Hashes and checks passwords, a few at a time.
    pub passwords: Passwords,
    /// Rates per party and address.
    pub limiters: Limiters,
    /// Messages on their way to the store.
    pub sending: Sending,
    /// Who tells of them once they are there.
    pub arrivals: Arrivals<Arrived>,
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
        drop(self.announce(change.deliveries));
        change.value
    }

    /// Hands new log entries to the bus; the sockets here are woken up when the answer is dropped.
    pub fn announce(&self, deliveries: Vec<Delivery>) -> Called {
        faults::point("publish.before");
        if deliveries.is_empty() {
            return Called::default();
        }
        self.bus.publish(&self.hub, deliveries)
    }
}
