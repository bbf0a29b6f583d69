//! A few connections that only read, lent to blocking threads.
//!
//! Every read sees one committed state of the whole file. When all connections are lent, a reader waits its turn.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::Connection;
use tokio::sync::Semaphore;

use super::Options;
use super::schema::open_reader;
use crate::store::{Error, Result};

/// The pool.
#[derive(Debug, Clone)]
pub(super) struct Readers {
    idle: Arc<Mutex<Vec<Connection>>>,
    permits: Arc<Semaphore>,
    has_threads: bool,
}

/// Goes back to the pool even when the work panics.
struct Lent {
    db: Option<Connection>,
    idle: Arc<Mutex<Vec<Connection>>>,
}

impl Drop for Lent {
    fn drop(&mut self) {
        if let Some(db) = self.db.take() {
            self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(db);
        }
    }
}

impl Readers {
    /// Opens all connections.
    pub(super) fn open(path: &Path, options: &Options) -> Result<Self> {
        let connections = (0..options.readers.max(1))
            .map(|_| open_reader(path))
            .collect::<Result<Vec<_>>>()?;
        let permits = Arc::new(Semaphore::new(connections.len()));
        Ok(Self {
            idle: Arc::new(Mutex::new(connections)),
            permits,
            has_threads: options.has_threads,
        })
    }

    /// Runs the work in one read transaction.
    pub(super) async fn read<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T> + Send + 'static,
    {
        let permit = Arc::clone(&self.permits)
            .acquire_owned()
            .await
            .map_err(|_| Error::Busy)?;
        let idle = Arc::clone(&self.idle);
        let lent = move || {
            let db = idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let lent = Lent { db, idle };
            // There are as many permits as connections; only closing takes one from a read that has begun to wait.
            let Some(db) = lent.db.as_ref() else {
                return Err(Error::Busy);
            };
            let result = in_one_view(db, work);
            drop(lent);
            drop(permit);
            result
        };
        if !self.has_threads {
            return lent();
        }
        tokio::task::spawn_blocking(lent)
            .await
            .unwrap_or_else(|error| Err(Error::Internal(format!("a read was cut short: {error}"))))
    }

    /// Closes the connections; those that are lent out close when they come back.
    pub(super) fn close(&self) {
        self.permits.close();
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

fn in_one_view<T>(db: &Connection, work: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
    let view = db.unchecked_transaction()?;
    let result = work(&view);
    view.finish()?;
    result
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::{Options, Readers};
    use crate::store::Error;
    use crate::store::sqlite::schema::open_writer;

    /// A socket that is cut off leaves its read behind, which may come to its turn after the store was closed.
    #[test]
    fn a_read_that_comes_to_its_turn_after_the_end_is_refused() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("chat.sqlite");
        drop(open_writer(&path).expect("a database"));
        let runtime = tokio::runtime::Builder::new_current_thread()
            .max_blocking_threads(1)
            .build()
            .expect("a runtime");
        runtime.block_on(async {
            let options = Options {
                readers: 1,
                ..Options::default()
            };
            let readers = Readers::open(&path, &options).expect("readers");
            let (release, gate) = mpsc::channel::<()>();
            let busy = tokio::task::spawn_blocking(move || gate.recv().is_ok());
            let late = tokio::spawn({
                let readers = readers.clone();
                async move { readers.read(|_| Ok(())).await }
            });
            tokio::task::yield_now().await;
            readers.close();
            release.send(()).expect("it waits");
            assert!(busy.await.expect("it ran"));
            let outcome = late.await.expect("no panic");
            assert!(matches!(outcome, Err(Error::Busy)), "{outcome:?}");
        });
    }
}
