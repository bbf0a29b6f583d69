//! The chat's trait.

use async_trait::async_trait;
use prilavok_protocol::event::Event;
use prilavok_protocol::ids::{BuyerId, Cursor, Epoch, MessageId, Party, Pos, ProductId, SellerId, Seq, ThreadId};
use prilavok_protocol::model::{Message, Thread, ThreadSummary};
use prilavok_protocol::rest::{HistoryQuery, Snapshot};
use prilavok_protocol::search::Query;
use prilavok_protocol::time::Time;

use super::super::tail::Of;
use super::super::{SqliteStore, events, marks, messages, threads};
use crate::faults;
use crate::store::chat::{Appending, ChatStore, NewMessage, Started, ThreadsCursor};
use crate::store::{Acting, Change, Member, Result};

#[async_trait]
impl ChatStore for SqliteStore {
    async fn epoch(&self) -> Result<Epoch> {
        Ok(self.epoch)
    }

    async fn start_thread(
        &self,
        buyer: Acting<BuyerId>,
        seller: SellerId,
        product: Option<ProductId>,
        at: Time,
    ) -> Result<Change<Started>> {
        let start = threads::Start {
            buyer,
            seller,
            product,
            at,
        };
        let change = self.writer.write(move |writing| threads::start(writing, start)).await?;
        self.members
            .remember(change.value.thread.thread.id, buyer.who(), seller);
        Ok(change)
    }

    async fn member(&self, thread: ThreadId, party: Party) -> Result<Member> {
        if let Some(answer) = self.members.member(thread, party) {
            return answer;
        }
        let row = self.readers.read(move |db| threads::find(db, thread)).await?;
        self.members.remember(thread, row.buyer_id, row.seller_id);
        row.prove(party)
    }

    async fn parties(&self, thread: ThreadId) -> Result<(BuyerId, SellerId)> {
        let row = self.readers.read(move |db| threads::find(db, thread)).await?;
        self.members.remember(thread, row.buyer_id, row.seller_id);
        Ok((row.buyer_id, row.seller_id))
    }

    async fn thread(&self, member: &Member) -> Result<Thread> {
        let id = member.thread_id();
        self.read_of(Of::Thread(id), move |db| Ok(threads::find(db, id)?.thread()))
            .await
    }

    async fn thread_summary(&self, member: &Member) -> Result<ThreadSummary> {
        let (id, role) = (member.thread_id(), member.role());
        self.read_of(Of::Thread(id), move |db| {
            threads::summary_of(db, &threads::find(db, id)?, role)
        })
        .await
    }

    async fn threads(&self, party: Party, after: Option<ThreadsCursor>, limit: u32) -> Result<Vec<ThreadSummary>> {
        self.read_of(Of::Party(party), move |db| {
            threads::list(db, party, after.as_ref(), Some(limit))
        })
        .await
    }

    fn append_message(&self, member: &Member, message: NewMessage) -> Appending {
        let member = *member;
        #[cfg(feature = "faults")]
        if faults::planted("bug.order_by_allocation") {
            return super::super::planted::append(self, member, message);
        }
        let appended = self
            .writer
            .write_chat(move |writing| messages::append(writing, &member, &message));
        let searching = self.searching.clone();
        Box::pin(async move {
            let change = appended.await?;
            searching.appended();
            Ok(change)
        })
    }

    async fn message(&self, member: &Member, id: MessageId) -> Result<Option<Message>> {
        let thread = member.thread_id();
        let find = move |db: &_| {
            let row = threads::find(db, thread)?;
            Ok(messages::find(db, &row, id)?.map(|stored| row.message(stored)))
        };
        self.read_of(Of::Thread(thread), find).await
    }

    async fn messages(&self, member: &Member, query: HistoryQuery) -> Result<Vec<Message>> {
        let id = member.thread_id();
        self.read_of(Of::Thread(id), move |db| {
            messages::history(db, &threads::find(db, id)?, query)
        })
        .await
    }

    async fn search(
        &self,
        member: &Member,
        query: Query,
        before: Option<Seq>,
        limit: u32,
    ) -> Result<(Vec<Message>, u64)> {
        let (id, searching) = (member.thread_id(), self.searching.clone());
        // Before a connection is taken: those who wait hold none. It is kept for as long as the reading takes, also when
        // nobody waits for the answer any more.
        let turn = self.searching.turn().await?;
        self.read_of(Of::Thread(id), move |db| {
            let _turn = turn;
            searching.find(db, &threads::find(db, id)?, &query, (before, limit))
        })
        .await
    }

    async fn messages_of(&self, party: Party, offset: u32, limit: u32) -> Result<(Vec<Message>, u64)> {
        self.read_of(Of::Party(party), move |db| messages::of_party(db, party, offset, limit))
            .await
    }

    async fn mark_read(&self, member: &Member, up_to: Option<Seq>) -> Result<Change<Seq>> {
        let member = *member;
        self.writer
            .write_chat(move |writing| marks::read(writing, &member, up_to))
            .await
    }

    async fn mark_delivered(&self, party: Acting<Party>, pos: Pos) -> Result<Change<()>> {
        self.writer
            .write_chat(move |writing| marks::delivered(writing, party, pos))
            .await
    }

    async fn unread(&self, party: Party, thread: Option<ThreadId>) -> Result<u64> {
        let count = move |db: &_| match thread {
            Some(id) => Ok(threads::find_for(db, id, party)?.unread(party.role)),
            None => threads::unread(db, party),
        };
        self.read_of(thread.map_or(Of::Party(party), Of::Thread), count).await
    }

    async fn head(&self, party: Party) -> Result<Pos> {
        self.read_of(Of::Party(party), move |db| threads::head(db, party)).await
    }

    async fn events_after(&self, party: Party, pos: Pos, limit: u32) -> Result<Vec<(Pos, Event)>> {
        self.read_of(Of::Party(party), move |db| events::after(db, party, pos, limit))
            .await
    }

    async fn snapshot(&self, party: Party) -> Result<Snapshot> {
        let epoch = self.epoch;
        if faults::planted("bug.snapshot_in_two_reads") {
            let threads = self.threads(party, None, u32::MAX).await?;
            faults::point("planted.threads_read");
            let pos = self.head(party).await?;
            return Ok(Snapshot {
                cursor: Cursor { epoch, pos },
                threads,
            });
        }
        self.read_of(Of::Party(party), move |db| events::snapshot(db, party, epoch))
            .await
    }

    async fn counterparts(&self, party: Party) -> Result<Vec<Party>> {
        self.readers.read(move |db| threads::counterparts(db, party)).await
    }
}
