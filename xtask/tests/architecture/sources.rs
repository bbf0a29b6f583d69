//! The sources of the workspace, as the law reads them.

use std::fs;
use std::path::Path;

/// One file.
pub struct Source {
    /// From the root, with `/`.
    pub path: String,
    /// What is in it.
    pub text: String,
}

/// Where people write; generated and fetched folders inside are left out.
const FOLDERS: &[&str] = &[
    "protocol",
    "server",
    "client",
    "shell",
    "ui",
    "buyer-app",
    "seller-app",
    "tests",
    "xtask",
];
const LEFT_OUT: &[&str] = &["node_modules", "dist", "target", "gen", ".vite", "ui/src/types"];
const ENDINGS: &[&str] = &["rs", "ts", "js", "svelte", "css", "sql", "ftl"];

/// Every file that people write.
pub fn read() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("xtask lies in the workspace");
    let mut found = Vec::new();
    for folder in FOLDERS {
        walk(root, &root.join(folder), &mut found);
    }
    found.sort_by(|a: &Source, b: &Source| a.path.cmp(&b.path));
    found
}

fn walk(root: &Path, folder: &Path, found: &mut Vec<Source>) {
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.expect("a folder can be listed").path();
        let inside = path.strip_prefix(root).expect("it lies below the root");
        let name = inside.to_string_lossy().replace('\\', "/");
        let is_left_out = LEFT_OUT
            .iter()
            .any(|left| name == *left || name.ends_with(&format!("/{left}")));
        if is_left_out {
            continue;
        }
        if path.is_dir() {
            walk(root, &path, found);
            continue;
        }
        let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
        if ENDINGS.contains(&ending) {
            let text = fs::read_to_string(&path).expect("a source is UTF-8");
            found.push(Source { path: name, text });
        }
    }
}
