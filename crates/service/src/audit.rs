//! Audit entries: of a visit, of the server's own console, and the few that anybody could cause without end (R54).

use crate::core::Core;
use crate::limits::{network_bytes, take_one};
use crate::visit::Visit;
use regain_domain::Timestamp;
use regain_domain::account::Account;
use regain_domain::audit::{Activity, Actor, Entry};
use regain_domain::ids::AccountId;
use regain_domain::limits::{TOLD_PER_SOURCE, TOLD_PER_TENANT, allows};
use regain_store::{Tx, audit, counters};
use sha2::{Digest, Sha256};

/// Writes an entry in the transaction of what it tells about. `actor`: who has shown to be it, by a password or by all
/// gates; nobody before that.
pub(crate) async fn write(
    tx: &Tx,
    visit: &Visit,
    entry: &Entry,
    actor: Option<&Account>,
    subject: Option<AccountId>,
    reference: Option<&str>,
    at: Timestamp,
) -> anyhow::Result<()> {
    let row = audit::Row {
        entry,
        at,
        actor: actor.map_or(Actor::Visitor, Actor::from),
        subject,
        network: &visit.network.to_string(),
        device_hash: Some(Sha256::digest(visit.device.as_bytes()).into()),
        request_id: &visit.request_id,
        reference,
        client: Some(visit.client),
    };
    Ok(audit::write(tx, &row).await?)
}

/// Writes an entry of what somebody did at the server's own console: no account, no network, no browser.
pub(crate) async fn write_of_operator(
    tx: &Tx,
    entry: &Entry,
    subject: Option<AccountId>,
    request_id: &str,
    at: Timestamp,
) -> anyhow::Result<()> {
    let row = audit::Row {
        subject,
        ..audit::Row::inside(entry, at, Actor::Operator, request_id)
    };
    Ok(audit::write(tx, &row).await?)
}

/// Writes an entry of what the visitor's network did, but only the first of its activity within a while, and only so
/// many of a tenant: else whoever has time could fill the disk. Tells whether it wrote.
pub(crate) async fn write_first(core: &Core, tx: &Tx, visit: &Visit, entry: &Entry) -> anyhow::Result<bool> {
    let is_told = is_first(core, tx, entry.activity, &network_bytes(visit.network)).await?;
    if is_told {
        write(tx, visit, entry, None, None, None, core.now()).await?;
    }
    Ok(is_told)
}

/// Whether the source's next entry of an activity would be told, as far as a look can say.
pub(crate) async fn would_tell(core: &Core, tx: &Tx, activity: Activity, source: &[u8]) -> anyhow::Result<bool> {
    let hits = counters::peek(tx, told_key(core, activity, source)).await?;
    Ok(allows(&hits, core.window_now(), &TOLD_PER_SOURCE).is_ok())
}

fn told_key(core: &Core, activity: Activity, source: &[u8]) -> [u8; 32] {
    core.counter("told", &[activity.code().as_bytes(), b"\0", source].concat())
}

/// Whether an entry that its source could repeat without end is to be written now; counts it if so.
pub(crate) async fn is_first(core: &Core, tx: &Tx, activity: Activity, source: &[u8]) -> anyhow::Result<bool> {
    // A look first: in a flood nearly all end here, and write nothing.
    if !would_tell(core, tx, activity, source).await? {
        return Ok(false);
    }
    if take_one(core, tx, told_key(core, activity, source), &TOLD_PER_SOURCE)
        .await?
        .is_err()
    {
        return Ok(false);
    }
    let all = core.counter("told-in-all", b"");
    Ok(take_one(core, tx, all, &TOLD_PER_TENANT).await?.is_ok())
}
