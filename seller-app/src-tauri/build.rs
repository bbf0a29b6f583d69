//! Reads `tauri.conf.json`, the icons and the capability file.

fn main() {
    tauri_build::build();
}
