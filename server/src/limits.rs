//! Rates: sends per party, drafts per account, sign-in attempts per address and e-mail, connections per address.
//!
//! Buckets fill up with time and are forgotten when full, so that nobody's memory is spent on the quiet ones.

use std::hash::Hash;
use std::net::IpAddr;
use std::sync::Mutex;
use std::time::Duration;

use prilavok_protocol::ids::{AccountId, Party};
use prilavok_protocol::limits::{DRAFT_BURST, DRAFTS_PER_MINUTE, Limits};
use tokio::time::Instant;

use crate::maps::Map;

/// Entries after which full buckets are swept out: a few megabytes at most.
const SWEEP_AT: usize = 10_000;
/// Sign-in attempts at once from one address for one e-mail; then one every [`ATTEMPT_EVERY`].
const ATTEMPT_BURST: u32 = 30;
/// A person mistypes, a machine guesses: twelve a minute is generous for the one and useless to the other.
const ATTEMPT_EVERY: Duration = Duration::from_secs(5);
/// Sign-in attempts at once from one address for any e-mail; offices share addresses.
const ADDRESS_BURST: u32 = 200;
/// After the burst, one a second for the whole address.
const ADDRESS_EVERY: Duration = Duration::from_secs(1);

/// Proof that a send was charged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Charge(());

/// All rates of this node.
#[derive(Debug)]
pub struct Limiters {
    sends: Rate<Party>,
    attempts: Rate<(IpAddr, String)>,
    addresses: Rate<IpAddr>,
    drafts: Rate<AccountId>,
}

impl Limiters {
    /// With the limits in force.
    #[must_use]
    pub fn new(limits: &Limits) -> Self {
        let every = Duration::from_secs(60) / limits.sends_per_minute.max(1);
        Self {
            sends: Rate::new(every, limits.send_burst.max(1)),
            attempts: Rate::new(ATTEMPT_EVERY, ATTEMPT_BURST),
            addresses: Rate::new(ADDRESS_EVERY, ADDRESS_BURST),
            drafts: Rate::new(Duration::from_secs(60) / DRAFTS_PER_MINUTE, DRAFT_BURST),
        }
    }

    /// Charges a send, or says how long to wait.
    ///
    /// # Errors
    /// The time after which one more send is allowed.
    pub fn send(&self, party: Party, now: Instant) -> Result<Charge, Duration> {
        self.sends.charge(party, now).map(|()| Charge(()))
    }

    /// Gives a charge back: the message was a repeat, or was not stored.
    pub fn refund(&self, party: Party) {
        self.sends.refund(&party);
    }

    /// Charges a change of a draft, or says how long to wait.
    ///
    /// # Errors
    /// The time after which one more is allowed.
    pub fn draft(&self, account: AccountId, now: Instant) -> Result<(), Duration> {
        self.drafts.charge(account, now)
    }

    /// Charges a sign-in attempt, or says how long to wait. Slows the guesser's address, never the account.
    ///
    /// # Errors
    /// The time after which one more attempt is allowed.
    pub fn attempt(&self, address: IpAddr, email: &str, now: Instant) -> Result<(), Duration> {
        self.addresses.charge(address, now)?;
        self.attempts.charge((address, email.to_owned()), now)
    }

    /// A sign-in succeeded: the person's earlier typing mistakes are forgotten.
    pub fn forgive(&self, address: IpAddr, email: &str) {
        self.attempts.forget(&(address, email.to_owned()));
        self.addresses.refund(&address);
    }
}

/// A rate per key: `burst` at once, then one `every` so often.
#[derive(Debug)]
struct Rate<K> {
    every: Duration,
    burst: u32,
    /// Until when each key has spent its allowance.
    spent: Mutex<Map<K, Instant>>,
}

impl<K: Hash + Eq> Rate<K> {
    fn new(every: Duration, burst: u32) -> Self {
        Self {
            every,
            burst,
            spent: Mutex::new(Map::default()),
        }
    }

    fn charge(&self, key: K, now: Instant) -> Result<(), Duration> {
        let mut spent = self.spent.lock().expect("no holder of this lock panics");
        if spent.len() >= SWEEP_AT {
            spent.retain(|_, until| *until > now);
        }
        let until = spent.get(&key).copied().unwrap_or(now).max(now) + self.every;
        let allowed = now + self.every * self.burst;
        if until > allowed {
            return Err(until - allowed);
        }
        spent.insert(key, until);
        Ok(())
    }

    fn refund(&self, key: &K) {
        let mut spent = self.spent.lock().expect("no holder of this lock panics");
        if let Some(until) = spent.get_mut(key)
            && let Some(earlier) = until.checked_sub(self.every)
        {
            *until = earlier;
        }
    }

    fn forget(&self, key: &K) {
        self.spent.lock().expect("no holder of this lock panics").remove(key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use prilavok_protocol::ids::BuyerId;

    fn limiters() -> Limiters {
        Limiters::new(&Limits {
            sends_per_minute: 30,
            send_burst: 3,
            ..Limits::default()
        })
    }

    #[test]
    fn a_burst_passes_and_then_the_rate_holds() {
        let (limiters, party, now) = (limiters(), Party::buyer(BuyerId::mint()), Instant::now());
        for _ in 0..3 {
            assert!(limiters.send(party, now).is_ok());
        }
        assert_eq!(limiters.send(party, now), Err(Duration::from_secs(2)));
        assert!(
            limiters.send(Party::buyer(BuyerId::mint()), now).is_ok(),
            "others are not slowed"
        );
        assert!(limiters.send(party, now + Duration::from_secs(2)).is_ok());
        assert!(limiters.send(party, now + Duration::from_secs(2)).is_err());
    }

    #[test]
    fn a_refund_allows_one_more() {
        let (limiters, party, now) = (limiters(), Party::buyer(BuyerId::mint()), Instant::now());
        for _ in 0..3 {
            limiters.send(party, now).expect("within the burst");
        }
        limiters.refund(party);
        assert!(limiters.send(party, now).is_ok());
        assert!(limiters.send(party, now).is_err());
    }

    #[test]
    fn a_guesser_is_slowed_and_the_person_elsewhere_is_not() {
        let (limiters, now) = (limiters(), Instant::now());
        let [guesser, person] = [IpAddr::from([10, 0, 0, 1]), IpAddr::from([10, 0, 0, 2])];
        while limiters.attempt(guesser, "anna@example.ru", now).is_ok() {}
        assert!(limiters.attempt(person, "anna@example.ru", now).is_ok());
        assert!(
            limiters.attempt(guesser, "boris@example.ru", now).is_ok(),
            "an office shares an address"
        );
        limiters.forgive(guesser, "anna@example.ru");
        assert!(limiters.attempt(guesser, "anna@example.ru", now).is_ok());
    }

    #[test]
    fn full_buckets_are_swept() {
        let rate = Rate::new(Duration::from_secs(1), 1);
        let now = Instant::now();
        for key in 0..SWEEP_AT {
            rate.charge(key, now).expect("first charge of a key");
        }
        rate.charge(SWEEP_AT, now + Duration::from_secs(60))
            .expect("first charge of a key");
        assert_eq!(rate.spent.lock().expect("not poisoned").len(), 1);
    }
}
