//! Who belongs to which thread, remembered: a thread's two parties never change, so an answer never grows old.

use std::sync::{Mutex, PoisonError};

use prilavok_protocol::ids::{BuyerId, Party, Role, SellerId, ThreadId};

use crate::maps::Map;
use crate::store::{Error, Member, Result};

/// Pairs kept in memory; some 80 bytes each, 8 MB at most. Beyond it the cache starts anew.
const KEPT: usize = 100_000;

/// The two parties of threads.
#[derive(Debug, Default)]
pub(super) struct Members(Mutex<Map<ThreadId, (BuyerId, SellerId)>>);

impl Members {
    /// What is known about a party in a thread; `None` when the thread is not known here.
    pub(super) fn member(&self, thread: ThreadId, party: Party) -> Option<Result<Member>> {
        let pairs = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let &(buyer, seller) = pairs.get(&thread)?;
        Some(proof(thread, buyer, seller, party))
    }

    /// Remembers a thread that a transaction has read.
    pub(super) fn remember(&self, thread: ThreadId, buyer: BuyerId, seller: SellerId) {
        let mut pairs = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if pairs.len() >= KEPT {
            pairs.clear();
        }
        pairs.insert(thread, (buyer, seller));
    }
}

fn proof(thread: ThreadId, buyer: BuyerId, seller: SellerId, party: Party) -> Result<Member> {
    let is_member = match party.role {
        Role::Buyer => party.id == buyer.0,
        Role::Seller => party.id == seller.0,
    };
    if is_member {
        Ok(Member::new(thread, buyer, seller, party.role))
    } else {
        Err(Error::NotFound)
    }
}
