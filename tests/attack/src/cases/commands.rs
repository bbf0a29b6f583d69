//! Frames that are well made and say what they must not.

use serde_json::{Value, json};
use uuid::Uuid;

use super::Cases;
use crate::case::{Attack, Door, Wanted};
use crate::line::text;
use crate::people::People;

pub fn cases(people: &People) -> Cases {
    let mut cases: Cases = Vec::new();
    let mut add = |name: &str, door, said: &str, wanted| {
        let bytes = text(said);
        cases.push((name.to_owned(), Attack::Socket { door, bytes, wanted }));
    };
    for (name, said, code) in [
        ("no JSON", "не JSON", "malformed"),
        ("half of it", r#"{"type":"#, "malformed"),
        ("a list", "[]", "invalid"),
        ("a number", "7", "invalid"),
        ("no type", "{}", "invalid"),
        ("a type that is a number", r#"{"type":7}"#, "invalid"),
    ] {
        add(&format!("session, {name}"), Door::Session, said, Wanted::Error(code));
        add(&format!("room, {name}"), Door::Room, said, Wanted::Error(code));
    }
    // A later version's: passed over by the session, and told to whoever speaks in a room.
    for said in [r#"{"type":"steal"}"#, r#"{"type":"welcome"}"#] {
        add(&format!("session, {said}"), Door::Session, said, Wanted::Stays);
        add(
            &format!("room, {said}"),
            Door::Room,
            said,
            Wanted::Error("unknown_command"),
        );
    }
    let deep = format!("{}{}", "[".repeat(20_000), "]".repeat(20_000));
    add(
        "session, twenty thousand lists in each other",
        Door::Session,
        &deep,
        Wanted::Error("invalid"),
    );
    add(
        "room, twenty thousand lists in each other",
        Door::Room,
        &deep,
        Wanted::Error("invalid"),
    );
    for (name, message, code) in [
        ("an empty message", json!(""), "invalid"),
        (
            "a message of invisible characters",
            json!("\u{200b}\u{feff}"),
            "invalid",
        ),
        ("a message too long by one", json!("я".repeat(4097)), "invalid"),
        ("a message that is a list", json!(["да"]), "invalid"),
    ] {
        let said = json!({"type": "message", "message": message, "message_id": Uuid::now_v7()});
        add(
            &format!("room, {name}"),
            Door::Room,
            &said.to_string(),
            Wanted::Error(code),
        );
        let said = send(&people.own, &json!(Uuid::now_v7()), &message);
        add(&format!("session, {name}"), Door::Session, &said, Wanted::Error(code));
    }
    let id = json!(Uuid::now_v7());
    let line = json!("Я Анна.");
    add(
        "session, a message into another's thread",
        Door::Session,
        &send(&people.foreign, &id, &line),
        Wanted::Error("not_found"),
    );
    let nowhere = Uuid::now_v7().to_string();
    add(
        "session, a message into a thread that never existed",
        Door::Session,
        &send(&nowhere, &id, &line),
        Wanted::Error("not_found"),
    );
    add(
        "session, a message by an id that is none",
        Door::Session,
        &send(&people.own, &json!("1"), &line),
        Wanted::Error("invalid"),
    );
    let hello = json!({"type": "hello", "version": 1, "device": Uuid::now_v7()}).to_string();
    add(
        "session, a second hello",
        Door::Session,
        &hello,
        Wanted::Error("invalid"),
    );
    for (name, said, code) in [
        ("a ping instead of hello", r#"{"type":"ping"}"#.to_owned(), 4002),
        (
            "a hello of another version",
            hello.replace("\"version\":1", "\"version\":99"),
            4012,
        ),
    ] {
        add(
            &format!("threshold, {name}"),
            Door::Threshold,
            &said,
            Wanted::Close(code),
        );
    }
    let forged = json!({"type": "message", "message": "от лавки", "message_id": Uuid::now_v7(), "sender_id": people.shop.id,
        "sender_type": "seller", "seq": 1, "timestamp": "1970-01-01T00:00:00Z"});
    add(
        "room, a message that names another sender does no harm",
        Door::Room,
        &forged.to_string(),
        Wanted::Stays,
    );
    let three = [text("{"), text("{"), text("{")].concat();
    for (name, door) in [("session", Door::Session), ("room", Door::Room)] {
        let attack = Attack::Socket {
            door,
            bytes: three.clone(),
            wanted: Wanted::Close(4002),
        };
        cases.push((format!("{name}, three in a row that are no JSON"), attack));
    }
    cases
}

fn send(thread: &str, id: &Value, message: &Value) -> String {
    let command = json!({"kind": "send", "thread_id": thread, "message_id": id, "message": message});
    json!({"type": "command", "id": 1, "command": command}).to_string()
}
