//! Files in a folder of the data directory.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use async_trait::async_trait;
use bytes::Bytes;

use super::{Blob, Blobs, content_type, is_plain};
use crate::error::Error;

/// Files in a folder.
#[derive(Debug, Clone)]
pub struct Folder {
    root: PathBuf,
}

impl Folder {
    /// In this folder, which is made on the first write.
    #[must_use]
    pub fn new(root: &Path) -> Self {
        Self { root: root.to_owned() }
    }

    /// Where a checked path lives; links that lead out of the folder are not followed.
    fn find(&self, path: &str) -> io::Result<PathBuf> {
        let (root, full) = (self.root.canonicalize()?, self.root.join(path).canonicalize()?);
        if full.starts_with(&root) && full.is_file() {
            Ok(full)
        } else {
            Err(io::ErrorKind::NotFound.into())
        }
    }
}

#[async_trait]
impl Blobs for Folder {
    async fn read(&self, path: &str) -> Result<Blob, Error> {
        if !is_plain(path) {
            return Err(Error::not_found());
        }
        let (folder, name) = (self.clone(), path.to_owned());
        let read = tokio::task::spawn_blocking(move || std::fs::read(folder.find(&name)?)).await;
        match read.map_err(Error::internal)? {
            Ok(bytes) => Ok(Blob {
                content_type: content_type(path),
                bytes: bytes.into(),
            }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Err(Error::not_found()),
            Err(error) if error.kind() == io::ErrorKind::NotADirectory => Err(Error::not_found()),
            Err(error) => Err(Error::internal(error)),
        }
    }

    async fn write(&self, path: &str, bytes: Bytes) -> Result<(), Error> {
        if !is_plain(path) {
            return Err(Error::not_found());
        }
        let full = self.root.join(path);
        let written = tokio::task::spawn_blocking(move || write(&full, &bytes)).await;
        written.map_err(Error::internal)?.map_err(Error::internal)
    }
}

/// Beside its place first, so that a reader never sees half a file.
fn write(full: &Path, bytes: &[u8]) -> io::Result<()> {
    let parent = full.parent().ok_or(io::ErrorKind::InvalidInput)?;
    std::fs::create_dir_all(parent)?;
    let beside = full.with_extension("part");
    let mut file = std::fs::File::create(&beside)?;
    file.write_all(bytes)?;
    std::fs::rename(&beside, full)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_file_is_read_back_and_nothing_outside_is() {
        let dir = tempfile::tempdir().expect("a temporary directory");
        let folder = Folder::new(&dir.path().join("media"));
        folder
            .write("shops/tea.svg", Bytes::from_static(b"<svg/>"))
            .await
            .expect("written");
        let blob = folder.read("shops/tea.svg").await.expect("it is there");
        assert_eq!((blob.content_type, &blob.bytes[..]), ("image/svg+xml", &b"<svg/>"[..]));
        std::fs::write(dir.path().join("secret"), "s").expect("written");
        std::os::unix::fs::symlink(dir.path().join("secret"), dir.path().join("media/link")).expect("a link");
        for path in ["../secret", "link", "shops", "shops/tea.svg/x", "none"] {
            assert!(folder.read(path).await.is_err(), "{path}");
        }
    }
}
