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

/// How many live in a world.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// Shops of the marketplace.
    pub shops: usize,
    /// Accounts of each shop: one opens it, the others come by invitation.
    pub agents: usize,
    /// Buyers, each of whom writes to every shop.
    pub buyers: usize,
}

impl Size {
    /// Most worlds are small and quick; in one of ten a crowd writes to shops that several people run.
    #[must_use]
    pub fn of(seed: u64) -> Self {
        let (shops, agents, buyers) = if seed % 10 == 7 { (3, 2, 6) } else { (2, 1, 3) };
        Self { shops, agents, buyers }
    }

    /// Owners of devices, their role, the shop that they join, and how many devices they have.
    fn owners(self) -> Vec<(String, Role, Option<String>, usize)> {
        let mut owners = Vec::new();
        for n in 0..self.shops {
            let shop = format!("shop{n}");
            owners.push((shop.clone(), Role::Seller, None, 2));
            let agents = (1..self.agents).map(|agent| (format!("{shop}.{agent}"), Role::Seller, Some(shop.clone()), 1));
            owners.extend(agents);
        }
        owners.extend((0..self.buyers).map(|n| (format!("buyer{n}"), Role::Buyer, None, 1 + usize::from(n == 0))));
        owners
    }
}

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
    /// The shop that its owner is invited to, if it is not one's own.
    pub joins: Option<String>,
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
    /// How many live in it.
    pub size: Size,
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
        let size = Size::of(seed);
        let mut devices = Vec::new();
        for (owner, role, joins, count) in size.owners() {
            for device in 0..count {
                let name = format!("{owner}-{device}");
                let own_seed = seed ^ (devices.len() as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
                devices.push(Rc::new(Device {
                    folder: folder.path().join(&name),
                    name,
                    owner: owner.clone(),
                    is_first: device == 0,
                    joins: joins.clone(),
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
            size,
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
