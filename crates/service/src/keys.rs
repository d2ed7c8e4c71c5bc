//! Uses the keys as their file and the other nodes have them, without a restart (R40).

use crate::core::Core;
use crate::tasks::Tasks;
use regain_store::keys;
use std::sync::Arc;
use std::time::Duration;

/// Between two looks.
const PAUSE: Duration = Duration::from_secs(30);

/// Runs until told to stop, on every node: each has a file of its own.
pub(crate) async fn run(core: Arc<Core>, tasks: Tasks) {
    while !tasks.is_stopping() {
        match keys::refresh(&core.store, core.now()).await {
            Ok(Some(key)) => tracing::info!(key, "another key is in use"),
            Ok(None) => {}
            Err(error) => tracing::error!(
                error = format!("{error:#}"),
                "the keys could not be read again; those of before are used, and it is tried again in half a minute"
            ),
        }
        tasks.pause(PAUSE).await;
    }
}
