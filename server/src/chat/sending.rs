//! Which messages are on their way to the store, so that parallel repeats of one message are charged as one.

use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use prilavok_protocol::ids::{MessageId, Party, ThreadId};

use crate::maps::Map;
use crate::store::chat::Member;

type Key = (Party, ThreadId, MessageId);

/// The messages that are on their way, all of them charged once, and how often each.
#[derive(Debug, Clone, Default)]
pub struct Sending {
    underway: Arc<Mutex<Map<Key, usize>>>,
}

/// One message on its way; it has arrived, or was refused, when this is dropped.
#[derive(Debug)]
pub struct Underway {
    sending: Sending,
    key: Key,
    is_charged: bool,
}

impl Sending {
    /// A message sets out. The first one with its id is charged, the others ride with it: one of them is stored.
    ///
    /// # Errors
    /// How long to wait, when it could not be charged.
    pub fn begin(
        &self,
        member: &Member,
        id: MessageId,
        charge: impl FnOnce() -> Result<(), Duration>,
    ) -> Result<Underway, Duration> {
        self.set_out((member.party(), member.thread_id(), id), charge)
    }

    fn set_out(&self, key: Key, charge: impl FnOnce() -> Result<(), Duration>) -> Result<Underway, Duration> {
        let mut underway = self.lock();
        let is_charged = !underway.contains_key(&key);
        if is_charged {
            charge()?;
        }
        *underway.entry(key).or_default() += 1;
        Ok(Underway {
            sending: self.clone(),
            key,
            is_charged,
        })
    }

    fn lock(&self) -> MutexGuard<'_, Map<Key, usize>> {
        self.underway.lock().expect("no holder of this lock panics")
    }
}

impl Underway {
    /// It was charged itself.
    #[must_use]
    pub fn is_charged(&self) -> bool {
        self.is_charged
    }
}

impl Drop for Underway {
    fn drop(&mut self) {
        let mut underway = self.sending.lock();
        if let Some(times) = underway.get_mut(&self.key) {
            *times -= 1;
            if *times == 0 {
                underway.remove(&self.key);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use prilavok_protocol::ids::BuyerId;

    fn key() -> Key {
        (Party::buyer(BuyerId::mint()), ThreadId::mint(), MessageId::mint())
    }

    #[test]
    fn only_one_of_parallel_repeats_is_charged_and_nothing_is_kept() {
        let (sending, key) = (Sending::default(), key());
        let refuse = || Err(Duration::from_secs(1));
        let first = sending.set_out(key, || Ok(())).expect("it is charged");
        let repeat = sending.set_out(key, refuse).expect("it rides along");
        assert!(first.is_charged() && !repeat.is_charged());
        drop((first, repeat));
        assert!(sending.lock().is_empty());
        assert!(sending.set_out(key, refuse).is_err(), "nobody is there to ride with");
    }

    #[test]
    fn a_refused_message_carries_nobody() {
        let (sending, key) = (Sending::default(), key());
        let refuse = || Err(Duration::from_secs(1));
        assert!(sending.set_out(key, refuse).is_err());
        assert!(
            sending.set_out(key, refuse).is_err(),
            "or else two copies would outwit the rate"
        );
    }
}
