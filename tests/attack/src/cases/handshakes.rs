//! Handshakes that must not open a socket.

use uuid::Uuid;

use super::Cases;
use crate::case::{Attack, upgrade};
use crate::people::People;

pub fn cases(people: &People) -> Cases {
    let room = |thread: &str, id: &str, role: &str| format!("/ws/chat/{thread}?user_id={id}&user_type={role}");
    let own = room(&people.own, &people.attacker.id, "buyer");
    let nowhere = Uuid::now_v7().to_string();
    let token = &people.attacker.token;
    let in_url = format!("{own}&access_token={token}");
    let mut cases: Cases = Vec::new();
    let mut add = |name: &str, path: &str, instead: &[(&str, &str)], wanted| {
        let bytes = upgrade(people, path, instead).into_bytes();
        cases.push((name.to_owned(), Attack::Raw { bytes, wanted }));
    };
    for (door, path) in [("session", "/ws/session"), ("room", own.as_str())] {
        for (name, instead, wanted) in [
            ("another site's page", ("Origin", "https://evil.example"), &[403][..]),
            ("a page of no site", ("Origin", "null"), &[403]),
            (
                "a site whose name begins like ours",
                ("Origin", "http://localhost.evil.example"),
                &[403],
            ),
            ("an origin that is none", ("Origin", "javascript:alert(1)"), &[403]),
            ("no key", ("Sec-WebSocket-Key", ""), &[400, 426]),
            (
                "a version before the standard",
                ("Sec-WebSocket-Version", "8"),
                &[400, 426],
            ),
            ("no version", ("Sec-WebSocket-Version", ""), &[400, 426]),
            ("no upgrade", ("Upgrade", ""), &[400, 426]),
            ("an upgrade to HTTP/2", ("Upgrade", "h2c"), &[400, 426]),
            (
                "no word of an upgrade of the connection",
                ("Connection", "close"),
                &[400, 426],
            ),
        ] {
            add(&format!("{door}, {name}"), path, &[instead], wanted);
        }
    }
    // An upgrade is refused by its answer, or opened and closed at once with a code that a browser can read.
    let mut shut = |name: &str, path: &str, instead: &[(&str, &str)], codes: &'static [u16]| {
        let bytes = upgrade(people, path, instead).into_bytes();
        cases.push((name.to_owned(), Attack::Shut { bytes, codes }));
    };
    let nobody = ("Authorization", "");
    let noise = ("Sec-WebSocket-Protocol", "prilavok.v1, ticket.AAAA");
    let (token_code, foreign): (&[u16], &[u16]) = (&[4001], &[4003]);
    for (door, path) in [("session", "/ws/session"), ("room", own.as_str())] {
        shut(&format!("{door}, no token"), path, &[nobody], token_code);
        shut(
            &format!("{door}, a ticket of noise"),
            path,
            &[nobody, noise],
            token_code,
        );
        shut(
            &format!("{door}, a token of noise"),
            path,
            &[("Authorization", "Bearer AAAA")],
            token_code,
        );
    }
    shut("room, a token in the address", &in_url, &[nobody], token_code);
    let attacker = people.attacker.id.as_str();
    shut(
        "room, another's",
        &room(&people.foreign, attacker, "buyer"),
        &[],
        foreign,
    );
    shut(
        "room, another's as she herself",
        &room(&people.foreign, &people.victim.id, "buyer"),
        &[],
        foreign,
    );
    shut(
        "room, one's own as the shop",
        &room(&people.own, &people.shop.id, "seller"),
        &[],
        foreign,
    );
    shut(
        "room, that never existed",
        &room(&nowhere, attacker, "buyer"),
        &[],
        foreign,
    );
    shut(
        "room, by an id that is none",
        &room("..%2f..", attacker, "buyer"),
        &[],
        foreign,
    );
    shut(
        "room, as an operator",
        &room(&people.own, attacker, "operator"),
        &[],
        foreign,
    );
    cases
}
