//! A plain Tauri window with one word in it, as large as the buyer's. `cargo xtask bench desktop` weighs it beside the apps:
//! what it needs is what the webview needs.
//!
//! With an address as its argument it lives on without a window, as the apps do in the tray, and opens one again for each
//! connection to that address.

use std::net::TcpListener;

use tauri::{AppHandle, RunEvent, WebviewWindowBuilder};

fn main() -> tauri::Result<()> {
    let door = std::env::args().nth(1);
    let app = tauri::Builder::default().build(tauri::generate_context!())?;
    if let Some(address) = &door {
        let listener = TcpListener::bind(address)?;
        let handle = app.handle().clone();
        std::thread::spawn(move || listener.incoming().for_each(|_| open(&handle)));
    }
    app.run(move |_, event| {
        if let RunEvent::ExitRequested { api, code: None, .. } = event
            && door.is_some()
        {
            api.prevent_exit();
        }
    });
    Ok(())
}

fn open(app: &AppHandle) {
    let on_main = app.clone();
    let window = move || {
        let window = WebviewWindowBuilder::from_config(&on_main, &on_main.config().app.windows[0]);
        if let Err(error) = window.and_then(|window| window.build()) {
            eprintln!("the window does not open: {error}");
        }
    };
    if let Err(error) = app.run_on_main_thread(window) {
        eprintln!("the app has ended: {error}");
    }
}
