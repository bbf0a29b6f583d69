//! The engine for which a command is meant. A page belongs to one account and says so with each call, so that what it
//! still has to say while the person changes places never lands with another one.

use prilavok_client::{Client, Error, SeatId};
use tauri::ipc::{CommandArg, CommandItem, InvokeBody, InvokeError};
use tauri::{Runtime, State};

use super::Accounts;

/// What the page's calls carry besides their arguments; `ui/src/bridge/tauri.ts` puts it there.
const SEAT: &str = "seat";

/// An account's engine, asked for by its page.
pub(crate) struct Asked<'a> {
    accounts: State<'a, Accounts>,
    seat: SeatId,
}

impl Asked<'_> {
    /// Whose page it is.
    pub(crate) fn seat(&self) -> SeatId {
        self.seat
    }

    /// Whether its account is in front.
    pub(crate) fn is_front(&self) -> bool {
        self.accounts.front() == self.seat
    }

    /// The handle; waits until the engine is open.
    pub(crate) async fn client(&self) -> Result<Client, Error> {
        self.accounts.client_of(self.seat).await
    }
}

impl<'a, R: Runtime> CommandArg<'a, R> for Asked<'a> {
    fn from_command(command: CommandItem<'a, R>) -> Result<Self, InvokeError> {
        let said = match command.message.payload() {
            InvokeBody::Json(arguments) => arguments.get(SEAT).and_then(serde_json::Value::as_u64),
            InvokeBody::Raw(_) => None,
        };
        let accounts = State::<'a, Accounts>::from_command(command)?;
        let seat = said.and_then(|number| u32::try_from(number).ok());
        let seat = seat.map_or_else(|| accounts.front(), SeatId);
        Ok(Self { accounts, seat })
    }
}
