//! What the page shows of the accounts: who they are, where, and how much waits there.

use prilavok_client::{Client, Connection, Error, Identity, SeatId};
use prilavok_protocol::ids::AccountId;
use serde::Serialize;
use tauri::ipc::Channel;
use tauri::{AppHandle, Manager, State, command};

use super::each::Each;
use super::{Accounts, moves};
use crate::crash;
use crate::notices::text;

/// A name in a notice's title has to leave room for who wrote.
const NAME_LIMIT: usize = 60;

/// One account.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Row {
    pub(super) seat: SeatId,
    pub(super) is_front: bool,
    /// Nobody yet: `None`.
    pub(super) account: Option<AccountId>,
    /// Tells it apart from all the others here.
    pub(super) label: String,
    name: String,
    /// A seller's shop, where it is called otherwise.
    shop: Option<String>,
    pub(super) server: Option<String>,
    server_name: Option<String>,
    unread: u32,
    pub(super) connection: Connection,
    /// Why nothing of it can be shown.
    pub(super) fault: Option<Error>,
}

/// The page watches from now on; it is told at once, and whenever something has changed.
#[command]
pub(crate) async fn watch_accounts(app: AppHandle, channel: Channel<Vec<Row>>) -> Result<(), Error> {
    {
        let accounts = app.state::<Accounts>();
        let mut now = accounts.now();
        now.watcher = Some(channel);
        now.told.clear();
    }
    changed(&app);
    Ok(())
}

/// Another account comes to the front.
#[command]
pub(crate) async fn switch_account(app: AppHandle, to: SeatId) -> Result<(), Error> {
    moves::switch(&app, to).await;
    Ok(())
}

/// One more try for an account whose engine could not be opened.
#[command]
pub(crate) async fn open_account(app: AppHandle, of: SeatId) -> Result<(), Error> {
    moves::open_again(&app, of).await
}

/// A seat for one more.
#[command]
pub(crate) async fn add_account(app: AppHandle) -> Result<(), Error> {
    moves::add(&app).await
}

/// What may be shown has changed.
pub(crate) fn changed(app: &AppHandle) {
    let accounts = app.state::<Accounts>();
    let _told = accounts.telling();
    let rows = accounts.rows();
    crash::know(accounts.each().iter().map(Each::line).collect());
    let mut now = accounts.now();
    if now.told == rows {
        return;
    }
    if let Some(watcher) = &now.watcher
        && let Err(error) = watcher.send(rows.clone())
    {
        tracing::warn!(%error, "The page could not be told of the accounts.");
    }
    now.told = rows;
}

/// What a seller's shop is called is asked once; until it is known the account's own name has to do.
pub(crate) async fn learn_shop(app: AppHandle, seat: SeatId) {
    let accounts: State<'_, Accounts> = app.state();
    let Some(client) = accounts.ready_of(seat) else { return };
    let Some(seller) = client.identity().account.and_then(|account| account.seller_id) else {
        return;
    };
    if accounts.now().shops.contains_key(&seat) {
        return;
    }
    if let Ok(shop) = client.seller(seller).await {
        accounts.now().shops.insert(seat, shop.name);
        changed(&app);
    }
}

impl Accounts {
    pub(super) fn rows(&self) -> Vec<Row> {
        let (seats, front, shops) = {
            let now = self.now();
            let seats: Vec<_> = now
                .engines
                .iter()
                .map(|(seat, engine)| (*seat, engine.ready(), engine.fault()))
                .collect();
            (seats, now.front, now.shops.clone())
        };
        let rows = seats.into_iter().map(|(seat, client, fault)| {
            let identity = match (&client, &fault) {
                (Some(client), _) => client.identity(),
                (None, Some(_)) => self.occupant(seat),
                (None, None) => Identity::default(),
            };
            Row {
                is_front: seat == front,
                unread: client.as_ref().map_or(0, Client::unread),
                connection: client.map(|client| client.connection()).unwrap_or_default(),
                fault,
                ..row(seat, identity, shops.get(&seat))
            }
        });
        label(rows.collect())
    }

    /// Who sits there, by the disk alone.
    fn occupant(&self, seat: SeatId) -> Identity {
        self.seats
            .as_ref()
            .map_or_else(|_| Identity::default(), |seats| seats.occupant(seat))
    }

    /// For whom a notice is, where there are several.
    pub(crate) fn addressee(&self, seat: SeatId) -> Option<String> {
        let rows = self.rows();
        let is_several = rows.iter().filter(|row| row.account.is_some()).count() > 1;
        let row = rows.into_iter().find(|row| row.seat == seat)?;
        is_several.then_some(row.label)
    }
}

fn row(seat: SeatId, identity: Identity, shop: Option<&String>) -> Row {
    let clean = |text: &str| text::clean(text, NAME_LIMIT, false);
    let (account, name) = match identity.account {
        Some(account) => (Some(account.id), clean(&account.name)),
        None => (None, String::new()),
    };
    Row {
        seat,
        is_front: false,
        account,
        label: String::new(),
        shop: shop.map(|shop| clean(shop)).filter(|shop| *shop != name),
        name,
        server: identity.server,
        server_name: identity.server_name,
        unread: 0,
        connection: Connection::default(),
        fault: None,
    }
}

/// The shop, or the name; with more of it where two are called the same.
fn label(mut rows: Vec<Row>) -> Vec<Row> {
    let short = |row: &Row| row.shop.clone().unwrap_or_else(|| row.name.clone());
    let long = |row: &Row| match &row.shop {
        Some(shop) => format!("{shop} · {}", row.name),
        None => row.name.clone(),
    };
    let full = |row: &Row| {
        let server = row.server.as_deref().unwrap_or_default();
        let host = server.rsplit("://").next().unwrap_or_default();
        format!("{} · {host}", long(row))
    };
    let all = rows.clone();
    let is_clear = |text: &str, say: &dyn Fn(&Row) -> String| all.iter().filter(|row| say(row) == text).count() == 1;
    for row in &mut rows {
        let forms: [&dyn Fn(&Row) -> String; 3] = [&short, &long, &full];
        let clear = forms
            .iter()
            .map(|say| (say(row), say))
            .find(|(text, say)| is_clear(text, *say));
        row.label = clear.map_or_else(|| full(row), |(text, _)| text);
    }
    rows
}

#[cfg(test)]
mod tests {
    use prilavok_client::Identity;
    use prilavok_protocol::ids::Role;
    use prilavok_protocol::rest::Account;

    use super::*;

    fn named(seat: u32, name: &str, shop: Option<&str>, server: &str) -> Row {
        let account = Account {
            id: AccountId::mint(),
            role: Role::Seller,
            name: name.to_owned(),
            buyer_id: None,
            seller_id: None,
        };
        let identity = Identity {
            server: Some(format!("https://{server}")),
            account: Some(account),
            ..Identity::default()
        };
        row(SeatId(seat), identity, shop.map(str::to_owned).as_ref())
    }

    #[test]
    fn a_label_is_as_short_as_it_can_be_and_tells_accounts_apart() {
        let rows = label(vec![
            named(1, "Мария", Some("Чайная гора"), "a.ru"),
            named(2, "Мария", Some("Льняной двор"), "a.ru"),
            named(3, "Пётр", Some("Чайная гора"), "a.ru"),
            named(4, "Нитка", Some("Нитка"), "a.ru"),
            named(5, "Анна\u{202E}", None, "a.ru"),
            named(6, "Анна", None, "b.ru"),
        ]);
        let labels: Vec<&str> = rows.iter().map(|row| row.label.as_str()).collect();
        let wanted = [
            "Чайная гора · Мария",
            "Льняной двор",
            "Чайная гора · Пётр",
            "Нитка",
            "Анна · a.ru",
            "Анна · b.ru",
        ];
        assert_eq!(labels, wanted);
    }
}
