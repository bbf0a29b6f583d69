//! A folder whose databases live on a disk that the test holds in its hand.

use std::collections::HashMap;
use std::ffi::c_int;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use fastrand::Rng;
use rusqlite::ffi;

use crate::faults::{Fault, Kind};
use crate::gate::{Barrier, Gate};
use crate::model::Model;
use crate::shim;

mod open_file;

pub(crate) use open_file::OpenFile;

/// The folders that are mounted now.
static MOUNTED: RwLock<Vec<Arc<Medium>>> = RwLock::new(Vec::new());

/// A mounted folder. Until this is dropped every database that is opened in it goes through the shim; what is open then
/// stays what it was.
#[derive(Debug)]
pub struct Disk {
    medium: Arc<Medium>,
}

/// The disk as the shim sees it.
#[derive(Debug)]
pub(crate) struct Medium {
    folder: PathBuf,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    model: Model,
    faults: Vec<Fault>,
    barrier: Option<Barrier>,
    /// No file may grow.
    is_full: bool,
    /// Syncs do nothing and say that all is well.
    is_lying: bool,
    /// Nothing works any more.
    is_dead: bool,
    /// The power goes in this many changes.
    dies_in: Option<u64>,
    operations: HashMap<Kind, u64>,
}

impl Disk {
    /// Puts the folder on such a disk. What is in it is durable.
    ///
    /// # Panics
    /// When the folder cannot be read.
    #[must_use]
    pub fn mount(folder: &Path) -> Self {
        shim::install();
        // SQLite follows links in a path before it opens it.
        let folder = folder.canonicalize().expect("the folder is there");
        let mut model = Model::default();
        for entry in std::fs::read_dir(&folder).expect("the folder can be read").flatten() {
            if let (Ok(name), Ok(content)) = (entry.file_name().into_string(), std::fs::read(entry.path())) {
                model.add(&name, content, true);
            }
        }
        let state = State {
            model,
            ..State::default()
        };
        let medium = Arc::new(Medium {
            folder,
            state: Mutex::new(state),
        });
        let mut mounted = MOUNTED.write().unwrap_or_else(PoisonError::into_inner);
        mounted.push(Arc::clone(&medium));
        Self { medium }
    }

    /// Operations of these kinds so far.
    #[must_use]
    pub fn operations(&self, kinds: &[Kind]) -> u64 {
        let state = self.medium.lock();
        kinds.iter().filter_map(|kind| state.operations.get(kind)).sum()
    }

    /// From now on this goes wrong too.
    pub fn fail(&self, fault: Fault) {
        self.medium.lock().faults.push(fault);
    }

    /// Nothing goes wrong any more, and there is room again.
    pub fn heal(&self) {
        let mut state = self.medium.lock();
        state.faults.clear();
        state.is_full = false;
    }

    /// There is no room: no file may grow.
    pub fn fill(&self) {
        self.medium.lock().is_full = true;
    }

    /// From now on syncs do nothing and say that all is well, as a bad disk does and as `synchronous = off` asks for.
    pub fn lie(&self) {
        self.medium.lock().is_lying = true;
    }

    /// From now on each sync waits until the test lets it go.
    #[must_use]
    pub fn gate(&self) -> Gate {
        let (gate, barrier) = Gate::new();
        let mut state = self.medium.lock();
        state.barrier = (!state.is_dead).then_some(barrier);
        gate
    }

    /// The power goes now: nothing works any more.
    pub fn cut_power(&self) {
        self.medium.lock().die();
    }

    /// The power goes in the middle of the `nth` of [`Kind::CHANGES`], counted from 1 and from now.
    pub fn cut_power_at(&self, nth: u64) {
        self.medium.lock().dies_in = Some(nth);
    }

    /// Whether the power is gone.
    #[must_use]
    pub fn is_dead(&self) -> bool {
        self.medium.lock().is_dead
    }

    /// Writes into a folder what the disk holds after the power cut: one of the many possibilities, chosen by the seed.
    ///
    /// # Panics
    /// When the power is still there, and when the folder cannot be written.
    pub fn image(&self, seed: u64, to: &Path) {
        let state = self.medium.lock();
        assert!(state.is_dead, "an image is of a disk without power");
        let mut dice = Rng::with_seed(seed);
        for (name, content) in state.model.survivors(&mut dice) {
            std::fs::write(to.join(&name), content).expect("the image can be written");
            // Shared memory is a file that is never synced: anything may be in it.
            let shared = format!("{name}-shm");
            if self.medium.folder.join(&shared).exists() && dice.bool() {
                let rubbish: Vec<u8> = (0..32_768).map(|_| dice.u8(..)).collect();
                std::fs::write(to.join(shared), rubbish).expect("the image can be written");
            }
        }
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        self.medium.lock().barrier = None;
        let mut mounted = MOUNTED.write().unwrap_or_else(PoisonError::into_inner);
        mounted.retain(|medium| !Arc::ptr_eq(medium, &self.medium));
    }
}

/// The disk that a file is on, and its name there.
pub(crate) fn holding(path: &Path) -> Option<(Arc<Medium>, String)> {
    let (folder, name) = (path.parent()?, path.file_name()?.to_str()?);
    let mounted = MOUNTED.read().unwrap_or_else(PoisonError::into_inner);
    let medium = mounted.iter().find(|medium| medium.folder == folder)?;
    Some((Arc::clone(medium), name.to_owned()))
}

/// What the real file system answered, in SQLite's numbers.
type Answer = c_int;

impl Medium {
    /// Opens a file. Of some, the first sync `owes_folder` a sync too.
    pub(crate) fn open(
        self: &Arc<Self>,
        name: &str,
        owes_folder: bool,
        real: impl FnOnce() -> Answer,
    ) -> Result<OpenFile, Answer> {
        let mut state = self.lock();
        state.ask(Kind::Open)?;
        let path = self.folder.join(name);
        let was_there = path.exists();
        let known = state.model.find(name).filter(|_| was_there);
        // Only a file that nobody has open: closing it again would take SQLite's locks away.
        let before = match known {
            None if was_there => std::fs::read(&path).expect("a database can be read"),
            _ => Vec::new(),
        };
        let answer = real();
        if answer != ffi::SQLITE_OK {
            return Err(answer);
        }
        let id = known.unwrap_or_else(|| state.model.add(name, before, false));
        Ok(OpenFile {
            medium: Arc::clone(self),
            id,
            path,
            owes_folder: Mutex::new(owes_folder),
        })
    }

    /// Deletes a file, and syncs the folder if so asked.
    pub(crate) fn delete(&self, name: &str, is_synced: bool, real: impl FnOnce() -> Answer) -> Result<Answer, Answer> {
        let mut state = self.lock();
        state.ask(Kind::Delete)?;
        let answer = real();
        if answer == ffi::SQLITE_OK {
            state.model.delete(name);
            if is_synced && !state.is_lying && !state.is_dead {
                state.model.sync_names();
            }
        }
        Ok(answer)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // A panic in one test's thread must not hide its reason behind another panic here.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Counts the operation; an error is what SQLite is told instead of doing it.
    fn ask(&mut self, kind: Kind) -> Result<(), Answer> {
        if self.is_dead {
            self.dies_in = None;
            return Err(kind.failure());
        }
        *self.operations.entry(kind).or_default() += 1;
        if Kind::CHANGES.contains(&kind)
            && let Some(left) = &mut self.dies_in
        {
            *left = left.saturating_sub(1);
            if *left == 0 {
                self.die();
                return Err(kind.failure());
            }
        }
        // Each fault counts for itself.
        let strikes = self
            .faults
            .iter_mut()
            .filter_map(|fault| fault.strikes(kind).then_some(()));
        if strikes.count() > 0 {
            return Err(kind.failure());
        }
        Ok(())
    }

    fn die(&mut self) {
        self.is_dead = true;
        // Whoever waits for a sync learns that none will come.
        self.barrier = None;
    }

    /// The operation that was just refused is the one in whose middle the power went.
    fn is_dying(&self) -> bool {
        self.is_dead && self.dies_in == Some(0)
    }
}
