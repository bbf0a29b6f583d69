//! The documents that are generated from the types: OpenAPI 3.1 and AsyncAPI 3.
//!
//! `cargo xtask types` writes them to `openapi.json` and `asyncapi.json` beside this crate's manifest, and a test
//! fails when they are stale. Keys are sorted, so the same types always give the same bytes.

mod asyncapi;
mod endpoints;
mod openapi;

use schemars::generate::{SchemaGenerator, SchemaSettings};
use schemars::{JsonSchema, Schema};
use serde_json::Value;

pub use asyncapi::asyncapi;
pub use endpoints::{Answer, Auth, ENDPOINTS, Endpoint, Param, Place};
pub use openapi::openapi;

/// The schema of a type; its definition lands in the generator.
pub type SchemaOf = fn(&mut SchemaGenerator) -> Schema;

/// The document as it is checked in.
#[must_use]
pub fn pretty(mut document: Value) -> String {
    document.sort_all_objects();
    format!("{document:#}\n")
}

/// [`SchemaOf`] a type.
fn schema_of<T: JsonSchema>(generator: &mut SchemaGenerator) -> Schema {
    generator.subschema_for::<T>()
}

/// Both documents keep their types under `components/schemas`, in JSON Schema 2020-12.
fn generator() -> SchemaGenerator {
    SchemaSettings::draft2020_12()
        .with(|settings| {
            settings.definitions_path = "/components/schemas".into();
            settings.meta_schema = None;
        })
        .into_generator()
}

/// Everything that was referred to, by name.
fn definitions(mut generator: SchemaGenerator) -> Value {
    Value::Object(generator.take_definitions(true))
}
