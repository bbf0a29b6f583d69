//! Frames that break the standard: each has its close code, on both sockets.

use super::Cases;
use crate::case::{Attack, Door, Wanted};
use crate::line::{frame, header, text};

pub fn cases() -> Cases {
    let ping = |length| frame(0x89, &vec![b'a'; length]);
    let fragments = |middle: &[u8]| [frame(0x01, br#"{"type":"#), middle.to_vec(), frame(0x80, br#""ping"}"#)].concat();
    let close = |payload: &[u8]| frame(0x88, payload);
    let claim = |length| [header(0x81, 0x80, length), vec![0; 4]].concat();
    let unmasked = [header(0x81, 0, 15), br#"{"type":"ping"}"#.to_vec()].concat();
    let endless_fragments: Vec<u8> = std::iter::once(frame(0x01, &[b' '; 1000]))
        .chain((0..80).map(|_| frame(0x00, &[b' '; 1000])))
        .flatten()
        .collect();
    let cases: Vec<(&str, Vec<u8>, Wanted)> = vec![
        ("no mask", unmasked, Wanted::Close(1002)),
        ("the first reserved bit", frame(0xc1, b"{}"), Wanted::Close(1002)),
        ("the second reserved bit", frame(0xa1, b"{}"), Wanted::Close(1002)),
        ("the third reserved bit", frame(0x91, b"{}"), Wanted::Close(1002)),
        (
            "an opcode of data that is none",
            frame(0x83, b"{}"),
            Wanted::Close(1002),
        ),
        ("another", frame(0x87, b"{}"), Wanted::Close(1002)),
        (
            "an opcode of control that is none",
            frame(0x8b, b""),
            Wanted::Close(1002),
        ),
        ("another of control", frame(0x8f, b""), Wanted::Close(1002)),
        ("a ping in fragments", frame(0x09, b"a"), Wanted::Close(1002)),
        ("a close in fragments", frame(0x08, &[3, 232]), Wanted::Close(1002)),
        ("a ping of 126 bytes", ping(126), Wanted::Close(1002)),
        ("a ping of 60,000 bytes", ping(60_000), Wanted::Close(1002)),
        ("a ping of 125 bytes", ping(125), Wanted::Stays),
        ("a pong that nobody asked for", frame(0x8a, b"hm"), Wanted::Stays),
        ("a middle without a beginning", frame(0x00, b"{}"), Wanted::Close(1002)),
        ("an end without a beginning", frame(0x80, b"{}"), Wanted::Close(1002)),
        (
            "a beginning within another",
            fragments(&text("{}")),
            Wanted::Close(1002),
        ),
        ("a ping between fragments", fragments(&ping(3)), Wanted::Stays),
        ("bytes", frame(0x82, b"{}"), Wanted::Close(1003)),
        ("no UTF-8", frame(0x81, b"\"\xff\xfe\""), Wanted::Close(1007)),
        (
            "UTF-8 of more bytes than needed",
            frame(0x81, b"\"\xc0\xaf\""),
            Wanted::Close(1007),
        ),
        (
            "half a surrogate pair in UTF-8",
            frame(0x81, b"\"\xed\xa0\x80\""),
            Wanted::Close(1007),
        ),
        ("UTF-8 cut off at the end", frame(0x81, b"\"\xd0"), Wanted::Close(1007)),
        (
            "one byte too many",
            text(&" ".repeat(64 * 1024 + 1)),
            Wanted::Close(1009),
        ),
        ("fragments without an end", endless_fragments, Wanted::Close(1009)),
        ("a length of a gigabyte", claim(1 << 30), Wanted::Close(1009)),
        ("a length past all memory", claim((1 << 63) - 1), Wanted::Close(1009)),
        ("a length with its sign bit", claim(1 << 63), Wanted::Close(1009)),
        ("a close of one byte", close(&[3]), Wanted::Close(1002)),
        ("a close with a code of nobody's", close(&[0, 0]), Wanted::Close(1002)),
        (
            "a close with 1005, which is never sent",
            close(&1005_u16.to_be_bytes()),
            Wanted::Close(1002),
        ),
        (
            "a close with 1006, which is never sent",
            close(&1006_u16.to_be_bytes()),
            Wanted::Close(1002),
        ),
        (
            "a close with a reason that is no UTF-8",
            close(b"\x03\xe8\xff\xff"),
            Wanted::Close(1007),
        ),
        (
            "a close as it should be",
            close(&1000_u16.to_be_bytes()),
            Wanted::Close(1000),
        ),
        ("a flood of pings", ping(1).repeat(5_000), Wanted::Close(4008)),
        (
            "a flood of messages",
            text(r#"{"type":"ping"}"#).repeat(2_000),
            Wanted::Close(4008),
        ),
    ];
    let doors = [("session", Door::Session), ("room", Door::Room)];
    doors
        .into_iter()
        .flat_map(|(name, door)| cases.iter().map(move |case| (name, door, case)))
        .map(|(door_name, door, (name, bytes, wanted))| {
            let attack = Attack::Socket {
                door,
                bytes: bytes.clone(),
                wanted: *wanted,
            };
            (format!("{door_name}, {name}"), attack)
        })
        .collect()
}
