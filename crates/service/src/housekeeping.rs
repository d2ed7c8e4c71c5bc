//! Removes what is over, in small batches, so that nothing is kept longer than it is good for (R38).

use crate::core::Core;
use crate::tasks::Tasks;
use std::sync::Arc;
use std::time::Duration;

/// Between two rounds.
const PAUSE: Duration = Duration::from_mins(1);
/// Rows per batch.
const BATCH: u64 = 500;

/// Runs until told to stop. Several nodes may do it at once: a row that is gone already is no harm.
pub(crate) async fn run(core: Arc<Core>, tasks: Tasks) {
    while !tasks.is_stopping() {
        if let Err(error) = round(&core).await {
            tracing::error!(
                error = format!("{error:#}"),
                "housekeeping failed; it is tried again in a minute"
            );
        }
        tokio::select! {
            () = tasks.stopping() => return,
            () = tokio::time::sleep(PAUSE) => {}
        }
    }
}

async fn round(core: &Core) -> anyhow::Result<()> {
    loop {
        let n_removed = regain_store::housekeeping::sweep(&core.store, core.now(), core.window_now(), BATCH).await?;
        if n_removed < BATCH {
            return Ok(());
        }
    }
}
