//! The law for crates: who may depend on whom.

use std::process::Command;

use serde_json::Value;

/// Crate, and the beginnings of the names of crates that it must not depend on.
const FORBIDDEN: &[(&str, &[&str])] = &[
    (
        "prilavok-protocol",
        &["prilavok-", "tokio", "axum", "hyper", "reqwest", "rusqlite", "tauri"],
    ),
    (
        "prilavok-client",
        &[
            "prilavok-server",
            "prilavok-shell",
            "prilavok-test",
            "prilavok-sim",
            "axum",
            "hyper",
            "tauri",
        ],
    ),
    (
        "prilavok-server",
        &[
            "prilavok-client",
            "prilavok-shell",
            "prilavok-test",
            "prilavok-sim",
            "tauri",
            "reqwest",
        ],
    ),
    (
        "prilavok-shell",
        &[
            "prilavok-server",
            "prilavok-test",
            "prilavok-sim",
            "prilavok-buyer",
            "prilavok-seller",
            "axum",
            "rusqlite",
        ],
    ),
];

/// The apps may depend on these and on nothing else.
const APPS: &[&str] = &["prilavok-buyer", "prilavok-seller"];
/// `serde_json`: only what `tauri::generate_context!` writes names it.
const OF_APPS: &[&str] = &["prilavok-shell", "serde_json", "tauri", "tauri-build"];

/// Every dependency between a crate of ours and another, from cargo. Those of tests are left out, and so are the parts of
/// tests that only a feature brings in, which no release is built with.
pub fn graph() -> Vec<(String, String)> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--format-version", "1"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo runs");
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo writes JSON");
    let packages = metadata["packages"].as_array().expect("there are packages");
    assert!(packages.len() >= 8, "all crates of the workspace are there");
    let mut edges = Vec::new();
    for package in packages {
        let name = package["name"].as_str().expect("a crate has a name");
        for dependency in package["dependencies"].as_array().into_iter().flatten() {
            let to = dependency["name"].as_str().expect("a dependency has a name");
            let is_of_tests =
                dependency["kind"] == "dev" || (dependency["optional"] == true && to.starts_with("prilavok-test"));
            if !is_of_tests {
                edges.push((name.to_owned(), to.to_owned()));
            }
        }
    }
    edges
}

/// The edges that the law forbids.
pub fn faults(edges: &[(String, String)]) -> Vec<String> {
    let is_forbidden = |from: &str, to: &str| {
        if APPS.contains(&from) {
            return !OF_APPS.contains(&to);
        }
        FORBIDDEN
            .iter()
            .any(|(crate_name, names)| *crate_name == from && names.iter().any(|name| to.starts_with(name)))
    };
    edges
        .iter()
        .filter(|(from, to)| is_forbidden(from, to))
        .map(|(from, to)| format!("{from} must not depend on {to}"))
        .collect()
}
