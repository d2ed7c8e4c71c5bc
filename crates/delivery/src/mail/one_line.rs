//! A connection that never reads ahead of the line it is asked for.

use lettre::transport::smtp::client::AsyncTokioStream;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use tokio::io::{AsyncBufRead, AsyncRead, AsyncWrite, BufReader, ReadBuf};
use tokio::net::TcpStream;

/// Gives out at most one line a read.
///
/// The SMTP client keeps its read buffer when STARTTLS changes the line. Replies that somebody on the way appends to
/// the clear-text answer would then count as the server's own, said under encryption. Here they stay behind, run into
/// the handshake, and break it.
#[derive(Debug)]
pub(super) struct OneLine(BufReader<TcpStream>);

impl OneLine {
    /// Wraps a fresh connection.
    pub(super) fn new(stream: TcpStream) -> Self {
        Self(BufReader::new(stream))
    }
}

impl AsyncRead for OneLine {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let mut inner = Pin::new(&mut self.0);
        let there = ready!(inner.as_mut().poll_fill_buf(cx))?;
        let line = there.split_inclusive(|byte| *byte == b'\n').next().unwrap_or_default();
        let (given, _) = line.split_at(line.len().min(buf.remaining()));
        buf.put_slice(given);
        let n_given = given.len();
        inner.consume(n_given);
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for OneLine {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(cx)
    }
}

impl AsyncTokioStream for OneLine {
    fn peer_addr(&self) -> io::Result<SocketAddr> {
        self.0.get_ref().peer_addr()
    }
}
