//! Every word that client and server may say to each other.
//!
//! - [`ids`] newtypes, [`time`] the one timestamp
//! - [`model`] thread, message, party, product
//! - [`rest`] paths, requests and responses of the marketplace API
//! - [`room`] what crosses the per-thread socket of the marketplace API
//! - [`frame`] what crosses the session socket; [`command`] and [`event`] ride in it, [`draft`] in them
//! - [`error`] codes, problem documents, close codes and who may reconnect
//! - [`search`] what it means that a message is found
//! - [`limits`] the published limits and their defaults
//! - `schema` (feature) TypeScript, OpenAPI and AsyncAPI, generated from the types
//!
//! Nothing here does I/O, and nothing here depends on another crate of the workspace.

pub mod command;
pub mod draft;
pub mod error;
pub mod event;
pub mod frame;
pub mod ids;
pub mod limits;
pub mod model;
pub mod rest;
pub mod room;
#[cfg(feature = "schema")]
pub mod schema;
pub mod search;
pub mod time;

/// The version of the session socket's language that this crate speaks.
pub const PROTOCOL_VERSION: u32 = 1;

/// The subprotocol that a browser offers beside `ticket.<ticket>`.
pub const SUBPROTOCOL: &str = "prilavok.v1";
