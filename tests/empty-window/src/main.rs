//! A plain Tauri window with one word in it, as large as the buyer's. `cargo xtask bench desktop` weighs it beside the apps:
//! what it needs is what the webview needs.

fn main() -> tauri::Result<()> {
    tauri::Builder::default().run(tauri::generate_context!())
}
