//! Audit entries of a visit (R54).

use crate::visit::Visit;
use regain_domain::Timestamp;
use regain_domain::account::Account;
use regain_domain::audit::Entry;
use regain_domain::ids::AccountId;
use regain_store::{Tx, audit};
use sha2::{Digest, Sha256};

/// Writes an entry in the transaction of what it tells about. `actor`: who is signed in; nobody in the wizard.
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
        actor: actor.map(|account| account.id),
        actor_role: actor.and_then(|account| account.roles.first().copied()),
        subject,
        network: &visit.network.to_string(),
        device_hash: Sha256::digest(visit.device.as_bytes()).into(),
        request_id: &visit.request_id,
        reference,
    };
    Ok(audit::write(tx, &row).await?)
}
