//! The machine-readable descriptions of both doors, generated from the protocol's types.

/// OpenAPI 3.1.
pub const OPENAPI: &str = include_str!("../../protocol/openapi.json");
/// AsyncAPI 3.
pub const ASYNCAPI: &str = include_str!("../../protocol/asyncapi.json");
