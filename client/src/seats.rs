//! Several accounts in one app: a seat is one engine's place, with who is signed in there and their settings.
//!
//! What is on the disk is the list: `seats/<number>/profile.json`. The accounts' own files lie outside, in `accounts/`, so
//! that whoever signs out and in again, at whichever seat, finds what they wrote. An installation of before there were
//! seats has its profile in the data directory itself; it becomes the first seat by one rename.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::profile;
use crate::secrets::write_private;
use crate::update::Identity;

/// One of the seats of an installation. Given anew when the last one goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SeatId(pub u32);

impl Default for SeatId {
    /// The one that every installation begins with.
    fn default() -> Self {
        Self(1)
    }
}

/// The seats under a data directory.
#[derive(Debug, Clone)]
pub struct Seats {
    folder: PathBuf,
}

impl Seats {
    /// The seats of this data directory; there is always one.
    pub fn open(data_dir: &Path) -> Result<Self, Error> {
        let seats = Self {
            folder: data_dir.join("seats"),
        };
        if seats.all().is_empty() {
            let first = seats.home(SeatId::default());
            std::fs::create_dir_all(&first).map_err(disk)?;
            match std::fs::rename(data_dir.join("profile.json"), first.join("profile.json")) {
                Err(error) if error.kind() != ErrorKind::NotFound => return Err(disk(error)),
                _ => {}
            }
        }
        Ok(seats)
    }

    /// All of them, in the order in which they were taken.
    #[must_use]
    pub fn all(&self) -> Vec<SeatId> {
        let Ok(folders) = std::fs::read_dir(&self.folder) else {
            return Vec::new();
        };
        let mut all: Vec<SeatId> = folders
            .flatten()
            .filter(|entry| entry.path().join("profile.json").exists())
            .filter_map(|entry| entry.file_name().to_str()?.parse().ok().map(SeatId))
            .collect();
        all.sort_unstable();
        all
    }

    /// Where this seat's profile lies.
    #[must_use]
    pub fn home(&self, seat: SeatId) -> PathBuf {
        self.folder.join(seat.0.to_string())
    }

    /// Who sits there, as far as the disk says it: for a seat whose engine cannot be opened.
    #[must_use]
    pub fn occupant(&self, seat: SeatId) -> Identity {
        let profile = profile::peek(&self.home(seat)).unwrap_or_default();
        Identity {
            server: profile.server,
            server_name: profile.server_name,
            account: profile.account,
            keychain: false,
        }
    }

    /// The seat that was in front last; the first one if that is not known.
    #[must_use]
    pub fn front(&self) -> SeatId {
        let all = self.all();
        let written = std::fs::read_to_string(self.folder.join("front")).ok();
        let front = written.and_then(|text| text.trim().parse().ok().map(SeatId));
        front
            .filter(|seat| all.contains(seat))
            .or_else(|| all.first().copied())
            .unwrap_or_default()
    }

    /// This one is in front from now on, also after a restart.
    pub fn set_front(&self, seat: SeatId) -> Result<(), Error> {
        write_private(&self.folder.join("front"), seat.0.to_string().as_bytes()).map_err(disk)
    }

    /// Takes a seat away, with who sat there. The account's files stay. Its engine must be closed.
    pub fn remove(&self, seat: SeatId) -> Result<(), Error> {
        match std::fs::remove_dir_all(self.home(seat)) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(disk(error)),
            _ => Ok(()),
        }
    }
}

fn disk(error: std::io::Error) -> Error {
    Error::Disk(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::{SeatId, Seats};

    fn sit(seats: &Seats, number: u32) {
        std::fs::create_dir_all(seats.home(SeatId(number))).unwrap();
        std::fs::write(seats.home(SeatId(number)).join("profile.json"), "{}").unwrap();
    }

    #[test]
    fn the_disk_is_the_list_and_the_front_is_remembered() {
        let folder = tempfile::tempdir().unwrap();
        let seats = Seats::open(folder.path()).unwrap();
        assert_eq!((seats.all(), seats.front()), (vec![], SeatId(1)));
        for number in [1, 10, 2] {
            sit(&seats, number);
        }
        seats.set_front(SeatId(2)).unwrap();
        let again = Seats::open(folder.path()).unwrap();
        assert_eq!(again.all(), [1, 2, 10].map(SeatId));
        assert_eq!(again.front(), SeatId(2));
        again.remove(SeatId(2)).unwrap();
        assert_eq!((again.all(), again.front()), (vec![SeatId(1), SeatId(10)], SeatId(1)));
    }

    #[test]
    fn the_profile_of_an_installation_without_seats_becomes_the_first_and_only_once() {
        let folder = tempfile::tempdir().unwrap();
        let old = folder.path().join("profile.json");
        std::fs::write(&old, "первый").unwrap();
        let seats = Seats::open(folder.path()).unwrap();
        assert_eq!(seats.all(), [SeatId(1)]);
        let moved = seats.home(SeatId(1)).join("profile.json");
        assert_eq!(std::fs::read_to_string(&moved).unwrap(), "первый");
        std::fs::write(&old, "из резервной копии").unwrap();
        Seats::open(folder.path()).unwrap();
        assert_eq!(std::fs::read_to_string(&moved).unwrap(), "первый");
    }
}
