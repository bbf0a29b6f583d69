//! Several accounts in one app: each has an engine of its own, all alive at once, and one of them is in front.
//!
//! - here who there is; `moves` how accounts come, go and change places; `rows` what the page shows of them
//! - `each` how every one of them stands
//! - `asked` the engine for which a command of the page is meant

pub(crate) mod asked;
pub(crate) mod each;
pub(crate) mod moves;
pub(crate) mod rows;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use prilavok_client::{Client, Error, SeatId, Seats};
use tauri::ipc::Channel;

use crate::engine::Engine;
use crate::keychain::Keychain;
use crate::place::Place;
use rows::Row;

/// All accounts of this installation.
pub(crate) struct Accounts {
    /// What is on the disk; an error waits there for whoever asks for an engine.
    seats: Result<Seats, Error>,
    /// One for all: each secret has the account in its name, and they share a file.
    secrets: Arc<Keychain>,
    /// Coming, going and changing places wait for each other.
    turn: tokio::sync::Mutex<()>,
    /// Two accounts may change at once; what was looked at first must not be told last.
    telling: Mutex<()>,
    now: Mutex<Now>,
}

struct Now {
    engines: BTreeMap<SeatId, Arc<Engine>>,
    front: SeatId,
    /// What a seller's shop is called, once it is known.
    shops: BTreeMap<SeatId, String>,
    watcher: Option<Channel<Vec<Row>>>,
    /// What it was told last.
    told: Vec<Row>,
}

impl Accounts {
    /// Who was there when the app ended; their engines are still to be opened.
    pub(crate) fn found(place: &Place) -> Self {
        let seats = Seats::open(&place.data_dir);
        let (mut all, front) = match &seats {
            Ok(seats) => (seats.all(), seats.front()),
            Err(error) => {
                tracing::error!(%error, "It cannot be read which accounts there are.");
                (Vec::new(), SeatId::default())
            }
        };
        if all.is_empty() {
            all.push(front);
        }
        let now = Now {
            engines: all.into_iter().map(|seat| (seat, Arc::new(Engine::new()))).collect(),
            front,
            shops: BTreeMap::new(),
            watcher: None,
            told: Vec::new(),
        };
        Self {
            seats,
            secrets: Arc::new(Keychain::new(place.name.clone(), &place.data_dir)),
            turn: tokio::sync::Mutex::default(),
            telling: Mutex::default(),
            now: Mutex::new(now),
        }
    }

    /// Held from the look at all accounts until what was seen has been told.
    pub(crate) fn telling(&self) -> MutexGuard<'_, ()> {
        self.telling.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The seat that the page shows.
    pub(crate) fn front(&self) -> SeatId {
        self.now().front
    }

    /// Whether there is such a seat.
    pub(crate) fn has(&self, seat: SeatId) -> bool {
        self.now().engines.contains_key(&seat)
    }

    /// The engine in front; waits until it is open.
    pub(crate) async fn client(&self) -> Result<Client, Error> {
        self.client_of(self.front()).await
    }

    /// The engine of this seat; waits until it is open.
    pub(crate) async fn client_of(&self, seat: SeatId) -> Result<Client, Error> {
        let engine = self.now().engines.get(&seat).cloned();
        engine.ok_or(Error::SignedOut)?.client().await
    }

    /// The engine in front, if it is open.
    pub(crate) fn ready(&self) -> Option<Client> {
        let now = self.now();
        now.engines.get(&now.front).and_then(|engine| engine.ready())
    }

    /// The engine of this seat, if it is open.
    pub(crate) fn ready_of(&self, seat: SeatId) -> Option<Client> {
        self.now().engines.get(&seat).and_then(|engine| engine.ready())
    }

    /// All engines that are open.
    pub(crate) fn all_ready(&self) -> Vec<(SeatId, Client)> {
        let now = self.now();
        let ready = now.engines.iter().map(|(seat, engine)| Some((*seat, engine.ready()?)));
        ready.flatten().collect()
    }

    /// All engines that could be opened; waits until that is known.
    pub(crate) async fn all_opened(&self) -> Vec<(SeatId, Client)> {
        let engines = self.now().engines.clone();
        for engine in engines.values() {
            // Why one cannot be opened is said to whoever asks for it.
            let _ = engine.client().await;
        }
        self.all_ready()
    }

    /// Unread messages of all accounts.
    pub(crate) fn unread(&self) -> u32 {
        self.all_ready().iter().map(|(_, client)| client.unread()).sum()
    }

    /// Closes all engines; all is on disk when it returns, unless the disk hangs.
    pub(crate) async fn close(&self) {
        let engines: Vec<_> = self.now().engines.values().cloned().collect();
        futures::future::join_all(engines.iter().map(|engine| engine.close())).await;
    }

    fn now(&self) -> MutexGuard<'_, Now> {
        self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
