//! A marketplace that runs in one thread on one seed: real engines and a real server over a made-up network and clock.
//!
//! - [`world`] who lives in it; [`weather`] what goes wrong, and when; [`play`] one run from its seed to its verdict
//! - [`person`] a device and the person who uses it; [`network`] its way to the server; [`server`] the post office
//! - [`verdict`] what must be true when everything is calm again; [`trace`] what happened, as one number
//!
//! Real: the whole server from its accept loop over HTTP, WebSocket and rules down to SQLite; the whole engine from its
//! handle over outbox, sync and cache to its WebSocket. Made up: TCP and time (turmoil), chance, whose thread SQLite
//! works on, and the wire under the engine's REST calls, which is hyper instead of reqwest. There is no TLS, and a
//! crash falls between two steps of a task and never into the middle of a transaction: that is for the other suites.

pub mod network;
pub mod person;
pub mod play;
pub mod server;
pub mod trace;
pub mod verdict;
pub mod weather;
pub mod world;
