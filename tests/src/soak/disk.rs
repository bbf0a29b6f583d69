//! A disk of the soak's own, which can be filled without hurting anybody else.
//!
//! It is a file system in a file, so writes reach the real disk and are synced there. Only root may mount one; everybody
//! else gets a plain folder, and the report says that its disk never was full.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result};
use tempfile::TempDir;

/// Enough for several million messages; the file is sparse.
const SIZE: &str = "8G";
/// What makes the disk full.
const BALLAST: &str = "ballast";

/// A disk.
pub struct Disk {
    folder: TempDir,
    mounted: Option<PathBuf>,
}

impl Disk {
    /// A disk of one's own, or a folder.
    pub fn new() -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let mut disk = Self { folder, mounted: None };
        let (image, point) = (disk.folder.path().join("disk.img"), disk.folder.path().join("disk"));
        std::fs::create_dir(&point)?;
        let (image, to) = (image.to_string_lossy(), point.to_string_lossy());
        let is_mounted = does("truncate", &["-s", SIZE, &image])
            && does("mkfs.ext4", &["-q", "-m", "0", &image])
            && does("mount", &["-o", "loop", &image, &to]);
        disk.mounted = is_mounted.then_some(point);
        Ok(disk)
    }

    /// Whether it can be filled.
    #[must_use]
    pub fn can_be_full(&self) -> bool {
        self.mounted.is_some()
    }

    /// A folder on it.
    pub fn data(&self) -> Result<PathBuf> {
        let data = self.mounted.as_deref().unwrap_or(self.folder.path()).join("data");
        std::fs::create_dir_all(&data)?;
        Ok(data)
    }

    /// Off the disk: the log must not end when the disk is full.
    #[must_use]
    pub fn log(&self) -> PathBuf {
        self.folder.path().join("server.log")
    }

    /// Leaves not a byte free.
    pub fn fill(&self) -> Result<()> {
        let point = self
            .mounted
            .as_deref()
            .context("only a disk of one's own can be filled")?;
        let ballast = point.join(BALLAST);
        let ballast = ballast.to_string_lossy();
        // In ever smaller pieces, since each must fit as a whole.
        for (piece, number) in ["1G", "64M", "4M", "256K", "4K"].iter().zip(0..) {
            let mut next = 0;
            while does("fallocate", &["-l", piece, &format!("{ballast}.{number}.{next}")]) {
                next += 1;
            }
        }
        Ok(())
    }

    /// Frees it again.
    pub fn free(&self) -> Result<()> {
        let point: &Path = self
            .mounted
            .as_deref()
            .context("only a disk of one's own can be freed")?;
        for entry in std::fs::read_dir(point)?.flatten() {
            if entry.file_name().to_string_lossy().starts_with(BALLAST) {
                std::fs::remove_file(entry.path())?;
            }
        }
        Ok(())
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        if let Some(point) = &self.mounted {
            does("umount", &["-l", &point.to_string_lossy()]);
        }
    }
}

/// Whether a command succeeds; what it says is nobody's business.
fn does(name: &str, arguments: &[&str]) -> bool {
    let mut command = Command::new(name);
    command.args(arguments).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}
