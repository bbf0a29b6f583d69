//! What counts as a server's address: what people type becomes one clean origin, or is refused.

use url::{Host, Url};

use crate::error::Error;

/// The origin for a typed text: trimmed, with a scheme (`http` for this machine, `https` for all others), and
/// without a path. Plain `http` to another machine has to be typed in full.
pub fn parse(text: &str) -> Result<Url, Error> {
    let text = text.trim();
    if text.is_empty() || text.chars().any(|c| c.is_whitespace() || c.is_control() || c == '\\') {
        return Err(Error::BadAddress);
    }
    let url = if text.contains("://") {
        Url::parse(text).map_err(|_| Error::BadAddress)?
    } else {
        let guess = Url::parse(&format!("https://{text}")).map_err(|_| Error::BadAddress)?;
        if is_loopback(&guess) {
            Url::parse(&format!("http://{text}")).map_err(|_| Error::BadAddress)?
        } else {
            guess
        }
    };
    origin(&url)
}

fn origin(url: &Url) -> Result<Url, Error> {
    let is_web = matches!(url.scheme(), "http" | "https");
    let has_credentials = !url.username().is_empty() || url.password().is_some();
    if !is_web || has_credentials || url.host_str().is_none_or(str::is_empty) {
        return Err(Error::BadAddress);
    }
    let mut origin = url.clone();
    origin.set_path("/");
    origin.set_query(None);
    origin.set_fragment(None);
    Ok(origin)
}

/// Whether the address is this machine.
#[must_use]
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}

/// As a screen shows it and as it is remembered: without the slash at the end.
#[must_use]
pub fn shown(origin: &Url) -> String {
    origin.as_str().trim_end_matches('/').to_owned()
}

/// A name for files and secrets of this server: host and port, without characters that a file name may not have.
#[must_use]
pub fn file_name(origin: &Url) -> String {
    let name = shown(origin).replace("://", "_");
    name.chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || "._-".contains(c) {
                c
            } else {
                '_'
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{file_name, parse, shown};

    #[test]
    fn what_people_type_becomes_an_origin() {
        let cases = [
            ("chat.example.org", "https://chat.example.org"),
            ("  chat.example.org/  ", "https://chat.example.org"),
            ("https://chat.example.org/some/path?x=1#y", "https://chat.example.org"),
            ("chat.example.org:8443", "https://chat.example.org:8443"),
            ("localhost:8000", "http://localhost:8000"),
            ("127.0.0.1:8000", "http://127.0.0.1:8000"),
            ("127.1.2.3", "http://127.1.2.3"),
            ("[::1]:8000", "http://[::1]:8000"),
            ("https://localhost:8000", "https://localhost:8000"),
            ("http://10.0.0.5:8000", "http://10.0.0.5:8000"),
            ("10.0.0.5:8000", "https://10.0.0.5:8000"),
            ("HTTPS://Chat.Example.ORG", "https://chat.example.org"),
            ("магазин.рф", "https://xn--80aairftm.xn--p1ai"),
        ];
        for (typed, wanted) in cases {
            assert_eq!(parse(typed).map(|url| shown(&url)).as_deref(), Ok(wanted), "{typed}");
        }
    }

    #[test]
    fn everything_else_is_refused() {
        for typed in [
            "",
            "   ",
            "ftp://example.org",
            "file:///etc/passwd",
            "https://user:secret@example.org",
            "user@example.org",
            "ws://example.org",
            "https://",
            "a b",
            "example.org:99999",
            "javascript://x",
            "exa\\mple.org",
            "[::1",
        ] {
            assert!(parse(typed).is_err(), "{typed}");
        }
    }

    #[test]
    fn a_file_name_keeps_servers_apart() {
        let name = |text| file_name(&parse(text).unwrap());
        assert_eq!(name("127.0.0.1:8000"), "http_127.0.0.1_8000");
        assert_ne!(name("127.0.0.1:8000"), name("127.0.0.1:8001"));
    }
}
