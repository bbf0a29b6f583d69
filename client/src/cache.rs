//! The SQLite file of one account on one server: threads, messages, outbox, drafts, cursor, catalogue seen.
//!
//! One thread owns the file; others send it jobs. Each job is one transaction, and `synchronous=full` makes it
//! durable when it returns. A file that cannot be used is moved aside, and what the person wrote is salvaged.
//! Whoever works on it holds its lock, so that no second engine does.

mod catalogue;
mod drafts;
mod events;
mod hold;
mod messages;
mod open;
mod outbox;
mod salvage;
mod search;
mod snapshot;
mod threads;

#[cfg(test)]
mod tests;

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use prilavok_protocol::ids::{AccountId, Cursor, Epoch, Pos, Role};
use rusqlite::{Connection, OptionalExtension, Transaction};
use tokio::sync::{mpsc, oneshot};
use uuid::Uuid;

use crate::error::Error;
use crate::faults;

pub(crate) use catalogue::Seen;
pub(crate) use drafts::{Answer as DraftAnswer, Field, News, Wanted};
pub(crate) use events::Applied;
use hold::Hold;
pub(crate) use outbox::Shown;

type Job = Box<dyn FnOnce(&mut Connection) + Send>;

enum Order {
    Run(Job),
    Close(oneshot::Sender<()>),
}

/// Cheap to clone; all clones speak to the same thread.
#[derive(Clone)]
pub(crate) struct Cache {
    hands: Hands,
    role: Role,
}

/// Whose thread works on the file.
#[derive(Clone)]
enum Hands {
    /// The cache's own. When 64 jobs wait, the next caller waits with them: the disk sets the pace.
    Own(mpsc::Sender<Order>),
    /// The caller's; nothing once it is closed.
    Callers(Arc<Mutex<Option<(Connection, Hold)>>>),
}

const ORDERS: usize = 64;

impl Cache {
    /// Opens or makes this account's file. True when an unusable one was moved aside.
    pub(crate) async fn open(path: &Path, role: Role, owner: AccountId) -> Result<(Self, bool), Error> {
        let (orders, mut inbox) = mpsc::channel::<Order>(ORDERS);
        let (opened, answer) = oneshot::channel();
        let path = path.to_owned();
        let run = move || {
            let mut db = match open_alone(&path, owner) {
                Ok((db, hold, was_broken)) => {
                    let _ = opened.send(Ok(was_broken));
                    (db, hold)
                }
                Err(error) => {
                    let _ = opened.send(Err(error));
                    return;
                }
            };
            // Ends when it is told to, or when the last handle is dropped.
            while let Some(order) = inbox.blocking_recv() {
                match order {
                    Order::Run(job) => job(&mut db.0),
                    Order::Close(done) => {
                        let _ = db.0.query_row("pragma wal_checkpoint(truncate)", [], |_| Ok(()));
                        drop(db);
                        let _ = done.send(());
                        return;
                    }
                }
            }
        };
        std::thread::Builder::new()
            .name("cache".into())
            .spawn(run)
            .map_err(|error| Error::Disk(error.to_string()))?;
        let was_broken = answer.await.map_err(|_| Error::Closed)??;
        let hands = Hands::Own(orders);
        Ok((Self { hands, role }, was_broken))
    }

    /// The same, on the caller's thread, now and later.
    pub(crate) fn open_here(path: &Path, role: Role, owner: AccountId) -> Result<(Self, bool), Error> {
        let (db, hold, was_broken) = open_alone(path, owner)?;
        let hands = Hands::Callers(Arc::new(Mutex::new(Some((db, hold)))));
        Ok((Self { hands, role }, was_broken))
    }

    /// Writes everything out and ends the thread; later calls answer [`Error::Closed`].
    pub(crate) async fn close(&self) {
        let orders = match &self.hands {
            Hands::Own(orders) => orders,
            Hands::Callers(db) => return drop(held(db).take()),
        };
        let (done, wait) = oneshot::channel();
        if orders.send(Order::Close(done)).await.is_ok() {
            let _ = wait.await;
        }
    }

    /// Runs one job as one transaction.
    async fn run<T: Send + 'static>(
        &self,
        job: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, Error> {
        let orders = match &self.hands {
            Hands::Own(orders) => orders,
            Hands::Callers(db) => {
                let mut db = held(db);
                let (db, _) = db.as_mut().ok_or(Error::Closed)?;
                return transaction(db, job).map_err(|error| Error::Disk(error.to_string()));
            }
        };
        let (done, wait) = oneshot::channel();
        let run: Job = Box::new(move |db| {
            let _ = done.send(transaction(db, job));
        });
        orders.send(Order::Run(run)).await.map_err(|_| Error::Closed)?;
        let result = wait.await.map_err(|_| Error::Closed)?;
        result.map_err(|error| Error::Disk(error.to_string()))
    }

    /// How far the log has been applied.
    pub(crate) async fn cursor(&self) -> Result<Option<Cursor>, Error> {
        self.run(cursor).await
    }
}

fn open_alone(path: &Path, owner: AccountId) -> Result<(Connection, Hold, bool), Error> {
    let hold = Hold::take(path)?;
    let (db, was_broken) = open::open(path, owner)?;
    Ok((db, hold, was_broken))
}

fn held<T>(db: &Mutex<Option<T>>) -> MutexGuard<'_, Option<T>> {
    db.lock().unwrap_or_else(PoisonError::into_inner)
}

fn transaction<T>(
    db: &mut Connection,
    job: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T>,
) -> rusqlite::Result<T> {
    let tx = db.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    let value = job(&tx)?;
    faults::point("cache.full");
    tx.commit()?;
    faults::point("cache.committed");
    Ok(value)
}

fn cursor(tx: &Transaction<'_>) -> rusqlite::Result<Option<Cursor>> {
    let row = tx
        .query_row("select epoch, pos from cursor", [], |row| {
            Ok((id::<Epoch>(row, 0)?, row.get::<_, i64>(1)?))
        })
        .optional()?;
    Ok(row.map(|(epoch, pos)| Cursor {
        epoch,
        pos: Pos(pos.unsigned_abs()),
    }))
}

fn set_cursor(tx: &Transaction<'_>, cursor: Cursor) -> rusqlite::Result<()> {
    tx.execute(
        "insert into cursor (only, epoch, pos) values (1, ?1, ?2)
         on conflict (only) do update set epoch = excluded.epoch, pos = excluded.pos",
        (cursor.epoch.to_string(), number(cursor.pos.0)),
    )?;
    Ok(())
}

/// SQLite's integers are signed; positions never come near the end.
fn number(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

/// An id from a text column.
fn id<T: From<Uuid>>(row: &rusqlite::Row<'_>, column: usize) -> rusqlite::Result<T> {
    let text: String = row.get(column)?;
    let parsed = Uuid::parse_str(&text);
    parsed.map(T::from).map_err(|error| unreadable(column, error))
}

fn unreadable(column: usize, error: impl std::error::Error + Send + Sync + 'static) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(column, rusqlite::types::Type::Text, Box::new(error))
}

/// A value from a JSON column.
fn json<T: serde::de::DeserializeOwned>(row: &rusqlite::Row<'_>, column: usize) -> rusqlite::Result<T> {
    let text: String = row.get(column)?;
    serde_json::from_str(&text).map_err(|error| unreadable(column, error))
}

fn to_json<T: serde::Serialize>(value: &T) -> rusqlite::Result<String> {
    serde_json::to_string(value).map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))
}
