//! The checked-in OpenAPI and AsyncAPI documents are those of the types, and hang together.
#![cfg(feature = "schema")]

use std::collections::HashSet;

use prilavok_protocol::schema::{ENDPOINTS, asyncapi, openapi, pretty};
use serde_json::Value;

#[test]
fn the_checked_in_documents_are_not_stale() {
    let advice = "stale: run `cargo xtask types`";
    assert!(
        pretty(openapi()) == include_str!("../openapi.json"),
        "openapi.json is {advice}"
    );
    assert!(
        pretty(asyncapi()) == include_str!("../asyncapi.json"),
        "asyncapi.json is {advice}"
    );
}

#[test]
fn every_reference_leads_somewhere() {
    for document in [openapi(), asyncapi()] {
        let mut references = Vec::new();
        collect_references(&document, &mut references);
        assert!(references.len() > 20, "there are references to follow");
        for reference in references {
            let pointer = reference.strip_prefix('#').expect("references stay inside");
            assert!(document.pointer(pointer).is_some(), "{reference} leads nowhere");
        }
    }
}

#[test]
fn every_operation_has_a_name_of_its_own_and_its_path_parameters() {
    let document = openapi();
    let mut names = HashSet::new();
    for endpoint in ENDPOINTS {
        let operation = &document["paths"][endpoint.path][endpoint.method.to_lowercase()];
        let name = operation["operationId"].to_string();
        assert!(names.insert(name.clone()), "{name} is used twice");
        for name in endpoint
            .path
            .split('{')
            .skip(1)
            .filter_map(|part| part.split('}').next())
        {
            let is_described = endpoint.params.iter().any(|param| param.name == name);
            assert!(is_described, "{name} of {} is not described", endpoint.path);
        }
    }
}

fn collect_references(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            if let Some(Value::String(reference)) = fields.get("$ref") {
                found.push(reference.clone());
            }
            fields.values().for_each(|field| collect_references(field, found));
        }
        Value::Array(items) => items.iter().for_each(|item| collect_references(item, found)),
        _ => {}
    }
}
