//! The two desktop apps on a virtual screen, driven by their real windows.
//!
//! - [`child`] a process that never outlives its owner
//! - [`screen`] the virtual screen, session bus, window manager and notification daemon
//! - [`server`] the server's binary with its demo marketplace
//! - [`app`] one app under WebDriver; [`page`] what a person does in its window
//! - [`stage`] all of it together; [`story`] the conversation; [`report`] transcript and pictures
//!
//! Whatever is missing on the machine is an error that names the Debian package.

pub mod app;
pub mod axe;
pub mod child;
pub mod page;
pub mod report;
pub mod screen;
pub mod server;
pub mod stage;
pub mod story;
pub mod wait;
