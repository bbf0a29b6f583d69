//! Bodies that are not what the API asks for: broken, endless, deep, of another type, with words that hide.

use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use super::Cases;
use crate::case::Attack;
use crate::people::People;

const SEND: &str = "/api/v1/chat-messages";

pub fn cases(people: &People) -> Cases {
    let raw = |kind: &str, body: &[u8], wanted: &'static [u16]| {
        let head = format!(
            "POST {SEND} HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {}\r\n{kind}Content-Length: {}\r\nConnection: close\r\n\r\n",
            people.authority,
            people.attacker.token,
            body.len()
        );
        Attack::Raw {
            bytes: [head.as_bytes(), body].concat(),
            wanted,
        }
    };
    let json_type = "Content-Type: application/json\r\n";
    let good = json!({"id": Uuid::now_v7(), "thread_id": people.own, "message": "да", "buyer_id": people.attacker.id});
    let good_text = good.to_string();
    let deep = |open: &str, close: &str| [open.repeat(10_000), close.repeat(10_000)].concat().into_bytes();
    let huge = format!("{{\"message\":1e{}}}", "9".repeat(400));
    let bodies: Vec<(&str, &str, Vec<u8>, &'static [u16])> = vec![
        ("nothing", json_type, vec![], &[400]),
        ("half of it", json_type, good_text.as_bytes()[..20].to_vec(), &[400]),
        ("no UTF-8", json_type, b"{\"message\":\"\xff\xfe\"}".to_vec(), &[400]),
        (
            "half a surrogate pair",
            json_type,
            br#"{"message":"\ud800"}"#.to_vec(),
            &[400],
        ),
        (
            "a null byte, bare",
            json_type,
            b"{\"message\":\"a\0b\"}".to_vec(),
            &[400],
        ),
        ("ten thousand lists in each other", json_type, deep("[", "]"), &[400]),
        (
            "ten thousand objects in each other",
            json_type,
            deep("{\"a\":", "}"),
            &[400],
        ),
        ("a number past all numbers", json_type, huge.into_bytes(), &[400, 422]),
        (
            "two bodies in one",
            json_type,
            [good_text.as_bytes(), b"{}"].concat(),
            &[400],
        ),
        (
            "UTF-16",
            json_type,
            good_text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
            &[400],
        ),
        (
            "a byte order mark and nothing",
            json_type,
            b"\xef\xbb\xbf".to_vec(),
            &[400],
        ),
        ("a list", json_type, b"[]".to_vec(), &[422]),
        ("a text", json_type, b"\"{}\"".to_vec(), &[422]),
        ("one byte too many", json_type, vec![b' '; 64 * 1024 + 1], &[413]),
        ("megabytes", json_type, vec![b'['; 8 * 1024 * 1024], &[413]),
        ("no type", "", good_text.clone().into_bytes(), &[415]),
        (
            "a form's type",
            "Content-Type: application/x-www-form-urlencoded\r\n",
            good_text.clone().into_bytes(),
            &[415],
        ),
        (
            "a form of files",
            "Content-Type: multipart/form-data; boundary=x\r\n",
            b"--x--".to_vec(),
            &[415],
        ),
        (
            "plain text that is JSON",
            "Content-Type: text/plain\r\n",
            good_text.clone().into_bytes(),
            &[415],
        ),
        (
            "XML with an entity",
            "Content-Type: application/xml\r\n",
            b"<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]><a>&b;</a>".to_vec(),
            &[415],
        ),
        (
            "a packed body",
            "Content-Type: application/json\r\nContent-Encoding: gzip\r\n",
            b"\x1f\x8b\x08\x00bomb".to_vec(),
            &[400, 415],
        ),
    ];
    let mut cases: Cases = bodies
        .into_iter()
        .map(|(name, kind, body, wanted)| (name.to_owned(), raw(kind, &body, wanted)))
        .collect();
    let changed = |key: &str, value: Value| {
        let mut body = good.clone();
        body[key] = value;
        body
    };
    let long = "я".repeat(4097);
    for (name, key, value) in [
        ("an id that is none", "id", json!("1 OR 1=1")),
        ("an id that is a number", "id", json!(7)),
        ("a thread that is a list", "thread_id", json!([people.own])),
        ("a message that is an object", "message", json!({"$ne": ""})),
        ("a message that is a number", "message", json!(5)),
        ("an empty message", "message", json!("")),
        ("a message of blanks", "message", json!(" \n\t\u{a0}\u{2003}")),
        (
            "a message of invisible characters",
            "message",
            json!("\u{200b}\u{2060}\u{feff}"),
        ),
        (
            "a message of overrides of direction",
            "message",
            json!("\u{202e}\u{2066}\u{202c}"),
        ),
        ("a message too long by one", "message", json!(long)),
        ("a message of null bytes", "message", json!("\0\0\0")),
        ("a sender who is somebody else", "buyer_id", json!(people.victim.id)),
    ] {
        let attack = Attack::Call {
            method: Method::POST,
            path: "/chat-messages".into(),
            body: Some(changed(key, value)),
            wanted: &[400, 403, 404, 422],
        };
        cases.push((name.into(), attack));
    }
    cases
}
