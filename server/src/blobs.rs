//! Pictures and other files, by path. Names come from strangers, so a path is checked before anything is opened.

use async_trait::async_trait;
use bytes::Bytes;

use crate::error::Error;

pub mod folder;

/// A file as it is served.
#[derive(Debug, Clone)]
pub struct Blob {
    /// Judged by the name's ending, never by the content.
    pub content_type: &'static str,
    /// The whole of it; pictures are small.
    pub bytes: Bytes,
}

/// Keeps files. Guarantee: what `write` has returned for is whole, or is not there after a power loss.
#[async_trait]
pub trait Blobs: Send + Sync + 'static {
    /// The file at a path such as `products/tea.svg`. `NotFound`, also for a path that leads elsewhere.
    async fn read(&self, path: &str) -> Result<Blob, Error>;

    /// Stores a file, replacing what was there.
    async fn write(&self, path: &str, bytes: Bytes) -> Result<(), Error>;
}

/// Whether a path is plain names joined by slashes: nothing hidden, nothing that climbs, no other separators.
#[must_use]
pub fn is_plain(path: &str) -> bool {
    let is_name = |name: &str| {
        !name.is_empty()
            && !name.starts_with('.')
            && name
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
    };
    path.len() <= 300 && path.split('/').all(is_name)
}

/// The type that goes with a name's ending.
#[must_use]
pub fn content_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "gif" => "image/gif",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::is_plain;

    #[test]
    fn a_path_cannot_climb_or_hide() {
        for path in ["a.svg", "products/a-b_c.1.png"] {
            assert!(is_plain(path), "{path}");
        }
        for path in [
            "", "/", "/a", "a/", "a//b", "..", "../a", "a/../b", ".hidden", "a/.b", "a\\b", "a\0", "a b", "C:a",
            "%2e%2e/a", "é",
        ] {
            assert!(!is_plain(path), "{path:?}");
        }
    }
}
