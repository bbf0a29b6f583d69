//! The published OpenAPI document and the server's routes, as sets of `METHOD /path`; parameters as `{}`.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::Value;

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// What `protocol/openapi.json` promises.
pub fn promised() -> BTreeSet<String> {
    let document: Value = serde_json::from_str(&read("protocol/openapi.json")).expect("it is JSON");
    let paths = document["paths"].as_object().expect("it has paths");
    let mut promised = BTreeSet::new();
    for (path, operations) in paths {
        for method in operations.as_object().expect("a path has operations").keys() {
            promised.insert(format!("{method} {}", anonymous(path)));
        }
    }
    promised
}

/// What `server/src/http.rs` mounts under `/api/v1`, save the documents themselves and what only the compatibility
/// mode serves.
pub fn served() -> BTreeSet<String> {
    let source = read("server/src/http.rs");
    let from = source
        .find("let api = Router::new()")
        .expect("the marketplace API is mounted there");
    let to = source[from..]
        .find("let api = match")
        .expect("the compatibility mode follows it");
    let mut served = BTreeSet::new();
    for route in source[from..from + to].split(".route(").skip(1) {
        let path = route.split('"').nth(1).expect("a route begins with its path");
        let handlers = route.split("trusted::only").next().unwrap_or_default();
        if path.ends_with(".json") {
            continue;
        }
        for method in METHODS.iter().filter(|method| handlers.contains(&format!("{method}("))) {
            served.insert(format!("{method} /api/v1{}", anonymous(path)));
        }
    }
    served
}

/// `/sellers/{id}` → `/sellers/{}`
fn anonymous(path: &str) -> String {
    let hide = |part: &str| {
        if part.starts_with('{') {
            "{}".to_owned()
        } else {
            part.to_owned()
        }
    };
    path.split('/').map(hide).collect::<Vec<_>>().join("/")
}

fn read(path: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("xtask lies in the workspace");
    fs::read_to_string(root.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}
