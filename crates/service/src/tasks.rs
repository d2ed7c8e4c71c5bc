//! Work beside the requests: the one place where tasks are spawned, and where a shutdown waits for them.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;
use tokio::sync::Notify;

/// The running tasks. Cheap to clone.
#[derive(Clone, Default)]
pub struct Tasks {
    inner: Arc<Inner>,
}

#[derive(Default)]
struct Inner {
    is_stopping: AtomicBool,
    stop: Notify,
    n_running: AtomicUsize,
    ended: Notify,
}

/// Counts a task as ended, however it ends.
struct Running(Arc<Inner>);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.n_running.fetch_sub(1, Ordering::SeqCst);
        self.0.ended.notify_waiters();
    }
}

impl Tasks {
    /// Starts a task. A panic in it is logged by the panic hook and ends it alone.
    #[expect(clippy::disallowed_methods, reason = "the one place where tasks are spawned")]
    pub fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        self.inner.n_running.fetch_add(1, Ordering::SeqCst);
        let running = Running(Arc::clone(&self.inner));
        tokio::spawn(async move {
            task.await;
            drop(running);
        });
    }

    /// Returns once the tasks were told to stop.
    pub async fn stopping(&self) {
        let told = self.inner.stop.notified();
        tokio::pin!(told);
        told.as_mut().enable();
        if !self.is_stopping() {
            told.await;
        }
    }

    /// Returns after so long, or as soon as the tasks were told to stop.
    pub async fn pause(&self, span: Duration) {
        tokio::select! {
            () = self.stopping() => {}
            () = tokio::time::sleep(span) => {}
        }
    }

    /// Whether the tasks were told to stop.
    pub fn is_stopping(&self) -> bool {
        self.inner.is_stopping.load(Ordering::SeqCst)
    }

    /// Tells the tasks to begin nothing new.
    pub fn stop(&self) {
        self.inner.is_stopping.store(true, Ordering::SeqCst);
        self.inner.stop.notify_waiters();
    }

    /// Waits until all tasks have ended; false if some still run after so long.
    pub async fn finished(&self, within: Duration) -> bool {
        let all = async {
            loop {
                let ended = self.inner.ended.notified();
                tokio::pin!(ended);
                ended.as_mut().enable();
                if self.inner.n_running.load(Ordering::SeqCst) == 0 {
                    return;
                }
                ended.await;
            }
        };
        tokio::time::timeout(within, all).await.is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_stop_is_heard_and_the_end_awaited() {
        let tasks = Tasks::default();
        let heard = tasks.clone();
        tasks.spawn(async move { heard.stopping().await });
        assert!(!tasks.finished(Duration::from_millis(20)).await);
        tasks.stop();
        assert!(tasks.finished(Duration::from_secs(5)).await);
        tasks.stopping().await;
    }
}
