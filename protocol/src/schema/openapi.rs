//! OpenAPI 3.1 of the marketplace API.

use schemars::generate::SchemaGenerator;
use serde_json::{Map, Value, json};

use super::endpoints::{Answer, Auth, ENDPOINTS, Endpoint, Param, Place};
use super::{definitions, generator, schema_of};
use crate::error::Problem;
use crate::rest::Pagination;

/// Any path may answer with these.
const ALWAYS: [u16; 3] = [429, 500, 503];

/// The document.
#[must_use]
pub fn openapi() -> Value {
    let mut generator = generator();
    let mut paths = Map::new();
    for endpoint in ENDPOINTS {
        let operation = operation(endpoint, &mut generator);
        let path = paths.entry(endpoint.path).or_insert_with(|| json!({}));
        path[endpoint.method.to_lowercase()] = operation;
    }
    let problem = schema_of::<Problem>(&mut generator);
    let refusals = refusals()
        .into_iter()
        .map(|(status, what)| {
            let content = json!({"application/problem+json": {"schema": problem}});
            let mut response = json!({"description": what, "content": content});
            if matches!(status, 429 | 503) {
                response["headers"] = json!({"Retry-After": {
                    "description": "Seconds to wait.", "schema": {"type": "integer"},
                }});
            }
            (format!("Refusal{status}"), response)
        })
        .collect::<Map<_, _>>();
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Prilavok: the marketplace API",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Buyers write, shops answer. Every answer is wrapped in `data`; every refusal is a \
                `application/problem+json` document with a stable `code`. Collections answer with and without a \
                trailing slash. The WebSockets are described in `asyncapi.json`.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "paths": paths,
        "components": {
            "schemas": definitions(generator),
            "responses": refusals,
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "description": "The access token of a signed-in account."},
                "service": {"type": "http", "scheme": "bearer", "description": "The marketplace's service token."},
            },
        },
    })
}

fn refusals() -> Vec<(u16, &'static str)> {
    vec![
        (400, "Not JSON, or a wrong parameter."),
        (401, "Nobody is signed in."),
        (403, "Signed in, but not allowed to do this."),
        (404, "It does not exist, or the caller may not know that it does."),
        (409, "The id or the e-mail address is taken."),
        (413, "The body or the text is too long."),
        (415, "Only JSON is understood."),
        (422, "A value is missing, of the wrong type or out of range."),
        (429, "Too much in too short a time."),
        (500, "A fault of the server, logged there under `request_id`."),
        (503, "Not now; try again."),
    ]
}

fn operation(endpoint: &Endpoint, generator: &mut SchemaGenerator) -> Value {
    let mut responses = Map::new();
    for status in endpoint.success {
        let what = match status {
            201 => "Made.",
            200 if endpoint.success.len() > 1 => "It was there already.",
            _ => "Done.",
        };
        let schema = envelope(&endpoint.answer, generator);
        let content = json!({"application/json": {"schema": schema}});
        responses.insert(status.to_string(), json!({"description": what, "content": content}));
    }
    for status in endpoint.refusals.iter().chain(&ALWAYS) {
        let reference = format!("#/components/responses/Refusal{status}");
        responses.insert(status.to_string(), json!({"$ref": reference}));
    }
    let mut operation = json!({
        "summary": endpoint.summary,
        "operationId": operation_id(endpoint),
        "tags": [tag(endpoint)],
        "responses": responses,
        "security": match endpoint.auth {
            Auth::Open => json!([]),
            Auth::Token => json!([{"token": []}]),
            Auth::Service => json!([{"service": []}]),
        },
    });
    if !endpoint.params.is_empty() {
        operation["parameters"] = endpoint
            .params
            .iter()
            .map(|param| parameter(param, generator))
            .collect();
    }
    if let Some(request) = endpoint.request {
        let schema = request(generator);
        operation["requestBody"] = json!({"required": true, "content": {"application/json": {"schema": schema}}});
    }
    operation
}

fn parameter(param: &Param, generator: &mut SchemaGenerator) -> Value {
    json!({
        "name": param.name,
        "in": if param.place == Place::Path { "path" } else { "query" },
        "required": param.place != Place::Query,
        "description": param.what,
        "schema": (param.schema)(generator),
    })
}

fn envelope(answer: &Answer, generator: &mut SchemaGenerator) -> Value {
    let object = |required: &[&str], properties: Value| json!({"type": "object", "required": required, "properties": properties});
    match answer {
        Answer::One(schema) => object(&["data"], json!({"data": schema(generator)})),
        Answer::List(schema) => object(
            &["data"],
            json!({"data": {"type": "array", "items": schema(generator)}}),
        ),
        Answer::Page(schema) => object(
            &["data", "pagination"],
            json!({
                "data": {"type": "array", "items": schema(generator)},
                "pagination": schema_of::<Pagination>(generator),
            }),
        ),
        Answer::Cursored(schema) => object(
            &["data"],
            json!({
                "data": {"type": "array", "items": schema(generator)},
                "next_cursor": {"type": "string", "description": "Absent on the last page."},
            }),
        ),
        Answer::Nothing => object(&["data"], json!({"data": {"type": "null"}})),
        Answer::Bare(schema) => json!(schema(generator)),
    }
}

/// The first word after the version.
fn tag(endpoint: &Endpoint) -> &'static str {
    endpoint.path.split('/').nth(3).unwrap_or("server")
}

/// `get_chat_threads_by_buyer`: the method and the words of the path, parameters as `one`.
fn operation_id(endpoint: &Endpoint) -> String {
    let mut words = vec![endpoint.method.to_lowercase()];
    for part in endpoint.path.split('/').skip(3) {
        match part.strip_prefix('{') {
            Some("id}" | "thread_id}") => words.push("one".into()),
            Some(_) => {}
            None => words.push(part.replace('-', "_")),
        }
    }
    words.join("_")
}
