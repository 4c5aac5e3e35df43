//! A request's head must come in time once it has begun; between two requests a known station may be silent for longer.
//!
//! The server's own time limit begins with the waiting, so it cannot tell an idle station from a head that never ends.

use std::future::Future as _;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::Sleep;

/// Counts the beginnings and ends of answers: odd while one is being given. Shared by the connection and its service.
#[derive(Clone, Debug, Default)]
pub(super) struct Answering(Arc<AtomicU64>);

impl Answering {
    /// A head is whole, or its answer is.
    pub fn turn(&self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }

    fn turns(&self) -> u64 {
        self.0.load(Ordering::SeqCst)
    }
}

/// The bytes of a connection.
pub(super) struct Watched<S> {
    inner: S,
    answering: Answering,
    limit: Duration,
    /// Since when a head has been coming, and in which turn it began.
    head: Option<(Pin<Box<Sleep>>, u64)>,
}

impl<S> Watched<S> {
    pub fn new(inner: S, answering: Answering, limit: Duration) -> Self {
        Self { inner, answering, limit, head: None }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Watched<S> {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let before = buffer.filled().len();
        let polled = Pin::new(&mut this.inner).poll_read(cx, buffer);
        let turn = this.answering.turns();
        if this.head.as_ref().is_some_and(|(_, begun)| *begun != turn) {
            this.head = None;
        }
        if turn.is_multiple_of(2) && buffer.filled().len() > before && this.head.is_none() {
            this.head = Some((Box::pin(tokio::time::sleep(this.limit)), turn));
        }
        match (&mut this.head, polled) {
            (Some((head, _)), Poll::Pending) => {
                head.as_mut().poll(cx).map(|()| Err(io::ErrorKind::TimedOut.into()))
            }
            // A head that comes byte by byte is as late as one that does not come.
            (Some((head, _)), Poll::Ready(Ok(()))) if head.is_elapsed() => {
                Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
            }
            (_, polled) => polled,
        }
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Watched<S> {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().inner).poll_write(cx, bytes)
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().inner).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().inner).poll_shutdown(cx)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().inner).poll_write_vectored(cx, bytes)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }
}
