//! Connections in: one loop, bounded in every direction. Who is silent, slow or too many goes first.
//!
//! `axum::serve` waits for ever for a header; this loop does not. Connections that have not shown a token yet are
//! limited per address: past the limit the longest silent one makes room for the new one.

use std::collections::HashMap;
use std::io;
use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::sync::Semaphore;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tower::Service;
use tower_http::normalize_path::NormalizePath;

use self::listener::{Line, Listener};
use crate::app::SharedApp;

mod guarded;
pub mod listener;

/// While descriptors are exhausted: until some connection has surely ended.
const EXHAUSTED: Duration = Duration::from_millis(200);
/// What goes on is said again after so long, so that the log does not fill the disk.
const SAY_AGAIN: Duration = Duration::from_secs(10);
/// A connection that has said nothing for so long may be sent away to make room.
const SILENT: Duration = Duration::from_secs(2);
/// Header lines of one request; browsers send a dozen or two.
const HEADERS: usize = 64;
/// Bytes of one request's head; hyper answers 431 beyond it.
const HEAD_BYTES: usize = 32 * 1024;

/// Whoever is at the other end of a connection.
#[derive(Debug, Clone)]
pub struct Visitor {
    address: IpAddr,
    is_known: Arc<AtomicBool>,
}

impl Visitor {
    /// Where from.
    #[must_use]
    pub fn address(&self) -> IpAddr {
        self.address
    }

    /// They have shown a token that was good.
    pub fn is_known(&self) {
        self.is_known.store(true, Ordering::Relaxed);
    }
}

/// Everybody who is connected, by address.
#[derive(Debug, Default)]
struct Visitors {
    by_address: Mutex<HashMap<IpAddr, Vec<Arc<Visit>>>>,
}

/// One connection, as the limits see it.
#[derive(Debug)]
struct Visit {
    visitor: Visitor,
    since: Instant,
    leave: CancellationToken,
}

/// Why a connection is not let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct TooMany;

impl Visitors {
    /// Lets a connection in, perhaps at the cost of a silent one from the same address.
    fn enter(&self, address: IpAddr, most: usize, most_unknown: usize, now: Instant) -> Result<Arc<Visit>, TooMany> {
        let mut all = self.by_address.lock().expect("no holder of this lock panics");
        let here = all.entry(address).or_default();
        if here.len() >= most {
            return Err(TooMany);
        }
        let unknown = || {
            here.iter()
                .filter(|visit| !visit.visitor.is_known.load(Ordering::Relaxed))
        };
        if unknown().count() >= most_unknown
            && let Some(oldest) = unknown().find(|visit| now.duration_since(visit.since) >= SILENT)
        {
            oldest.leave.cancel();
        }
        let visitor = Visitor {
            address,
            is_known: Arc::default(),
        };
        let visit = Arc::new(Visit {
            visitor,
            since: now,
            leave: CancellationToken::new(),
        });
        here.push(Arc::clone(&visit));
        Ok(visit)
    }

    fn leave(&self, visit: &Arc<Visit>) {
        let mut all = self.by_address.lock().expect("no holder of this lock panics");
        let address = visit.visitor.address;
        if let Some(here) = all.get_mut(&address) {
            here.retain(|other| !Arc::ptr_eq(other, visit));
            if here.is_empty() {
                all.remove(&address);
            }
        }
    }
}

/// Accepts until `app.stopping`; connections run in `app.tasks`.
pub async fn serve(listener: impl Listener, app: SharedApp, service: NormalizePath<Router>) {
    let visitors = Arc::new(Visitors::default());
    let places = Arc::new(Semaphore::new(app.config.http.connections));
    let mut trouble = Trouble::default();
    loop {
        let place = tokio::select! {
            () = app.stopping.cancelled() => return,
            place = Arc::clone(&places).acquire_owned() => place.expect("it is never closed"),
        };
        let accepted = tokio::select! {
            () = app.stopping.cancelled() => return,
            accepted = listener.accept() => accepted,
        };
        let (stream, address) = match accepted {
            Ok((stream, address)) => (stream, address.ip().to_canonical()),
            Err(error) => {
                trouble.rest_after(&error).await;
                continue;
            }
        };
        let (most, most_unknown) = (
            app.config.http.connections_per_address,
            app.config.limits.unauthenticated_per_address as usize,
        );
        let Ok(visit) = visitors.enter(address, most, most_unknown, Instant::now()) else {
            tracing::debug!("An address has too many connections; one was not let in.");
            ::metrics::counter!("connections_refused_total").increment(1);
            continue;
        };
        let guard = guarded::Guard::new(Arc::clone(&visitors), visit, place);
        app.tasks
            .spawn(connection(stream, guard, Arc::clone(&app), service.clone()));
    }
}

/// What keeps new connections out, said now and then.
#[derive(Debug, Default)]
struct Trouble {
    /// Failures since it was last said.
    times: u32,
    said: Option<Instant>,
}

impl Trouble {
    /// A peer that hung up is nothing; exhausted descriptors would spin, and fill the log.
    async fn rest_after(&mut self, error: &io::Error) {
        use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
        if matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset) {
            return;
        }
        self.times += 1;
        ::metrics::counter!("accepts_failed_total").increment(1);
        if self.said.is_none_or(|said| said.elapsed() >= SAY_AGAIN) {
            tracing::error!(
                %error,
                times = self.times,
                "New connections cannot be accepted and wait; those that are open are served. Should the limit of open \
                 files be reached, raise it (`ulimit -n`, `LimitNOFILE`)."
            );
            (self.times, self.said) = (0, Some(Instant::now()));
        }
        tokio::time::sleep(EXHAUSTED).await;
    }
}

async fn connection(mut stream: impl Line, guard: guarded::Guard, app: SharedApp, service: NormalizePath<Router>) {
    let (visitor, leave) = (guard.visitor(), guard.leaving());
    stream.hurry();
    let has_spoken = tokio::select! {
        () = app.stopping.cancelled() => false,
        () = leave.cancelled() => false,
        spoken = tokio::time::timeout(app.config.http.first_byte, stream.spoken()) => matches!(spoken, Ok(Ok(()))),
    };
    if !has_spoken {
        return;
    }
    let answer = hyper::service::service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(visitor.clone());
        service.clone().call(request.map(Body::new))
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(app.config.http.headers)
        .max_headers(HEADERS)
        .max_buf_size(HEAD_BYTES)
        .serve_connection(TokioIo::new(guarded::Guarded::new(stream, guard)), answer)
        .with_upgrades();
    tokio::pin!(connection);
    let ended = tokio::select! {
        ended = &mut connection => ended,
        () = leave.cancelled() => return,
        () = app.stopping.cancelled() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "A connection ended early.");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

    #[test]
    fn the_longest_silent_stranger_makes_room() {
        let (visitors, now) = (Visitors::default(), Instant::now());
        let first = visitors.enter(HERE, 100, 2, now).expect("there is room");
        let second = visitors.enter(HERE, 100, 2, now).expect("there is room");
        second.visitor.is_known();
        let third = visitors.enter(HERE, 100, 2, now + SILENT).expect("there is room");
        assert!(
            !first.leave.is_cancelled(),
            "two strangers are allowed, and one of the three is known"
        );
        let _fourth = visitors.enter(HERE, 100, 2, now + SILENT).expect("there is room");
        assert!(first.leave.is_cancelled());
        assert!(!second.leave.is_cancelled() && !third.leave.is_cancelled());
    }

    #[test]
    fn an_address_has_a_last_connection_and_gets_its_place_back() {
        let (visitors, now) = (Visitors::default(), Instant::now());
        let first = visitors.enter(HERE, 1, 1, now).expect("there is room");
        assert_eq!(visitors.enter(HERE, 1, 1, now).err(), Some(TooMany));
        visitors.leave(&first);
        assert!(visitors.enter(HERE, 1, 1, now).is_ok());
    }
}
