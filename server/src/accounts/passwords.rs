//! Passwords: argon2id, a few at a time, the rest in a short queue. A check of nobody's password takes as long as one
//! of somebody's.

mod argon;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use prilavok_protocol::error::ErrorCode;
use tokio::sync::Semaphore;

use crate::config;
use crate::error::Error;
use argon::Memory;

/// What the next one in a full queue waits: the queue is worked off by then.
const QUEUE_FULL: Duration = Duration::from_secs(2);

/// Hashes and checks passwords.
#[derive(Debug)]
pub struct Passwords {
    working: Arc<Semaphore>,
    waiting: AtomicUsize,
    waiting_most: usize,
    has_threads: bool,
    /// What nobody hashes in now: no more of them are ever made than may work at once.
    spare: Arc<Mutex<Vec<Memory>>>,
    /// The hash of a password that nobody has.
    nobody: String,
}

impl Passwords {
    /// As many at once as the configuration allows. Without threads the work is done on the caller's: see
    /// [`crate::store::sqlite::Options`].
    ///
    /// # Errors
    /// When this machine cannot hash at all.
    pub fn new(auth: &config::Auth, has_threads: bool) -> Result<Self, Error> {
        Ok(Self {
            working: Arc::new(Semaphore::new(auth.hashes.max(1))),
            waiting: AtomicUsize::new(0),
            waiting_most: auth.hashes_waiting.max(1),
            has_threads,
            spare: Arc::default(),
            nobody: hash("nobody has this password")?,
        })
    }

    /// Hashes a new password.
    ///
    /// # Errors
    /// `Unavailable` when too many wait.
    pub async fn hash(&self, password: String) -> Result<String, Error> {
        self.work(move |memory| memory.hash(&password)).await?
    }

    /// Whether this is the password behind the hash; no hash: of nobody, which takes as long and is false.
    ///
    /// # Errors
    /// `Unavailable` when too many wait.
    pub async fn check(&self, password: String, hash: Option<String>) -> Result<bool, Error> {
        let is_somebody = hash.is_some();
        let hash = hash.unwrap_or_else(|| self.nobody.clone());
        let fits = self.work(move |memory| memory.verify(&password, &hash)).await?;
        Ok(is_somebody && fits)
    }

    async fn work<T: Send + 'static>(&self, work: impl FnOnce(&mut Memory) -> T + Send + 'static) -> Result<T, Error> {
        let place = Place::take(&self.waiting, self.waiting_most)?;
        let turn = Arc::clone(&self.working)
            .acquire_owned()
            .await
            .map_err(Error::internal)?;
        drop(place);
        let spare = Arc::clone(&self.spare);
        let work = move || {
            let mut memory = lent(&spare).unwrap_or_default();
            let result = work(&mut memory);
            spare.lock().unwrap_or_else(PoisonError::into_inner).push(memory);
            result
        };
        if !self.has_threads {
            return Ok(work());
        }
        // The turn moves along: a caller that hangs up does not free it before the work is done.
        let task = tokio::task::spawn_blocking(move || {
            let result = work();
            drop(turn);
            result
        });
        task.await.map_err(Error::internal)
    }
}

/// One that has hashed before.
fn lent(spare: &Mutex<Vec<Memory>>) -> Option<Memory> {
    spare.lock().unwrap_or_else(PoisonError::into_inner).pop()
}

/// A place in the queue, given back when dropped.
struct Place<'a>(&'a AtomicUsize);

impl<'a> Place<'a> {
    fn take(waiting: &'a AtomicUsize, most: usize) -> Result<Self, Error> {
        let place = Self(waiting);
        if waiting.fetch_add(1, Ordering::Relaxed) < most {
            return Ok(place);
        }
        Err(Error::new(ErrorCode::Unavailable).after(QUEUE_FULL))
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Hashes a password here and now; for the command line and the demo.
///
/// # Errors
/// When this machine cannot.
pub fn hash(password: &str) -> Result<String, Error> {
    Memory::default().hash(password)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_right_password_fits_and_no_other_does() {
        let passwords = Passwords::new(&config::Auth::default(), true).expect("it can hash");
        let hash = passwords.hash("верный пароль".into()).await.expect("hashed");
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        let check = |password: &str, hash: Option<&String>| passwords.check(password.into(), hash.cloned());
        assert!(check("верный пароль", Some(&hash)).await.expect("checked"));
        assert!(!check("Верный пароль", Some(&hash)).await.expect("checked"));
        assert!(
            !check("nobody has this password", None).await.expect("checked"),
            "nobody cannot sign in"
        );
        assert!(!check("верный пароль", Some(&"rubbish".into())).await.expect("checked"));
    }

    #[tokio::test]
    async fn a_full_queue_says_so_at_once() {
        let auth = config::Auth {
            hashes: 1,
            hashes_waiting: 1,
            ..config::Auth::default()
        };
        let passwords = Passwords::new(&auth, true).expect("it can hash");
        let turn = Arc::clone(&passwords.working).acquire_owned().await.expect("open");
        let first = passwords.hash("первый".into());
        tokio::pin!(first);
        assert!(futures::poll!(&mut first).is_pending());
        let refused = passwords.hash("второй".into()).await.expect_err("the queue is full");
        assert_eq!(refused.code(), ErrorCode::Unavailable);
        drop(turn);
        assert!(first.await.is_ok());
        assert!(passwords.hash("третий".into()).await.is_ok());
    }

    #[tokio::test]
    async fn however_many_are_hashed_their_memory_is_that_of_the_turns() {
        let auth = config::Auth {
            hashes: 2,
            ..config::Auth::default()
        };
        let passwords = Passwords::new(&auth, true).expect("it can hash");
        let all = (0..6).map(|number| passwords.hash(format!("пароль {number}")));
        for hash in futures::future::join_all(all).await {
            assert!(hash.is_ok());
        }
        let spare = passwords.spare.lock().expect("nobody panicked").len();
        assert!((1..=2).contains(&spare), "{spare}");
    }
}
