//! The engine both apps run. No user interface in it.
//!
//! - [`client`] the handle that apps hold
//! - [`update`] everything a screen may be told; [`settings`], [`error`]
//! - `engine` the one task that owns the state; `connection` one socket; `backoff` when to dial again
//! - `api` the marketplace API over HTTPS; [`address`] what counts as a server's address; `media` pictures
//! - `cache` the SQLite file; `profile` what belongs to the device and not to an account; [`seats`] several at once
//! - `outbox`, `sync`, `notice`, [`drafts`] what to send, what an event changes, who is told, what stands in a field: pure
//! - [`secrets`] where refresh tokens live; [`clock`] the device's clock; [`pace`] how long to wait for what;
//!   [`network`] the way to the server; [`faults`] where tests kill it

pub mod address;
mod api;
pub mod backoff;
mod cache;
pub mod client;
pub mod clock;
mod connection;
pub mod drafts;
mod engine;
pub mod error;
pub mod faults;
mod media;
pub mod network;
pub mod notice;
pub mod outbox;
pub mod pace;
mod profile;
pub mod seats;
pub mod secrets;
pub mod settings;
pub mod sync;
pub mod update;

pub use client::{Client, Inspection, Media, Options};
pub use clock::{Clock, SystemClock};
pub use drafts::DraftChoice;
pub use error::{Error, Failure, Unreachable};
pub use network::Network;
pub use notice::quiet::{Moment, Mute, Quiet};
pub use pace::{Pace, Seams};
pub use seats::{SeatId, Seats};
pub use secrets::{FileSecrets, MemorySecrets, Secrets};
pub use settings::{Focus, Settings, Theme};
pub use update::*;
