//! AsyncAPI 3 of both sockets, told from the server's side.

use serde_json::{Value, json};

use super::{definitions, generator, schema_of};
use crate::frame::{ClientFrame, ServerFrame};
use crate::ids::{Role, ThreadId};
use crate::room::{RoomCommand, RoomFrame};

/// The document.
#[must_use]
pub fn asyncapi() -> Value {
    let mut generator = generator();
    let messages = json!({
        "RoomCommand": message("From a shop's page to the server.", schema_of::<RoomCommand>(&mut generator)),
        "RoomFrame": message("From the server to a shop's page.", schema_of::<RoomFrame>(&mut generator)),
        "ClientFrame": message("From a device to the server.", schema_of::<ClientFrame>(&mut generator)),
        "ServerFrame": message("From the server to a device.", schema_of::<ServerFrame>(&mut generator)),
    });
    schema_of::<ThreadId>(&mut generator);
    schema_of::<Role>(&mut generator);
    json!({
        "asyncapi": "3.0.0",
        "info": {
            "title": "Prilavok: the sockets",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Text frames, one JSON object each. The access token comes in `Authorization`, or as a \
                single-use ticket in the subprotocols `prilavok.v1` and `ticket.<ticket>`; never in the address. \
                Frames of unknown kinds are ignored by clients. Whether to come back after a close is said by its \
                code: 1000, 1002, 1003, 1007, 1009 no; 1001, 1011, 1012, 1013, 4010 yes; 4001 with a new token; \
                4007 without the cursor; 4008 after the hint; 4009 after signing in; 4012 after an update; \
                4002, 4003, 4004, 4011, 4013 no.",
            "license": {"name": "MIT"},
        },
        "defaultContentType": "application/json",
        "channels": {
            "room": {
                "address": "/ws/chat/{thread_id}",
                "title": "One thread",
                "description": "The per-thread socket of the marketplace API.",
                "parameters": {"thread_id": {"description": "The thread, a UUID."}},
                "messages": {
                    "command": {"$ref": "#/components/messages/RoomCommand"},
                    "frame": {"$ref": "#/components/messages/RoomFrame"},
                },
                "bindings": {"ws": {
                    "method": "GET",
                    "query": {
                        "type": "object",
                        "required": ["user_id", "user_type"],
                        "properties": {
                            "user_id": {"type": "string", "format": "uuid", "description": "The caller; must agree with the token."},
                            "user_type": {"$ref": "#/components/schemas/Role"},
                        },
                    },
                }},
            },
            "session": {
                "address": "/ws/session",
                "title": "One device",
                "description": "All threads of a signed-in device, resumable: `hello` is answered with `welcome`, \
                    then every missed event in order and `live`, or with `resync` and nothing else.",
                "messages": {
                    "command": {"$ref": "#/components/messages/ClientFrame"},
                    "frame": {"$ref": "#/components/messages/ServerFrame"},
                },
                "bindings": {"ws": {"method": "GET"}},
            },
        },
        "operations": {
            "receiveRoomCommand": operation("receive", "room", "command"),
            "sendRoomFrame": operation("send", "room", "frame"),
            "receiveClientFrame": operation("receive", "session", "command"),
            "sendServerFrame": operation("send", "session", "frame"),
        },
        "components": {"messages": messages, "schemas": definitions(generator)},
    })
}

fn message(summary: &str, payload: schemars::Schema) -> Value {
    json!({"summary": summary, "contentType": "application/json", "payload": payload})
}

fn operation(action: &str, channel: &str, message: &str) -> Value {
    json!({
        "action": action,
        "channel": {"$ref": format!("#/channels/{channel}")},
        "messages": [{"$ref": format!("#/channels/{channel}/messages/{message}")}],
    })
}
