//! A buyer who writes and a shop that reads and never answers: one's own message moves one's own marker, and would hide
//! what has become of it.

use prilavok_protocol::ids::{MessageId, Seq, ThreadId};
use prilavok_protocol::rest::{Data, Snapshot};
use prilavok_tests::history::{Canary, History, Kind, Line, Listed, Scribe, What, hash};
use prilavok_tests::world::Guest;
use prilavok_tests::world::process::Process;

/// The two.
pub struct Pair {
    buyer: (Guest, Scribe),
    shop: (Guest, Scribe),
    thread: ThreadId,
    canary: Canary,
}

impl Pair {
    /// They register and begin their thread.
    pub async fn come(server: &Process, history: &History) -> Self {
        let (buyer, shop) = (server.buyer("Анна").await, server.seller("Молчун").await);
        let thread = ThreadId(buyer.start(&shop).await);
        let join = |guest: &Guest, name| history.join(name, Kind::Rest, Some(guest.party()));
        let (writes, reads) = (join(&buyer, "who writes"), join(&shop, "who reads"));
        let (parties, canary) = ([buyer.party(), shop.party()], Canary::mint());
        writes.note(What::Thread {
            thread,
            parties,
            canary,
        });
        Self {
            buyer: (buyer, writes),
            shop: (shop, reads),
            thread,
            canary,
        }
    }

    /// The buyer writes, and the shop reads it, three times.
    pub async fn one_reads(&self) {
        let ((buyer, writes), (shop, reads), thread) = (&self.buyer, &self.shop, self.thread);
        for _ in 0..3 {
            let id = MessageId::mint();
            let text = format!("{} {id}", self.canary);
            let hash = hash(&text);
            writes.note(What::Invoked { thread, id, hash });
            let (status, answer) = buyer.post_message(thread.0, id, &text).await;
            assert_eq!(status, 201, "{answer}");
            let seq: Seq = serde_json::from_value(answer["data"]["seq"].clone()).expect("a seq");
            writes.note(What::Acked { thread, id, seq });
            let own = shop.party().id;
            let path = format!("/chat-messages/{thread}/mark-read?user_id={own}&user_type=seller&up_to_seq={seq}");
            let (status, answer) = shop.patch(&path).await;
            assert_eq!(status, 200, "{answer}");
            reads.note(What::Marked { thread, up_to: seq });
        }
    }

    /// The final truth about their thread.
    pub async fn ends(&self) {
        let (buyer, scribe) = &self.buyer;
        for message in buyer.history(self.thread.0).await.into_iter().rev() {
            let message = serde_json::from_value(message).expect("a message");
            scribe.note(What::Stored(Line::of(&message)));
        }
        for (guest, scribe) in [&self.buyer, &self.shop] {
            let (status, answer) = guest.get("/sync/snapshot").await;
            assert_eq!(status, 200, "{answer}");
            let Data { data } = serde_json::from_value::<Data<Snapshot>>(answer).expect("a snapshot");
            data.threads
                .iter()
                .for_each(|thread| scribe.note(What::Listed(Listed::of(thread))));
        }
    }
}
