//! Accepts connections and serves HTTP on them, within times and numbers, until the tasks are told to stop. R48, R59.

use crate::peers::Peers;
use axum::Router;
use axum::extract::ConnectInfo;
use hyper::Request;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use regain_service::tasks::Tasks;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tower::ServiceExt;

/// The time in which a header has to arrive, and in which a new connection has to say anything.
const HEADER_READ: Duration = Duration::from_secs(10);
/// Most bytes of a header block; with HTTP/1 the address line counts too.
const HEADER_MOST: u32 = 16 * 1024;
/// The time that requests in hand get at a shutdown.
pub(crate) const DRAIN: Duration = Duration::from_secs(30);
/// What an HTTP/2 connection begins with.
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
/// How long to wait before looking again for the rest of a beginning.
const LOOK_AGAIN: Duration = Duration::from_millis(20);
/// How long to wait when the system gives no more connections.
const OUT_OF_FILES: Duration = Duration::from_millis(500);

/// Serves until stopped; then takes nothing new and finishes what is in hand.
pub(crate) async fn listen(listener: TcpListener, router: Router, peers: Peers, tasks: &Tasks) {
    let graceful = GracefulShutdown::new();
    loop {
        let accepted = tokio::select! {
            () = tasks.stopping() => break,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, peer)) => {
                let Some(place) = peers.take(peer.ip()) else { continue };
                let connection = Connection {
                    stream,
                    peer,
                    router: router.clone(),
                    watcher: graceful.watcher(),
                };
                let stopping = tasks.clone();
                tasks.spawn(async move {
                    connection.serve(&stopping).await;
                    drop(place);
                });
            }
            Err(error) => {
                tracing::warn!(%error, "cannot accept a connection");
                tokio::time::sleep(OUT_OF_FILES).await;
            }
        }
    }
    drop(listener);
    if tokio::time::timeout(DRAIN, graceful.shutdown()).await.is_err() {
        tracing::warn!("some requests were not finished in time");
    }
}

/// One that was accepted.
struct Connection {
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    watcher: Watcher,
}

impl Connection {
    async fn serve(self, tasks: &Tasks) {
        let begun = tokio::select! {
            () = tasks.stopping() => None,
            begun = tokio::time::timeout(HEADER_READ, begins_http2(&self.stream)) => begun.ok().flatten(),
        };
        let Some(is_http2) = begun else { return };
        let Self {
            stream,
            peer,
            router,
            watcher,
        } = self;
        let service = service_fn(move |mut request: Request<Incoming>| {
            request.extensions_mut().insert(ConnectInfo(peer));
            router.clone().oneshot(request)
        });
        let served = builder(is_http2)
            .serve_connection(TokioIo::new(stream), service)
            .into_owned();
        // A connection that breaks is the peer's business.
        drop(watcher.watch(served).await);
    }
}

fn builder(is_http2: bool) -> Builder<TokioExecutor> {
    let mut builder = Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_READ)
        .max_buf_size(usize::try_from(HEADER_MOST).unwrap_or(usize::MAX));
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_header_list_size(HEADER_MOST)
        .max_concurrent_streams(64)
        .keep_alive_interval(HEADER_READ)
        .keep_alive_timeout(HEADER_READ);
    if is_http2 {
        builder.http2_only()
    } else {
        builder.http1_only()
    }
}

/// Looks at the first bytes without taking them: hyper would wait for them for ever. Nothing if the peer has gone.
async fn begins_http2(stream: &TcpStream) -> Option<bool> {
    let mut buffer = [0; PREFACE.len()];
    loop {
        let n_bytes = stream.peek(&mut buffer).await.ok().filter(|n_bytes| *n_bytes > 0)?;
        let begun = buffer.get(..n_bytes)?;
        if !PREFACE.starts_with(begun) {
            return Some(false);
        }
        if begun == PREFACE {
            return Some(true);
        }
        tokio::time::sleep(LOOK_AGAIN).await;
    }
}
