//! The post office of the marketplace chat. The map:
//!
//! - [`app`] everything that a request may need; [`config`] what the operator wants; [`clock`] dates things
//! - [`http`] the marketplace API: every route on one screen; [`error`] every refusal
//! - [`session`] the session socket, [`room`] the per-thread socket
//! - [`chat`], [`accounts`], [`catalogue`] the rules; [`limits`] the rates
//! - [`hub`] who is connected here (its locks are in `sync`), [`bus`] hints between nodes
//! - [`store`] where everything durable lives, [`blobs`] pictures, [`home`] the directory of both
//! - [`demo`] and [`seed`] a marketplace worth looking at
//! - [`accept`] connections in, [`cli`] the commands, [`metrics`] numbers for the operator
//! - [`faults`] where tests kill it

use std::sync::Arc;

use anyhow::{Context, Result, bail};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::app::{App, SharedApp};
use crate::config::{AuthMode, Config};
use crate::store::sqlite::{Options, SqliteStore};

pub mod accept;
pub mod accounts;
pub mod app;
pub mod blobs;
pub mod bus;
pub mod catalogue;
pub mod chat;
pub mod cli;
pub mod clock;
pub mod config;
pub mod demo;
pub mod documents;
pub mod error;
pub mod faults;
pub mod home;
pub mod http;
pub mod hub;
pub mod limits;
pub mod maps;
pub mod metrics;
pub mod room;
pub mod seed;
pub mod session;
pub mod store;
mod sync;

/// Opens the data directory and everything in it.
///
/// # Errors
/// One sentence about what is in the way.
pub async fn build(config: Config) -> Result<SharedApp> {
    build_with(config, Arc::new(clock::SystemClock)).await
}

/// The same, with another clock.
///
/// # Errors
/// One sentence about what is in the way.
pub async fn build_with(config: Config, clock: Arc<dyn clock::Clock>) -> Result<SharedApp> {
    build_on(config, clock, Options::default()).await
}

/// The same, with a store that is opened another way; without threads, passwords do without them too.
///
/// # Errors
/// One sentence about what is in the way.
pub async fn build_on(config: Config, clock: Arc<dyn clock::Clock>, options: Options) -> Result<SharedApp> {
    let home = home::Home::open(&config.data_dir)?;
    let keys = accounts::Keys::new(&home.token_key()?);
    let path = home.database();
    let has_threads = options.has_threads;
    let open = move || SqliteStore::open(&path, options);
    let opened = if has_threads {
        tokio::task::spawn_blocking(open).await?
    } else {
        open()
    };
    let database =
        Arc::new(opened.with_context(|| format!("the database {} cannot be opened", home.database().display()))?);
    let app = Arc::new(App {
        store: Arc::clone(&database) as Arc<dyn store::Store>,
        database,
        blobs: Arc::new(blobs::folder::Folder::new(&home.media())),
        home,
        bus: Arc::new(bus::local::LocalBus),
        hub: hub::Hub::new(&config),
        clock,
        keys,
        passwords: accounts::Passwords::new(&config.auth, has_threads)?,
        limiters: limits::Limiters::new(&config.limits),
        sending: chat::sending::Sending::default(),
        arrivals: chat::arrivals::Arrivals::default(),
        tasks: TaskTracker::new(),
        stopping: CancellationToken::new(),
        config,
    });
    if app.config.demo {
        seed::sow(&app).await.context("the demo marketplace cannot be stored")?;
    }
    faults::point("build.after");
    Ok(app)
}

/// Serves until `shutdown`, then lets requests and sockets end, and closes the store.
///
/// # Errors
/// In `trusted-ids` mode on an address that others can reach; and when the disk could not make something durable, which
/// ends the serving by itself.
pub async fn run(listener: TcpListener, app: SharedApp, shutdown: CancellationToken) -> Result<()> {
    let address = listener.local_addr().context("the listener has no address")?;
    if app.config.auth.mode == AuthMode::TrustedIds {
        if !address.ip().is_loopback() {
            bail!("auth.mode = \"trusted-ids\" believes anybody, so it serves a loopback address only, not {address}");
        }
        tracing::warn!(
            "auth.mode is trusted-ids: whoever reaches {address} may act as anybody. Never use it for real people."
        );
    }
    app.tasks.spawn(accounts::watch::watch(Arc::clone(&app)));
    app.tasks
        .spawn(Arc::clone(&app.database).keep_index(app.stopping.clone()));
    let accepting = tokio::spawn(accept::serve(
        listener,
        Arc::clone(&app),
        http::service(Arc::clone(&app)),
    ));
    tokio::select! {
        () = shutdown.cancelled() => {}
        _ = app.database.broken() => {}
    }
    faults::point("stop.begun");
    app.stopping.cancel();
    accepting.await.context("the accept loop has panicked")?;
    app.tasks.close();
    if tokio::time::timeout(app.config.http.shutdown, app.tasks.wait())
        .await
        .is_err()
    {
        tracing::warn!(
            left = app.tasks.len(),
            "Some connections did not end in time and are cut off."
        );
    }
    faults::point("stop.quiet");
    app.database.close().await;
    if app.database.is_broken() {
        bail!(
            "the disk could not make what was written durable ({}); nothing was acknowledged that may be lost, and the \
             server has stopped: start it again, on a disk that works",
            app.database.broken().await
        );
    }
    Ok(())
}
