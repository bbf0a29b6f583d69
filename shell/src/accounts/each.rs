//! How each account stands, for the check and for the report of a crash: where it is, its line, and where its key lies.

use prilavok_client::{Connection, Error};

use super::Accounts;

/// One account.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Each {
    /// Its place in the menu, from one on.
    pub(crate) number: usize,
    /// What it is called there.
    pub(crate) label: String,
    /// The page shows it.
    pub(crate) is_front: bool,
    /// Its server.
    pub(crate) address: String,
    /// Its key lies in the system's store, and not in a file.
    pub(crate) has_keychain: bool,
    /// Its line.
    pub(crate) connection: Connection,
    /// Why it could not be opened.
    pub(crate) fault: Option<Error>,
}

impl Accounts {
    /// All at which somebody is signed in, and those that could not be opened.
    pub(crate) fn each(&self) -> Vec<Each> {
        let rows = self.rows().into_iter();
        let known = rows.filter(|row| row.account.is_some() || row.fault.is_some());
        known
            .enumerate()
            .map(|(before, row)| Each {
                number: before + 1,
                is_front: row.is_front,
                address: row.server.unwrap_or_default(),
                has_keychain: self.ready_of(row.seat).is_some_and(|client| client.identity().keychain),
                label: row.label,
                connection: row.connection,
                fault: row.fault,
            })
            .collect()
    }
}

impl Each {
    /// One line for whoever reads a report: no names.
    pub(crate) fn line(&self) -> String {
        let place = if self.is_front { " (in front)" } else { "" };
        let line = match (&self.fault, &self.connection) {
            (Some(fault), _) => format!("cannot be opened: {}", fault.code()),
            (None, Connection::Online) => "online".to_owned(),
            (None, Connection::Connecting) => "connecting".to_owned(),
            (None, Connection::Idle) => "signed out".to_owned(),
            (None, Connection::Offline { reason, .. }) => format!("offline: {reason}"),
            (None, Connection::Stopped { reason }) => format!("stopped: {reason}"),
        };
        let key = if self.has_keychain { "keychain" } else { "file" };
        format!("{}{place}: {}, {line}, key in {key}", self.number, self.address)
    }
}
