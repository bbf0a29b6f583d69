//! The rules of the chat: who may do what, with which text, how often.
//!
//! Both doors end here. Nothing here knows HTTP, sockets or SQL: a rule asks the store for the proof of membership,
//! decides, lets the store write, and hands the change to the bus. A foreign thread is *not found*, exactly as one
//! that never existed.

pub mod arrivals;
pub mod drafts;
pub mod presence;
pub mod search;
pub mod sending;
pub mod text;

use std::pin::Pin;
use std::sync::Arc;

use prilavok_protocol::error::ErrorCode;
use prilavok_protocol::event::Signal;
use prilavok_protocol::ids::{AccountId, BuyerId, MessageId, Party, Pos, ProductId, Role, SellerId, Seq, ThreadId};
use prilavok_protocol::model::{Message, Thread, ThreadSummary};
use prilavok_protocol::rest::{HistoryQuery, Snapshot};
use tokio::sync::oneshot;

use self::arrivals::Arrived;
use crate::accounts::Signed;
use crate::app::{App, SharedApp};
use crate::config::AuthMode;
use crate::error::Error;
use crate::store::Acting;
use crate::store::chat::{Appended, Member, NewMessage, Started, ThreadsCursor};

/// A message as a person wrote it, not checked yet.
#[derive(Debug, Clone)]
pub struct Draft {
    /// Minted by the client.
    pub id: MessageId,
    /// The text.
    pub text: String,
    /// What it is about.
    pub product_id: Option<ProductId>,
}

/// Starts the thread with a shop, or finds it. Only a buyer may.
pub async fn start_thread(
    app: &SharedApp,
    signed: &Signed,
    seller: SellerId,
    product: Option<ProductId>,
) -> Result<Started, Error> {
    if signed.party.role != Role::Buyer {
        return Err(Error::new(ErrorCode::Forbidden)
            .say("Начать чат может только покупатель.", "Only a buyer may start a chat."));
    }
    let buyer = acting(app, BuyerId(signed.party.id), signed);
    let whole = Arc::clone(app);
    let mut started = to_the_end(app, async move {
        let change = whole
            .store
            .start_thread(buyer, seller, product, whole.clock.now())
            .await?;
        Ok(whole.publish(change))
    })
    .await?;
    show_presence(app, &mut started.thread);
    Ok(started)
}

/// The caller's party, or what else they write as: only as long as their session is open.
fn acting<T: Copy>(app: &App, who: T, signed: &Signed) -> Acting<T> {
    match app.config.auth.mode {
        AuthMode::Tokens => Acting::from(who).within(signed.session),
        // Whoever is believed at their word has no session.
        AuthMode::TrustedIds => Acting::from(who),
    }
}

/// The proof that the caller belongs to the thread. What it writes is refused once the caller's session has ended.
pub async fn member(app: &App, signed: &Signed, thread: ThreadId) -> Result<Member, Error> {
    let member = app.store.member(thread, signed.party).await?;
    Ok(match app.config.auth.mode {
        AuthMode::Tokens => member.acting_in(signed.session),
        AuthMode::TrustedIds => member,
    })
}

/// Appends a message and returns once it is durable. The same id, sender and content give the original answer,
/// which costs nothing of the sender's rate and is never refused for it.
pub async fn send_as(app: &SharedApp, member: &Member, draft: Draft) -> Result<Appended, Error> {
    begin(app, member, draft)?.await
}

/// A message on its way, which goes to its end whether it is awaited or not.
pub type Underway = Pin<Box<dyn Future<Output = Result<Appended, Error>> + Send>>;

/// As [`send_as`], without waiting: when it returns, the message has its place after all that were begun before.
pub fn begin(app: &SharedApp, member: &Member, draft: Draft) -> Result<Underway, Error> {
    let text = text::check(&draft.text, app.config.limits.text_chars)?;
    let charge = || app.limiters.send(member.party(), tokio::time::Instant::now()).map(drop);
    let (whole, member) = (Arc::clone(app), *member);
    let underway = match app.sending.begin(&member, draft.id, charge) {
        Ok(underway) => underway,
        Err(wait) => {
            return Ok(Box::pin(async move {
                repeat_of(&whole, &member, &draft, &text)
                    .await?
                    .ok_or_else(|| Error::rate_limited(wait))
            }));
        }
    };
    let message = NewMessage {
        id: draft.id,
        text,
        product_id: draft.product_id,
        at: app.clock.now(),
    };
    let (answer, answered) = oneshot::channel();
    let set_out = || -> arrivals::Way<Arrived> {
        let appending = app.store.append_message(&member, message);
        Box::pin(async move {
            let outcome = appending.await;
            let is_stored = matches!(&outcome, Ok(change) if !change.value.is_repeat);
            if underway.is_charged() && !is_stored {
                whole.limiters.refund(member.party());
            }
            drop(underway);
            Arrived { outcome, answer }
        })
    };
    let telling = Arc::clone(app);
    app.arrivals
        .begin(&app.tasks, set_out, move |arrived| tell(&telling, arrived));
    Ok(Box::pin(async move { Ok(answered.await.map_err(Error::internal)??) }))
}

/// Tells of messages that have arrived: the entries to whoever hears them, and the answers to whoever waits. All of it is
/// there before any socket wakes up for its entries.
fn tell(app: &App, arrived: Vec<Arrived>) {
    let (mut deliveries, mut answers) = (Vec::new(), Vec::new());
    for Arrived { outcome, answer } in arrived {
        let value = outcome.map(|mut change| {
            deliveries.append(&mut change.deliveries);
            change.value
        });
        answers.push((answer, value));
    }
    let called = app.announce(deliveries);
    // The last first: whoever waits for several wakes up at the oldest, and finds the others answered.
    for (answer, value) in answers.into_iter().rev() {
        // Nobody may be waiting any more; the message stands all the same.
        let _ = answer.send(value);
    }
    drop(called);
}

/// As [`send_as`], for the per-thread socket. A page POSTs a message about a product and repeats it here in a frame that
/// has no place for the product: not to name one is no other content.
pub async fn repeat_or_send(app: &SharedApp, member: &Member, draft: Draft) -> Result<Appended, Error> {
    let (id, text, names_product) = (draft.id, draft.text.clone(), draft.product_id.is_some());
    let conflict = match send_as(app, member, draft).await {
        Err(error) if error.code() == ErrorCode::Conflict && !names_product => error,
        outcome => return outcome,
    };
    let text = text::check(&text, app.config.limits.text_chars)?;
    match app.store.message(member, id).await? {
        Some(message) if message.message == text && message.sender_type == member.role() => Ok(Appended {
            message,
            is_repeat: true,
            event: None,
        }),
        _ => Err(conflict),
    }
}

/// Runs to its end even when whoever asked has gone: what is durable must reach the hub at once, not a heartbeat later.
async fn to_the_end<T: Send + 'static>(
    app: &SharedApp,
    work: impl Future<Output = Result<T, Error>> + Send + 'static,
) -> Result<T, Error> {
    app.tasks.spawn(work).await.map_err(Error::internal)?
}

/// The stored message that this draft repeats, if it does; an id taken by other content is a conflict.
async fn repeat_of(app: &App, member: &Member, draft: &Draft, text: &str) -> Result<Option<Appended>, Error> {
    let Some(message) = app.store.message(member, draft.id).await? else {
        return Ok(None);
    };
    let is_same =
        message.message == text && message.sender_type == member.role() && message.product_id == draft.product_id;
    if !is_same {
        return Err(crate::store::Error::Conflict.into());
    }
    Ok(Some(Appended {
        message,
        is_repeat: true,
        event: None,
    }))
}

/// Moves the caller's read marker forward; `None` means to the newest message. Returns where it is now.
pub async fn mark_read(app: &SharedApp, signed: &Signed, thread: ThreadId, up_to: Option<Seq>) -> Result<Seq, Error> {
    let member = member(app, signed, thread).await?;
    let whole = Arc::clone(app);
    to_the_end(app, async move {
        let change = whole.store.mark_read(&member, up_to).await?;
        Ok(whole.publish(change))
    })
    .await
}

/// A device has stored its party's log up to `pos`.
pub async fn mark_delivered(app: &SharedApp, signed: &Signed, pos: Pos) -> Result<(), Error> {
    let (whole, party) = (Arc::clone(app), acting(app, signed.party, signed));
    to_the_end(app, async move {
        let change = whole.store.mark_delivered(party, pos).await?;
        whole.publish(change);
        Ok(())
    })
    .await
}

/// The proof that the caller may type in the thread. Nothing is written, so that the session is asked for here.
///
/// # Errors
/// `NotFound`, and `Unauthorized` when the session is over.
pub async fn may_type(app: &App, signed: &Signed, thread: ThreadId) -> Result<Member, Error> {
    let member = member(app, signed, thread).await?;
    match member.session() {
        Some(session) if !app.store.session_is_open(session, app.clock.now()).await? => {
            Err(Error::new(ErrorCode::Unauthorized))
        }
        _ => Ok(member),
    }
}

/// Tells the other party of the thread that this one types, or has stopped. Whoever says *true* says *false* later.
pub fn typing(app: &App, member: &Member, is_typing: bool) {
    let signal = Signal::Typing {
        thread_id: member.thread_id(),
        user_type: member.role(),
        is_typing,
    };
    app.bus.signal(&app.hub, member.other(), signal);
}

/// Tells the account's other devices that this one has alerted the person. A hint: when it is lost, they alert too.
pub fn alerted(app: &App, member: &Member, account_id: AccountId, up_to_seq: Seq) {
    let signal = Signal::Alerted {
        thread_id: member.thread_id(),
        account_id,
        up_to_seq,
    };
    app.bus.signal(&app.hub, member.party(), signal);
}

/// One thread with both sides' marks.
pub async fn thread(app: &App, signed: &Signed, thread: ThreadId) -> Result<Thread, Error> {
    let member = member(app, signed, thread).await?;
    Ok(app.store.thread(&member).await?)
}

/// One thread as the caller's list shows it.
pub async fn thread_summary(app: &App, signed: &Signed, thread: ThreadId) -> Result<ThreadSummary, Error> {
    let member = member(app, signed, thread).await?;
    let mut summary = app.store.thread_summary(&member).await?;
    show_presence(app, &mut summary);
    Ok(summary)
}

/// One page of the caller's threads: unread first, then newest activity.
pub async fn threads(
    app: &App,
    signed: &Signed,
    after: Option<ThreadsCursor>,
    limit: u32,
) -> Result<Vec<ThreadSummary>, Error> {
    let mut threads = app.store.threads(signed.party, after, limit).await?;
    threads.iter_mut().for_each(|thread| show_presence(app, thread));
    Ok(threads)
}

/// A stretch of a thread's history, newest first; `limit` has been checked.
pub async fn messages(
    app: &App,
    signed: &Signed,
    thread: ThreadId,
    query: HistoryQuery,
) -> Result<Vec<Message>, Error> {
    let member = member(app, signed, thread).await?;
    Ok(app.store.messages(&member, query).await?)
}

/// The newest messages of all the caller's threads, and how many there are.
pub async fn messages_of(app: &App, signed: &Signed, offset: u32, limit: u32) -> Result<(Vec<Message>, u64), Error> {
    Ok(app.store.messages_of(signed.party, offset, limit).await?)
}

/// What the caller has not read, in one thread or in all.
pub async fn unread(app: &App, signed: &Signed, thread: Option<ThreadId>) -> Result<u64, Error> {
    Ok(app.store.unread(signed.party, thread).await?)
}

/// All threads of the caller and the cursor that goes with them.
pub async fn snapshot(app: &App, signed: &Signed) -> Result<Snapshot, Error> {
    let mut snapshot = app.store.snapshot(signed.party).await?;
    snapshot
        .threads
        .iter_mut()
        .for_each(|thread| show_presence(app, thread));
    Ok(snapshot)
}

/// The store knows no presence; the hub does.
fn show_presence(app: &App, summary: &mut ThreadSummary) {
    let counterpart = &mut summary.counterpart;
    counterpart.is_online = app.hub.is_online(Party {
        role: counterpart.role,
        id: counterpart.id,
    });
}
