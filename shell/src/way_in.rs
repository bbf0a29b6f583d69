//! Links that lead into the app: `prilavok://thread/<id>`, and `prilavok-seller://thread/<id>`, for which the system starts
//! the seller's app.
//!
//! Whoever makes a link can put anything into it. So nothing but a thread's id is taken out of it, the screen asks the
//! person before it opens that thread, and whoever is not in the thread learns nothing but that.

use prilavok_client::{SeatId, Update};
use prilavok_protocol::ids::ThreadId;
use tauri::{AppHandle, Manager};
use url::Url;
use uuid::Uuid;

use crate::accounts::{Accounts, moves};
use crate::life;
use crate::updates::Screen;

/// Either app understands both: which one was started is the system's choice, not the link's.
const SCHEMES: [&str; 2] = ["prilavok", "prilavok-seller"];

/// Brings the window to the front and has the screen ask, or say that the link leads nowhere.
pub(crate) fn follow(app: &AppHandle, link: &str) {
    let app = app.clone();
    let thread_id = thread_in(link);
    tauri::async_runtime::spawn(async move {
        life::open(&app).await;
        let screen = app.state::<Screen>();
        if let Some(thread_id) = thread_id {
            let seat = whose(&app, thread_id).await;
            moves::switch(&app, seat).await;
            screen.tell(seat, vec![Update::AskThread { thread_id }]);
        } else {
            tracing::warn!("A link that does not lead to a thread was refused.");
            screen.say(Update::Warning { key: "link".to_owned() });
        }
    });
}

/// The account that knows the thread: the one in front, if it does; the one in front too, if none does.
async fn whose(app: &AppHandle, thread_id: ThreadId) -> SeatId {
    let accounts = app.state::<Accounts>();
    let front = accounts.front();
    let mut all = accounts.all_opened().await;
    all.sort_by_key(|(seat, _)| *seat != front);
    for (seat, client) in all {
        if matches!(client.thread(thread_id).await, Ok(Some(_))) {
            return seat;
        }
    }
    front
}

fn thread_in(link: &str) -> Option<ThreadId> {
    let url = Url::parse(link).ok()?;
    let is_bare = url.username().is_empty()
        && url.password().is_none()
        && url.port().is_none()
        && url.query().is_none()
        && url.fragment().is_none();
    if !SCHEMES.contains(&url.scheme()) || url.host_str() != Some("thread") || !is_bare {
        return None;
    }
    let id = url.path().strip_prefix('/')?;
    // `Uuid` reads other spellings too; a link has one.
    let is_plain = id.len() == 36 && id.bytes().all(|letter| letter.is_ascii_hexdigit() || letter == b'-');
    let id = is_plain.then(|| Uuid::try_parse(id).ok()).flatten()?;
    Some(ThreadId(id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_threads_address_leads_in() {
        let id = "01998f4e-0000-7000-8000-00000000000a";
        for scheme in SCHEMES {
            let found = thread_in(&format!("{scheme}://thread/{id}"));
            assert_eq!(found.map(|thread| thread.0.to_string()).as_deref(), Some(id));
        }
        for hostile in [
            format!("https://thread/{id}"),
            format!("prilavok:thread/{id}"),
            format!("prilavok://threads/{id}"),
            format!("prilavok://thread/{id}/"),
            format!("prilavok://thread/{id}?sign_in=1"),
            format!("prilavok://thread/{id}#x"),
            format!("prilavok://anna@thread/{id}"),
            format!("prilavok://thread:80/{id}"),
            format!("prilavok://thread/{{{id}}}"),
            "prilavok://thread/../../etc/passwd".to_owned(),
            "prilavok://thread/".to_owned(),
            "file:///etc/passwd".to_owned(),
            "javascript:alert(1)".to_owned(),
            "x".repeat(100_000),
            String::new(),
        ] {
            assert_eq!(thread_in(&hostile), None, "{hostile:.80}");
        }
    }
}
