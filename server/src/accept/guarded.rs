//! A stream that gives its place back when it is dropped, also after it has become a socket.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::sync::OwnedSemaphorePermit;
use tokio_util::sync::CancellationToken;

use super::{Visit, Visitor, Visitors};

/// A place among the connections.
pub struct Guard {
    visitors: Arc<Visitors>,
    visit: Arc<Visit>,
    _place: OwnedSemaphorePermit,
}

impl Guard {
    pub fn new(visitors: Arc<Visitors>, visit: Arc<Visit>, place: OwnedSemaphorePermit) -> Self {
        ::metrics::gauge!("connections").increment(1);
        Self {
            visitors,
            visit,
            _place: place,
        }
    }

    pub fn visitor(&self) -> Visitor {
        self.visit.visitor.clone()
    }

    pub fn leaving(&self) -> CancellationToken {
        self.visit.leave.clone()
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        self.visitors.leave(&self.visit);
        ::metrics::gauge!("connections").decrement(1);
    }
}

/// The stream with its place.
pub struct Guarded<L> {
    stream: L,
    _guard: Guard,
}

impl<L> Guarded<L> {
    pub fn new(stream: L, guard: Guard) -> Self {
        Self { stream, _guard: guard }
    }
}

impl<L: AsyncRead + Unpin> AsyncRead for Guarded<L> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl<L: AsyncWrite + Unpin> AsyncWrite for Guarded<L> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, bytes)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
