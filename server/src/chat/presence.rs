//! Who is there. A party is there from its first socket, of either door, until some seconds after its last one, so that
//! a reconnect is not seen as leaving. Only those who share a thread with it are told.

use std::ops::Deref;
use std::sync::Arc;

use prilavok_protocol::error::CloseCode;
use prilavok_protocol::event::Signal;
use prilavok_protocol::ids::Party;
use tokio::time::Instant;

use crate::accounts::Signed;
use crate::app::SharedApp;
use crate::hub::{Door, Socket};

/// A place in the hub, given back on drop.
pub struct Seat {
    app: SharedApp,
    socket: Arc<Socket>,
}

/// Lets a socket in and tells the others when its party has come.
///
/// # Errors
/// The close code for a socket that is not let in.
pub fn sit(app: &SharedApp, signed: Signed, door: Door) -> Result<Seat, CloseCode> {
    let opened = app.hub.open(signed, door)?;
    if opened.is_arrival {
        app.tasks.spawn(tell(Arc::clone(app), signed.party));
    }
    Ok(Seat {
        app: Arc::clone(app),
        socket: opened.socket,
    })
}

impl Deref for Seat {
    type Target = Socket;
    fn deref(&self) -> &Socket {
        &self.socket
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let Some(until) = self.app.hub.close(&self.socket) else {
            return;
        };
        let app = Arc::clone(&self.app);
        self.app.tasks.spawn(leave(app, self.socket.signed.party, until));
    }
}

/// Tells the others that the party has left, unless it comes back in time or the server stops.
async fn leave(app: SharedApp, party: Party, until: Instant) {
    tokio::select! {
        () = app.stopping.cancelled() => {}
        () = tokio::time::sleep_until(until) => {
            if app.hub.has_left(party) {
                tell(app, party).await;
            }
        }
    }
}

/// What is told is what is so at the moment of telling, so that a late task cannot tell an old truth.
async fn tell(app: SharedApp, party: Party) {
    let others = match app.store.counterparts(party).await {
        Ok(others) => others,
        Err(error) => {
            tracing::warn!(%error, "Nobody was told about a party's presence");
            return;
        }
    };
    let signal = Signal::Presence {
        user_type: party.role,
        user_id: party.id,
        is_online: app.hub.is_online(party),
    };
    for other in others {
        app.bus.signal(&app.hub, other, signal.clone());
    }
}
