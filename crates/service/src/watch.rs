//! Asks the reference for the time, marks the greatest time seen, and tells when the clock cannot be trusted (R39).

use crate::clock::Clock;
use crate::core::Core;
use crate::tasks::Tasks;
use crate::time::Time;
use regain_domain::Timestamp;
use regain_domain::audit::{Activity, Actor, Entry};
use regain_domain::limits::CLOCK_TOLERANCE;
use regain_store::{Store, audit, times};
use std::sync::Arc;
use std::time::Duration;

/// Between two looks at the reference.
const PAUSE: Duration = Duration::from_secs(10);
/// Looks between two marks.
const LOOKS_PER_MARK: u32 = 6;

/// Time as it is now by the reference: the database's on PostgreSQL, the node's own on SQLite.
pub(crate) async fn begin(clock: Arc<dyn Clock>, store: &Store, moved_ms: i64) -> anyhow::Result<Time> {
    let reference = reference(&*clock, store).await?;
    Ok(Time::new(clock, reference, moved_ms))
}

/// Runs until told to stop.
pub(crate) async fn run(core: Arc<Core>, tasks: Tasks) {
    let mut n_looks = (0..LOOKS_PER_MARK).cycle();
    while !tasks.is_stopping() {
        if let Err(error) = round(&core, n_looks.next() == Some(0)).await {
            let error = format!("{error:#}");
            tracing::error!(
                error,
                "the clock could not be compared; it is tried again in ten seconds"
            );
        }
        tasks.pause(PAUSE).await;
    }
}

async fn round(core: &Core, is_mark_due: bool) -> anyhow::Result<()> {
    look(core).await?;
    match is_mark_due {
        true => Ok(times::mark(&core.store, core.now()).await?),
        false => Ok(()),
    }
}

/// Compares with the reference, and tells if that begins or ends a disagreement.
pub(crate) async fn look(core: &Core) -> anyhow::Result<()> {
    core.time.look(reference(&*core.time.clock, &core.store).await?);
    let apart = core.time.disagreement();
    metrics::gauge!("regain_clock_disagreement_seconds").set(apart.as_secs_f64());
    let is_off = apart > CLOCK_TOLERANCE;
    if is_off == core.time.is_told() {
        return Ok(());
    }
    let entry = match is_off {
        true => Entry::failure(Activity::Clock, "disagrees"),
        false => Entry::success(Activity::Clock, "agrees"),
    };
    times::tell_all(&core.store, &row(&entry, core.now())).await?;
    core.time.set_told(is_off);
    let seconds = apart.as_secs();
    if is_off {
        tracing::error!(
            seconds,
            "the clock has jumped: what expires goes by the later time, what is counted by the earlier; \
             set the clock right and restart"
        );
    } else {
        tracing::info!(seconds, "the clock can be trusted again");
    }
    Ok(())
}

/// Before the first request: if the clock went back while nobody served, what is open ends, since its times are of no
/// use; then the clock is trusted.
pub(crate) async fn settle(core: &Core) -> anyhow::Result<()> {
    let now = core.now();
    if let Some(seen) = times::seen(&core.store).await?
        && seen.since(now) > CLOCK_TOLERANCE
    {
        let entry = Entry::failure(Activity::Clock, "went-back");
        if times::step_back(&core.store, seen, now, &row(&entry, now)).await? {
            tracing::error!(
                seconds = seen.since(now).as_secs(),
                "the clock went back since the last run: all sessions, resets and codes that were open have ended"
            );
        }
    }
    Ok(times::mark(&core.store, now).await?)
}

async fn reference(clock: &dyn Clock, store: &Store) -> anyhow::Result<Timestamp> {
    Ok(times::of_database(store).await?.unwrap_or_else(|| clock.now()))
}

fn row(entry: &Entry, at: Timestamp) -> audit::Row<'_> {
    audit::Row::inside(entry, at, Actor::Server, "clock")
}
