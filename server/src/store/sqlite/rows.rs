//! From rows to the domain's words and back: ids, roles, times, threads, messages, summaries.

use prilavok_protocol::ids::{BuyerId, MessageId, Party, ProductId, Role, SellerId, Seq, ThreadId};
use prilavok_protocol::model::{Counterpart, Message, Thread, ThreadSummary};
use prilavok_protocol::time::Time;
use rusqlite::Row;
use uuid::Uuid;

use crate::store::{Error, Member, Result};

/// The integer key of a party's row.
pub(super) type PartyKey = i64;

/// What every query for a thread selects, in the order that [`ThreadRow::read`] reads it.
pub(super) const THREAD_COLUMNS: &str = "t.key, t.id, t.buyer, pb.id, t.seller, ps.id, t.product_id, t.created_at, \
     t.head_seq, t.buyer_read_seq, t.seller_read_seq, t.buyer_delivered_seq, t.seller_delivered_seq, t.last_log, \
     t.activity";

/// The tables behind [`THREAD_COLUMNS`].
pub(super) const THREAD_TABLES: &str =
    "threads t join parties pb on pb.key = t.buyer join parties ps on ps.key = t.seller";

/// A thread's row. Arrays are indexed by [`side`].
#[derive(Debug, Clone, Copy)]
pub(super) struct ThreadRow {
    pub key: i64,
    pub id: ThreadId,
    pub parties: [PartyKey; 2],
    pub buyer_id: BuyerId,
    pub seller_id: SellerId,
    pub product_id: Option<ProductId>,
    pub created_at: Time,
    pub head: Seq,
    pub read: [Seq; 2],
    pub delivered: [Seq; 2],
    pub last_log: i64,
    pub activity: Time,
}

impl ThreadRow {
    /// From [`THREAD_COLUMNS`].
    pub(super) fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            key: row.get(0)?,
            id: ThreadId(id_of(row, 1)?),
            parties: [row.get(2)?, row.get(4)?],
            buyer_id: BuyerId(id_of(row, 3)?),
            seller_id: SellerId(id_of(row, 5)?),
            product_id: optional_id(row, 6)?.map(ProductId),
            created_at: time(row, 7)?,
            head: Seq(count(row, 8)?),
            read: [Seq(count(row, 9)?), Seq(count(row, 10)?)],
            delivered: [Seq(count(row, 11)?), Seq(count(row, 12)?)],
            last_log: row.get(13)?,
            activity: time(row, 14)?,
        })
    }

    pub(super) fn party(&self, role: Role) -> Party {
        match role {
            Role::Buyer => Party::buyer(self.buyer_id),
            Role::Seller => Party::seller(self.seller_id),
        }
    }

    /// The proof that the party is in this thread.
    pub(super) fn prove(&self, party: Party) -> Result<Member> {
        if self.party(party.role) != party {
            return Err(Error::NotFound);
        }
        Ok(Member::new(self.id, self.buyer_id, self.seller_id, party.role))
    }

    /// Whoever sends a message has read all before it, so what a side has not read is all from the other one.
    pub(super) fn unread(&self, role: Role) -> u64 {
        self.head.0.saturating_sub(self.read[side(role)].0)
    }

    pub(super) fn thread(&self) -> Thread {
        Thread {
            id: self.id,
            created_at: self.created_at,
            buyer_id: self.buyer_id,
            seller_id: self.seller_id,
            product_id: self.product_id,
            head_seq: self.head,
            buyer_read_seq: self.read[0],
            seller_read_seq: self.read[1],
            buyer_delivered_seq: self.delivered[0],
            seller_delivered_seq: self.delivered[1],
        }
    }

    /// The thread as it was at its start, before any message.
    pub(super) fn at_start(&self, product_id: Option<ProductId>) -> Self {
        let nothing = [Seq(0); 2];
        Self {
            product_id,
            head: Seq(0),
            read: nothing,
            delivered: nothing,
            last_log: 0,
            activity: self.created_at,
            ..*self
        }
    }

    pub(super) fn summary(&self, role: Role, last: Option<Last>, face: Face) -> ThreadSummary {
        let (text, at, sender) = match last {
            Some(last) => (Some(last.text), Some(last.at), Some(last.sender)),
            None => (None, None, None),
        };
        let other = self.party(role.other());
        ThreadSummary {
            thread: self.thread(),
            last_message: text,
            last_message_time: at,
            last_sender_type: sender,
            unread_count: u32::try_from(self.unread(role)).unwrap_or(u32::MAX),
            counterpart: Counterpart {
                role: other.role,
                id: other.id,
                name: face.name,
                avatar_url: face.avatar_url,
                is_online: false,
            },
        }
    }

    /// A message of this thread as everybody sees it now.
    pub(super) fn message(&self, stored: Stored) -> Message {
        let is_read = |role: Role| stored.sender == role || stored.seq <= self.read[side(role)];
        Message {
            id: stored.id,
            seq: stored.seq,
            message: stored.text,
            thread_id: self.id,
            created_at: stored.at,
            buyer_id: (stored.sender == Role::Buyer).then_some(self.buyer_id),
            seller_id: (stored.sender == Role::Seller).then_some(self.seller_id),
            sender_type: stored.sender,
            is_read_by_buyer: is_read(Role::Buyer),
            is_read_by_seller: is_read(Role::Seller),
            product_id: stored.product_id,
        }
    }
}

/// The newest message of a thread, for lists.
#[derive(Debug)]
pub(super) struct Last {
    pub text: String,
    pub at: Time,
    pub sender: Role,
}

/// What the catalogue knows about the other side, for lists.
#[derive(Debug)]
pub(super) struct Face {
    pub name: String,
    pub avatar_url: Option<String>,
}

/// A message as the log keeps it.
#[derive(Debug)]
pub(super) struct Stored {
    pub id: MessageId,
    pub seq: Seq,
    pub sender: Role,
    pub at: Time,
    pub text: String,
    pub product_id: Option<ProductId>,
}

/// What every query for a message selects first, in the order that [`Stored::read`] reads it.
pub(super) const MESSAGE_COLUMNS: &str = "l.client_id, l.seq, l.side, l.at, l.text, l.product_id";

impl Stored {
    /// From [`MESSAGE_COLUMNS`] at the front of a row.
    pub(super) fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Self::read_at(row, 0)
    }

    /// From [`MESSAGE_COLUMNS`] further on.
    pub(super) fn read_at(row: &Row<'_>, first: usize) -> rusqlite::Result<Self> {
        Ok(Self {
            id: MessageId(id_of(row, first)?),
            seq: Seq(count(row, first + 1)?),
            sender: role(row, first + 2)?,
            at: time(row, first + 3)?,
            text: row.get(first + 4)?,
            product_id: optional_id(row, first + 5)?.map(ProductId),
        })
    }
}

/// Where a role's value sits in an array of two, and how it is stored.
pub(super) fn side(role: Role) -> usize {
    match role {
        Role::Buyer => 0,
        Role::Seller => 1,
    }
}

/// A role as the tables keep it.
pub(super) fn side_int(role: Role) -> i64 {
    match role {
        Role::Buyer => 0,
        Role::Seller => 1,
    }
}

/// A position for a query; what no row can reach becomes the largest that one could.
pub(super) fn int(position: u64) -> i64 {
    i64::try_from(position).unwrap_or(i64::MAX)
}

/// An id for a query.
pub(super) fn blob(id: &Uuid) -> &[u8; 16] {
    id.as_bytes()
}

/// An id that may be missing, for a query.
pub(super) fn optional_blob(id: Option<ProductId>) -> Option<[u8; 16]> {
    id.map(|id| *id.0.as_bytes())
}

pub(super) fn id_of(row: &Row<'_>, column: usize) -> rusqlite::Result<Uuid> {
    row.get::<_, [u8; 16]>(column).map(Uuid::from_bytes)
}

pub(super) fn optional_id(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<Uuid>> {
    Ok(row.get::<_, Option<[u8; 16]>>(column)?.map(Uuid::from_bytes))
}

pub(super) fn count(row: &Row<'_>, column: usize) -> rusqlite::Result<u64> {
    Ok(u64::try_from(row.get::<_, i64>(column)?).unwrap_or(0))
}

pub(super) fn role(row: &Row<'_>, column: usize) -> rusqlite::Result<Role> {
    Ok(if row.get::<_, i64>(column)? == 0 {
        Role::Buyer
    } else {
        Role::Seller
    })
}

pub(super) fn time(row: &Row<'_>, column: usize) -> rusqlite::Result<Time> {
    row.get(column).map(Time::from_millis)
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(rusqlite::ErrorCode::DiskFull) => Self::Full,
            Some(rusqlite::ErrorCode::DatabaseBusy | rusqlite::ErrorCode::DatabaseLocked) => Self::Busy,
            _ => Self::Internal(error.to_string()),
        }
    }
}
