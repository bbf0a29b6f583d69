//! Numbers for the operator, in the Prometheus text format, on a listener of their own.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context, Result};
use http::{Response, StatusCode};
use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use tokio::net::{TcpListener, TcpStream};

use crate::app::SharedApp;

/// Seconds; a quick answer takes a millisecond, a password hash a tenth of a second.
const BUCKETS: [f64; 9] = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0];
/// Between two sweeps of what the histograms have collected.
const UPKEEP: Duration = Duration::from_secs(5);
/// A scraper says what it wants at once.
const HEADERS: Duration = Duration::from_secs(5);

/// Starts counting and serves `/metrics` there until the server stops.
///
/// # Errors
/// When the address cannot be listened on.
pub async fn start(app: &SharedApp, address: SocketAddr) -> Result<()> {
    let listener = TcpListener::bind(address)
        .await
        .with_context(|| format!("metrics cannot listen on {address}"))?;
    let seconds = Matcher::Suffix("_seconds".into());
    let recorder = PrometheusBuilder::new()
        .set_buckets_for_metric(seconds, &BUCKETS)?
        .build_recorder();
    let handle = recorder.handle();
    ::metrics::set_global_recorder(recorder).context("metrics are counted already")?;
    let stopping = app.stopping.clone();
    let hub = std::sync::Arc::clone(app);
    app.tasks.spawn(async move {
        let mut upkeep = tokio::time::interval(UPKEEP);
        loop {
            tokio::select! {
                () = stopping.cancelled() => return,
                _ = upkeep.tick() => handle.run_upkeep(),
                accepted = listener.accept() => {
                    ::metrics::gauge!("sockets").set(u32::try_from(hub.hub.sockets()).unwrap_or(u32::MAX));
                    match accepted {
                        // Untracked: a scraper that hangs must not delay shutdown.
                        Ok((stream, _)) => drop(tokio::spawn(answer(stream, handle.clone()))),
                        Err(_) => tokio::time::sleep(HEADERS).await,
                    }
                }
            }
        }
    });
    tracing::info!(%address, "Metrics are served.");
    Ok(())
}

async fn answer(stream: TcpStream, handle: PrometheusHandle) {
    let service = hyper::service::service_fn(move |request: http::Request<Incoming>| {
        let is_asked = request.uri().path() == "/metrics";
        let body = if is_asked { handle.render() } else { String::new() };
        let mut response = Response::new(Full::new(Bytes::from(body)));
        if !is_asked {
            *response.status_mut() = StatusCode::NOT_FOUND;
        }
        async { Ok::<_, Infallible>(response) }
    });
    let mut builder = http1::Builder::new();
    builder
        .timer(TokioTimer::new())
        .header_read_timeout(HEADERS)
        .keep_alive(false);
    // A scraper that hangs up in the middle is its own affair.
    let _ = builder.serve_connection(TokioIo::new(stream), service).await;
}
