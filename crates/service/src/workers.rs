//! Threads for work that keeps a core busy: hashing passwords, drawing captchas. They give way to everything else.

use anyhow::{Context, ensure};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use tokio::sync::oneshot;

/// The threads' nice value. They have the cores for as long as they like, but whatever else a request needs goes first: a
/// post of microseconds must not queue behind hashes.
const NICE: i32 = 10;

/// One thing to do.
type Work = Box<dyn FnOnce() + Send>;

/// Some threads, and the queue before them. Cheap to clone; the threads end with the last clone.
#[derive(Clone)]
pub(crate) struct Workers(mpsc::Sender<Work>);

impl Workers {
    /// So many threads, under a name that tools show.
    pub(crate) fn new(name: &str, n_threads: usize) -> std::io::Result<Self> {
        let (work, queue) = mpsc::channel();
        let queue = Arc::new(Mutex::new(queue));
        for _ in 0..n_threads.max(1) {
            let queue = Arc::clone(&queue);
            std::thread::Builder::new()
                .name(name.to_owned())
                .spawn(move || work_off(&queue))?;
        }
        Ok(Self(work))
    }

    /// Does something on one of the threads, unless whoever asked has gone before its turn.
    pub(crate) async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> anyhow::Result<T> {
        let (tell, told) = oneshot::channel();
        let sent = self.0.send(Box::new(move || {
            if !tell.is_closed() {
                // Whoever asked may have gone meanwhile.
                let _ = tell.send(work());
            }
        }));
        ensure!(sent.is_ok(), "no thread is left for the work");
        told.await.context("work that broke")
    }
}

/// Works until nobody can ask any more.
fn work_off(queue: &Mutex<mpsc::Receiver<Work>>) {
    // Where it is not granted, the thread has the priority of all others.
    let _ = rustix::process::nice(NICE);
    loop {
        let next = queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(next) = next else { return };
        // A thread outlives what breaks on it; whoever asked is told by the channel being gone.
        let _ = catch_unwind(AssertUnwindSafe(next));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn work_is_done_and_what_breaks_breaks_alone() {
        let workers = Workers::new("test", 1).unwrap();
        assert_eq!(workers.run(|| 6 * 7).await.unwrap(), 42);
        let broken: anyhow::Result<()> = workers.run(|| panic!("as it is meant to")).await;
        assert!(broken.is_err());
        assert_eq!(workers.run(|| 6 * 7).await.unwrap(), 42);
    }

    #[tokio::test]
    async fn what_nobody_waits_for_is_not_done() {
        let workers = Workers::new("test", 1).unwrap();
        let (go, gate) = mpsc::channel::<()>();
        let mut holds = Box::pin(workers.run(move || gate.recv()));
        assert!(waits(&mut holds).await, "it holds the only thread");
        let (tell, told) = mpsc::channel();
        let mut given_up = Box::pin(workers.run(move || tell.send(())));
        assert!(waits(&mut given_up).await, "it waits for its turn");
        drop(given_up);
        go.send(()).unwrap();
        holds.await.unwrap().unwrap();
        assert_eq!(workers.run(|| 1).await.unwrap(), 1);
        assert!(told.recv().is_err(), "it never ran, and is gone");
    }

    /// Asks a future once; whether it still waits.
    async fn waits<T>(future: &mut (impl Future<Output = T> + Unpin)) -> bool {
        std::future::poll_fn(|context| {
            std::task::Poll::Ready(std::pin::Pin::new(&mut *future).poll(context).is_pending())
        })
        .await
    }
}
