//! Passwords: argon2id, a few at a time, the rest in a short queue. A check of nobody's password takes as long as one
//! of somebody's.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use prilavok_protocol::error::ErrorCode;
use tokio::sync::Semaphore;

use crate::config;
use crate::error::Error;

/// OWASP's first choice for argon2id: 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;
/// What the next one in a full queue waits: the queue is worked off by then.
const QUEUE_FULL: Duration = Duration::from_secs(2);

/// Hashes and checks passwords.
#[derive(Debug)]
pub struct Passwords {
    working: Arc<Semaphore>,
    waiting: AtomicUsize,
    waiting_most: usize,
    has_threads: bool,
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
            nobody: hash("nobody has this password")?,
        })
    }

    /// Hashes a new password.
    ///
    /// # Errors
    /// `Unavailable` when too many wait.
    pub async fn hash(&self, password: String) -> Result<String, Error> {
        self.work(move || hash(&password)).await?
    }

    /// Whether this is the password behind the hash; no hash: of nobody, which takes as long and is false.
    ///
    /// # Errors
    /// `Unavailable` when too many wait.
    pub async fn check(&self, password: String, hash: Option<String>) -> Result<bool, Error> {
        let is_somebody = hash.is_some();
        let hash = hash.unwrap_or_else(|| self.nobody.clone());
        let fits = self.work(move || verify(&password, &hash)).await?;
        Ok(is_somebody && fits)
    }

    async fn work<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Error> {
        let place = Place::take(&self.waiting, self.waiting_most)?;
        let turn = Arc::clone(&self.working)
            .acquire_owned()
            .await
            .map_err(Error::internal)?;
        drop(place);
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
    Ok(argon()?
        .hash_password(password.as_bytes())
        .map_err(Error::internal)?
        .to_string())
}

fn verify(password: &str, hash: &str) -> bool {
    let Ok(hash) = PasswordHash::new(hash) else {
        return false;
    };
    argon().is_ok_and(|argon| argon.verify_password(password.as_bytes(), &hash).is_ok())
}

fn argon() -> Result<Argon2<'static>, Error> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(Error::internal)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
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
}
