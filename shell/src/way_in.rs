//! Links that lead into the app: `prilavok://thread/<id>`, and `prilavok-seller://thread/<id>`, for which the system starts
//! the seller's app.
//!
//! Whoever makes a link can put anything into it. So nothing but a thread's id is taken out of it, the screen asks the
//! person before it opens that thread, and whoever is not in the thread learns nothing but that.

use prilavok_client::Update;
use prilavok_protocol::ids::ThreadId;
use tauri::{AppHandle, Manager};
use url::Url;
use uuid::Uuid;

use crate::life;
use crate::updates::Screen;

/// Either app understands both: which one was started is the system's choice, not the link's.
const SCHEMES: [&str; 2] = ["prilavok", "prilavok-seller"];

/// Brings the window to the front and has the screen ask, or say that the link leads nowhere.
pub(crate) fn follow(app: &AppHandle, link: &str) {
    let update = match thread_in(link) {
        Some(thread_id) => Update::AskThread { thread_id },
        None => {
            tracing::warn!("A link that does not lead to a thread was refused.");
            Update::Warning { key: "link".to_owned() }
        }
    };
    app.state::<Screen>().tell(vec![update]);
    life::open_soon(app);
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
