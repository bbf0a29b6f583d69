//! What belongs to somebody else, with no token, a wrong one, or another's: it looks like what never existed.

use reqwest::Method;
use serde_json::json;
use uuid::Uuid;

use super::Cases;
use crate::case::Attack;
use crate::people::People;

pub fn cases(people: &People) -> Cases {
    let mut cases: Cases = Vec::new();
    let bearer = |token: &str| format!("Authorization: Bearer {token}\r\n");
    let own = &people.attacker.token;
    let unsigned = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZG1pbiIsImV4cCI6OTk5OTk5OTk5OX0.";
    let headers = [
        ("no token", String::new()),
        ("an empty token", bearer("")),
        (
            "a token of noise",
            bearer("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
        ),
        ("a token of ten kilobytes", bearer(&"A".repeat(10_000))),
        ("a token signed by nobody", bearer(unsigned)),
        ("half a token", bearer(&own[..own.len() / 2])),
        ("a token and one letter", bearer(&format!("{own}A"))),
        ("a token in small letters", bearer(&own.to_lowercase())),
        (
            "the right token, another scheme",
            format!("Authorization: Basic {own}\r\n"),
        ),
        ("two tokens", bearer("AAAA") + &bearer(own)),
        (
            "a party named in a header",
            format!("X-User-Id: {}\r\nX-User-Type: buyer\r\n", people.victim.id),
        ),
    ];
    for (name, header) in headers {
        let path = "/api/v1/auth/me";
        cases.push((name.into(), get(people, path, &header, &[401])));
    }
    for (name, path) in [
        ("a token in the address", format!("/api/v1/auth/me?access_token={own}")),
        (
            "a token in the address, shorter",
            format!("/api/v1/auth/me?token={own}"),
        ),
        (
            "a party named in the address",
            format!("/api/v1/chat-messages?user_id={}&user_type=buyer", people.victim.id),
        ),
    ] {
        cases.push((name.into(), get(people, &path, "", &[401])));
    }
    let message =
        json!({"id": Uuid::now_v7(), "message": "Я Анна.", "thread_id": "{}", "buyer_id": people.attacker.id});
    let thread = &people.foreign;
    for (name, method, path, body, foreign) in [
        ("another's thread", Method::GET, "/chat-threads/{}", None, thread),
        (
            "the messages of another's thread",
            Method::GET,
            "/chat-messages/by-thread/{}",
            None,
            thread,
        ),
        (
            "a search in another's thread",
            Method::GET,
            "/chat-messages/by-thread/{}/search?q=нами",
            None,
            thread,
        ),
        (
            "a message into another's thread",
            Method::POST,
            "/chat-messages",
            Some(message),
            thread,
        ),
        (
            "another's message marked as read",
            Method::PATCH,
            "/chat-messages/{}/mark-read",
            None,
            &people.foreign_message,
        ),
        (
            "another's list of threads",
            Method::GET,
            "/chat-threads/by-buyer/{}",
            None,
            &people.victim.id,
        ),
        (
            "the shop's list of threads",
            Method::GET,
            "/chat-threads/by-seller/{}",
            None,
            &people.shop.id,
        ),
        (
            "another's number of unread",
            Method::GET,
            "/chat-messages/unread-count/{}?user_type=buyer",
            None,
            &people.victim.id,
        ),
        (
            "another's session ended",
            Method::DELETE,
            "/auth/sessions/{}",
            None,
            &people.foreign_session,
        ),
        (
            "another shop's agent removed",
            Method::DELETE,
            "/auth/agents/{}",
            None,
            &people.shop.account,
        ),
    ] {
        let attack = Attack::Twin {
            method,
            path: path.into(),
            body,
            foreign: foreign.clone(),
        };
        cases.push((name.into(), attack));
    }
    let call = |method: Method, path: &str, body, wanted| Attack::Call {
        method,
        path: path.into(),
        body,
        wanted,
    };
    let shop = format!("/catalogue/sellers/{}", people.shop.id);
    let as_victim = json!({"buyer_id": people.victim.id, "seller_id": people.shop.id});
    cases.extend([
        (
            "a shop changed as if by the marketplace".into(),
            call(Method::PUT, &shop, Some(json!({"name": "Моя"})), &[401, 403, 404]),
        ),
        (
            "a thread begun for another".into(),
            call(
                Method::POST,
                "/chat-threads/start-with-seller",
                Some(as_victim),
                &[403, 404, 422],
            ),
        ),
        (
            "an invitation into a shop, by a buyer".into(),
            call(Method::POST, "/auth/invitations", Some(json!({})), &[403, 404]),
        ),
        (
            "the agents of a shop, by a buyer".into(),
            call(Method::GET, "/auth/agents", None, &[403, 404]),
        ),
        (
            "a refresh by an access token".into(),
            call(
                Method::POST,
                "/auth/refresh",
                Some(json!({"refresh_token": own})),
                &[401],
            ),
        ),
        (
            "a page of a million".into(),
            call(Method::GET, "/products?limit=1000000", None, &[422]),
        ),
        (
            "a page below nothing".into(),
            call(Method::GET, "/products?limit=-1", None, &[422]),
        ),
        (
            "a page by a forged cursor".into(),
            call(Method::GET, "/products?cursor=AAAA'%20OR%201%3D1", None, &[200, 422]),
        ),
        (
            "a search of quotes".into(),
            call(
                Method::GET,
                "/products/search?q=%22%20OR%20%22*%20NEAR(",
                None,
                &[200, 422],
            ),
        ),
        (
            "a search of ten kilobytes".into(),
            call(
                Method::GET,
                &format!("/products/search?q={}", "a".repeat(10_000)),
                None,
                &[200, 422],
            ),
        ),
    ]);
    // Whether an address has an account is told to nobody: the same words for both.
    let login = |email: &str| json!({"email": email, "password": "не тот пароль"});
    for email in ["nobody@attack.example", "'; DROP TABLE accounts; --", ""] {
        let name = format!("a sign-in as {email:?}");
        cases.push((name, call(Method::POST, "/auth/login", Some(login(email)), &[401, 422])));
    }
    let endless = json!({"email": "a@attack.example", "password": "я".repeat(20_000)});
    cases.push((
        "a password of twenty thousand letters".into(),
        call(Method::POST, "/auth/login", Some(endless), &[401, 422]),
    ));
    let names = [
        ("an endless name", "ж".repeat(81)),
        ("a name of directions", "\u{202e}\u{2067}".into()),
        ("a name of null bytes", "\0".into()),
    ];
    for (name, said) in names {
        let body = json!({"email": format!("{}@attack.example", Uuid::now_v7()), "password": "очень-секретно", "name": said, "role": "buyer"});
        cases.push((name.into(), call(Method::POST, "/auth/register", Some(body), &[422])));
    }
    cases
}

fn get(people: &People, path: &str, headers: &str, wanted: &'static [u16]) -> Attack {
    let request = format!(
        "GET {path} HTTP/1.1\r\nHost: {}\r\n{headers}Connection: close\r\n\r\n",
        people.authority
    );
    Attack::Raw {
        bytes: request.into_bytes(),
        wanted,
    }
}
