//! Requests that no good client writes: two lengths, broken chunks, endless heads, another protocol altogether.

use super::Cases;
use crate::case::{Attack, CUT};
use crate::people::People;

pub fn cases(people: &People) -> Cases {
    let host = format!("Host: {}\r\n", people.authority);
    let get = |line: &str, headers: &str| format!("{line}\r\n{host}{headers}\r\n").into_bytes();
    let post = |headers: &str, body: &str| {
        let head = format!("POST /api/v1/auth/login HTTP/1.1\r\n{host}Content-Type: application/json\r\n{headers}\r\n");
        [head.as_bytes(), body.as_bytes()].concat()
    };
    let smuggled = format!("0\r\n\r\nGET /healthz HTTP/1.1\r\n{host}\r\n");
    let bad: &'static [u16] = &[400];
    let bad_or_cut: &'static [u16] = &[400, CUT];
    let known = "GET /healthz HTTP/1.1";
    let long = "a".repeat(1024 * 1024);
    let many = "X-Stray: 1\r\n".repeat(2_000);
    let cases: Vec<(&str, Vec<u8>, &'static [u16])> = vec![
        (
            "two different lengths",
            post("Content-Length: 2\r\nContent-Length: 3\r\n", "{}"),
            bad_or_cut,
        ),
        (
            "two lengths in one line",
            post("Content-Length: 2, 3\r\n", "{}"),
            bad_or_cut,
        ),
        (
            "a length below nothing",
            post("Content-Length: -1\r\n", "{}"),
            bad_or_cut,
        ),
        ("a length with a plus", post("Content-Length: +2\r\n", "{}"), bad_or_cut),
        (
            "a length in hexadecimal",
            post("Content-Length: 0x2\r\n", "{}"),
            bad_or_cut,
        ),
        (
            "a length past all numbers",
            post("Content-Length: 99999999999999999999999\r\n", "{}"),
            bad_or_cut,
        ),
        ("a length of no digits", post("Content-Length: \r\n", "{}"), bad_or_cut),
        (
            "a huge length and no body",
            post("Content-Length: 9000000000000000000\r\n", ""),
            &[413],
        ),
        (
            "chunks that claim to be deflated first",
            post("Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n"),
            &[400, 501, CUT],
        ),
        (
            "a transfer encoding of its own invention",
            post("Transfer-Encoding: xchunked\r\n", &smuggled),
            &[400, 501, CUT],
        ),
        (
            "chunks that are not the last encoding",
            post("Transfer-Encoding: chunked, identity\r\n", &smuggled),
            &[400, 501, CUT],
        ),
        (
            "a chunk's size that is no number",
            post("Transfer-Encoding: chunked\r\n", "zz\r\n{}\r\n0\r\n\r\n"),
            bad_or_cut,
        ),
        (
            "a chunk's size past all numbers",
            post(
                "Transfer-Encoding: chunked\r\n",
                "ffffffffffffffffff\r\n{}\r\n0\r\n\r\n",
            ),
            bad_or_cut,
        ),
        (
            "a chunk's size below nothing",
            post("Transfer-Encoding: chunked\r\n", "-2\r\n{}\r\n0\r\n\r\n"),
            bad_or_cut,
        ),
        (
            "a chunk longer than it says",
            post("Transfer-Encoding: chunked\r\n", "2\r\n{}{}\r\n0\r\n\r\n"),
            bad_or_cut,
        ),
        (
            "a chunk's endless extension",
            post(
                "Transfer-Encoding: chunked\r\n",
                &format!("2;{long}\r\n{{}}\r\n0\r\n\r\n"),
            ),
            bad_or_cut,
        ),
        (
            "a header that goes on in the next line",
            get(known, "X-Long: a\r\n b\r\n"),
            bad_or_cut,
        ),
        ("a space before the colon", get(known, "X-Space : a\r\n"), bad_or_cut),
        ("a header without a name", get(known, ": a\r\n"), bad_or_cut),
        ("a header without a colon", get(known, "X-Nothing\r\n"), bad_or_cut),
        ("a null in a header", get(known, "X-Null: a\0b\r\n"), bad_or_cut),
        (
            "a bare return in a header",
            get(known, "X-Return: a\rb\r\n"),
            bad_or_cut,
        ),
        (
            "a header of a megabyte",
            get(known, &format!("X-Long: {long}\r\n")),
            &[431, CUT],
        ),
        ("two thousand headers", get(known, &many), &[431, CUT]),
        (
            "an address of a megabyte",
            get(&format!("GET /{long} HTTP/1.1"), ""),
            &[414, 431, CUT],
        ),
        ("a null in the address", get("GET /health\0z HTTP/1.1", ""), bad_or_cut),
        ("no address", get("GET  HTTP/1.1", ""), bad_or_cut),
        ("no version", get("GET /healthz", ""), bad_or_cut),
        (
            "a version that is none",
            get("GET /healthz HTTP/9.9", ""),
            &[400, 505, CUT],
        ),
        (
            "HTTP/2 by itself",
            b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec(),
            &[400, 505, CUT],
        ),
        (
            "a TLS greeting on a plain port",
            b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03".to_vec(),
            bad_or_cut,
        ),
        ("noise", (0..=255).cycle().take(4096).collect(), bad_or_cut),
        (
            "a method of its own invention",
            get("STEAL /api/v1/chat-messages HTTP/1.1", ""),
            &[405, 404],
        ),
        ("TRACE", get("TRACE /healthz HTTP/1.1", ""), &[405]),
        (
            "CONNECT to somebody else",
            get("CONNECT example.com:443 HTTP/1.1", ""),
            &[400, 404, 405, CUT],
        ),
        (
            "a walk up the folders",
            get("GET /media/../../../../etc/passwd HTTP/1.1", ""),
            &[400, 401, 404],
        ),
        (
            "a walk up the folders, in percent",
            get("GET /media/%2e%2e%2f%2e%2e%2fetc%2fpasswd HTTP/1.1", ""),
            &[400, 401, 404],
        ),
        (
            "a walk up by backslashes",
            get("GET /media/..%5c..%5cserver.toml HTTP/1.1", ""),
            &[400, 401, 404],
        ),
        (
            "a null in percent",
            get("GET /media/a%00.png HTTP/1.1", ""),
            &[400, 401, 404],
        ),
        (
            "percents that are no UTF-8",
            get("GET /media/%ff%fe HTTP/1.1", ""),
            &[400, 401, 404],
        ),
    ];
    let mut cases: Cases = cases
        .into_iter()
        .map(|(name, bytes, wanted)| (name.to_owned(), Attack::Raw { bytes, wanted }))
        .collect();
    // Both lengths at once: whoever reads the other one than the proxy in front answers the request hidden in the body.
    let both = format!("Content-Length: {}\r\nTransfer-Encoding: chunked\r\n", smuggled.len());
    cases.push((
        "a length and chunks, with a request behind them".into(),
        Attack::Raw {
            bytes: post(&both, &smuggled),
            wanted: bad,
        },
    ));
    cases
}
