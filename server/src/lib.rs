//! The post office of the marketplace chat. The map:
//!
//! - [`app`] everything that a request may need; [`config`] what the operator wants; [`clock`] dates things
//! - [`http`] the marketplace API: every route on one screen; [`error`] every refusal
//! - [`session`] the session socket, [`room`] the per-thread socket
//! - [`chat`], [`accounts`], [`catalogue`] the rules; [`limits`] the rates
//! - [`hub`] who is connected here, [`bus`] hints between nodes
//! - [`store`] where everything durable lives, [`blobs`] pictures
//! - [`demo`] and [`seed`] a marketplace worth looking at
//! - [`accept`] connections in, `cli` the commands, [`metrics`] numbers for the operator

pub mod accounts;
pub mod app;
pub mod bus;
pub mod chat;
pub mod clock;
pub mod config;
pub mod demo;
pub mod error;
pub mod hub;
pub mod limits;
pub mod room;
pub mod session;
pub mod store;
