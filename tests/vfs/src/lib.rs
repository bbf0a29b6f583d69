//! A disk that loses power, fails and fills up, under every SQLite database of a test.
//!
//! - [`Disk`] a folder whose databases live on it; [`Fault`] what goes wrong; [`Gate`] holds a sync until the test says so
//! - [`model`] what would be left after a power cut; [`shim`] the VFS around SQLite's own: what is unsafe is there
//! - [`statements`] which statements the process runs, for tests of query plans; through SQLite's `ffi` as well
//!
//! [`Disk::mount`] makes the shim the process's default VFS, so that the store under test opens its files as it always
//! does. Files outside of every mounted folder pass through untouched: tests in one process do not disturb one another.
//! Write-ahead logs, their shared memory and all locks are SQLite's own.

mod disk;
mod faults;
mod gate;
mod model;
mod shim;
pub mod statements;

pub use disk::Disk;
pub use faults::{Fault, Kind};
pub use gate::Gate;
