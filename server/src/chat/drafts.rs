//! Drafts: an account's own, so neither the other side nor a colleague in the same shop is ever told of one.

use std::sync::Arc;

use prilavok_protocol::command::Done;
use prilavok_protocol::error::ErrorCode;
use prilavok_protocol::event::Signal;
use prilavok_protocol::ids::{DeviceId, DraftVersion, ThreadId};
use prilavok_protocol::limits::{DRAFTS_PAGE, DRAFTS_PER_ACCOUNT};
use tokio::time::Instant;

use super::{member, to_the_end};
use crate::accounts::Signed;
use crate::app::{App, SharedApp};
use crate::config::AuthMode;
use crate::error::Error;
use crate::store;
use crate::store::drafts::{Kept, NewDraft};

/// What a device wants a draft to be.
#[derive(Debug, Clone)]
pub struct Change {
    /// In which thread.
    pub thread: ThreadId,
    /// On which device.
    pub device: DeviceId,
    /// From which version.
    pub base: DraftVersion,
    /// What stands in the field now.
    pub text: String,
}

/// Keeps a draft, unless another device of the account was faster, and tells the account's devices. The text is kept as
/// it is: only its author sees it.
pub async fn set(app: &SharedApp, signed: &Signed, change: Change) -> Result<Kept, Error> {
    let member = member(app, signed, change.thread).await?;
    let most = app.config.limits.text_chars;
    if change.text.chars().count() > most as usize {
        return Err(Error::new(ErrorCode::TooLarge).say(
            "Черновик длиннее сообщения и остаётся на этом устройстве.",
            "The draft is longer than a message and stays on this device.",
        ));
    }
    app.limiters
        .draft(signed.account, Instant::now())
        .map_err(Error::rate_limited)?;
    let new = NewDraft {
        account: signed.account,
        device: change.device,
        base: change.base,
        text: change.text,
        at: app.clock.now(),
        most: DRAFTS_PER_ACCOUNT,
    };
    let (whole, account) = (Arc::clone(app), signed.account);
    to_the_end(app, async move {
        let kept = whole.store.set_draft(&member, new).await.map_err(too_many)?;
        if kept.is_new {
            let signal = Signal::Drafts {
                version: kept.draft.version,
            };
            whole.bus.signal_account(&whole.hub, account, signal);
        }
        Ok(kept)
    })
    .await
}

fn too_many(error: store::Error) -> Error {
    match error {
        store::Error::Conflict => Error::new(ErrorCode::TooLarge).say(
            "Черновиков слишком много: этот остаётся на этом устройстве.",
            "There are too many drafts: this one stays on this device.",
        ),
        error => error.into(),
    }
}

/// What changed after a version, as much as one answer holds.
pub async fn after(app: &App, signed: &Signed, after: DraftVersion) -> Result<Done, Error> {
    // Whoever was shut out is told nothing more. Those who are believed at their word have no session.
    let has_session = app.config.auth.mode == AuthMode::Tokens;
    if has_session && !app.store.session_is_open(signed.session, app.clock.now()).await? {
        return Err(Error::new(ErrorCode::Unauthorized));
    }
    let mut drafts = app.store.drafts_after(signed.account, after, DRAFTS_PAGE + 1).await?;
    let has_more = drafts.len() > DRAFTS_PAGE as usize;
    drafts.truncate(DRAFTS_PAGE as usize);
    Ok(Done::Drafts {
        version: drafts.last().map_or(after, |draft| draft.version),
        drafts,
        has_more,
    })
}
