//! What must never import what: ARCHITECTURE.md's law, held against the sources and against cargo's own graph.

mod crates;
mod delivery;
mod law;
mod routes;
mod sources;

use sources::{Source, read};

#[test]
fn no_source_imports_what_the_law_forbids() {
    let sources = read();
    assert!(sources.len() > 60, "the sources were found");
    let faults: Vec<String> = law::LAW.iter().flat_map(|rule| rule.broken_by(&sources)).collect();
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

#[test]
fn no_crate_depends_on_what_the_law_forbids() {
    let faults = crates::faults(&crates::graph());
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

#[test]
fn files_are_short_and_rust_files_say_what_they_are() {
    let mut faults = Vec::new();
    for source in read() {
        let lines = source.text.lines().count();
        if lines >= 500 {
            faults.push(format!("{}: {lines} lines; split it by noun", source.path));
        }
        if source.path.ends_with("/mod.rs") {
            faults.push(format!("{}: use `name.rs` beside `name/`", source.path));
        }
        if source.path.ends_with(".rs") && !source.text.starts_with("//!") {
            faults.push(format!("{}: does not begin with `//!`", source.path));
        }
    }
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

#[test]
fn the_server_serves_exactly_the_paths_that_openapi_promises() {
    let (promised, served) = (routes::promised(), routes::served());
    assert!(promised.len() > 25, "the document was read");
    let missing: Vec<_> = promised.difference(&served).collect();
    let silent: Vec<_> = served.difference(&promised).collect();
    assert!(missing.is_empty(), "promised, not served: {missing:?}");
    assert!(silent.is_empty(), "served, not promised: {silent:?}");
}

#[test]
fn every_line_of_the_contract_has_its_tests() {
    let rows = delivery::rows();
    assert!(rows.len() > 14, "the tables were found");
    let faults = delivery::faults(&rows, &read());
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

#[test]
fn the_law_sees_a_crime() {
    let crime = |path: &str, text: &str| {
        let source = Source {
            path: path.into(),
            text: text.into(),
        };
        law::LAW
            .iter()
            .flat_map(|rule| rule.broken_by(std::slice::from_ref(&source)))
            .count()
    };
    assert_eq!(
        crime("server/src/chat.rs", "use axum::Json;\n"),
        2,
        "below the edge, and in the rules"
    );
    assert_eq!(crime("server/src/http/auth.rs", "use axum::Json;\n"), 0);
    assert_eq!(crime("server/src/chat.rs", "// axum::Json is not for us\n"), 0);
    assert_eq!(crime("client/src/sync.rs", "async fn later() {}\n"), 1);
    assert_eq!(
        crime("client/src/engine.rs", "let c = rusqlite::Connection::open(p);\n"),
        1
    );
    assert_eq!(crime("client/src/cache/rows.rs", "use rusqlite::Row;\n"), 0);
    assert_eq!(
        crime("ui/src/components/Bubble.svelte", "import { send } from '../bridge';\n"),
        1
    );
    assert_eq!(crime("ui/src/components/Bubble.svelte", "<p>{@html text}</p>\n"), 1);
    assert_eq!(
        crime("ui/src/state/a.ts", "import { invoke } from '@tauri-apps/api/core';\n"),
        1
    );
    assert_eq!(
        crime(
            "ui/src/bridge/tauri.ts",
            "import { invoke } from '@tauri-apps/api/core';\n"
        ),
        0
    );
    assert_eq!(
        crime("buyer-app/src/App.svelte", "import x from '../../seller-app/src/x';\n"),
        1
    );
}

#[test]
fn the_graph_sees_a_crime() {
    let edge = |from: &str, to: &str| crates::faults(&[(from.to_owned(), to.to_owned())]).len();
    assert_eq!(edge("prilavok-protocol", "tokio"), 1);
    assert_eq!(edge("prilavok-client", "prilavok-server"), 1);
    assert_eq!(edge("prilavok-server", "prilavok-client"), 1);
    assert_eq!(edge("prilavok-server", "prilavok-sim"), 1);
    assert_eq!(edge("prilavok-buyer", "reqwest"), 1);
    assert_eq!(edge("prilavok-buyer", "prilavok-shell"), 0);
    assert_eq!(edge("prilavok-client", "prilavok-protocol"), 0);
}
