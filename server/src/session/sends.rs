//! The messages of one socket that are on their way to the disk. The next frame is read meanwhile, so that one commit may
//! carry many messages of one device; replies come in the order of the commands.

use futures::stream::{FuturesOrdered, StreamExt};
use prilavok_protocol::command::Done;
use prilavok_protocol::ids::{MessageId, ProductId, ThreadId};
use tokio::task::coop::unconstrained;

use crate::accounts::Signed;
use crate::app::SharedApp;
use crate::chat::{self, Draft, Underway};
use crate::error::Error;

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
pub type Answer = (u64, Result<Done, Error>);

/// The messages on their way.
#[derive(Default)]
pub struct Sends(FuturesOrdered<std::pin::Pin<Box<dyn Future<Output = Answer> + core::marker::Send>>>);

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
            (
                id,
                outcome.map(|appended| Done::Message {
                    message: appended.message,
                }),
            )
        }));
    }

    /// The next answer; never, when none is awaited.
    pub async fn next(&mut self) -> Answer {
        if self.0.is_empty() {
            return std::future::pending().await;
        }
        match self.0.next().await {
            Some(answer) => answer,
            None => std::future::pending().await,
        }
    }

    /// An answer that is there already.
    pub async fn ready(&mut self) -> Option<Answer> {
        if self.0.is_empty() {
            return None;
        }
        tokio::select! {
            biased;
            answer = unconstrained(self.0.next()) => answer,
            () = std::future::ready(()) => None,
        }
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
