//! What the person did with a notice, done: without a window, and also for a notice of an earlier run.
//!
//! An answer goes into the engine's outbox, which is on the disk before anything is sent. One that the engine does not take
//! (nobody is signed in, the text is too long) comes back in our own field with the reason: it is never lost.

use std::sync::atomic::Ordering;

use prilavok_client::Update;
use tauri::{AppHandle, Manager};

use super::order::Deed;
use super::{Notices, answer};
use crate::accounts::Accounts;
use crate::updates::Screen;
use crate::{life, run};

pub(super) fn follow(app: &AppHandle, deed: Deed) {
    match deed {
        Deed::Open { topic } => run::open_thread(app, topic),
        Deed::Answer { topic } => answer::open(app, topic, answer::Begun::default()),
        Deed::Return => life::open_soon(app),
        Deed::Tried => app.state::<Notices>().tried.send_modify(|clicks| *clicks += 1),
        Deed::Unheard => lament(app),
        deed => drop(tauri::async_runtime::spawn(carry_out(app.clone(), deed))),
    }
}

/// Waits for the engine, which may still be opening.
async fn carry_out(app: AppHandle, deed: Deed) {
    let accounts = app.state::<Accounts>();
    match deed {
        Deed::Reply { topic, text } => {
            let sent = async {
                accounts
                    .client_of(topic.seat)
                    .await?
                    .send(topic.thread_id, &text, None)
                    .await
            }
            .await;
            if let Err(error) = sent {
                tracing::warn!(%error, "An answer from a notification was not taken.");
                let begun = answer::Begun {
                    text,
                    failure: Some(error),
                };
                answer::open(&app, topic, begun);
            }
        }
        Deed::Read { topic, up_to } => {
            let read = async {
                accounts
                    .client_of(topic.seat)
                    .await?
                    .mark_read(topic.thread_id, up_to)
                    .await
            }
            .await;
            if let Err(error) = read {
                tracing::warn!(%error, "A thread could not be marked as read from a notification.");
            }
        }
        Deed::Open { .. } | Deed::Answer { .. } | Deed::Tried | Deed::Return | Deed::Unheard => {}
    }
}

/// Says once that nobody shows notices here.
fn lament(app: &AppHandle) {
    if app.state::<Notices>().is_lamented.swap(true, Ordering::Relaxed) {
        return;
    }
    let key = "notices".to_owned();
    app.state::<Screen>().say(Update::Warning { key });
}
