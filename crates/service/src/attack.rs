//! Attack mode: too many failed proofs of one tenant make captchas dearer and halve what a network may do (R20).
//!
//! It only tightens, and lives in two counters, so that all nodes share it.

use crate::audit;
use crate::core::Core;
use crate::limits::{network_bytes, per_network, take_one};
use crate::visit::Visit;
use regain_domain::audit::{Activity, Entry};
use regain_domain::gate::Gate;
use regain_domain::limits::{ATTACK_REST, PROOFS_PER_TENANT, attack_begins, attack_ends, count};
use regain_domain::tenant::TenantSettings;
use regain_store::{Tx, counters};
use std::borrow::Cow;
use std::sync::Arc;

/// Whether attack mode is on for the tenant of the transaction.
pub(crate) async fn is_on(core: &Core, tx: &Tx) -> anyhow::Result<bool> {
    let Some(began) = counters::peek(tx, began_key(core)).await?.last().copied() else {
        return Ok(false);
    };
    let failures = counters::peek(tx, failures_key(core)).await?;
    Ok(attack_ends(&failures, began) > core.window_now())
}

/// The visit with the settings that hold for it now: in attack mode no security questions are asked (R16, R20).
pub(crate) async fn tightened<'a>(core: &Core, tx: &Tx, visit: &'a Visit) -> anyhow::Result<Cow<'a, Visit>> {
    let mut visit = Cow::Borrowed(visit);
    if visit.tenant.settings.policy.gates.contains(&Gate::Questions) && is_on(core, tx).await? {
        let mut settings = TenantSettings::clone(&visit.tenant.settings);
        settings.policy.gates.retain(|gate| *gate != Gate::Questions);
        visit.to_mut().tenant.settings = Arc::new(settings);
    }
    Ok(visit)
}

/// Counts a failed proof; true if this very one begins attack mode.
pub(crate) async fn count_failure(core: &Core, tx: &Tx) -> anyhow::Result<bool> {
    let (was_on, now) = (is_on(core, tx).await?, core.window_now());
    let key = failures_key(core);
    let mut failures = counters::take(tx, key).await?;
    count(&mut failures, now, &PROOFS_PER_TENANT);
    let keep_until = now.plus(ATTACK_REST * 3);
    counters::put(tx, key, &failures, keep_until).await?;
    if was_on {
        // What is kept of the beginning lives as long as what it is judged by.
        let began = counters::take(tx, began_key(core)).await?;
        counters::put(tx, began_key(core), &began, keep_until).await?;
        return Ok(false);
    }
    let begins = attack_begins(&failures, now);
    if begins {
        counters::take(tx, began_key(core)).await?;
        counters::put(tx, began_key(core), &vec![now], keep_until).await?;
    }
    Ok(begins)
}

/// One more of something that a network may do so often, fewer in attack mode; what it was is told to the audit the first
/// time that it is too many. If so: the seconds until it is not.
pub(crate) async fn take_from_network(
    core: &Core,
    tx: &Tx,
    visit: &Visit,
    what: &str,
) -> anyhow::Result<Result<(), u32>> {
    let key = core.counter(what, &network_bytes(visit.network));
    let windows = per_network(core, [false, is_on(core, tx).await?]);
    let taken = take_one(core, tx, key, &windows).await?;
    if taken.is_err() {
        let entry = Entry::failure(Activity::NetworkSlowed, what);
        audit::write_first(core, tx, visit, &entry).await?;
    }
    Ok(taken)
}

fn failures_key(core: &Core) -> [u8; 32] {
    core.counter("tenant-failures", b"")
}

fn began_key(core: &Core) -> [u8; 32] {
    core.counter("attack", b"")
}
