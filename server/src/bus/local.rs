//! The bus of a single node: straight into its own hub.

use prilavok_protocol::event::Signal;
use prilavok_protocol::ids::{AccountId, Party};

use super::Bus;
use crate::faults;
use crate::hub::{Called, Hub};
use crate::store::Delivery;

/// Loses nothing, since it goes nowhere.
#[derive(Debug, Default)]
pub struct LocalBus;

impl Bus for LocalBus {
    fn publish(&self, hub: &Hub, mut deliveries: Vec<Delivery>) -> Called {
        deliveries.retain(|_| !faults::planted("bus.lossy"));
        hub.deliver(deliveries)
    }

    fn signal(&self, hub: &Hub, to: Party, signal: Signal) {
        hub.signal(to, signal);
    }

    fn signal_account(&self, hub: &Hub, to: AccountId, signal: Signal) {
        hub.signal_account(to, signal);
    }
}
