//! The two desktop apps, driven end to end in a virtual screen with a real notification daemon.
//!
//! - [`stage`] everything around a play: screen, session bus, window manager, daemon, server, windows
//! - [`story`] the play: a buyer writes, a seller answers, the server dies and comes back
//! - [`screens`] looks at a place at every width, in both palettes and languages, by the rules of accessibility
//! - [`artefacts`] what a run leaves behind: pictures, a transcript, logs
//!
//! Whatever is missing on the machine fails with a sentence that names the Debian package.

pub mod artefacts;
pub mod screens;
pub mod stage;
pub mod story;
