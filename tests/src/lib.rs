//! Stories: real sockets and real client engines against a real server.
//!
//! - [`world`] a server in this process, with guests who speak the marketplace API; [`world::process`] the real binary
//! - [`person`] somebody with the app: a whole client engine, behind a line that can be cut
//! - [`faults`] what goes wrong on the way: a proxy that cuts, slices, loses and holds
//! - [`storm`] thousands of bare devices that come back after a restart, measured
//! - [`history`] what every client of a run said and saw; [`checker`] whether all of it was well
//! - [`crowd`] many clients of both doors, who write such a history; [`soak`] such a crowd for minutes, while everything breaks
//! - [`wire`] a bare socket, for rude clients and for looking at every frame
//! - [`device`] an engine in a process of its own, which dies between two writes
//! - [`seed`] randomness that can be had again
//!
//! Nothing sleeps here: everything waits for an event, with a deadline.

pub mod checker;
pub mod crowd;
pub mod device;
pub mod faults;
pub mod history;
pub mod person;
pub mod seed;
pub mod soak;
pub mod storm;
pub mod wire;
pub mod world;
