//! The bus: carries hints between the nodes' hubs.
//!
//! Guarantee: at most once. A hint may be lost, repeated, reordered or forged, and nothing comes of it but a delay of
//! one heartbeat, because every socket knows its place in its party's log and the store is the truth.

pub mod local;

use prilavok_protocol::event::Signal;
use prilavok_protocol::ids::{AccountId, Party};

use crate::hub::{Called, Hub};
use crate::store::Delivery;

/// Brings what has happened to every hub, the own one included. Never waits.
pub trait Bus: Send + Sync + 'static {
    /// New entries of parties' logs, which are durable already. The sockets here are woken up when the answer is dropped.
    fn publish(&self, hub: &Hub, deliveries: Vec<Delivery>) -> Called;

    /// Something that is true right now, for one party.
    fn signal(&self, hub: &Hub, to: Party, signal: Signal);

    /// Something that is true right now, for the devices of one account and nobody else of its party.
    fn signal_account(&self, hub: &Hub, to: AccountId, signal: Signal);
}
