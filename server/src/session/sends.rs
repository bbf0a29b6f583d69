//! The messages of one socket that are on their way to the disk. The next frame is read meanwhile, so that one commit may
//! carry many messages of one device; replies come in the order of the commands.

use std::collections::VecDeque;
use std::pin::Pin;

use futures::FutureExt;
use prilavok_protocol::ids::{MessageId, ProductId, ThreadId};
use tokio::task::coop::unconstrained;

use crate::accounts::Signed;
use crate::app::SharedApp;
use crate::chat::{self, Draft, Underway};
use crate::error::Error;
use crate::store::chat::Appended;

/// Messages on their way; then the socket is not read until one has arrived.
const MOST: usize = 64;

/// What a command asks to be sent.
pub struct Send {
    pub thread_id: ThreadId,
    pub message_id: MessageId,
    pub message: String,
    pub product_id: Option<ProductId>,
}

/// One command's answer.
pub type Answer = (u64, Result<Appended, Error>);

/// The messages on their way.
#[derive(Default)]
pub struct Sends(VecDeque<Way>);

/// They go to their end whether they are polled or not, in their order: only the oldest is waited for.
type Way = Pin<Box<dyn Future<Output = Answer> + core::marker::Send>>;

impl Sends {
    /// Whether another one may set out.
    pub fn has_room(&self) -> bool {
        self.0.len() < MOST
    }

    /// A message sets out, behind all that have before.
    pub async fn begin(&mut self, app: &SharedApp, signed: &Signed, id: u64, send: Send) {
        let underway = underway(app, signed, send).await;
        self.0.push_back(Box::pin(async move {
            let outcome = match underway {
                Ok(underway) => underway.await,
                Err(error) => Err(error),
            };
            (id, outcome)
        }));
    }

    /// The next answer; never, when none is awaited.
    pub async fn next(&mut self) -> Answer {
        let Some(oldest) = self.0.front_mut() else {
            return std::future::pending().await;
        };
        let answer = oldest.await;
        self.0.pop_front();
        answer
    }

    /// An answer that is there already.
    pub fn ready(&mut self) -> Option<Answer> {
        let answer = unconstrained(self.0.front_mut()?).now_or_never()?;
        self.0.pop_front();
        Some(answer)
    }
}

async fn underway(app: &SharedApp, signed: &Signed, send: Send) -> Result<Underway, Error> {
    // The place in the order is taken here: the proof is known from the second message of a thread on, and awaited before
    // the next frame is read in any case.
    let member = chat::member(app, signed, send.thread_id).await?;
    let draft = Draft {
        id: send.message_id,
        text: send.message,
        product_id: send.product_id,
    };
    chat::begin(app, &member, draft)
}
