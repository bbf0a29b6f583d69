//! Who lives in the world of a run, and what all of them share.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

use prilavok_client::{Client, MemorySecrets};
use prilavok_protocol::ids::{MessageId, Role, SellerId, ThreadId};
use rand::SeedableRng;
use rand::rngs::SmallRng;
use tempfile::TempDir;

use crate::server::Slot;
use crate::trace::Trace;

/// Shops of the marketplace.
pub const SHOPS: usize = 2;
/// Buyers, each of whom writes to every shop.
pub const BUYERS: usize = 3;

/// What everybody does now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// Signing in and starting threads, in good weather.
    Arriving,
    /// Writing and reading, whatever the weather.
    Living,
    /// Nothing: all that was said arrives.
    Waiting,
}

/// A message that somebody wrote, and what became of it as far as they know.
#[derive(Debug, Clone)]
pub struct Written {
    /// Where.
    pub thread: ThreadId,
    /// Under which id.
    pub id: MessageId,
    /// By which side.
    pub by: Role,
    /// It was taken back, and the engine promised that it will never be sent.
    pub is_cancelled: bool,
}

/// One device of somebody.
pub struct Device {
    /// The name of its host.
    pub name: String,
    /// Whose it is: all devices of a person share it.
    pub owner: String,
    /// The first device makes the account, others sign in.
    pub is_first: bool,
    /// Which app it runs.
    pub role: Role,
    /// What survives a crash.
    pub folder: PathBuf,
    /// What survives a crash.
    pub secrets: Arc<MemorySecrets>,
    /// The engine, while it runs.
    pub client: RefCell<Option<Client>>,
    /// What its person decides by.
    pub chance: RefCell<SmallRng>,
    /// Texts that its person has written.
    pub count: Cell<u32>,
    /// Everything is set up.
    pub is_settled: Cell<bool>,
}

/// Everything of a run.
pub struct World {
    /// Its number.
    pub seed: u64,
    /// What happened.
    pub trace: Trace,
    /// What everybody does now.
    pub act: Cell<Act>,
    /// All devices.
    pub devices: Vec<Rc<Device>>,
    /// The server, while it runs.
    pub server: Slot,
    /// The shops that have opened, by owner.
    pub shops: RefCell<BTreeMap<String, SellerId>>,
    /// What was written and is on its writer's disk, by text.
    pub written: RefCell<BTreeMap<String, Written>>,
    /// What somebody began to write: it may be anywhere once, or nowhere.
    pub begun: RefCell<BTreeSet<String>>,
    /// A name for each thread, the same in every run of the seed.
    pub names: RefCell<BTreeMap<ThreadId, String>>,
    folder: TempDir,
}

impl World {
    /// The world of this seed.
    #[must_use]
    pub fn new(seed: u64) -> Rc<Self> {
        // In memory where there is such a folder: nothing here loses power, so nothing has to wait for a disk.
        let memory = Path::new("/dev/shm");
        let folder = if memory.is_dir() {
            tempfile::tempdir_in(memory)
        } else {
            tempfile::tempdir()
        };
        let folder = folder.expect("a folder");
        let owners = (0..SHOPS)
            .map(|n| (format!("shop{n}"), Role::Seller, 2))
            .chain((0..BUYERS).map(|n| (format!("buyer{n}"), Role::Buyer, 1 + usize::from(n == 0))));
        let mut devices = Vec::new();
        for (owner, role, count) in owners {
            for device in 0..count {
                let name = format!("{owner}-{device}");
                let own_seed = seed ^ (devices.len() as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
                devices.push(Rc::new(Device {
                    folder: folder.path().join(&name),
                    name,
                    owner: owner.clone(),
                    is_first: device == 0,
                    role,
                    secrets: Arc::default(),
                    client: RefCell::default(),
                    chance: RefCell::new(SmallRng::seed_from_u64(own_seed)),
                    count: Cell::default(),
                    is_settled: Cell::default(),
                }));
            }
        }
        Rc::new(Self {
            seed,
            trace: Trace::default(),
            act: Cell::new(Act::Arriving),
            devices,
            server: Slot::default(),
            shops: RefCell::default(),
            written: RefCell::default(),
            begun: RefCell::default(),
            names: RefCell::default(),
            folder,
        })
    }

    /// Where the server keeps everything.
    #[must_use]
    pub fn server_folder(&self) -> PathBuf {
        self.folder.path().join("server")
    }

    /// The name of a thread, for the trace: ids differ from run to run.
    #[must_use]
    pub fn name_of(&self, thread: ThreadId) -> String {
        self.names.borrow().get(&thread).cloned().unwrap_or_else(|| "?".into())
    }
}
