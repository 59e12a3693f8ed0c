//! Connections that are closed when nothing is heard of their client.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep};
use tonic::transport::server::Connected;

/// How long a client may take for its first bytes.
const MAX_START: Duration = Duration::from_secs(10);

/// How many these are: the preface of HTTP/2 (RFC 9113 section 3.4). Below TLS they are the beginning of
/// its handshake, which has a deadline of its own.
const START_BYTES: usize = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".len();

/// After this long without a byte the connection is closed, or after twice as long at the latest.
///
/// Invariant: longer than a client may take to answer a ping of HTTP/2. A client that lives is heard
/// of by its answers, also where it calls nothing.
const MAX_SILENCE: Duration = Duration::from_mins(1);

const _: () = assert!(
    MAX_SILENCE.as_secs() > super::serve::KEEPALIVE_INTERVAL.as_secs() + super::serve::KEEPALIVE_TIMEOUT.as_secs()
);

/// A connection that fails to read when its client was silent for too long.
pub(super) struct Heard<S> {
    stream: S,
    /// What is left of the first bytes.
    missing: usize,
    /// Whether something came since the last look.
    has_spoken: bool,
    /// The next look. Moved when it is due and not with every read, which would cost every call.
    look: Pin<Box<Sleep>>,
}

impl<S> Heard<S> {
    pub(super) fn new(stream: S) -> Self {
        Self { stream, missing: START_BYTES, has_spoken: false, look: Box::pin(sleep(MAX_START)) }
    }

    fn note(&mut self, bytes: usize) {
        self.missing = self.missing.saturating_sub(bytes);
        self.has_spoken |= self.missing == 0;
    }

    /// Ready, and an error, when the client was silent for too long.
    fn poll_silence(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        loop {
            ready!(self.look.as_mut().poll(cx));
            if !std::mem::take(&mut self.has_spoken) {
                return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
            }
            self.look.as_mut().reset(Instant::now() + MAX_SILENCE);
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Heard<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(cx, buffer);
        if read.is_pending() {
            return self.poll_silence(cx);
        }
        self.note(buffer.filled().len() - before);
        read
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Heard<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, slices)
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

impl<S: Connected> Connected for Heard<S> {
    type ConnectInfo = S::ConnectInfo;

    fn connect_info(&self) -> Self::ConnectInfo {
        self.stream.connect_info()
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};
    use tokio::time::advance;

    use super::*;

    /// Reads until the connection ends. Says how, and after how long. With the clock paused, time passes
    /// by itself as soon as there is nothing to do.
    async fn outlived(mut heard: Heard<DuplexStream>) -> (io::ErrorKind, Duration) {
        let (started, mut bytes) = (Instant::now(), Vec::new());
        let end = heard.read_to_end(&mut bytes).await.err().map(|error| error.kind());
        (end.unwrap(), started.elapsed())
    }

    #[tokio::test(start_paused = true)]
    async fn a_client_that_says_nothing_is_cut_off_soon() {
        let (_client, server) = duplex(64);
        assert_eq!(outlived(Heard::new(server)).await, (io::ErrorKind::TimedOut, MAX_START));
    }

    #[tokio::test(start_paused = true)]
    async fn half_a_preface_does_not_count() {
        let (mut client, server) = duplex(64);
        client.write_all(&[0; START_BYTES - 1]).await.unwrap();
        assert_eq!(outlived(Heard::new(server)).await, (io::ErrorKind::TimedOut, MAX_START));
    }

    #[tokio::test(start_paused = true)]
    async fn a_client_that_falls_silent_is_cut_off_later() {
        let (mut client, server) = duplex(64);
        client.write_all(&[0; START_BYTES]).await.unwrap();
        assert_eq!(outlived(Heard::new(server)).await, (io::ErrorKind::TimedOut, MAX_START + MAX_SILENCE));
    }

    #[tokio::test(start_paused = true)]
    async fn a_client_that_answers_pings_stays() {
        let (mut client, server) = duplex(64);
        let mut heard = Heard::new(server);
        client.write_all(&[0; START_BYTES]).await.unwrap();
        heard.read_exact(&mut [0; START_BYTES]).await.unwrap();
        for _ in 0..100 {
            let mut read = Box::pin(heard.read_u8());
            assert!(futures::poll!(&mut read).is_pending());
            advance(super::super::serve::KEEPALIVE_INTERVAL).await;
            client.write_all(&[0]).await.unwrap();
            assert!(read.await.is_ok());
        }
    }
}
