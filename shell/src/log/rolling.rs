//! A log that cannot fill a disk: at a certain size the file is set aside, and the oldest one is thrown away.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// A file, and what was set aside as `<name>.1.log` (the younger) and so on.
#[derive(Debug)]
pub(super) struct Rolling {
    folder: PathBuf,
    limit: u64,
    kept: u32,
    file: File,
    written: u64,
}

impl Rolling {
    /// Goes on where the last run ended. No file grows beyond `limit` bytes by more than a line; `kept` are set aside.
    pub(super) fn open(folder: &Path, limit: u64, kept: u32) -> io::Result<Self> {
        fs::create_dir_all(folder)?;
        let file = OpenOptions::new().create(true).append(true).open(name(folder, 0))?;
        let written = file.metadata()?.len();
        Ok(Self {
            folder: folder.to_owned(),
            limit,
            kept,
            file,
            written,
        })
    }

    fn roll(&mut self) -> io::Result<()> {
        for number in (0..self.kept).rev() {
            // The first of them is not there in the beginning.
            let _ = fs::rename(name(&self.folder, number), name(&self.folder, number + 1));
        }
        self.file = OpenOptions::new()
            .create(true)
            .append(true)
            .open(name(&self.folder, 0))?;
        self.written = 0;
        Ok(())
    }
}

impl Write for Rolling {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        if self.written >= self.limit {
            self.roll()?;
        }
        let written = self.file.write(line)?;
        self.written += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

fn name(folder: &Path, number: u32) -> PathBuf {
    match number {
        0 => folder.join("prilavok.log"),
        number => folder.join(format!("prilavok.{number}.log")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_log_keeps_the_newest_and_never_grows_beyond_its_bounds() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        for run in 0..3 {
            let mut log = Rolling::open(folder.path(), 1000, 2).expect("opened");
            for line in 0..100 {
                writeln!(log, "run {run}, line {line}").expect("written");
            }
        }
        let files: Vec<_> = fs::read_dir(folder.path()).expect("listed").flatten().collect();
        assert_eq!(files.len(), 3);
        let size: u64 = files.iter().map(|file| file.metadata().expect("there").len()).sum();
        assert!(size <= 3 * 1020, "{size} bytes");
        let newest = fs::read_to_string(name(folder.path(), 0)).expect("read");
        assert!(newest.ends_with("run 2, line 99\n"), "{newest}");
    }
}
