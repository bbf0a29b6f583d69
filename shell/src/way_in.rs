//! Links that lead into the app: `prilavok://thread/<id>`, and `prilavok-seller://thread/<id>`, for which the system starts
//! the seller's app. `prilavok://server/<host>` names a marketplace's server to somebody new.
//!
//! Whoever makes a link can put anything into it. So nothing but a thread's id or a host is taken out of it, the screen asks
//! the person before it opens that thread or asks that host, and whoever is not in the thread learns nothing but that.

use prilavok_client::{SeatId, Update, address};
use prilavok_protocol::ids::ThreadId;
use tauri::{AppHandle, Manager};
use url::Url;
use uuid::Uuid;

use crate::accounts::{Accounts, moves};
use crate::life;
use crate::updates::Screen;

/// The longest name of a machine, with a port behind it.
const HOST_LIMIT: usize = 253 + 6;
/// Either app understands both: which one was started is the system's choice, not the link's.
const SCHEMES: [&str; 2] = ["prilavok", "prilavok-seller"];

/// Where a link leads.
#[derive(Debug, PartialEq, Eq)]
enum Way {
    Thread(ThreadId),
    /// Its address, as it is shown.
    Server(String),
}

/// Brings the window to the front and has the screen ask, or say that the link leads nowhere.
pub(crate) fn follow(app: &AppHandle, link: &str) {
    let app = app.clone();
    let way = way_of(link);
    tauri::async_runtime::spawn(async move {
        life::open(&app).await;
        let screen = app.state::<Screen>();
        match way {
            Some(Way::Thread(thread_id)) => {
                let seat = whose(&app, thread_id).await;
                moves::switch(&app, seat).await;
                screen.tell(seat, vec![Update::AskThread { thread_id }]);
            }
            Some(Way::Server(address)) => offer(&app, address).await,
            None => {
                tracing::warn!("A link that leads nowhere was refused.");
                screen.say(Update::Warning { key: "link".to_owned() });
            }
        }
    });
}

/// Offers a server to whoever is not signed in there yet.
async fn offer(app: &AppHandle, address: String) {
    let accounts = app.state::<Accounts>();
    let all = accounts.all_opened().await;
    let identities = all.into_iter().map(|(_, client)| client.identity());
    let servers: Vec<Option<String>> = identities
        .filter(|identity| identity.account.is_some())
        .map(|identity| identity.server)
        .collect();
    if servers.contains(&Some(address.clone())) {
        return;
    }
    if !servers.is_empty()
        && let Err(error) = moves::add(app).await
    {
        tracing::warn!(%error, "There is no room for an account at the server that a link names.");
        return;
    }
    app.state::<Screen>()
        .tell(accounts.front(), vec![Update::AskServer { address }]);
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

fn way_of(link: &str) -> Option<Way> {
    let url = Url::parse(link).ok()?;
    let is_bare = url.username().is_empty()
        && url.password().is_none()
        && url.port().is_none()
        && url.query().is_none()
        && url.fragment().is_none();
    if !SCHEMES.contains(&url.scheme()) || !is_bare {
        return None;
    }
    let rest = url.path().strip_prefix('/')?;
    match url.host_str()? {
        "thread" => thread_in(rest).map(Way::Thread),
        "server" => server_in(rest).map(Way::Server),
        _ => None,
    }
}

fn thread_in(id: &str) -> Option<ThreadId> {
    // `Uuid` reads other spellings too; a link has one.
    let is_plain = id.len() == 36 && id.bytes().all(|letter| letter.is_ascii_hexdigit() || letter == b'-');
    let id = is_plain.then(|| Uuid::try_parse(id).ok()).flatten()?;
    Some(ThreadId(id))
}

/// Host and port; how to speak to it is not for the link to say.
fn server_in(host: &str) -> Option<String> {
    let is_plain = host
        .bytes()
        .all(|letter| letter.is_ascii_alphanumeric() || b".-:".contains(&letter));
    if !is_plain || host.len() > HOST_LIMIT {
        return None;
    }
    address::parse(host).ok().map(|origin| address::shown(&origin))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_threads_address_and_a_host_lead_in() {
        let id = "01998f4e-0000-7000-8000-00000000000a";
        for scheme in SCHEMES {
            let found = way_of(&format!("{scheme}://thread/{id}"));
            assert_eq!(found, id.parse().ok().map(ThreadId).map(Way::Thread));
            let server = |host: &str| way_of(&format!("{scheme}://server/{host}"));
            let way = |shown: &str| Some(Way::Server(shown.to_owned()));
            assert_eq!(server("chat.example.ru"), way("https://chat.example.ru"));
            assert_eq!(server("chat.example.ru:8443"), way("https://chat.example.ru:8443"));
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
            "prilavok://server/".to_owned(),
            "prilavok://server/chat.example.ru/path".to_owned(),
            "prilavok://server/http:%2F%2Fevil.example".to_owned(),
            "prilavok://server/anna@evil.example".to_owned(),
            "prilavok://server/chat.example.ru?x=1".to_owned(),
            format!("prilavok://server/{}", "x".repeat(300)),
            "file:///etc/passwd".to_owned(),
            "javascript:alert(1)".to_owned(),
            "x".repeat(100_000),
            String::new(),
        ] {
            assert_eq!(way_of(&hostile), None, "{hostile:.80}");
        }
    }
}
