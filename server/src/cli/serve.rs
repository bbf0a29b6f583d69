//! `serve`: one line on standard output when ready, the log on standard error, and a clean end on SIGTERM.

use std::io::{self, Write};
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;
use tracing_subscriber::EnvFilter;

use super::notify;
use crate::config::{AuthMode, Config, Log, LogFormat};

pub fn run(config: Config) -> Result<()> {
    write_log(&config.log)?;
    let address = config.http.listen;
    if config.auth.mode == AuthMode::TrustedIds && !address.ip().is_loopback() {
        bail!(
            "auth.mode = \"trusted-ids\" believes anybody, so it serves a loopback address only: \
             listen on 127.0.0.1 instead of {address}"
        );
    }
    super::block(serve(config))
}

async fn serve(config: Config) -> Result<()> {
    let shutdown = stop_on_signals()?;
    // First the port, so that a server that cannot serve touches nothing.
    let listener = listen(&config).await?;
    let address = listener.local_addr()?;
    let app = crate::build(config).await?;
    if let Some(address) = app.config.metrics.listen {
        crate::metrics::start(&app, address).await?;
    }
    let serving = tokio::spawn(crate::run(listener, Arc::clone(&app), shutdown));
    writeln!(io::stdout(), "prilavok-server ready on http://{address}").context("standard output is closed")?;
    io::stdout().flush().context("standard output is closed")?;
    notify::tell(notify::READY);
    tracing::info!(%address, "The server is ready.");
    serving.await.context("the server has panicked")??;
    tracing::info!("The server has stopped.");
    Ok(())
}

async fn listen(config: &Config) -> Result<TcpListener> {
    let address = config.http.listen;
    TcpListener::bind(address).await.map_err(|error| match error.kind() {
        io::ErrorKind::AddrInUse => {
            anyhow::anyhow!("the address {address} is in use by another program; choose another with --listen")
        }
        _ => anyhow::anyhow!("the address {address} cannot be listened on: {error}"),
    })
}

fn write_log(log: &Log) -> Result<()> {
    let filter =
        EnvFilter::try_new(&log.filter).with_context(|| format!("`log.filter`: \"{}\" is no filter", log.filter))?;
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr);
    match log.format {
        LogFormat::Text => builder.with_ansi(io::IsTerminal::is_terminal(&io::stderr())).init(),
        LogFormat::Json => builder.json().flatten_event(true).init(),
    }
    Ok(())
}

/// Cancelled on SIGTERM or Ctrl-C. A second one ends the process at once.
fn stop_on_signals() -> Result<CancellationToken> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let token = CancellationToken::new();
    let stop = token.clone();
    tokio::spawn(async move {
        for round in 0.. {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
            if round > 0 {
                std::process::exit(1);
            }
            tracing::info!("The server stops.");
            notify::tell(notify::STOPPING);
            stop.cancel();
        }
    });
    Ok(token)
}
