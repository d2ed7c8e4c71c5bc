//! Removes what is over, in small batches, so that nothing is kept longer than it is good for (R38).

use crate::core::Core;
use crate::tasks::Tasks;
use anyhow::Context;
use regain_domain::ids::TenantId;
use regain_store::{housekeeping, people, settings, tenants};
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
        tasks.pause(PAUSE).await;
    }
}

/// What is over, then the audit of each tenant; what fails for one holds nobody else up.
async fn round(core: &Core) -> anyhow::Result<()> {
    sweep(core).await?;
    for tenant in tenants::all(&core.store).await? {
        let filled = fill(core, tenant.id).await;
        if let Err(error) = filled.with_context(|| format!("note what people of tenant {} are found by", tenant.slug)) {
            tracing::error!(error = format!("{error:#}"), "some people are not found for now");
        }
        let retired = retire_audit(core, tenant.id).await;
        if let Err(error) = retired.with_context(|| format!("retire the audit of tenant {}", tenant.slug)) {
            tracing::error!(error = format!("{error:#}"), "old audit rows stay for now");
        }
    }
    Ok(())
}

/// What accounts are found by that the former release has written.
async fn fill(core: &Core, tenant: TenantId) -> anyhow::Result<()> {
    // A look first, so that the writer is left alone while there is nothing to do.
    while people::is_unfilled(&core.store.read(tenant).await?).await? {
        let tx = core.store.write(tenant).await?;
        people::fill(&tx, BATCH).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// Audit rows go as many days after they were written as their tenant has set.
async fn retire_audit(core: &Core, tenant: TenantId) -> anyhow::Result<()> {
    let tx = core.store.read(tenant).await?;
    let settings = settings::current(&tx).await?.value;
    let kept_for = settings.edition.audit_span(settings.audit_days);
    drop(tx);
    // By the earlier reading: a clock that jumps ahead takes no history with it (R39).
    let before = core.window_now().minus(kept_for);
    while housekeeping::retire_audit(&core.store, tenant, before, BATCH).await? == BATCH {}
    Ok(())
}

async fn sweep(core: &Core) -> anyhow::Result<()> {
    loop {
        let n_removed = housekeeping::sweep(&core.store, core.now(), core.window_now(), BATCH).await?;
        if n_removed < BATCH {
            return Ok(());
        }
    }
}
