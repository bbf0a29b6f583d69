//! The seller's desktop app: everything is in `prilavok-shell`; this file says who it is.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

use std::process::ExitCode;

use prilavok_shell::{App, Role};

fn main() -> ExitCode {
    prilavok_shell::run(
        App {
            role: Role::Seller,
            name: "seller-app",
            version: env!("CARGO_PKG_VERSION"),
            tray_icon: include_bytes!("../icons/tray.png"),
        },
        tauri::generate_context!(),
    )
}
