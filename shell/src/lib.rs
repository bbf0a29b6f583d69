//! What both desktop apps share of Tauri. An app's `main.rs` says who it is and calls [`run`].
//!
//! - `commands` what the page may ask for · `updates` what it is told, in batches
//! - `accounts` who is signed in, one `engine` each, one of them in front
//! - `window` the one window · `screens` where it may stand · `life` how it goes and comes back
//! - `theme` its palette before the first paint
//! - `notices` native notifications · `tray` the icon beside the clock · `words` their sentences
//! - `numbers` how many are unread, everywhere the same · `badge` drawn · `launcher` told to the dock
//! - `arguments` what a start asks for · `autostart` · `way_in` links into the app · `links` the way out · `media` pictures
//! - `hints` what a new person is told once
//! - `upgrade` new versions of the app itself
//! - `keychain` refresh tokens · `place` the data directory · `log` · `crash` the report of a panic · `webkit`

mod accounts;
mod arguments;
mod autostart;
mod badge;
mod comfort;
mod commands;
mod crash;
mod engine;
mod hints;
mod keychain;
#[cfg(target_os = "linux")]
mod launcher;
mod life;
mod links;
mod log;
mod media;
mod notices;
mod numbers;
mod place;
mod run;
mod screens;
mod theme;
mod tray;
mod updates;
mod upgrade;
mod way_in;
#[cfg(target_os = "linux")]
mod webkit;
mod window;
mod words;

pub use prilavok_protocol::ids::Role;
pub use run::run;

/// Who an app is.
#[derive(Debug, Clone, Copy)]
pub struct App {
    /// Whose app it is; accounts of the other side are refused.
    pub role: Role,
    /// `buyer-app` or `seller-app`, for the server's log and «О приложении».
    pub name: &'static str,
    /// The app's version.
    pub version: &'static str,
    /// A PNG of 64 × 64 pixels.
    pub tray_icon: &'static [u8],
}
