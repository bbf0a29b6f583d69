//! Pictures of the own server, kept on disk. Nothing else is ever fetched for a screen.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use crate::api::Api;
use crate::client::Media;
use crate::error::Error;

/// A photograph of a good camera; more would be a mistake or an attack.
const LARGEST: usize = 8 * 1024 * 1024;
/// Some 100 MiB of cards.
const FILES: usize = 3000;

/// The picture at `path`, from the disk or from the server.
pub(crate) async fn load(api: &Api, folder: &Path, path: &str) -> Result<Media, Error> {
    let file = folder.join(file_name(path)?);
    if let Ok(bytes) = tokio::fs::read(&file).await
        && let Some(media) = unpack(&bytes)
    {
        return Ok(media);
    }
    let (content_type, bytes) = api.media(path, LARGEST).await?;
    if !content_type.starts_with("image/") {
        return Err(Error::NotFound);
    }
    let media = Media { content_type, bytes };
    // A picture that cannot be kept is fetched again next time.
    if let Err(error) = keep(folder, &file, &media).await {
        tracing::warn!(%error, "a picture could not be kept");
    }
    Ok(media)
}

/// A name for the file, if the path is one of ours.
fn file_name(path: &str) -> Result<String, Error> {
    let refused = Error::Invalid("only pictures of the own server are shown");
    let Some(name) = path.strip_prefix("/media/") else {
        return Err(refused);
    };
    let is_plain = name.chars().all(|c| c.is_ascii_alphanumeric() || "/._-".contains(c));
    if name.is_empty() || name.len() > 200 || !is_plain || name.split('/').any(|part| matches!(part, "" | "." | "..")) {
        return Err(refused);
    }
    // `_` stands for itself and for `/`: double it so that no two paths share a file.
    Ok(name.replace('_', "__").replace('/', "_-"))
}

/// The content type, a line break, the picture.
fn unpack(bytes: &[u8]) -> Option<Media> {
    let end = bytes.iter().position(|byte| *byte == b'\n')?;
    let content_type = std::str::from_utf8(&bytes[..end]).ok()?.to_owned();
    content_type.starts_with("image/").then(|| Media {
        content_type,
        bytes: bytes[end + 1..].to_vec(),
    })
}

async fn keep(folder: &Path, file: &Path, media: &Media) -> std::io::Result<()> {
    tokio::fs::create_dir_all(folder).await?;
    let mut bytes = media.content_type.clone().into_bytes();
    bytes.push(b'\n');
    bytes.extend_from_slice(&media.bytes);
    // Two cards with the same picture ask for it at once: each writes a part of its own, and the last one stays.
    static PARTS: AtomicU64 = AtomicU64::new(0);
    let part = file.with_added_extension(format!("part{}", PARTS.fetch_add(1, Ordering::Relaxed)));
    tokio::fs::write(&part, bytes).await?;
    tokio::fs::rename(&part, file).await?;
    let folder = folder.to_owned();
    tokio::task::spawn_blocking(move || sweep(&folder)).await?
}

/// Too many files: the oldest half goes.
fn sweep(folder: &Path) -> std::io::Result<()> {
    let mut files: Vec<(std::time::SystemTime, PathBuf)> = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        match entry.metadata() {
            Ok(metadata) => files.push((metadata.modified()?, entry.path())),
            // A part that got its final name meanwhile, or another sweep was faster.
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    if files.len() <= FILES {
        return Ok(());
    }
    files.sort();
    for (_, path) in files.iter().take(FILES / 2) {
        match std::fs::remove_file(path) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{file_name, keep, unpack};
    use crate::client::Media;

    #[tokio::test(flavor = "multi_thread")]
    async fn one_picture_wanted_by_many_cards_at_once_is_kept() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("media");
        let file = folder.join("a.png");
        let keepers: Vec<_> = (0..64)
            .map(|_| {
                let (folder, file) = (folder.clone(), file.clone());
                let media = Media {
                    content_type: "image/png".to_owned(),
                    bytes: vec![7; 4096],
                };
                tokio::spawn(async move { keep(&folder, &file, &media).await })
            })
            .collect();
        for keeper in keepers {
            keeper.await.unwrap().unwrap();
        }
        let kept = unpack(&std::fs::read(&file).unwrap()).unwrap();
        assert_eq!(kept.bytes, [7; 4096]);
        assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 1, "no part is left behind");
    }

    #[test]
    fn only_plain_paths_under_media_are_pictures() {
        assert_eq!(
            file_name("/media/products/1_a.webp").ok().as_deref(),
            Some("products_-1__a.webp")
        );
        for path in [
            "/media/",
            "/media",
            "media/a.png",
            "/other/a.png",
            "/media/../secret",
            "/media/a//b",
            "/media/./a",
            "https://evil.example/media/a.png",
            "//evil.example/media/a",
            "/media/a?x=1",
            "/media/a#b",
            "/media/%2e%2e/a",
            "/media/a b",
            "/media/a\\b",
            "/media/картинка.png",
        ] {
            assert!(file_name(path).is_err(), "{path}");
        }
    }

    #[test]
    fn a_kept_file_that_is_no_picture_is_not_shown() {
        assert!(unpack(b"image/png\n123").is_some_and(|media| media.bytes == b"123"));
        assert!(unpack(b"text/html\n<script>").is_none());
        assert!(unpack(b"").is_none());
    }
}
