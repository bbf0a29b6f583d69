//! What the person did with a notice, done: without a window, and also for a notice of an earlier run.
//!
//! An answer goes into the engine's outbox, which is on the disk before anything is sent. One that the engine does not take
//! (nobody is signed in, the text is too long) comes back in our own field with the reason: it is never lost.

use std::sync::atomic::Ordering;

use prilavok_client::Update;
use tauri::{AppHandle, Manager};

use super::order::Deed;
use super::{Notices, answer};
use crate::engine::Engine;
use crate::run;
use crate::updates::Screen;

pub(super) fn follow(app: &AppHandle, deed: Deed) {
    match deed {
        Deed::Open { thread_id } => run::open_thread(app, thread_id),
        Deed::Answer { thread_id } => answer::open(app, thread_id, answer::Begun::default()),
        Deed::Tried => app.state::<Notices>().tried.send_modify(|clicks| *clicks += 1),
        Deed::Unheard => lament(app),
        deed => drop(tauri::async_runtime::spawn(carry_out(app.clone(), deed))),
    }
}

/// Waits for the engine, which may still be opening.
async fn carry_out(app: AppHandle, deed: Deed) {
    let engine = app.state::<Engine>();
    match deed {
        Deed::Reply { thread_id, text } => {
            let sent = async { engine.client().await?.send(thread_id, &text, None).await }.await;
            if let Err(error) = sent {
                tracing::warn!(%error, "An answer from a notification was not taken.");
                let begun = answer::Begun {
                    text,
                    failure: Some(error),
                };
                answer::open(&app, thread_id, begun);
            }
        }
        Deed::Read { thread_id, up_to } => {
            let read = async { engine.client().await?.mark_read(thread_id, up_to).await }.await;
            if let Err(error) = read {
                tracing::warn!(%error, "A thread could not be marked as read from a notification.");
            }
        }
        Deed::Open { .. } | Deed::Answer { .. } | Deed::Tried | Deed::Unheard => {}
    }
}

/// Says once that nobody shows notices here.
fn lament(app: &AppHandle) {
    if app.state::<Notices>().is_lamented.swap(true, Ordering::Relaxed) {
        return;
    }
    let warning = Update::Warning { key: "notices".into() };
    app.state::<Screen>().tell(vec![warning]);
}
