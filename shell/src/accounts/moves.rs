//! How accounts come and go, and change places.

use std::sync::Arc;

use prilavok_client::{Client, Error, Focus, Options, SeatId, Settings, Update};
use tauri::{AppHandle, Manager};
use tokio::sync::mpsc;

use super::Accounts;
use crate::engine::{self, Engine};
use crate::notices::{self, Notices};
use crate::place::Place;
use crate::{App, numbers, run, updates, window, words};

/// Opens all engines beside the window, and carries their updates.
pub(crate) async fn open_all(app: AppHandle) {
    let engines: Vec<(SeatId, Arc<Engine>)> = {
        let now = app.state::<Accounts>().inner().now();
        now.engines
            .iter()
            .map(|(seat, engine)| (*seat, Arc::clone(engine)))
            .collect()
    };
    let is_alone = engines.len() == 1;
    futures::future::join_all(engines.iter().map(|(seat, engine)| open(&app, *seat, engine))).await;
    super::rows::changed(&app);
    let front = app.state::<Accounts>().front();
    // The page in front is told by whatever it asks for; of one behind only the menu of accounts would say it.
    if engines
        .iter()
        .any(|(seat, engine)| *seat != front && engine.fault().is_some())
    {
        let key = "account".to_owned();
        app.state::<updates::Screen>().say(Update::Warning { key });
    }
    if is_alone && let Some(client) = app.state::<Accounts>().ready() {
        engine::first_start(&client).await;
    }
    sweep(&app).await;
}

/// Opens one engine.
async fn open(app: &AppHandle, seat: SeatId, engine: &Engine) {
    match begin(app, seat).await {
        Ok((client, updates)) => {
            if app.state::<Accounts>().front() == seat {
                window::settle(app, &client.settings());
            }
            engine.opened(Ok(client.clone()));
            attend(app, seat, client, updates);
        }
        Err(error) => {
            tracing::error!(%error, seat = seat.0, "An engine could not be opened.");
            engine.opened(Err(error));
        }
    }
}

/// One more try for an engine that could not be opened: what was in its way may be gone.
pub(crate) async fn open_again(app: &AppHandle, seat: SeatId) -> Result<(), Error> {
    let accounts = app.state::<Accounts>();
    let _turn = accounts.turn.lock().await;
    let engine = accounts.now().engines.get(&seat).cloned();
    if engine.ok_or(Error::SignedOut)?.fault().is_none() {
        return Ok(());
    }
    let like = accounts.all_ready().into_iter().next();
    let engine = Arc::new(Engine::new());
    open(app, seat, &engine).await;
    accounts.now().engines.insert(seat, Arc::clone(&engine));
    super::rows::changed(app);
    engine.client().await?;
    // What was changed in the settings meanwhile.
    if let Some((other, client)) = like {
        settle(app, other, &client.settings()).await?;
    }
    Ok(())
}

async fn begin(app: &AppHandle, seat: SeatId) -> Result<(Client, mpsc::Receiver<Update>), Error> {
    let (who, accounts) = (*app.state::<App>(), app.state::<Accounts>());
    let home = accounts.seats.clone()?.home(seat);
    let options = Options {
        secrets: accounts.secrets.clone(),
        data_dir: app.state::<Place>().data_dir.clone(),
        role: who.role,
        app: format!("{}/{}", who.name, who.version),
        language: words::of_system(),
    };
    Client::open_in(home, options).await
}

fn attend(app: &AppHandle, seat: SeatId, client: Client, updates: mpsc::Receiver<Update>) {
    tauri::async_runtime::spawn(carry(app.clone(), seat, updates));
    tauri::async_runtime::spawn(notices::take_over(app.clone(), seat, client));
    super::rows::changed(app);
}

/// Carries updates until the engine ends; if nobody asked it to, the person must know.
async fn carry(app: AppHandle, seat: SeatId, updates: mpsc::Receiver<Update>) {
    updates::pump(app.clone(), seat, updates).await;
    if app.state::<Accounts>().has(seat) && !run::is_ending(&app) {
        tracing::error!(seat = seat.0, "An engine ended by itself.");
        let key = "engine".to_owned();
        app.state::<updates::Screen>().say(Update::Warning { key });
    }
}

/// Another account comes to the front.
pub(crate) async fn switch(app: &AppHandle, seat: SeatId) {
    let accounts = app.state::<Accounts>();
    let _turn = accounts.turn.lock().await;
    if !accounts.has(seat) || accounts.front() == seat {
        return;
    }
    let before = step_forward(app, seat).await;
    if is_vacant(app, before) {
        remove(app, before).await;
    }
    super::rows::changed(app);
}

/// A seat for one more account, in front, where the person signs in. One that stands vacant is as good as a new one.
pub(crate) async fn add(app: &AppHandle) -> Result<(), Error> {
    let accounts = app.state::<Accounts>();
    let _turn = accounts.turn.lock().await;
    let vacant = accounts.all_ready().into_iter().find(|(seat, _)| is_vacant(app, *seat));
    let seat = match vacant {
        Some((seat, _)) => seat,
        None => make(app).await?,
    };
    step_forward(app, seat).await;
    super::rows::changed(app);
    Ok(())
}

async fn make(app: &AppHandle) -> Result<SeatId, Error> {
    let accounts = app.state::<Accounts>();
    let like = accounts.client().await?;
    let last = accounts.now().engines.keys().next_back().map_or(0, |seat| seat.0);
    let seat = SeatId(last + 1);
    // What a crash may have left of an earlier seat of this number is nobody's.
    accounts.seats.clone()?.remove(seat)?;
    let (client, updates) = begin(app, seat).await?;
    client.begin_like(&like).await?;
    let engine = Engine::new();
    engine.opened(Ok(client.clone()));
    accounts.now().engines.insert(seat, Arc::new(engine));
    attend(app, seat, client, updates);
    Ok(seat)
}

/// Somebody has signed out. Where others are signed in, the seat goes, and one of them comes to the front.
pub(crate) async fn left(app: &AppHandle, seat: SeatId) {
    let accounts = app.state::<Accounts>();
    let _turn = accounts.turn.lock().await;
    if !is_vacant(app, seat) {
        return;
    }
    let Some(next) = others(app, seat).first().copied() else {
        return;
    };
    if accounts.front() == seat {
        step_forward(app, next).await;
    }
    remove(app, seat).await;
    super::rows::changed(app);
}

/// Seats at which nobody signed in before the app ended last are not kept, where somebody else is.
async fn sweep(app: &AppHandle) {
    let seats: Vec<SeatId> = app
        .state::<Accounts>()
        .all_ready()
        .into_iter()
        .map(|(seat, _)| seat)
        .collect();
    for seat in seats {
        left(app, seat).await;
    }
}

/// Answers who was in front before.
async fn step_forward(app: &AppHandle, seat: SeatId) -> SeatId {
    let accounts = app.state::<Accounts>();
    let before = std::mem::replace(&mut accounts.now().front, seat);
    let written = accounts.seats.clone().and_then(|seats| seats.set_front(seat));
    if let Err(error) = written {
        tracing::warn!(%error, "It could not be written down which account is in front.");
    }
    window::forget_eyes(app);
    if let Some(client) = accounts.ready_of(before)
        && let Err(error) = client.look(Focus::default()).await
    {
        tracing::warn!(%error, "An engine was not told that another account is in front.");
    }
    window::look_around(app);
    before
}

/// Nobody is signed in there.
fn is_vacant(app: &AppHandle, seat: SeatId) -> bool {
    let client = app.state::<Accounts>().ready_of(seat);
    client.is_some_and(|client| client.identity().account.is_none())
}

/// Who else is signed in.
fn others(app: &AppHandle, seat: SeatId) -> Vec<SeatId> {
    let all = app.state::<Accounts>().all_ready();
    let signed_in = all
        .into_iter()
        .filter(|(_, client)| client.identity().account.is_some());
    signed_in.map(|(seat, _)| seat).filter(|other| *other != seat).collect()
}

async fn remove(app: &AppHandle, seat: SeatId) {
    let accounts = app.state::<Accounts>();
    app.state::<Notices>().leave(seat);
    let engine = {
        let mut now = accounts.now();
        now.shops.remove(&seat);
        now.engines.remove(&seat)
    };
    if let Some(engine) = engine {
        engine.close().await;
    }
    let removed = accounts.seats.clone().and_then(|seats| seats.remove(seat));
    if let Err(error) = removed {
        tracing::warn!(%error, "What was kept of a seat could not be removed.");
    }
    numbers::show(app);
}

/// Settings are the installation's: all engines go by them. Which threads are muted is each account's own.
pub(crate) async fn settle(app: &AppHandle, seat: SeatId, settings: &Settings) -> Result<(), Error> {
    for (other, client) in app.state::<Accounts>().all_ready() {
        if other != seat {
            let muted = client.settings().muted;
            client
                .set_settings(Settings {
                    muted,
                    ..settings.clone()
                })
                .await?;
        }
    }
    Ok(())
}
