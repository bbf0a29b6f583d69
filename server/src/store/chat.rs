//! Threads, messages, read markers, and the log of events per party.
//!
//! `seq` per thread and `pos` per party are dense. A message is visible to readers only after its commit.

use std::pin::Pin;
use std::sync::Arc;

use async_trait::async_trait;
use prilavok_protocol::event::Event;
use prilavok_protocol::ids::{
    BuyerId, Epoch, MessageId, Party, Pos, ProductId, Role, SellerId, Seq, SessionId, ThreadId,
};
use prilavok_protocol::model::{Message, Thread, ThreadSummary};
use prilavok_protocol::rest::{HistoryQuery, Snapshot};
use prilavok_protocol::search::Query;
use prilavok_protocol::time::Time;

use super::{Acting, Result, SharedEvent};

/// The proof that a party belongs to a thread; only a store makes one, and later calls demand it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Member {
    thread_id: ThreadId,
    buyer_id: BuyerId,
    seller_id: SellerId,
    role: Role,
    session: Option<SessionId>,
}

impl Member {
    /// For stores only: they have just read the thread's row.
    pub(in crate::store) fn new(thread_id: ThreadId, buyer_id: BuyerId, seller_id: SellerId, role: Role) -> Self {
        Self {
            thread_id,
            buyer_id,
            seller_id,
            role,
            session: None,
        }
    }

    /// The same member, acting in this session: what it writes is refused once the session has ended.
    #[must_use]
    pub fn acting_in(self, session: SessionId) -> Self {
        Self {
            session: Some(session),
            ..self
        }
    }

    /// The session that must still be open when the member writes; `None` for the server itself.
    #[must_use]
    pub fn session(&self) -> Option<SessionId> {
        self.session
    }

    /// The thread.
    #[must_use]
    pub fn thread_id(&self) -> ThreadId {
        self.thread_id
    }

    /// The side of the thread that this member is on.
    #[must_use]
    pub fn role(&self) -> Role {
        self.role
    }

    /// The thread's buyer.
    #[must_use]
    pub fn buyer_id(&self) -> BuyerId {
        self.buyer_id
    }

    /// The thread's shop.
    #[must_use]
    pub fn seller_id(&self) -> SellerId {
        self.seller_id
    }

    /// The member as a party.
    #[must_use]
    pub fn party(&self) -> Party {
        match self.role {
            Role::Buyer => Party::buyer(self.buyer_id),
            Role::Seller => Party::seller(self.seller_id),
        }
    }

    /// The other party of the thread.
    #[must_use]
    pub fn other(&self) -> Party {
        match self.role {
            Role::Buyer => Party::seller(self.seller_id),
            Role::Seller => Party::buyer(self.buyer_id),
        }
    }
}

/// A durable change: its value, and the new log entries that the hub delivers.
#[derive(Debug, Clone)]
pub struct Change<T> {
    /// What the caller asked for.
    pub value: T,
    /// New entries; empty when nothing changed.
    pub deliveries: Vec<Delivery>,
}

/// One new entry of one party's log.
#[derive(Debug, Clone)]
pub struct Delivery {
    /// Whose log.
    pub party: Party,
    /// Where in it.
    pub pos: Pos,
    /// What happened.
    pub event: Arc<SharedEvent>,
}

/// What `start_thread` found or made.
#[derive(Debug, Clone)]
pub struct Started {
    /// The thread, as the buyer's list shows it.
    pub thread: ThreadSummary,
    /// It was made by this call.
    pub is_new: bool,
}

/// A message to append; its text has been checked.
#[derive(Debug, Clone)]
pub struct NewMessage {
    /// The client's id.
    pub id: MessageId,
    /// The text.
    pub text: String,
    /// What it is about.
    pub product_id: Option<ProductId>,
    /// The server's clock.
    pub at: Time,
}

/// What `append_message` did.
#[derive(Debug, Clone)]
pub struct Appended {
    /// As stored.
    pub message: Message,
    /// The same id, sender and content were there before: nothing was written, nothing is delivered.
    pub is_repeat: bool,
    /// What tells of it, when it is new: its JSON is that of the answer, too.
    pub event: Option<Arc<SharedEvent>>,
}

/// A message that has its place in the order of writes, and is durable once this is done.
pub type Appending = Pin<Box<dyn Future<Output = Result<Change<Appended>>> + Send>>;

/// Where a page of a thread list ends: the sort key of its last row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ThreadsCursor {
    /// The last row had unread messages.
    pub has_unread: bool,
    /// Its newest activity (last message, or its start).
    pub activity: Time,
    /// Its id, for ties.
    pub id: ThreadId,
}

/// Chat as the store keeps it. `counterpart.is_online` is always false here: presence is the hub's.
#[async_trait]
pub trait ChatStore: Send + Sync + 'static {
    /// The random id of this history; it changes when a backup is restored.
    async fn epoch(&self) -> Result<Epoch>;

    /// The thread of this buyer and this shop, made if need be; parallel calls get one thread.
    /// `NotFound` for an unknown buyer, shop or product, and for a product of another shop.
    /// A given product becomes the thread's `product_id`, also when the thread was there.
    /// `SessionEnded` when the buyer's session is over.
    async fn start_thread(
        &self,
        buyer: Acting<BuyerId>,
        seller: SellerId,
        product: Option<ProductId>,
        at: Time,
    ) -> Result<Change<Started>>;

    /// Proves membership. `NotFound` for a foreign thread, exactly as for one that never existed.
    async fn member(&self, thread: ThreadId, party: Party) -> Result<Member>;

    /// Who the two sides of a thread are. Only for `trusted-ids` mode, where nobody proves who asks.
    async fn parties(&self, thread: ThreadId) -> Result<(BuyerId, SellerId)>;

    /// The thread with both sides' marks.
    async fn thread(&self, member: &Member) -> Result<Thread>;

    /// The thread as this member's list shows it.
    async fn thread_summary(&self, member: &Member) -> Result<ThreadSummary>;

    /// One page of a party's threads: unread first, then newest activity.
    async fn threads(&self, party: Party, after: Option<ThreadsCursor>, limit: u32) -> Result<Vec<ThreadSummary>>;

    /// Appends, with one event per party. The same id, sender and content: the original. The same id with other
    /// content or from the other side, in this thread: `Conflict`. `NotFound` for a product of another shop.
    /// One's own message moves one's own read marker to it. `SessionEnded` when the member's session is over.
    ///
    /// Messages are appended in the order of the calls, not of the awaits: a caller may have many on their way.
    fn append_message(&self, member: &Member, message: NewMessage) -> Appending;

    /// The stored message with this client id, if it is there; for refusing cheaply without forgetting repeats.
    async fn message(&self, member: &Member, id: MessageId) -> Result<Option<Message>>;

    /// History, newest first; `limit` has been checked.
    async fn messages(&self, member: &Member, query: HistoryQuery) -> Result<Vec<Message>>;

    /// The messages of the member's thread that say this, newest first, those before a place and at most `limit`; and how
    /// many there are in the whole thread, of which no more than `SEARCH_COUNTED` are looked for. What was answered is
    /// found at once; no other thread's messages ever are.
    async fn search(
        &self,
        member: &Member,
        query: Query,
        before: Option<Seq>,
        limit: u32,
    ) -> Result<(Vec<Message>, u64)>;

    /// The newest messages of all threads of a party, and how many there are.
    async fn messages_of(&self, party: Party, offset: u32, limit: u32) -> Result<(Vec<Message>, u64)>;

    /// Moves this member's read marker forward, never past the head; `None` means to the head. Both parties learn of it.
    /// `SessionEnded` when the member's session is over.
    async fn mark_read(&self, member: &Member, up_to: Option<Seq>) -> Result<Change<Seq>>;

    /// A device of the party has stored its log up to `pos`: what the others sent in there is *delivered*.
    /// `SessionEnded` when the device's session is over.
    async fn mark_delivered(&self, party: Acting<Party>, pos: Pos) -> Result<Change<()>>;

    /// Messages of the other side that the party has not read, in one thread or in all.
    async fn unread(&self, party: Party, thread: Option<ThreadId>) -> Result<u64>;

    /// The position of the party's newest event.
    async fn head(&self, party: Party) -> Result<Pos>;

    /// What follows a position, in order, at most `limit` entries.
    async fn events_after(&self, party: Party, pos: Pos, limit: u32) -> Result<Vec<(Pos, Event)>>;

    /// All threads of a party and the cursor that goes with them, from one read transaction.
    async fn snapshot(&self, party: Party) -> Result<Snapshot>;

    /// Everybody who shares a thread with this party, for presence.
    async fn counterparts(&self, party: Party) -> Result<Vec<Party>>;
}
