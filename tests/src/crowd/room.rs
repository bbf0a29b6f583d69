//! A page of the marketplace on its per-thread socket: shows what it is told, and writes a little.

use std::sync::Arc;
use std::time::Instant;

use anyhow::Result;
use prilavok_protocol::ids::Party;
use prilavok_protocol::room::{ChatKind, RoomCommand, RoomFrame, RoomNotice};
use tokio::time::{MissedTickBehavior, interval};

use super::account::{Account, Line as Socket};
use super::orders::{Orders, Phase, Trouble};
use super::outbox::{Desk, Outbox};
use super::{Pace, wait_a_little};
use crate::history::{Line, Place, Scribe, What, hash};

/// A page.
pub struct Room {
    /// Who.
    pub account: Account,
    /// What it writes with.
    pub scribe: Scribe,
    /// What it is told.
    pub orders: Arc<Orders>,
    /// Its thread.
    pub desk: Desk,
    /// How much it says.
    pub pace: Pace,
}

impl Room {
    /// Lives until it is told to leave.
    pub async fn run(self) {
        let mut outbox = Outbox::new(self.scribe.clone(), Arc::clone(&self.orders));
        let (mut tries, mut round, mut cut_at) = (0, self.orders.follow().borrow().round, None);
        let Party { role, id } = self.account.party;
        let path = format!("/ws/chat/{}?user_id={id}&user_type={}", self.desk.thread, role.as_str());
        while self.orders.phase() != Phase::Leave {
            let Ok(mut socket) = self.account.dial(&path).await else {
                tries += 1;
                wait_a_little(tries).await;
                continue;
            };
            tries = 0;
            self.scribe.note(What::Connected { cursor: None });
            if let Some(cut_at) = cut_at.take() {
                self.orders.is_back(Instant::elapsed(&cut_at));
            }
            let code = self.live(&mut socket, &mut outbox, &mut round).await.unwrap_or(0);
            outbox.cut();
            cut_at = Some(Instant::now());
            self.scribe.note(What::Cut { code });
            wait_a_little(tries).await;
        }
    }

    /// The code with which the socket ended.
    async fn live(&self, socket: &mut Socket, outbox: &mut Outbox, round: &mut u64) -> Result<u16> {
        let mut orders = self.orders.follow();
        orders.mark_changed();
        let mut speak = interval(self.pace.pause);
        speak.set_missed_tick_behavior(MissedTickBehavior::Skip);
        loop {
            tokio::select! {
                heard = socket.hear() => match heard {
                    Ok(text) => self.hear(outbox, &text)?,
                    Err(code) => return Ok(code),
                },
                _ = orders.changed() => {
                    let order = *orders.borrow_and_update();
                    let trouble = order.meets(self.scribe.id().0.into(), *round);
                    *round = order.round;
                    match trouble {
                        _ if order.phase == Phase::Leave => return Ok(0),
                        Some(Trouble::Cut | Trouble::Reset) => return Ok(0),
                        Some(Trouble::Stall(long)) => tokio::time::sleep(long).await,
                        Some(Trouble::None) | None => {}
                    }
                }
                _ = speak.tick() => {
                    if outbox.len() < self.pace.window {
                        outbox.compose(self.desk);
                    }
                    while let Some(pending) = outbox.write() {
                        let (message, message_id) = (pending.text, pending.id);
                        socket.say(&RoomCommand::Message { message, message_id, product_id: None }).await?;
                    }
                }
            }
        }
    }

    fn hear(&self, outbox: &mut Outbox, text: &str) -> Result<()> {
        self.scribe.sees(Place::Socket, text);
        match serde_json::from_str(text)? {
            RoomFrame::Chat(frame) if frame.kind == ChatKind::Message => {
                let (Some(id), Some(seq), Some(sender)) = (frame.message_id, frame.seq, frame.sender_type) else {
                    return Ok(());
                };
                self.scribe.note(What::Shown(Line {
                    thread: frame.thread_id,
                    id,
                    seq,
                    hash: hash(frame.message.as_deref().unwrap_or_default()),
                    sender,
                }));
            }
            RoomFrame::Notice(RoomNotice::Ack { message_id, seq, .. }) => outbox.acked(message_id, seq),
            RoomFrame::Notice(RoomNotice::Error {
                code,
                message_id: Some(id),
                ..
            }) => outbox.refused(id, code),
            _ => {}
        }
        Ok(())
    }
}
