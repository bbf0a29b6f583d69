//! A field of our own for answers, where the notification daemon has none: one small window a thread, above all others.
//!
//! It needs no main window. What is written goes through the engine's outbox; what is not sent stays as the thread's draft.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use fluent_bundle::FluentArgs;
use prilavok_client::{Error, Failure, SeatId, ThreadItem};
use prilavok_protocol::ids::ThreadId;
use serde::Serialize;
use tauri::webview::{NewWindowResponse, PermissionResponse};
use tauri::{AppHandle, Manager, State, WebviewUrl, WebviewWindow, WebviewWindowBuilder, command};

use super::{Topic, text};
use crate::accounts::Accounts;
use crate::place::Place;
use crate::{App, theme, window, words};

/// Before the account and the thread in the label of its window.
const LABEL: &str = "answer-";
/// Room for a name, two lines of the message, three of the answer, and the buttons.
const SIZE: (f64, f64) = (440.0, 272.0);

/// What a field begins with.
#[derive(Debug, Default)]
pub(crate) struct Begun {
    /// An answer that was written elsewhere and not taken.
    pub(super) text: String,
    /// Why it was not.
    pub(super) failure: Option<Error>,
}

/// What the open fields begin with.
#[derive(Default)]
pub(crate) struct Fields(Mutex<HashMap<Topic, Begun>>);

/// What the page shows.
#[derive(Debug, Serialize)]
pub(crate) struct Answering {
    /// `None`: there is no such thread any more.
    thread: Option<ThreadItem>,
    /// What stands in the field.
    text: String,
    failure: Option<Failure>,
    language: String,
}

/// Opens the field of a thread, or brings it to the front.
pub(crate) fn open(app: &AppHandle, topic: Topic, begun: Begun) {
    if let Some(window) = app.get_webview_window(&label(topic)) {
        // Somebody is writing there: their words stay.
        if let Err(error) = window.set_focus() {
            tracing::warn!(%error, "The field for an answer could not be brought to the front.");
        }
        return;
    }
    fields(app, |fields| fields.insert(topic, begun));
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        if let Err(error) = build(&app, topic).await {
            tracing::error!(%error, "The field for an answer could not be opened.");
            crate::run::open_thread(&app, topic);
        }
    });
}

async fn build(app: &AppHandle, topic: Topic) -> tauri::Result<WebviewWindow> {
    let (place, role) = (app.state::<Place>(), app.state::<App>().role);
    let theme = theme::remembered(&place.data_dir);
    let dev = app.config().build.dev_url.clone();
    let window = WebviewWindowBuilder::new(app, label(topic), WebviewUrl::App("answer.html".into()))
        .title(title(app, topic).await)
        .inner_size(SIZE.0, SIZE.1)
        .min_inner_size(320.0, 220.0)
        .center()
        .always_on_top(true)
        .focused(true)
        .data_directory(place.data_dir.join("webview"))
        .background_color(window::background(role, theme))
        .initialization_script(theme::script(theme))
        .initialization_script(window::seat_script(topic.seat))
        .on_navigation(move |url| window::is_own(url, dev.as_ref()))
        .on_new_window(|_, _| NewWindowResponse::Deny)
        .on_download(|_, _| false)
        .on_permission_request(|_, _| PermissionResponse::Deny)
        .build()?;
    window.set_focus()?;
    Ok(window)
}

/// Whom one answers; the app's name where that is not known.
async fn title(app: &AppHandle, topic: Topic) -> String {
    let accounts = app.state::<Accounts>();
    let Ok(client) = accounts.client_of(topic.seat).await else {
        return "Прилавок".to_owned();
    };
    let Ok(Some(thread)) = client.thread(topic.thread_id).await else {
        return "Прилавок".to_owned();
    };
    let manner = super::manner(&client.settings(), accounts.addressee(topic.seat));
    let mut args = FluentArgs::new();
    args.set("title", text::title(&thread.summary.counterpart.name, &manner));
    words::say(&client.settings().language, "answer-title", &args)
}

fn label(Topic { seat, thread_id }: Topic) -> String {
    format!("{LABEL}{}-{thread_id}", seat.0)
}

fn topic_of(window: &WebviewWindow) -> Result<Topic, Error> {
    topic_in(window.label()).ok_or(Error::Invalid("this window answers no thread"))
}

fn topic_in(label: &str) -> Option<Topic> {
    let (seat, thread_id) = label.strip_prefix(LABEL)?.split_once('-')?;
    Some(Topic {
        seat: SeatId(seat.parse().ok()?),
        thread_id: ThreadId(thread_id.parse().ok()?),
    })
}

fn fields<T>(app: &AppHandle, change: impl FnOnce(&mut HashMap<Topic, Begun>) -> T) -> T {
    let fields = app.state::<Fields>();
    let mut fields = fields.0.lock().unwrap_or_else(PoisonError::into_inner);
    change(&mut fields)
}

/// What the field shows: asked by its page.
#[command]
pub(crate) async fn answering(window: WebviewWindow, accounts: State<'_, Accounts>) -> Result<Answering, Error> {
    let topic = topic_of(&window)?;
    let begun = fields(window.app_handle(), |fields| fields.remove(&topic)).unwrap_or_default();
    let client = accounts.client_of(topic.seat).await?;
    let thread = client.thread(topic.thread_id).await?;
    let draft = thread.as_ref().and_then(|thread| thread.draft.clone());
    // An answer that was refused is the newer of the two; the draft stays where it is then.
    let text = if begun.text.is_empty() {
        draft.unwrap_or_default()
    } else {
        begun.text
    };
    Ok(Answering {
        thread,
        text,
        failure: begun.failure.map(|error| error.failure()),
        language: client.settings().language,
    })
}

/// Sends what was written, and closes the field once it is on the disk.
#[command]
pub(crate) async fn answer(window: WebviewWindow, accounts: State<'_, Accounts>, text: String) -> Result<(), Error> {
    let topic = topic_of(&window)?;
    let client = accounts.client_of(topic.seat).await?;
    client.send(topic.thread_id, &text, None).await?;
    // It stood there while it was being written.
    if let Err(error) = client.set_draft(topic.thread_id, "").await {
        tracing::warn!(%error, "The draft of a sent answer stays.");
    }
    close(&window);
    Ok(())
}

/// Keeps what was written as the thread's draft; closes the field if the person leaves it.
#[command]
pub(crate) async fn keep_answer(
    window: WebviewWindow,
    accounts: State<'_, Accounts>,
    text: String,
    is_leaving: bool,
) -> Result<(), Error> {
    let topic = topic_of(&window)?;
    let kept = async {
        accounts
            .client_of(topic.seat)
            .await?
            .set_draft(topic.thread_id, &text)
            .await
    }
    .await;
    if is_leaving {
        close(&window);
    }
    kept
}

fn close(window: &WebviewWindow) {
    if let Err(error) = window.destroy() {
        tracing::warn!(%error, "The field for an answer could not be closed.");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fields_window_knows_account_and_thread() {
        let topic = Topic {
            seat: SeatId(12),
            thread_id: ThreadId::mint(),
        };
        assert_eq!(topic_in(&label(topic)), Some(topic));
        assert_eq!(topic_in("main"), None);
    }
}
